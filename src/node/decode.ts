// The text of a Python file from its bytes, decoded as Python does it: UTF-8 unless its first lines say otherwise.

/** A file's text, or why it is no text. */
export type Decoded = { readonly text: string } | { readonly problem: string }

/** The names that Python has for the encodings that are common in source files; all but UTF-8 take every byte. */
const decoders: Readonly<Record<string, string>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'utf-8-sig': 'utf-8',
  ascii: 'utf-8',
  'us-ascii': 'utf-8',
  'latin-1': 'latin-1',
  latin1: 'latin-1',
  'iso-8859-1': 'latin-1',
  'iso8859-1': 'latin-1',
  'iso-8859-15': 'iso-8859-15',
  cp1252: 'windows-1252',
  'windows-1252': 'windows-1252',
}

/** Decodes a source file; a byte order mark is not part of the text. */
export function decodePython(bytes: Uint8Array): Decoded {
  if (bytes.includes(0)) return { problem: 'it is a binary file' }
  const named = cookieOf(bytes)
  const encoding = named === null ? 'utf-8' : decoders[named]
  if (encoding === undefined) return { problem: `its encoding, ${named}, is not known` }
  if (encoding === 'latin-1') return { text: Buffer.from(bytes).toString('latin1') }
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes) }
  } catch {
    return { problem: `it is not UTF-8 (line ${badLine(bytes)})` }
  }
}

/** The encoding that a comment in the first two lines names (PEP 263). */
function cookieOf(bytes: Uint8Array): string | null {
  const lines = Buffer.from(bytes.subarray(0, 1024))
    .toString('latin1')
    .split(/\r\n?|\n/, 2)
  for (const [i, line] of lines.entries()) {
    const name = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/.exec(
      i === 0 ? line.replace(/^\xef\xbb\xbf/, '') : line,
    )?.[1]
    if (name !== undefined) return name.toLowerCase().replaceAll('_', '-')
    if (!/^(?:\xef\xbb\xbf)?[ \t\f]*(?:#.*)?$/.test(line)) return null
  }
  return null
}

/** The first line, from 1, whose bytes are no UTF-8. */
function badLine(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let line = 1
  let start = 0
  for (let end = 0; end <= bytes.length; end++) {
    if (end < bytes.length && bytes[end] !== 10) continue
    try {
      decoder.decode(bytes.subarray(start, end))
    } catch {
      return line
    }
    start = end + 1
    line++
  }
  return line - 1
}
