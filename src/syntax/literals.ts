// The values of number and string literals: prefixes, escapes, digits.

/** The value of a number as written, with its kind; big integers lose precision. */
export function readNumber(source: string): { value: number; isFloat: boolean; imaginary: boolean } {
  const text = source.replace(/_/g, '').toLowerCase()
  if (/^0[xob]/.test(text)) return { value: Number(text), isFloat: false, imaginary: false }
  const imaginary = text.endsWith('j')
  const digits = imaginary || text.endsWith('l') ? text.slice(0, -1) : text
  return { value: Number(digits), isFloat: imaginary || /[.e]/.test(digits), imaginary }
}

export interface StringShape {
  raw: boolean
  bytes: boolean
  interpolated: boolean
  /** Length of the prefix and the opening quotes. */
  open: number
  /** Length of the closing quotes. */
  close: number
}

/** Reads prefix and quotes of a string literal as written. */
export function readStringShape(source: string): StringShape {
  const prefix = /^[a-z]*/i.exec(source)?.[0].toLowerCase() ?? ''
  const quote = source[prefix.length] ?? ''
  const isTriple = quote !== '' && source.startsWith(quote.repeat(3), prefix.length)
  const width = isTriple ? 3 : 1
  const open = prefix.length + width
  const isClosed = source.length >= open + width && source.endsWith(quote.repeat(width))
  return {
    raw: prefix.includes('r'),
    bytes: prefix.includes('b'),
    interpolated: prefix.includes('f') || prefix.includes('t'),
    open,
    close: isClosed ? width : 0,
  }
}

const SIMPLE: Record<string, string> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\n': '',
}
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|N\{[^}]*\}|([0-7]{1,3})|([\s\S]))/g

/** Decodes a literal's inside. Named characters (`\N{…}`) are left as written: their table is not at hand. */
export function decodeText(inside: string, shape: StringShape): string {
  const text = inside.includes('\r') ? inside.replace(/\r\n?/g, '\n') : inside
  if (shape.raw || !text.includes('\\')) return text
  return text.replace(ESCAPE, (whole, hex, four, eight, octal, other) => {
    if (octal) return String.fromCharCode(Number.parseInt(octal, 8))
    if (other !== undefined) return SIMPLE[other] ?? whole
    if (hex) return String.fromCharCode(Number.parseInt(hex, 16))
    if (shape.bytes) return whole
    if (four) return String.fromCharCode(Number.parseInt(four, 16))
    const code = eight ? Number.parseInt(eight, 16) : -1
    return code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}
