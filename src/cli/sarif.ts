// The report in SARIF 2.1.0, for code scanning services and editors.

import { isAbsolute } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Diagnostic, Severity } from '../ide/api'
import type { LineIndex } from '../syntax/lines'
import type { FileReport } from './reports'

const levels: Readonly<Record<Severity, string | null>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
  hint: null,
}

export function sarifText(reports: readonly FileReport[], version: string): string {
  const shown = reports.map((report) => ({
    report,
    diagnostics: report.diagnostics.filter(({ severity }) => levels[severity] !== null),
  }))
  const codes = [...new Set(shown.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code)))].sort()
  const byPath = new Map(reports.map((report) => [report.path, report]))
  const results = shown.flatMap(({ report, diagnostics }) =>
    diagnostics.map((diagnostic) => ({
      ruleId: diagnostic.code,
      ruleIndex: codes.indexOf(diagnostic.code),
      level: levels[diagnostic.severity],
      message: { text: diagnostic.message },
      locations: [{ physicalLocation: location(report, diagnostic) }],
      ...relatedOf(diagnostic, byPath),
    })),
  )
  return JSON.stringify(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'ShapeScope', version, rules: codes.map(rule) } },
          // columns are counted in characters, as in the other formats
          columnKind: 'unicodeCodePoints',
          results,
        },
      ],
    },
    null,
    2,
  )
}

function rule(id: string) {
  const words = id.replaceAll('-', ' ')
  const name = words.replace(/(?:^| )(\w)/g, (_, letter: string) => letter.toUpperCase())
  return { id, name, shortDescription: { text: `${words.charAt(0).toUpperCase()}${words.slice(1)}.` } }
}

function location(
  report: { shown: string; lines: LineIndex },
  { start, end }: { start: number; end: number },
) {
  const { lines, shown } = report
  return {
    artifactLocation: { uri: uriOf(shown) },
    region: {
      startLine: lines.lineAt(start) + 1,
      startColumn: lines.characterColumn(start) + 1,
      endLine: lines.lineAt(end) + 1,
      endColumn: lines.characterColumn(end) + 1,
    },
  }
}

/** A relative path stays relative, to whatever the reader takes as the root. */
function uriOf(path: string): string {
  if (isAbsolute(path)) return pathToFileURL(path).href
  const parts = path.replaceAll('\\', '/').split('/')
  return parts
    .filter((part) => part !== '.')
    .map(encodeURIComponent)
    .join('/')
}

function relatedOf({ related }: Diagnostic, byPath: ReadonlyMap<string, FileReport>) {
  const places = related.flatMap(({ path, start, end, message }) => {
    const report = byPath.get(path)
    return report ? [{ physicalLocation: location(report, { start, end }), message: { text: message } }] : []
  })
  return places.length > 0 ? { relatedLocations: places } : {}
}
