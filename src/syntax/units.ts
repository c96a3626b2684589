// Cuts a module into units that are parsed on their own: top-level statements, and the members of classes.

import type { LogicalLine } from './lexer'

/** A statement that is parsed on its own, or a class whose members are. */
export interface UnitShape {
  start: number
  end: number
  /** The logical lines, by index, end exclusive. */
  from: number
  to: number
  column: number
  /** For a class: where its members begin; its header ends at the end of the line before. */
  members: UnitShape[] | null
}

/** Lines that continue the statement above instead of starting one. */
const CONTINUES = /(?:else|finally)\b\s*:|elif\b|except\b|[)\]}]/y
const CLASS = /class\b/y
const COMMENT_BEHIND = /[ \t;]*#[^\r\n]*/y

/** Cuts the lines from `from` to `to`, statements of indentation `column`, into units. */
export function cutUnits(
  text: string,
  lines: LogicalLine[],
  from = 0,
  to = lines.length,
  depth = 0,
): UnitShape[] {
  const units: UnitShape[] = []
  const column = depth === 0 ? 0 : (lines[from]?.column ?? 0)
  let i = from
  while (i < to) {
    const first = i
    let head = i
    // decorators belong to what they decorate
    while (
      head < to &&
      startsWith(text, lines[head], '@') &&
      head + 1 < to &&
      lines[head + 1]?.column === column
    )
      head++
    i = head + 1
    while (i < to && !startsUnit(text, lines[i], column)) i++
    const start = lines[first]?.start ?? 0
    const end = endWithComment(text, lines[i - 1]?.end ?? start)
    units.push({
      start,
      end,
      from: first,
      to: i,
      column,
      members: classMembers(text, lines, head, i, column, depth),
    })
  }
  return units
}

/** A comment behind a unit is part of it, so that changing the one changes the other. */
function endWithComment(text: string, end: number): number {
  COMMENT_BEHIND.lastIndex = end
  return COMMENT_BEHIND.test(text) ? COMMENT_BEHIND.lastIndex : end
}

function startsUnit(text: string, line: LogicalLine | undefined, column: number): boolean {
  if (!line || line.column > column) return false
  CONTINUES.lastIndex = line.start
  return !CONTINUES.test(text)
}

function startsWith(text: string, line: LogicalLine | undefined, prefix: string): boolean {
  return line !== undefined && text.startsWith(prefix, line.start)
}

function classMembers(
  text: string,
  lines: LogicalLine[],
  head: number,
  to: number,
  column: number,
  depth: number,
): UnitShape[] | null {
  const header = lines[head]
  const first = lines[head + 1]
  if (!header || !first || head + 1 >= to || depth > 10 || first.column <= column) return null
  CLASS.lastIndex = header.start
  const isWhole = header.open.length === 0 && !header.problem && text[header.end - 1] === ':'
  if (!isWhole || !CLASS.test(text)) return null
  for (let i = head + 1; i < to; i++) if ((lines[i]?.column ?? 0) <= column) return null
  return cutUnits(text, lines, head + 1, to, depth + 1)
}
