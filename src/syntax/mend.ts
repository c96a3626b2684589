// Mends one broken logical line: closes what is open, adds what is missing, or puts a placeholder.

import { parseRaw, type RawFault, type RawNode } from './grammar'
import type { LogicalLine } from './lexer'
import type { SyntaxProblem } from './tree'

export interface Edit {
  start: number
  end: number
  text: string
}
export interface Mend {
  edits: Edit[]
  problem: SyntaxProblem | null
  /** For a placeholder: where it stands, and what could be read of the text it replaces. */
  start: number
  salvaged: RawNode[] | null
}

const HEADER = /^(?:(?:async\s+)?(?:def|for|with)|class|if|elif|else|while|try|except|finally|match|case)\b/
const CLOSERS: Record<string, string> = { '(': ')', '[': ']', '{': '}' }

/** Mends a line, or gives null when the grammar accepts it as it is. */
export function mendLine(text: string, clean: string, line: LogicalLine, hasBlock: boolean): Mend | null {
  const source = clean.slice(line.start, line.end)
  const column = source.includes('\n') ? line.column : 0
  const reads = (edited: string): boolean => readAlone(edited, hasBlock, 0, column).faults === 0
  if (line.open.length === 0 && !line.problem && reads(source)) return null
  const none = { salvaged: null, start: line.start }
  const respelt = respell(source).find(reads)
  if (respelt !== undefined && line.open.length === 0 && !line.problem) {
    return { edits: [{ start: line.start, end: line.end, text: respelt }], problem: null, ...none }
  }
  const isHeader = HEADER.test(source) && (hasBlock || source.endsWith(':') || /^(?!match|case)/.test(source))
  const hasColon = isHeader && source.endsWith(':')
  const core = hasColon ? source.slice(0, -1) : source
  const coreEnd = line.start + core.length
  const quote = line.problem?.message.startsWith('the string') ? openQuote(text, line.problem.start) : ''
  const closers =
    quote +
    line.open
      .map((at) => CLOSERS[text[at] ?? ''] ?? '')
      .reverse()
      .join('')
  for (const tail of [closers, ` _${closers}`, `: _${closers}`]) {
    for (const colon of isHeader ? [':'] : ['', ...(hasBlock ? [':'] : [])]) {
      if (tail === '' && colon === (hasColon ? ':' : '')) continue
      if (!reads(core + tail + colon)) continue
      const added = tail + (hasColon ? '' : colon)
      const salvaged = tail.includes('_') ? [] : null
      return {
        edits: [{ start: coreEnd, end: coreEnd, text: added }],
        problem: mendProblem(text, line, core, coreEnd, tail),
        start: coreEnd,
        salvaged,
      }
    }
  }
  return placeholder(text, clean, line, core, isHeader, hasBlock)
}

function openQuote(text: string, at: number): string {
  const quote = text[at] ?? ''
  return text.startsWith(quote.repeat(3), at) ? quote.repeat(3) : quote
}

function mendProblem(
  text: string,
  line: LogicalLine,
  core: string,
  coreEnd: number,
  tail: string,
): SyntaxProblem {
  if (line.problem) return line.problem
  const opened = line.open[line.open.length - 1]
  if (opened !== undefined) {
    return {
      start: opened,
      end: opened + 1,
      message: `the bracket '${text[opened]}' opened here is never closed`,
    }
  }
  const last = /[\p{L}\p{N}_]+\s*$|[^\s\p{L}\p{N}_]{1,2}\s*$/u.exec(core)?.[0] ?? ''
  const token = last.trim()
  const start = coreEnd - last.length
  const end = start + Math.max(1, token.length)
  if (!tail.includes('_')) return { start, end, message: `expected ':'` }
  const what = token === '.' ? 'a name' : 'an expression'
  return { start, end, message: `expected ${what} after '${token}'` }
}

