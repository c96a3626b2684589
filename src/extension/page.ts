// The HTML of the visualisation's page, which loads nothing but its own files.

export interface PageFiles {
  /** Addresses of the bundle's files. */
  readonly script: string
  readonly style: string
  /** What the content security policy calls the place that they come from. */
  readonly source: string
  /** A word that is new each time. */
  readonly nonce: string
}

/** 'wasm-unsafe-eval' lets WebAssembly be compiled, one of the backends, and no JavaScript from text. */
export function pageHtml({ script, style, source, nonce }: PageFiles): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' ${source} 'wasm-unsafe-eval'`,
    `style-src ${source}`,
    `connect-src ${source}`,
    `worker-src blob:`,
    'img-src data: blob:',
  ].join('; ')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title>RoPE</title>
</head>
<body>
<div id="page"></div>
<script type="module" nonce="${nonce}" src="${script}"></script>
</body>
</html>
`
}
