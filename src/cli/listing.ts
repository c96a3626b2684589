// A file as a listing: its code on the left, the shapes of each line in a column on the right.

import type { Run } from '../interpreter/analysis'
import { cut, type Piece, rowsOf, shownLine, widthOf } from './cells'
import type { Colours } from './colours'
import { type Row, rowsToShow } from './folding'
import { type Note, notesOf, type Style } from './notes'
import { problemBlock } from './problems'
import type { FileReport } from './reports'
import type { TextOptions } from './text'

/** The most different shapes that are shown of one name. */
const mostShapes: Readonly<Record<Style, number>> = { names: 2, numbers: 3 }
const gap = 3
/** The least room for code, and for the shapes beside it. */
const leastColumn = 40
const leastSpace = 24

interface NotePiece extends Piece {
  /** What is left of it where it does not fit. */
  readonly short?: string
  readonly startsRow: boolean
  /** Left out where it does not fit. */
  readonly isExtra: boolean
}

interface Line {
  readonly row: Row
  readonly code: string
  readonly pieces: readonly NotePiece[]
}

export function listing(
  report: FileReport,
  runs: readonly Run[],
  byPath: ReadonlyMap<string, FileReport>,
  { style, colours, width }: TextOptions,
): string[] {
  const { tree, lines, path } = report
  const notes = notesOf(runs, path, tree, lines, style)
  const diagnostics = report.diagnostics
  const assumed = new Map<number, Set<string>>()
  const problems = new Map<number, typeof diagnostics>()
  for (const diagnostic of diagnostics) {
    const line = lines.lineAt(diagnostic.start)
    if (diagnostic.severity === 'hint')
      assumed.set(line, (assumed.get(line) ?? new Set()).add(diagnostic.message))
    else problems.set(line, [...(problems.get(line) ?? []), diagnostic])
  }
  const marked = new Set([...notes.keys(), ...assumed.keys(), ...problems.keys()])
  const shown = rowsToShow(tree, lines, marked).map((row): Line => {
    if (row.kind === 'gap') return { row, code: `⋯ ${row.count} lines`, pieces: [] }
    const code = shownLine(tree.text.slice(lines.startOfLine(row.line), lines.endOfLine(row.line))).trimEnd()
    const pieces = [
      ...(notes.get(row.line) ?? []).flatMap((note) => piecesOf(note, style, colours)),
      ...[...(assumed.get(row.line) ?? [])].map((text) => ({
        text,
        paint: colours.faint,
        startsRow: true,
        isExtra: false,
      })),
    ]
    return { row, code: row.isFolded ? `${code} …` : code, pieces }
  })
  const gutter = String(lines.lineCount).length + 3
  const column = bestColumn(shown, width - gutter)
  return shown.flatMap((line) => {
    const own = line.row.kind === 'line' ? (problems.get(line.row.line) ?? []) : []
    const options = { colours, width, gutter, hasCode: false }
    return [
      ...laidOut(line, gutter, column, width - gutter - column - gap, colours),
      ...own.flatMap((diagnostic) => problemBlock(report, diagnostic, byPath, options)),
    ]
  })
}

/** A note in pieces that stay whole: `q [B, S, D]`, `| [B, 1, D]`, `= [2, 16, 64]`. */
function piecesOf({ label, shapes, numbers, dtype }: Note, style: Style, colours: Colours): NotePiece[] {
  const { shape, faint } = colours
  const most = mostShapes[style]
  const pieces: NotePiece[] = shapes.slice(0, most).map((text, i) => {
    const lead = i > 0 ? '| ' : label === '' ? '' : `${label} `
    const kind = dtype !== null && i === Math.min(shapes.length, most) - 1 ? ` ${dtype}` : ''
    return {
      text: lead + text + kind,
      short: lead + text,
      // what was cut off the end has no colour to lose
      paint: (whole) =>
        whole.slice(0, lead.length) +
        shape(whole.slice(lead.length, lead.length + text.length)) +
        faint(whole.slice(lead.length + text.length)),
      startsRow: style === 'names' && i === 0 && label !== '',
      isExtra: false,
    }
  })
  const more = shapes.length - most
  if (more > 0) pieces.push({ text: `| ${more} more`, paint: faint, startsRow: false, isExtra: false })
  if (numbers.length > 0) {
    const text = numbers.length > 2 ? `= ${numbers.slice(0, 2).join(' | ')} | …` : `= ${numbers.join(' | ')}`
    pieces.push({ text, paint: faint, startsRow: false, isExtra: true })
  }
  return pieces
}

