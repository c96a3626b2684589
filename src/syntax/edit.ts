// What an edit changed in a text, and its logical lines: those that the edit does not reach are kept.

import { type Lexed, Lexer, type LogicalLine, readLines } from './lexer'
import type { Comment } from './tree'

/** One stretch of a text that another stands for now. */
export interface Edit {
  /** How many characters both texts begin with. */
  readonly front: number
  /** How many characters behind those both texts end with. */
  readonly back: number
  /** How far what is behind the edit moved. */
  readonly moved: number
}

export function editOf(before: string, text: string): Edit {
  const moved = text.length - before.length
  const most = Math.min(before.length, text.length)
  const front = countAlike(most, (from, to) => before.slice(from, to) === text.slice(from, to))
  const back = countAlike(most - front, (from, to) => {
    const [start, end] = [text.length - to, text.length - from]
    return before.slice(start - moved, end - moved) === text.slice(start, end)
  })
  return { front, back, moved }
}

/** How many characters are alike, up to so many: whole stretches are compared much faster than single characters. */
function countAlike(most: number, areAlike: (from: number, to: number) => boolean): number {
  let count = 0
  for (const stretch of [4096, 64, 1])
    while (count + stretch <= most && areAlike(count, count + stretch)) count += stretch
  return count
}

/** As `readLines` of the whole text, with what it gave before the edit. */
export function readLinesAgain(
  text: string,
  { front, back, moved }: Edit,
  before: { readonly lines: readonly LogicalLine[]; readonly comments: readonly Comment[] },
): Lexed {
  const from = indexFrom(before.lines, front) - 1
  const first = before.lines[from]
  // What is left open is understood by all that follows.
  if (!first || !before.lines.every(isClosed)) return readLines(text)

  const lexer = new Lexer(text, text.length, false, false)
  let to = from
  const isKnown = (start: number, column: number): boolean => {
    if (start < text.length - back) return false
    while ((before.lines[to]?.start ?? Infinity) < start - moved) to++
    const line = before.lines[to]
    return line?.start === start - moved && line.column === column
  }
  const isJoined = lexer.readOn(first, isKnown)
  if (lexer.isStringOpen) return readLines(text)
  const last = isJoined ? before.lines[to] : undefined
  const pieced = <T extends LogicalLine | Comment>(
    old: readonly T[],
    read: T[],
    move: (part: T) => T,
  ): T[] => [
    ...old.slice(0, indexFrom(old, first.start)),
    ...read,
    ...(last ? old.slice(indexFrom(old, last.start)).map(move) : []),
  ]
  return {
    lines: pieced(before.lines, lexer.lines, ({ start, end, column, open, problem }) => {
      return { start: start + moved, end: end + moved, column, open, problem }
    }),
    comments: pieced(before.comments, lexer.comments, ({ start, end, text }) => {
      return { start: start + moved, end: end + moved, text }
    }),
  }
}

const isClosed = ({ open, problem }: LogicalLine): boolean => open.length === 0 && problem === null

/** The index of the first part that starts at an offset or behind it. */
export function indexFrom(parts: readonly { readonly start: number }[], offset: number): number {
  let [low, high] = [0, parts.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((parts[middle]?.start ?? offset) < offset) low = middle + 1
    else high = middle
  }
  return low
}
