// Shape comments: what `# (B, T, C)`, `# q: [b, h, s, d]` or `# (B, T) -> (B, T, C)` says of which value.

import type { Comment } from '../../syntax/tree'
import type { Place } from '../../trace/trace'
import { isCompactProduct, type NotedShape, readBracketed, readDim } from './shape'
import { gradeOf, type Trust, trustOf } from './vocabulary'

/** What a comment or docstring says of one value. */
export interface ShapeNote {
  /** The variable that it names; null for what the statement gives. */
  readonly subject: string | null
  /** For a statement that gives several values: which of them; null for each. */
  readonly index: number | null
  /** The shape, or the shapes where it names several. Offsets are those of the comment's text. */
  readonly shapes: readonly NotedShape[]
  readonly trust: Exclude<Trust, 'none'>
  readonly source: 'comment' | 'docstring'
  /** The comment, or the docstring that it stands in. */
  readonly place: Comment
  /** Where the shape itself stands in the file; it moves with the text. */
  readonly range: Place
}

/** Where a shape stands in the file, or the whole comment. */
export const rangeOf = (place: Comment, shape: NotedShape | undefined): Place => ({
  get start() {
    return place.start + (shape?.start ?? 0)
  },
  get end() {
    return shape ? place.start + shape.end : place.end
  },
})

const made = new WeakMap<Comment, readonly ShapeNote[]>()

/** The shapes that a comment gives. With `isWhole`, nothing but shapes may stand in it. */
export function notesIn(comment: Comment, isWhole: boolean): readonly ShapeNote[] {
  const known = made.get(comment)
  if (known) return known
  const notes = readComment(comment, isWhole)
  made.set(comment, notes)
  return notes
}

const shapeWord =
  /^(?:(?:with|of|has|is|the|final|output|input|out|resulting|result|expected|new|now|tensor|final)\s+)*(?:shapes?|sizes?|dims|dimensions)\b\s*(?:is|are|of|will be|becomes|after\s+\w+)?\s*(?:[:=]|->|=>)?\s*/i