/** Pieces in rows of a width; extras only where their row has room for them. */
function noteRows(pieces: readonly NotePiece[], width: number): NotePiece[][] {
  const groups: NotePiece[][] = []
  for (const whole of pieces) {
    const isLong = whole.short !== undefined && widthOf(whole.text) > width
    const piece = isLong ? { ...whole, text: whole.short ?? '' } : whole
    const group = groups.at(-1)
    if (!group || piece.startsRow) groups.push([piece])
    else group.push(piece)
  }
  return groups.flatMap((group) => {
    const rows = rowsOf(
      group.filter(({ isExtra }) => !isExtra),
      width,
      2,
    )
    const withExtras = rowsOf(group, width, 2)
    return withExtras.length === rows.length &&
      withExtras.every((row) => row.every(({ text }) => widthOf(text) <= width))
      ? withExtras
      : rows
  })
}

/** A first row that stands further right than the others is nearly as bad as one more row. */
const crooked = 0.9

/** Whether a row fits beside code that is longer than the column. */
const hangs = (size: number, row: readonly Piece[], width: number): boolean =>
  size + gap + rowWidth(row) <= width

const rowWidth = (row: readonly Piece[]): number => row.reduce((sum, { text }) => sum + widthOf(text) + 2, -2)

/** The column that leaves the fewest rows; of equal ones the one that keeps code and shapes closest. */
function bestColumn(lines: readonly Line[], width: number): number {
  const noted = lines.filter(({ pieces }) => pieces.length > 0).slice(0, 600)
  let [best, fewest] = [0, Number.POSITIVE_INFINITY]
  const longest = noted.reduce((most, { code }) => Math.max(most, widthOf(code)), leastColumn)
  for (let column = leastColumn; column <= Math.min(longest, width - leastSpace); column++) {
    let rows = 0
    for (const { code, pieces } of noted) {
      const space = width - column - gap
      const laid = noteRows(pieces, space)
      rows += laid.length + (pieces.some(({ text }) => text.length > space) ? 2 : 0)
      const size = widthOf(code)
      if (size > column) rows += hangs(size, laid[0] ?? [], width) ? crooked : 1
    }
    if (rows < fewest) [best, fewest] = [column, rows]
  }
  return best || Math.min(longest, width - leastSpace)
}

function laidOut(
  { row, code, pieces }: Line,
  gutter: number,
  column: number,
  space: number,
  colours: Colours,
): string[] {
  const number = row.kind === 'line' ? String(row.line + 1) : ''
  if (code === '' && pieces.length === 0) return ['']
  const left = colours.faint(number.padStart(gutter - 2))
  const text = pieces.length > 0 ? code : colours.faint(code)
  const total = column + gap + space
  const rows = noteRows(pieces, space).map((each) => ({
    text: each.map(({ text: whole, paint }) => paint(cut(whole, total))).join('  '),
    width: Math.min(rowWidth(each), total),
  }))
  const [first] = rows
  if (!first) return [`${left}  ${text}`.trimEnd()]
  const size = widthOf(code)
  // what is too long for the column begins before it
  const startOf = (row: { width: number }): number => Math.min(column + gap, total - row.width)
  const start = Math.max(size + gap, startOf(first))
  const fits = start + first.width <= total
  return [
    fits ? `${left}  ${text}${' '.repeat(start - size)}${first.text}` : `${left}  ${text}`,
    ...(fits ? rows.slice(1) : rows).map((row) => ' '.repeat(gutter + startOf(row)) + row.text),
  ]
}