/** A string, a comment, or the end of a line. */
const BREAK_OR_TEXT = /('''|""")[\s\S]*?\1|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|#[^\n]*|\\?\r?\n/g

/** Other spellings, of the same length, of valid code that the grammar does not know. */
function respell(source: string): string[] {
  // `*(a, b)` outside of a call: `~` is a prefix operator as well
  const stars = source.replace(/(^|[[(,=]|\b(?:return|in|yield)\b)(\s*)\*(?=\s*[([{"'\w])/g, '$1$2~')
  // an annotation such as `x: A[B][C] = d`: read as an assignment to both
  const colons = /^(?!(?:lambda|else|try|finally)\b)[\w.]+\s*:/.test(source)
    ? source.replace(':', '=')
    : source
  // an annotation such as `x: A[B] or C`: read as the union that it stands for
  const unions = source.replace(/([:>]\s*[\w.]+\[[^=(){}]*?\]\s+)or\b/g, '$1| ')
  // the grammar sees a dedent where a line inside brackets starts further left than its block
  const flat = source.replace(BREAK_OR_TEXT, (found) =>
    /^['"]/.test(found) ? found : ' '.repeat(found.length),
  )
  return [stars, colons, unions, flat].filter((spelling) => spelling !== source)
}

/** Gives the grammar a line on its own, in surroundings that it may stand in. */
function readAlone(
  source: string,
  hasBlock: boolean,
  base = 0,
  column = 0,
): { faults: number; kids: RawNode[]; at: number } {
  const word = /^[\p{L}_]*|^@/u.exec(source)?.[0]
  let prefix = ''
  let suffix = hasBlock ? '\n  pass' : ''
  if (word === 'else' || word === 'elif') prefix = 'if x:\n pass\n'
  else if (word === 'except' || word === 'finally') prefix = 'try:\n pass\n'
  else if (word === 'case' && hasBlock) prefix = 'match x:\n '
  else if (word === 'match' && hasBlock) suffix = '\n  case _: pass'
  else if (source.startsWith('@')) suffix = '\ndef f(): pass'
  else if (column > 0) {
    // at its own indentation, which matters to the grammar's reading of the lines that follow
    prefix = `if x:\n${' '.repeat(column)}`
    if (hasBlock) suffix = `\n${' '.repeat(column + 2)}pass`
  }
  const result = parseRaw(prefix + source + suffix, base - prefix.length)
  // the grammar takes a block after anything, so a header must be one
  const isHeader = HEADER.test(source) && source.endsWith(':')
  const faults = result.faults.length + (hasBlock && !isHeader ? 1 : 0)
  return { faults, kids: result.kids, at: result.faults[0]?.start ?? base }
}

/** A plain message about something that the grammar could not place. */
export function describeFault(text: string, fault: RawFault): SyntaxProblem {
  const { start } = fault
  if (fault.missing && !/^[a-z_]+$/.test(fault.missing)) {
    const before = Math.max(0, start - 1)
    return { start: before, end: Math.max(start, before + 1), message: `expected '${fault.missing}'` }
  }
  const token = /^(?:[\p{L}\p{N}_]+|[^\s])/u.exec(text.slice(start, start + 80))?.[0] ?? ''
  const end = start + Math.max(1, token.length)
  return { start, end, message: token ? `unexpected '${token}'` : 'this text is no valid Python' }
}

/** Replaces a line, or the right side of an assignment, or a header's expression, that cannot be read. */
function placeholder(
  text: string,
  clean: string,
  line: LogicalLine,
  core: string,
  isHeader: boolean,
  hasBlock: boolean,
): Mend {
  const source = clean.slice(line.start, line.end)
  const problem = line.problem ?? placeholderProblem(text, source, line, hasBlock)
  /** Puts `before` in the place of the line's first `from` characters, a name in that of those up to `to`. */
  const make = (from: number, to: number, name: string, before?: string, after?: string): Mend => {
    const start = line.start + from
    const end = line.start + to
    const salvaged = readAlone(clean.slice(start, end), false, start).kids.filter((raw) => raw.start >= start)
    const edits = [{ start, end, text: name }]
    if (before !== undefined) edits.unshift({ start: line.start, end: start, text: before })
    if (after !== undefined) edits.push({ start: end, end: line.end, text: after })
    return { edits, problem, start, salvaged }
  }
  const sign = /^[\w.,\s[\]*]+?(?:[-+*/@%&|^]|\/\/|\*\*|<<|>>)?=(?!=)[ \t]*/.exec(source)?.[0] ?? ''
  if (!isHeader && sign && sign.length < source.length && readAlone(`${sign}_`, false).faults === 0) {
    return make(sign.length, source.length, '_')
  }
  if (!hasBlock) return make(0, source.length, 'pass')
  const head = /^(?:async\s+)?(?:def|class)\s+[\p{L}\p{N}_]+/u.exec(source)?.[0]
  if (head) {
    const edits = [
      { start: line.start + head.length, end: line.end, text: head.startsWith('class') ? ':' : '():' },
    ]
    return { edits, problem, start: line.start, salvaged: null }
  }
  const word = /^(?:elif|while|except|case|if)\b\s*/.exec(source)?.[0] ?? ''
  if (word && core.length > word.length && readAlone(`${word}_:`, true).faults === 0) {
    return make(word.length, core.length, '_', undefined, ':')
  }
  // some other header: its block may or may not run
  const first = /^[\p{L}_]+\s*/u.exec(source)?.[0].length ?? 0
  return make(Math.min(first, source.length - 1), source.length, '_', 'if ', ':')
}

function placeholderProblem(
  text: string,
  source: string,
  line: LogicalLine,
  hasBlock: boolean,
): SyntaxProblem {
  const opened = line.open[line.open.length - 1]
  if (opened !== undefined) {
    return {
      start: opened,
      end: opened + 1,
      message: `the bracket '${text[opened]}' opened here is never closed`,
    }
  }
  const read = readAlone(source, hasBlock, line.start)
  const at = Math.max(line.start, Math.min(read.at, Math.max(line.start, line.end - 1)))
  if (at === line.start && /^[\p{L}_]/u.test(source) && !/^(?:else|elif|except|finally)\b/.test(source)) {
    const length = source.search(/[\r\n]|$/)
    return { start: at, end: at + length, message: 'this line is not valid Python' }
  }
  return describeFault(text, { start: at, end: at + 1, missing: null })
}
