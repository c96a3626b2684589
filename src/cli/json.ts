// The report for other programs, one JSON object; its form is fixed by its version.

import type { LineIndex } from '../syntax/lines'
import type { FileReport } from './reports'

/** Lines from 1, columns from 0 in characters, the end exclusive: as Python's `ast` counts. */
export function rangeOf(lines: LineIndex, start: number, end: number): [number, number, number, number] {
  return [
    lines.lineAt(start) + 1,
    lines.characterColumn(start),
    lines.lineAt(end) + 1,
    lines.characterColumn(end),
  ]
}

export function jsonText(reports: readonly FileReport[], withUnknowns = false): string {
  return JSON.stringify({ version: 1, files: reports.map((report) => fileOf(report, withUnknowns)) })
}

function fileOf({ shown, lines, nodes, diagnostics, unknowns }: FileReport, withUnknowns: boolean) {
  return {
    path: shown,
    nodes: nodes.map(({ place, kind, name, tensors }) => ({
      range: rangeOf(lines, place.start, place.end),
      kind,
      name,
      tensors,
    })),
    diagnostics: diagnostics.map(({ start, end, severity, code, message }) => ({
      range: rangeOf(lines, start, end),
      severity,
      code,
      message,
    })),
    ...(withUnknowns && {
      unknown: unknowns.map(({ start, end, reason }) => ({ range: rangeOf(lines, start, end), reason })),
    }),
  }
}