const filler = /^(?:->|=>|→|==?|:|-+(?!\d)|returns?:?|outputs?:?|out:?|results?:?|e\.g\.,?|now:?)\s*/i
const subjectPattern =
  /^((?:self\.)?[A-Za-z_]\w*(?:\s*(?:,|\/|&|and)\s*[A-Za-z_]\w*)*)(?:\.shape|\.size\(\))?\s*(?::|={1,2}(?!\s*\d+\s+x\s)|has shape|is of shape|is|->|=>)\s*(?=[([A-Za-z0-9])/

function readComment(comment: Comment, isWhole: boolean): ShapeNote[] {
  const { text } = comment
  const notes: ShapeNote[] = []
  // Deeper lines above a statement are mostly part of a drawing or of code.
  if (isWhole && /^#+\s{3,}/.test(text)) return notes
  const at = /^#+[:!]?\s*/.exec(text)?.[0].length ?? 0
  const reader = new CommentReader(text, at)
  const clauses = reader.clauses(isWhole)
  const own = clauses.filter((c) => c.subjects.length === 0)
  for (const clause of clauses) {
    const { shapes, trust } = clause
    const range = rangeOf(comment, shapes[0])
    const common = { shapes, trust, source: 'comment', place: comment, range } as const
    for (const subject of clause.subjects) notes.push({ ...common, subject, index: null })
    if (clause.subjects.length === 0)
      notes.push({ ...common, subject: null, index: own.length > 1 ? own.indexOf(clause) : null })
  }
  return notes
}

interface Clause {
  readonly subjects: readonly string[]
  readonly shapes: readonly NotedShape[]
  readonly trust: Exclude<Trust, 'none'>
}

/** Reads a comment from its front: clauses that each give a shape, until something else follows. */
class CommentReader {
  constructor(
    readonly text: string,
    public at: number,
  ) {}

  clauses(isWhole: boolean): Clause[] {
    const found: Clause[] = []
    for (;;) {
      const clause = this.#clause()
      if (!clause) break
      found.push(clause)
      const next = this.#skip(/^\s*(?:[,;|&]|and)\s*/)
      if (!next) break
    }
    if (found.length === 0) return []
    const rest = this.text.slice(this.at)
    const isNote = /^\s*(?:$|[,;.]?\s*(?:\([^()]*(?:\([^()]*\)[^()]*)*\)|shape|tensor)\.?\s*$)/.test(rest)
    if (isWhole && !isNote) return []
    // Code that was commented out, and words that make the shape a part of something else.
    if (/^(?:\w|\.\w|\s*(?:=(?![=>])|\+|\*|\/|%|@|<|>=?|-\s?\w|for\b|if\b|\[))/.test(rest)) return []
    const isBare = found.some((c) => c.shapes.some((s) => s.style.open === ''))
    return isBare && !isNote && !/^\s*[-:;.,]/.test(rest) ? [] : found
  }

  #clause(): Clause | null {
    const start = this.at
    let subjects: string[] = []
    let saysShape = false
    for (let i = 0; i < 4; i++) {
      const word = shapeWord.exec(this.text.slice(this.at))?.[0]
      if (word !== undefined && this.#skip(shapeWord)) saysShape ||= /shape/i.test(word)
      else if (this.#skip(filler)) continue
      else {
        const named = subjects.length === 0 ? subjectPattern.exec(this.text.slice(this.at)) : null
        if (!named || this.#shapeAhead()) break
        subjects = (named[1] ?? '').split(/\s*(?:,|\/|&|\band\b)\s*/)
        saysShape ||= /shape|size\(\)/.test(named[0])
        this.at += named[0].length
      }
    }
    const shapes = this.#shapes()
    const trusts = shapes.map((s) => trustOf(s, saysShape, () => false))
    if (shapes.length === 0 || trusts.includes('none') || shapes.some(isInterval)) {
      this.at = start
      return null
    }
    return { subjects, shapes, trust: trusts.includes('names') ? 'names' : 'shape' }
  }

  /** True where a shape without brackets starts here, which looks like a subject too. */
  #shapeAhead(): boolean {
    return this.#peek(() => this.#bare() !== null)
  }

  #peek<T>(look: () => T): T {
    const { at } = this
    const result = look()
    this.at = at
    return result
  }

  /** The last shape of a chain of arrows, with its alternatives; `to` before a shape is one. */
  #shapes(): NotedShape[] {
    let shapes = this.#alternatives()
    while (shapes.length > 0) {
      const { at } = this
      const isProduct = this.#factors()
      const isWord = !isProduct && this.#skip(/^\s+to\s+/)
      const isTold = isWord || this.#skip(isProduct ? /^\s*(?:-+>|={1,2}>?|→)\s*/ : /^\s*(?:-+>|=+>|→)\s*/)
      if (!isTold) return isProduct ? [] : shapes
      const next = this.#alternatives()
      if (isWord && next.length === 0) {
        this.at = at
        break
      }
      if (next.length === 0 || shapes.some(isInterval)) {
        this.at = at
        return []
      }
      shapes = next
    }
    return shapes
  }

  /** Passes over what a shape is multiplied with: `x (B, T, C)`. */
  #factors(): boolean {
    let isProduct = false
    for (;;) {
      const { at } = this
      if (this.#skip(/^\s*(?:[xX×@*]|dot|matmul)\s*(?=[([])/) && this.#shape()) isProduct = true
      else {
        this.at = at
        return isProduct
      }
    }
  }

  #alternatives(): NotedShape[] {
    const first = this.#shape()
    if (!first) return []
    const shapes = [first]
    for (;;) {
      const { at } = this
      if (!this.#skip(/^\s*(?:\bor\b|\/|\|\|?)\s*/)) return shapes
      const next = this.#shape()
      if (!next) {
        this.at = at
        return shapes
      }
      shapes.push(next)
    }
  }

  #shape(): NotedShape | null {
    this.#skip(/^`/)
    this.#skip(/^(?:torch\.)?Size\(?(?=[([])/)
    const shape = readBracketed(this.text, this.at) ?? this.#bare()
    if (!shape) return null
    this.at = shape.end
    this.#skip(/^[`)]/)
    return shape
  }

  /** `B x T x C`, `BxTxC`, `B, T, C`, `B T C` or `BCHW`. */
  #bare(): NotedShape | null {
    const rest = this.text.slice(this.at)
    const entry = "(?:[A-Za-z_]\\w*'*|\\d+)(?:\\s?[*/]{1,2}\\s?(?:[A-Za-z_]\\w*|\\d+))*|\\*|\\.\\.\\."
    for (const [separator, isEnough] of separators) {
      const list = new RegExp(`^(?:${entry})(?:${separator.source}(?:${entry}))+`).exec(rest)?.[0]
      if (!list) continue
      const entries = list.split(new RegExp(separator.source))
      if (!isEnough(entries)) continue
      return this.#made(list, entries, new RegExp(separator.source).exec(list)?.[0] ?? ' ')
    }
    const compact = /^[A-Za-z\d]+(?:[x×][A-Za-z\d]+)+\b/.exec(rest)?.[0]
    if (compact && isCompactProduct(compact)) return this.#made(compact, compact.split(/[x×]/), 'x')
    const spelt = /^[A-Z]{3,5}\b/.exec(rest)?.[0]
    return spelt && isSpelt(spelt, rest) ? this.#made(spelt, [...spelt], '') : null
  }

  #made(list: string, entries: readonly string[], separator: string): NotedShape | null {
    const dims = entries.map((e) => readDim(e))
    if (dims.some((d) => d === null)) return null
    const style = { open: '', close: '', separator }
    return {
      dims: dims.flatMap((d) => d ?? []),
      start: this.at,
      end: this.at + list.length,
      style,
    }
  }

  #skip(pattern: RegExp): boolean {
    const found = pattern.exec(this.text.slice(this.at))
    if (!found || found[0] === '') return false
    this.at += found[0].length
    return true
  }
}

