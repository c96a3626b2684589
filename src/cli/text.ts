// The report for people: code with the shapes beside it, errors under the code, and a summary.

import type { Severity } from '../ide/api'
import type { Colours } from './colours'
import { listing } from './listing'
import type { Style } from './notes'
import { problemBlock } from './problems'
import type { FileReport } from './reports'
import type { Findings } from './work'

export interface TextOptions {
  readonly style: Style
  readonly colours: Colours
  /** In cells of the terminal. */
  readonly width: number
  readonly seconds: number
}

export function reportText(findings: Findings, options: TextOptions): string {
  const { reports, runs } = findings
  const byPath = new Map(reports.map((report) => [report.path, report]))
  const blocks = reports.flatMap((report, i) => {
    const shown = runs.get(report.path)
    if (!shown) return problemsOnly(report, byPath, options)
    // imported files that say nothing are only counted
    if (i > 0 && report.nodes.length + report.diagnostics.length === 0) return []
    const { bold } = options.colours
    return [`${bold(report.shown)}\n\n${listing(report, shown, byPath, options).join('\n')}\n`]
  })
  return `${[...blocks, summary(reports, options)].join('\n')}\n`
}

function problemsOnly(
  report: FileReport,
  byPath: ReadonlyMap<string, FileReport>,
  { colours, width }: TextOptions,
): string[] {
  const { shown, lines } = report
  return report.diagnostics
    .filter(({ severity }) => severity !== 'hint')
    .map((diagnostic) => {
      const { start } = diagnostic
      const place = `${shown}:${lines.lineAt(start) + 1}:${lines.characterColumn(start) + 1}`
      return `${[colours.bold(place), ...problemBlock(report, diagnostic, byPath, { colours, width, gutter: 6, hasCode: true })].join('\n')}\n`
    })
}

function summary(reports: readonly FileReport[], { colours, seconds }: TextOptions): string {
  const tensors = reports.flatMap(({ nodes }) => nodes)
  const known = tensors.filter((node) => node.tensors.some(({ shape }) => shape && !shape.includes('...')))
  const all = reports.flatMap(({ diagnostics }) => diagnostics)
  const count = (wanted: Severity): number => all.filter(({ severity }) => severity === wanted).length
  const [errors, warnings] = [count('error'), count('warning')]
  const errorText = counted(errors, 'error')
  return [
    counted(reports.length, 'file'),
    tensors.length === 0
      ? 'no tensors'
      : known.length === tensors.length
        ? `${counted(tensors.length, 'tensor')}, all of known rank`
        : `${counted(tensors.length, 'tensor')}, ${known.length.toLocaleString('en')} of known rank`,
    errors > 0 ? colours.error(errorText) : colours.good(errorText),
    warnings > 0 ? colours.warning(counted(warnings, 'warning')) : counted(0, 'warning'),
    `${seconds.toFixed(seconds < 10 ? 2 : 0)} s`,
  ].join(' · ')
}

const counted = (count: number, thing: string): string =>
  `${count === 0 ? 'no' : count.toLocaleString('en')} ${thing}${count === 1 ? '' : 's'}`
