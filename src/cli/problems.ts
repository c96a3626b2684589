// One diagnostic for people: the code with carets under it, the message, and the places that explain it.

import type { Diagnostic, RelatedPlace } from '../ide/api'
import { shownLine, widthOf, wrapped } from './cells'
import type { Colours, Paint } from './colours'
import type { FileReport } from './reports'

export interface ProblemOptions {
  readonly colours: Colours
  readonly width: number
  /** The cells before the code. */
  readonly gutter: number
  /** True to show the line of code too. */
  readonly hasCode: boolean
}

export function problemBlock(
  report: FileReport,
  diagnostic: Diagnostic,
  byPath: ReadonlyMap<string, FileReport>,
  { colours, width, gutter, hasCode }: ProblemOptions,
): string[] {
  const { lines } = report
  const { start, end, severity, code, message } = diagnostic
  const line = lines.lineAt(start)
  const paint: Paint =
    severity === 'error' ? colours.error : severity === 'warning' ? colours.warning : colours.info
  const before = widthOf(shownLine(lines.text.slice(lines.startOfLine(line), start)))
  const whole = shownLine(lines.text.slice(lines.startOfLine(line), Math.min(end, lines.endOfLine(line))))
  const margin = ' '.repeat(gutter)
  const rows: string[] = []
  if (hasCode)
    rows.push(
      colours.faint(`${line + 1}`.padStart(gutter - 2)) +
        `  ${shownLine(lines.text.slice(lines.startOfLine(line), lines.endOfLine(line)))}`,
    )
  const carets = '^'.repeat(Math.max(1, widthOf(whole.trimEnd()) - before))
  const said = wrapped(`${message} [${code}]`, width - gutter - severity.length - 2)
  rows.push(`${margin}${' '.repeat(before)}${paint(carets)}`)
  said.forEach((text, i) => {
    const lead = i === 0 ? `${paint(severity)}: ` : ' '.repeat(severity.length + 2)
    rows.push(`${margin}${lead}${i === said.length - 1 ? dimCode(text, code, colours) : colours.bold(text)}`)
  })
  for (const related of diagnostic.related)
    rows.push(`${margin}${colours.faint(relatedText(related, report, byPath))}`)
  return rows
}

function dimCode(text: string, code: string, { bold, faint }: Colours): string {
  const mark = `[${code}]`
  return text.endsWith(mark) ? `${bold(text.slice(0, -mark.length))}${faint(mark)}` : bold(text)
}

function relatedText(
  { path, start, message }: RelatedPlace,
  report: FileReport,
  byPath: ReadonlyMap<string, FileReport>,
): string {
  const other = byPath.get(path)
  if (!other) return message
  const line = `line ${other.lines.lineAt(start) + 1}`
  const place = path === report.path ? line : `${other.shown}, ${line}`
  return message.endsWith(' from here') ? message.replace(/here$/, place) : `${message}: ${place}`
}
