// What `--explain-unknown` adds to the report for people: a line for each cause, and how many there are.

import type { FileReport } from './reports'

export function unknownText(reports: readonly FileReport[]): string {
  const lines = reports.flatMap(({ shown, lines, unknowns }) =>
    unknowns.map(({ start, reason }) => {
      const place = `${shown}:${lines.lineAt(start) + 1}:${lines.characterColumn(start) + 1}`
      return `${place}: ${reason}`
    }),
  )
  const count = lines.length === 1 ? '1 value is' : `${lines.length.toLocaleString('en')} values are`
  const end =
    lines.length === 0 ? 'every value is known\n' : `${count} not known, and what follows from them\n`
  return `\n${lines.map((line) => `${line}\n`).join('')}${end}`
}