/** `[0, 1]`, `[-1, 1]`: what values lie between. */
const isInterval = ({ dims, style }: NotedShape): boolean =>
  style.open.startsWith('[') && dims.length === 2 && dims.every((d) => /^-?[01]$/.test(d.text))

const isSizeLike = (entry: string): boolean =>
  /^\d+$|^\*$|^\.\.\.$/.test(entry) ||
  entry.split(/[*/\s]+/).every((n) => /^\d+$/.test(n) || gradeOf(n) === 'size')
const hasName = (entries: readonly string[]): boolean => entries.some((e) => /^[A-Za-z]/.test(e))
const startsWithBatch = (entries: readonly string[]): boolean =>
  /^(?:[BN]\w?|b|bs|bsz|n|batch\w*|nW\*B|num_\w+|\*|\.\.\.)\b|^(?:\*|\.\.\.)$/.test(entries[0] ?? '')

/** The ways to separate entries without brackets, with what the entries must be for it to be a shape. */
const separators: readonly [RegExp, (entries: readonly string[]) => boolean][] = [
  [/\s+[x×X]\s+/, (e) => hasName(e) && e.every(isSizeLike)],
  [/,\s*/, (e) => e.length >= 3 && hasName(e) && e.every(isSizeLike) && startsWithBatch(e)],
  [
    / /,
    (e) =>
      e.length >= 3 &&
      e.every((n) => /^[A-Z]\w?'*(?:[*/][A-Z]\w?'*)*$|^\d+$|^[bnhdtslck]$/.test(n)) &&
      startsWithBatch(e),
  ],
]

const layouts = new Set(
  `BCHW BHWC NCHW NHWC BTC BCT TBC BLC BNC BCN NLD LND NLC LNC BLD BDL BTD BSD BSH BHSD BSHD BHTD BTHD BNHD BHND BCL
  BCTHW BTCHW NCTHW NCDHW BCDHW CHW HWC TCHW CTHW BHNK BHLD BLHD BHNC BNHC`.split(/\s+/),
)
/** Letters that spell a usual layout, or turn into the same letters in another order. */
function isSpelt(word: string, rest: string): boolean {
  if (layouts.has(word)) return true
  const other = /^[A-Z]+\s*(?:-+>|=+>|→)\s*([A-Z]+)\b/.exec(rest)?.[1]
  const sorted = (w: string): string => [...w].sort().join('')
  return other !== undefined && new Set(word).size === word.length && sorted(word) === sorted(other)
}
