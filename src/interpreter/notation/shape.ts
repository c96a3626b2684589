// Shapes as people write them in annotations, comments and docstrings: `b *s d`, `(B, nh, T, hs*2)`, `B x T x C`.

/** A size in a written shape: a number, a name, or arithmetic on them. */
export type Formula =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string }
  /** jaxtyping's `{self.width}`: a value of the code. */
  | { readonly kind: 'code'; readonly path: string }
  | { readonly kind: 'operation'; readonly op: Operator; readonly left: Formula; readonly right: Formula }

export type Operator = '+' | '-' | '*' | '/' | '//'

/** One entry of a written shape. */
export type NotedDim = { readonly text: string } & (
  | {
      readonly kind: 'size'
      readonly formula: Formula
      /** What `B=1` or `heads=4` calls a size that it gives as a number. */
      readonly name?: string
      /** jaxtyping's `#d`: 1 does too. */
      readonly mayBeOne?: boolean
    }
  /** `...` or `*batch`: any number of dims, those of one name being the same. */
  | { readonly kind: 'rest'; readonly name: string | null }
  /** `_`: any size, or one that is written in a way that is not understood. */
  | { readonly kind: 'any' }
)

/** A written shape, with how it is written so that it can be written anew. */
export interface NotedShape {
  readonly dims: readonly NotedDim[]
  /** Where it stands in the text it was read from, brackets included. */
  readonly start: number
  readonly end: number
  readonly style: Style
}

export interface Style {
  /** The brackets around it, with any blanks inside; empty where there are none. */
  readonly open: string
  readonly close: string
  /** What stands between two entries: `, `, ` x `, a blank, or nothing (`BCHW`). */
  readonly separator: string
}

/** The text of a shape in a style; null where the style cannot say it. */
export function inStyle(entries: readonly string[], { open, close, separator }: Style): string | null {
  const isSpelt = separator.trim() !== ','
  if (isSpelt && entries.some((e) => /\s/.test(e))) return null
  if (separator === '' && entries.some((e) => e.length !== 1)) return null
  const single = entries.length === 1 && open.startsWith('(') ? ',' : ''
  return `${open}${entries.join(separator)}${single}${close}`
}

const closers: Record<string, string> = { '(': ')', '[': ']' }

/** The shape in the brackets that open at an offset of a text, or null if none does. */
export function readBracketed(text: string, start: number): NotedShape | null {
  const opener = text[start] ?? ''
  const closer = closers[opener]
  if (!closer) return null
  const end = closingAt(text, start)
  if (end === null) return null
  const inner = text.slice(start + 1, end)
  const lead = inner.length - inner.trimStart().length
  const trail = inner.trimEnd().length
  const style = {
    open: opener + inner.slice(0, lead),
    close: inner.slice(trail).replace(/^,/, '') + closer,
  }
  const parts = splitInner(inner)
  const dims = parts?.entries.map((entry) => readDim(entry))
  if (!parts || !dims || dims.includes(null) || dims.length === 0) return null
  // With two of them, as in `[a, a, ..., b, ...]`, it lists values.
  if (dims.filter((dim) => dim?.kind === 'rest' && dim.name === null).length > 1) return null
  return {
    dims: dims as NotedDim[],
    start,
    end: end + 1,
    style: { ...style, separator: parts.separator },
  }
}

function closingAt(text: string, start: number): number | null {
  const open: string[] = []
  for (let i = start; i < text.length; i++) {
    const c = text[i] ?? ''
    if (c === '\n' && open.length > 0 && /^\s*\n/.test(text.slice(i + 1))) return null
    if (closers[c]) open.push(closers[c])
    else if (c === ')' || c === ']') {
      if (open.pop() !== c) return null
      if (open.length === 0) return i
    }
  }
  return null
}

/** The entries between brackets: separated by commas, else by ` x `, else by blanks. */
function splitInner(inner: string): { entries: string[]; separator: string } | null {
  const trimmed = inner.trim()
  if (trimmed === '') return null
  const byComma = splitTop(trimmed, /^\s*,\s*/)
  if (byComma.entries.length > 1 || trimmed.endsWith(',')) {
    if (byComma.entries.at(-1) === '') byComma.entries.pop()
    return { ...byComma, separator: byComma.entries.length > 1 ? byComma.separator : ', ' }
  }
  const byTimes = splitTop(trimmed, /^\s+[x×X]\s+/)
  if (byTimes.entries.length > 1) return byTimes
  if (isCompactProduct(trimmed) || /^\d+[x×]\d+$/.test(trimmed))
    return { entries: trimmed.split(/[x×X]/), separator: 'x' }
  // `[BxNxNUM_BINS]`
  if (/^(?:[A-Z][A-Z0-9_]*|\d+)(?:x(?:[A-Z][A-Z0-9_]*|\d+))+$/.test(trimmed) && /[A-Z]/.test(trimmed))
    return { entries: trimmed.split('x'), separator: 'x' }
  // `num_classes + 1` is one size, `b n d` are three.
  if (readFormula(trimmed)) return { entries: [trimmed], separator: ', ' }
  return splitTop(trimmed, /^\s+/)
}

/** `BxTxC`, `Bx3xHxW`: single letters and numbers. */
export const isCompactProduct = (text: string): boolean =>
  /^(?:[A-Za-z]|\d+)(?:[x×](?:[A-WYZa-wyz]|\d+))+$/.test(text) && /[A-WYZ]|x.*x/.test(text)

