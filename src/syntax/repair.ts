// Repairs text with syntax errors line by line, so that one broken line costs no other; says what is wrong.

import { parseRaw, type RawFault, type RawNode, type RawTree } from './grammar'
import { type LogicalLine, readLines } from './lexer'
import { describeFault, type Mend, mendLine } from './mend'
import type { SyntaxProblem } from './tree'

export interface Repaired {
  kids: RawNode[]
  problems: SyntaxProblem[]
  /** Where placeholders stand: what the grammar could make of the text they replace. */
  salvaged: Map<number, RawNode[]>
}

/**
 * Reads text that the lexer or the grammar found faults in. Lines that are broken on their own are mended or
 * replaced by placeholders, then the whole is parsed again and its offsets are mapped back.
 */
export function repair(
  text: string,
  clean: string,
  start: number,
  end: number,
  faults: RawFault[],
): Repaired {
  let lines = readLines(text, start, end).lines
  if (lines.some((line) => line.open.length > 0)) lines = readLines(text, start, end, true).lines
  let suspects = suspectLines(lines, faults)
  let mends = new Map<number, Mend>()
  let result: RawTree = { kids: [], faults }
  for (let round = 0; round < 3; round++) {
    for (const i of suspects) {
      const line = lines[i]
      if (!line || mends.has(i)) continue
      const mend = mendLine(text, clean, line, (lines[i + 1]?.column ?? -1) > line.column)
      if (mend) mends.set(i, mend)
    }
    result = parseMended(clean, start, end, [...mends.values()])
    if (result.faults.length === 0) break
    suspects = round === 0 ? suspectLines(lines, result.faults) : new Set(lines.keys())
  }
  mends = new Map([...mends].sort((a, b) => a[0] - b[0]))
  const problems: SyntaxProblem[] = []
  const salvaged = new Map<number, RawNode[]>()
  for (const mend of mends.values()) {
    if (mend.problem) problems.push(mend.problem)
    if (mend.salvaged) salvaged.set(mend.start, mend.salvaged)
  }
  const known = problems.length
  for (const fault of result.faults) {
    const problem = describeFault(text, fault)
    const isRepeated = problems.some((other) => sameLine(text, other.start, problem.start))
    if (!isRepeated && problems.length < known + 20) problems.push(problem)
  }
  return { kids: result.kids, problems, salvaged }
}

/** The lines that the lexer found broken, and those in which the grammar stumbled. */
function suspectLines(lines: LogicalLine[], faults: RawFault[]): Set<number> {
  const suspects = new Set<number>()
  lines.forEach((line, i) => {
    if (line.open.length > 0 || line.problem) suspects.add(i)
  })
  let i = 0
  for (const fault of [...faults].sort((a, b) => a.start - b.start)) {
    while (i + 1 < lines.length && (lines[i + 1]?.start ?? 0) <= fault.start) i++
    // the grammar often stumbles in the line after the broken one
    suspects.add(i).add(Math.max(0, i - 1))
  }
  return suspects
}

function sameLine(text: string, a: number, b: number): boolean {
  return !/[\r\n]/.test(text.slice(Math.min(a, b), Math.max(a, b)))
}

interface Segment {
  /** In the mended text. */
  at: number
  length: number
  start: number
  end: number
}

function parseMended(clean: string, start: number, end: number, mends: Mend[]): RawTree {
  const segments: Segment[] = []
  const sorted = mends.flatMap((mend) => mend.edits).sort((a, b) => a.start - b.start)
  let mended = ''
  let at = start
  for (const edit of sorted) {
    if (edit.start < at) continue
    mended += clean.slice(at, edit.start)
    segments.push({ at: mended.length, length: edit.text.length, start: edit.start, end: edit.end })
    mended += edit.text
    at = edit.end
  }
  mended += clean.slice(at, end)
  const result = parseRaw(mended)
  let index = 0
  const map = (offset: number): number => {
    // offsets come almost in order, so the segment is near the last one
    while (index > 0 && (segments[index - 1]?.at ?? 0) > offset) index--
    while (index < segments.length && (segments[index]?.at ?? 0) <= offset) index++
    const segment = segments[index - 1]
    if (!segment) return start + offset
    const inside = offset - segment.at
    if (inside >= segment.length) return segment.end + inside - segment.length
    const isSameLength = segment.end - segment.start === segment.length
    return isSameLength ? segment.start + inside : inside === 0 ? segment.start : segment.end
  }
  mapOffsets(result.kids, map)
  for (const fault of result.faults) {
    fault.start = map(fault.start)
    fault.end = map(fault.end)
  }
  return result
}

function mapOffsets(kids: RawNode[], map: (offset: number) => number): void {
  const pending = [kids]
  for (let level = pending.pop(); level; level = pending.pop()) {
    for (const node of level) {
      node.start = map(node.start)
      node.end = map(node.end)
      if (node.kids.length > 0) pending.push(node.kids)
    }
  }
}
