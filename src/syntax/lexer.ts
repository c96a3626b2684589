// Splits text into logical lines, tracking strings, brackets, comments and continuations; never fails.

import type { Comment, SyntaxProblem } from './tree'

/** A statement's line with its continuations, or a compound statement's header. */
export interface LogicalLine {
  /** The first character after the indentation. */
  start: number
  /** After the last character that is not blank or comment. */
  end: number
  /** Indentation as Python counts it, tabs to the next multiple of 8. */
  column: number
  /** Brackets that are opened here and never closed, outermost first. */
  open: number[]
  problem: SyntaxProblem | null
}
export interface Lexed {
  lines: LogicalLine[]
  comments: Comment[]
}

/** A line, or the rest of one, that closes each bracket that it opens and none else. */
const STRING = `"[^"\\n]*"|'[^'\\n]*'`
const PLAIN = `[^\\n()[\\]{}'"]|${STRING}`
const BALANCED = `(?:${PLAIN}|[([{](?:${PLAIN}|[([{](?:${PLAIN})*[)\\]}])*[)\\]}])*`
/** Words that no line inside brackets can start with: they show that a bracket was left open. */
const HARD_WORD = new RegExp(
  '(?:def|class|return|import|while|with|try|raise|assert|del|pass|break|continue|global|nonlocal|except' +
    '|finally|elif)\\b(?!\\s*[=.,)])|async\\s+(?:def|with)\\b' +
    '|from\\s+[\\w.]+\\s+import\\b|if\\s+__name__\\b' +
    // decorators, and no operands of a product, by what follows
    `|(?:@${BALANCED}\\n\\s*)+(?:def\\b|class\\b|async\\b)`,
  'y',
)
/** How a line inside a triple-quoted string starts when the string was surely left open. */
const TOP_LEVEL =
  /(?:def|class)\s+\w+\s*[(:[]|async\s+def\s|import\s+\w+|from\s+[\w.]+\s+import\s|if\s+__name__/y
const CLOSERS: Record<string, string> = { '(': ')', '[': ']', '{': '}' }

/**
 * Reads the logical lines between two offsets. With `strict`, a line inside brackets that is indented no
 * deeper than the statement also shows that a bracket was left open: used only where one was.
 */
export function readLines(text: string, from = 0, to = text.length, strict = false): Lexed {
  const lexed = new Lexer(text, to, strict, false).run(from)
  if (!lexed.isStringOpen) return lexed
  return new Lexer(text, to, strict, true).run(from)
}

export class Lexer {
  readonly lines: LogicalLine[] = []
  readonly comments: Comment[] = []
  isStringOpen = false
  private at = 0

  constructor(
    private readonly text: string,
    private readonly to: number,
    private readonly strict: boolean,
    /** Whether a top-level definition inside a triple-quoted string ends the string. */
    private readonly cutsStrings: boolean,
  ) {}

  /** Reads all lines from an offset at which none is under way. */
  run(from: number): this {
    this.at = from
    if (from === 0 && this.text.charCodeAt(0) === 0xfeff) this.at = 1
    this.readUntil(() => false)
    return this
  }

  /** Reads from a line whose start is known, up to another that is; false if it comes to the end. */
  readOn({ start, column }: LogicalLine, isKnown: (start: number, column: number) => boolean): boolean {
    this.at = start
    this.line(column)
    return this.readUntil(isKnown)
  }

  private readUntil(isKnown: (start: number, column: number) => boolean): boolean {
    while (this.at < this.to) {
      const column = this.indentation()
      const c = this.text.charCodeAt(this.at)
      if (this.at >= this.to) break
      if (c === 10 || c === 13) this.at++
      else if (c === 35) this.comment()
      // no statement begins with `%`, `!` or `?`: they are commands of a notebook
      else if (c === 37 || c === 33 || c === 63) this.skipLine()
      else if (c === 92 && this.isBreak(this.at + 1)) this.skipBreak(this.at + 1)
      else if (isKnown(this.at, column)) return true
      else this.line(column)
    }
    return false
  }

  private indentation(): number {
    let column = 0
    for (; this.at < this.to; this.at++) {
      const c = this.text.charCodeAt(this.at)
      if (c === 32 || c === 0) column++
      else if (c === 9) column = (column | 7) + 1
      else if (c === 12) column = 0
      else break
    }
    return column
  }

  private comment(): void {
    const start = this.at
    this.skipLine()
    this.comments.push({ start, end: this.at, text: this.text.slice(start, this.at) })
  }

  private skipLine(): void {
    while (this.at < this.to && !this.isBreak(this.at)) this.at++
  }

  private isBreak(at: number): boolean {
    const c = this.text.charCodeAt(at)
    return c === 10 || c === 13
  }

  private skipBreak(at: number): void {
    this.at = this.text.charCodeAt(at) === 13 && this.text.charCodeAt(at + 1) === 10 ? at + 2 : at + 1
  }

  /** Reads one logical line; `at` stands on its first character. */
  private line(column: number): void {
    const { text, to } = this
    const line: LogicalLine = { start: this.at, end: this.at, column, open: [], problem: null }
    const brackets: number[] = line.open
    while (this.at < to) {
      const c = text.charCodeAt(this.at)
      if (c > 92 && c < 123 && c !== 93) {
        line.end = ++this.at // most characters: small letters
        continue
      }
      switch (c) {
        case 10:
        case 13:
          if (brackets.length === 0 || this.endsHere(column)) {
            this.skipBreak(this.at)
            this.lines.push(line)
            return
          }
          this.skipBreak(this.at)
          break
        case 32:
        case 9:
        case 12:
        case 0:
          this.at++
          break
        case 35:
          this.comment()
          break
        case 34:
        case 39:
          line.end = this.at = this.string(line)
          break
        case 40:
        case 91:
        case 123:
          brackets.push(this.at)
          line.end = ++this.at
          break
        case 41:
        case 93:
        case 125:
          this.close(line, brackets)
          line.end = ++this.at
          break
        case 92:
          if (this.isBreak(this.at + 1)) this.skipBreak(this.at + 1)
          else line.end = ++this.at
          break
        default:
          line.end = ++this.at
      }
    }
    this.lines.push(line)
  }

  /** Whether the line after the break at `at` cannot belong to the brackets that are open. */
  private endsHere(column: number): boolean {
    const after = this.at
    this.skipBreak(after)
    const indent = this.indentation()
    const start = this.at
    this.at = after
    if (start >= this.to) return true
    HARD_WORD.lastIndex = start
    if (HARD_WORD.test(this.text)) return true
    return this.strict && indent <= column && !/[\s)\]}#]/.test(this.text[start] ?? '')
  }

  private close(line: LogicalLine, brackets: number[]): void {
    const closer = this.text[this.at] ?? ''
    for (let i = brackets.length - 1; i >= 0; i--) {
      const opener = this.text[brackets[i] ?? 0] ?? ''
      if (CLOSERS[opener] !== closer) continue
      const inner = brackets[i + 1]
      if (inner !== undefined) {
        const message = `the bracket '${this.text[inner]}' opened here is never closed`
        line.problem ??= { start: inner, end: inner + 1, message }
      }
      brackets.length = i
      return
    }
    line.problem ??= { start: this.at, end: this.at + 1, message: `the bracket '${closer}' closes nothing` }
  }

  /** The end of the string whose quote stands at `at`. */
  private string(line: LogicalLine): number {
    const { text, at, to } = this
    let prefix = at
    while (prefix > line.start && at - prefix < 3 && /[a-z]/i.test(text[prefix - 1] ?? '')) prefix--
    const letters = text.slice(prefix, at).toLowerCase()
    const isPrefix = /^(?:[rbuft]|r[bft]|[bft]r)$/.test(letters) && !/[\w.]/.test(text[prefix - 1] ?? ' ')
    if (isPrefix && /[ft]/.test(letters)) {
      const end = interpolatedEnd(text, at, to, 0)
      if (end > 0) return end
    }
    const quote = text.charCodeAt(at)
    const isTriple = text.charCodeAt(at + 1) === quote && text.charCodeAt(at + 2) === quote
    const end = isTriple ? this.tripleEnd(at) : plainEnd(text, at, to)
    if (end > 0) return end
    line.problem ??= {
      start: at,
      end: at + (isTriple ? 3 : 1),
      message: 'the string opened here is never closed',
    }
    if (isTriple) this.isStringOpen = true
    if (isTriple && !this.cutsStrings) return to
    return isTriple ? this.cut(at) : lineEnd(text, at, to)
  }

  private tripleEnd(at: number): number {
    const end = plainEnd(this.text, at, this.to)
    if (!this.cutsStrings) return end
    const cut = this.cut(at)
    return end > 0 && end <= cut ? end : -1
  }

  /** The end of the text before the next top-level definition. */
  private cut(at: number): number {
    for (let i = at; i < this.to; i++) {
      if (!this.isBreak(i)) continue
      TOP_LEVEL.lastIndex = i + 1
      if (TOP_LEVEL.test(this.text)) return i
    }
    return this.to
  }
}

