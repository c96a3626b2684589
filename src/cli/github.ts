// The report as workflow commands: GitHub shows them as annotations of the lines that they name.

import type { Severity } from '../ide/api'
import type { FileReport } from './reports'

const commands: Readonly<Record<Severity, string | null>> = {
  error: 'error',
  warning: 'warning',
  info: 'notice',
  hint: null,
}

export function githubText(reports: readonly FileReport[]): string {
  return reports.flatMap(annotations).join('')
}

function annotations({ shown, lines, diagnostics }: FileReport): string[] {
  return diagnostics.flatMap(({ start, end, severity, code, message }) => {
    const command = commands[severity]
    if (command === null) return []
    const [line, endLine] = [lines.lineAt(start) + 1, lines.lineAt(end) + 1]
    const places = [`file=${property(shown.replaceAll('\\', '/'))}`, `line=${line}`, `endLine=${endLine}`]
    // columns are only taken where start and end are on one line
    if (line === endLine)
      places.push(`col=${lines.characterColumn(start) + 1}`, `endColumn=${lines.characterColumn(end)}`)
    return [`::${command} ${places.join(',')},title=${property(`ShapeScope: ${code}`)}::${data(message)}\n`]
  })
}

const data = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')

const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