/** A text cut at a separator outside of brackets. */
function splitTop(text: string, separator: RegExp): { entries: string[]; separator: string } {
  const entries: string[] = []
  let [depth, from, first] = [0, 0, '']
  for (let i = 0; i < text.length; ) {
    const c = text[i] ?? ''
    if (c === '(' || c === '[' || c === '{') depth++
    else if (c === ')' || c === ']' || c === '}') depth--
    const found = depth === 0 ? separator.exec(text.slice(i)) : null
    if (!found) {
      i++
      continue
    }
    entries.push(text.slice(from, i))
    first ||= found[0]
    i += found[0].length
    from = i
  }
  entries.push(text.slice(from))
  return { entries, separator: first }
}

/** Entries separated by blanks, as jaxtyping has them; null if one is no size. */
export function readSpaced(text: string): NotedShape | null {
  const entries = text.trim() === '' ? [] : splitTop(text.trim(), /^\s+/).entries
  const dims = entries.map(readDim)
  if (dims.includes(null)) return null
  const style = { open: '', close: '', separator: ' ' }
  return { dims: dims as NotedDim[], start: 0, end: text.length, style }
}

/** One entry of a shape; null if it is no size. */
export function readDim(entry: string): NotedDim | null {
  const bare = entry.trim().replace(/^[`"']|[`"']$/g, (quote) => (quote === "'" ? quote : ''))
  // TeX: `H_{in}`
  const text = bare.replace(/(?<=\w)_\{(\w+)\}/g, '_$1')
  if (text === '...' || text === '…' || text === '*') return { kind: 'rest', name: null, text }
  if (text === '_' || text === '?' || text === '-1') return { kind: 'any', text }
  const rest = /^\*(\w+)$|^(\w+)\.\.\.$/.exec(text)
  if (rest) return { kind: 'rest', name: rest[1] ?? rest[2] ?? null, text }
  const factors = /^\(\s*(\w+(?:\s+\w+)+)\s*\)$/.exec(text)?.[1]
  if (factors) return readDim(factors.split(/\s+/).join('*'))
  const named = /^([A-Za-z_]\w*)\s*=\s*(.+)$/.exec(text)
  const formula = readFormula(named?.[2] ?? text)
  if (!formula) return null
  if (!named) return { kind: 'size', formula, text }
  return formula.kind === 'number' ? { kind: 'size', formula, name: named[1] ?? '', text } : null
}

/** Arithmetic on sizes, or null: `hs*2`, `(d // h)`, `num_classes + 1`, `3 x hidden`, `2C`, `self.dim`. */
export function readFormula(text: string): Formula | null {
  const tokens = tokensOf(text)
  if (!tokens) return null
  const reader = new FormulaReader(tokens)
  const formula = reader.sum()
  return formula && reader.isAtEnd ? formula : null
}

const token =
  /\s*(?:(\d+(?![\d.]))|([A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)*'*)|\{([A-Za-z_][\w.]*)\}|(\/\/|[-+*/()×·]))/y

function tokensOf(text: string): string[] | null {
  const tokens: string[] = []
  token.lastIndex = 0
  while (token.lastIndex < text.length) {
    const at = token.lastIndex
    const found = token.exec(text)
    if (!found) return text.slice(at).trim() === '' && tokens.length > 0 ? tokens : null
    const [, number, name, code, symbol] = found
    const word = number ?? name ?? (code === undefined ? symbol : `{${code}}`) ?? ''
    // `3 x hidden`, and `2C` for twice C.
    const isTimes = word === 'x' && tokens.length > 0 && /^\s+x\s+\S/.test(text.slice(at))
    const isCoefficient =
      name !== undefined && /^\d+$/.test(tokens.at(-1) ?? '') && !/\s/.test(text[at] ?? '')
    if (isCoefficient && !isTimes) tokens.push('*')
    tokens.push(isTimes || word === '×' || word === '·' ? '*' : word)
  }
  return tokens
}

class FormulaReader {
  #at = 0
  constructor(readonly tokens: readonly string[]) {}

  get isAtEnd(): boolean {
    return this.#at === this.tokens.length
  }

  sum(): Formula | null {
    return this.#operations(['+', '-'], () => this.#product())
  }
  #product(): Formula | null {
    return this.#operations(['*', '/', '//'], () => this.#atom())
  }
  #operations(operators: readonly Operator[], operand: () => Formula | null): Formula | null {
    let left = operand()
    for (;;) {
      const op = operators.find((o) => o === this.tokens[this.#at])
      if (!left || !op) return left
      this.#at++
      const right = operand()
      left = right && { kind: 'operation', op, left, right }
    }
  }
  #atom(): Formula | null {
    const word = this.tokens[this.#at++]
    if (word === undefined) return null
    if (/^\d/.test(word)) return { kind: 'number', value: Number(word) }
    if (/^[A-Za-z_]/.test(word)) return { kind: 'name', name: word }
    if (word.startsWith('{')) return { kind: 'code', path: word.slice(1, -1) }
    if (word !== '(') return null
    const inner = this.sum()
    return inner && this.tokens[this.#at++] === ')' ? inner : null
  }
}

/** The names in a formula. */
export function namesIn(formula: Formula): string[] {
  if (formula.kind === 'name') return [formula.name]
  return formula.kind === 'operation' ? [...namesIn(formula.left), ...namesIn(formula.right)] : []
}
