// Builds everything that runs: the extension, the language server, the command line and the tests.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import esbuild from 'esbuild'

const root = dirname(fileURLToPath(import.meta.url))
const watch = process.argv.includes('--watch')
const production = process.argv.includes('--production')

/** Packages in CommonJS call `require`, which an ES module has to make for itself. */
const withRequire =
  "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);"

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  loader: { '.py': 'text', '.md': 'text' },
  sourcemap: production ? false : 'linked',
  minify: production,
  legalComments: 'none',
  logLevel: 'warning',
}

const module = { format: 'esm', banner: { js: withRequire } }

/** Tests keep packages as they are, so that mocha and playwright-core find their own files. */
const testing = { ...module, packages: 'external', splitting: true, outbase: 'test', outdir: 'out/test' }

function filesBelow(folder, ending) {
  return readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .sort()
}

const unitTests = filesBelow('test', '.test.ts').filter((file) => !file.startsWith('test/vscode/'))

/** The backends of TensorFlow.js are chunks of their own, loaded when one is needed. */
const page = {
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  jsx: 'automatic',
  jsxImportSource: 'preact',
}

/** What `npm run` starts besides the tests. */
const programs = ['test/bench/main.ts', 'test/bench/webview.ts', 'test/models/compare.ts']

const shipped = [
  {
    entryPoints: ['src/extension/main.ts'],
    outfile: 'dist/extension.cjs',
    format: 'cjs',
    external: ['vscode'],
  },
  { entryPoints: ['src/server/main.ts'], outfile: 'dist/server.js', ...module },
  { entryPoints: ['src/server/input/worker.ts'], outfile: 'dist/input-worker.js', ...module },
  { entryPoints: ['src/cli/main.ts'], outfile: 'dist/cli.js', ...module },
  { entryPoints: ['src/node/tensorflow-worker.ts'], outfile: 'dist/tensorflow-worker.js', ...module },
  { entryPoints: ['src/node/link-tensorflow.ts'], outfile: 'dist/link-tensorflow.js', ...module },
  { ...page, entryPoints: ['webview/main.tsx'], outdir: 'dist/webview', minify: true },
].map((entry) => ({ ...entry, metafile: true }))

const entries = [
  ...shipped,
  ...(production
    ? []
    : [
        { entryPoints: [...unitTests, ...programs], ...testing },
        { ...page, entryPoints: ['test/webview/maps.ts'], outdir: 'out/test/webview/browser' },
        {
          entryPoints: ['test/vscode/suite/index.ts'],
          outfile: 'out/test/vscode/suite.cjs',
          format: 'cjs',
          external: ['vscode', 'mocha'],
        },
      ]),
]

/** The parser's runtime and its Python grammar are read beside the bundles at run time. */
const wasm = ['web-tree-sitter/web-tree-sitter.wasm', 'tree-sitter-python/tree-sitter-python.wasm']

function copyAssets() {
  mkdirSync(join(root, 'dist'), { recursive: true })
  for (const file of wasm) {
    cpSync(join(root, 'node_modules', file), join(root, 'dist', file.slice(file.indexOf('/') + 1)))
  }
  for (const file of ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm']) {
    const target = join(root, 'dist/webview', file)
    cpSync(join(root, 'node_modules/@tensorflow/tfjs-backend-wasm/dist', file), target)
  }
}

/** The folder of the package that a file in node_modules belongs to, or null. */
const packageOf = (file) =>
  /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file.replaceAll('\\', '/'))?.[0] ?? null

/** The licences of all packages that are part of a bundle, or are copied beside it, as they ask for it. */
function writeLicences(results) {
  const files = results
    .flatMap(({ metafile }) => Object.keys(metafile?.inputs ?? {}))
    .filter((file) => !file.startsWith('(disabled):'))
  const copied = [...wasm, '@tensorflow/tfjs-backend-wasm'].map((file) => packageOf(`node_modules/${file}`))
  const folders = new Set([...files.map(packageOf), ...copied].filter((folder) => folder !== null))
  const notices = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e(\.\w+)?$/i.test(entry))
    const text = file
      ? readFileSync(join(root, folder, file), 'utf8').trim()
      : `Its text: https://spdx.org/licenses/${license}.html`
    return `${name} ${version} (${license})\n${'-'.repeat(60)}\n${text}\n`
  })
  const head = 'ShapeScope contains the packages below, under their own licences.\n'
  writeFileSync(join(root, 'dist/THIRD-PARTY-LICENCES.txt'), [head, ...notices].join('\n'))
}

async function build() {
  // their names change with what is in them
  for (const folder of ['dist/webview/chunks', 'out/test/webview/browser/chunks'])
    rmSync(join(root, folder), { recursive: true, force: true })
  copyAssets()
  const options = entries.map((entry) => ({ ...shared, ...entry }))
  if (!watch) {
    writeLicences(await Promise.all(options.map((entry) => esbuild.build(entry))))
    return
  }
  for (const entry of options) await (await esbuild.context({ ...entry, logLevel: 'info' })).watch()
}

await build().catch((problem) => {
  // esbuild has printed what is wrong with the sources; anything else is a fault of this script.
  if (!Array.isArray(problem.errors)) console.error(problem)
  process.exitCode = 1
})