function lineEnd(text: string, at: number, to: number): number {
  let end = at
  while (end < to && text[end] !== '\n' && text[end] !== '\r') end++
  return end
}

/** The end of a string without interpolations whose quote stands at `at`, or -1. */
function plainEnd(text: string, at: number, to: number): number {
  const quote = text.charCodeAt(at)
  const isTriple = text.charCodeAt(at + 1) === quote && text.charCodeAt(at + 2) === quote
  for (let i = at + (isTriple ? 3 : 1); i < to; i++) {
    const c = text.charCodeAt(i)
    if (c === 92) {
      i++
      if (text.charCodeAt(i) === 13 && text.charCodeAt(i + 1) === 10) i++
    } else if (c === quote) {
      if (!isTriple) return i + 1
      if (text.charCodeAt(i + 1) === quote && text.charCodeAt(i + 2) === quote && i + 3 <= to) return i + 3
    } else if (!isTriple && (c === 10 || c === 13)) return -1
  }
  return -1
}

/** The end of an f-string whose quote stands at `at`, or -1; strings may nest in its fields. */
function interpolatedEnd(text: string, at: number, to: number, depth: number): number {
  const quote = text.charCodeAt(at)
  const isTriple = text.charCodeAt(at + 1) === quote && text.charCodeAt(at + 2) === quote
  for (let i = at + (isTriple ? 3 : 1); i < to; i++) {
    const c = text.charCodeAt(i)
    if (c === 92) {
      if (text[i + 1] !== '{' && text[i + 1] !== '}') i++
      if (text.charCodeAt(i) === 13 && text.charCodeAt(i + 1) === 10) i++
    } else if (c === quote) {
      if (!isTriple) return i + 1
      if (text.charCodeAt(i + 1) === quote && text.charCodeAt(i + 2) === quote) return i + 3
    } else if (c === 123) {
      if (text.charCodeAt(i + 1) === 123) i++
      else {
        i = fieldEnd(text, i, to, depth) - 1
        if (i < 0) return -1
      }
    } else if (!isTriple && (c === 10 || c === 13)) return -1
  }
  return -1
}

/** The end of a `{…}` field, after its brace, or -1. */
function fieldEnd(text: string, at: number, to: number, depth: number): number {
  if (depth > 20) return -1
  let brackets = 0
  let isFormat = false
  for (let i = at + 1; i < to; i++) {
    const c = text[i]
    if (isFormat) {
      if (c === '}') return i + 1
      if (c === '\n') return -1
      if (c === '{') {
        i = fieldEnd(text, i, to, depth + 1) - 1
        if (i < 0) return -1
      }
    } else if (c === '"' || c === "'") {
      const isF = /(?:^|[^\w])(?:[ft]r?|r[ft])$/i.test(text.slice(Math.max(at, i - 3), i))
      const end = isF ? interpolatedEnd(text, i, to, depth + 1) : plainEnd(text, i, to)
      if (end < 0) return -1
      i = end - 1
    } else if (c === '(' || c === '[' || c === '{') brackets++
    else if (c === '}' && brackets === 0) return i + 1
    else if (c === ')' || c === ']' || c === '}') brackets--
    else if (c === '#') i = lineEnd(text, i, to)
    else if (c === ':' && brackets === 0) isFormat = true
  }
  return -1
}
