// Traces one program and holds every tensor against a recorded run.

import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { jsonText } from '../../src/cli/json'
import { trace } from '../../src/cli/work'
import type { Run } from '../../src/interpreter/run'
import { LineIndex } from '../../src/syntax/lines'
import {
  compareFile,
  type Difference,
  type Recorded,
  recordedText,
  type TracedNode,
  tracedText,
  type Verdict,
} from './comparison'

interface TracedFile {
  readonly path: string
  readonly nodes: readonly TracedNode[]
  readonly diagnostics: readonly { range: number[]; severity: string; code: string; message: string }[]
}

export interface Result {
  readonly name: string
  readonly counts: Record<Verdict, number>
  /** Tensors where PyTorch never had one. */
  readonly extra: number
  readonly falseErrors: number
  readonly seconds: number
  /** True if the counted work was used up before the program's end. */
  readonly isCut: boolean
  /** Each node that is not exact, and each diagnostic, one line each. */
  readonly details: string[]
}

export const readRecorded = (path: string): Recorded =>
  JSON.parse(gunzipSync(readFileSync(path)).toString()) as Recorded

/** Traces a program as `shapescope trace --format json` does, and compares file by file. */
export function compareProgram(
  given: string,
  recorded: Recorded,
  searchPaths: readonly string[],
  showsExtra: boolean,
): Result {
  const path = resolve(given)
  const since = performance.now()
  const findings = trace(
    { shown: path, path, text: readFileSync(path, 'utf8') },
    searchPaths.map((p) => resolve(p)),
  )
  const seconds = (performance.now() - since) / 1000
  const { files } = JSON.parse(jsonText(findings.reports)) as { files: TracedFile[] }
  const [run] = [...findings.runs.values()].flat()
  const counts: Record<Verdict, number> = { exact: 0, partial: 0, wrong: 0, missing: 0 }
  const details: string[] = [...findings.faults]
  let extra = 0
  for (const part of recorded.files) {
    const named = files.filter((f) => f.path === part.file || f.path.endsWith(`/${part.file}`))
    const file = named.find((f) => digest(textOf(f.path)) === part.sha256) ?? named[0]
    const source = file?.path ?? sourceOf(part.file, searchPaths)
    const text = source ? textOf(source) : ''
    if (text && digest(text) !== part.sha256) details.push(`${part.file}: not the version that was recorded`)
    const result = compareFile(part.nodes, file?.nodes ?? [])
    for (const verdict of Object.keys(counts) as Verdict[]) counts[verdict] += result.counts[verdict]
    extra += result.extra.length
    const lines = text.split('\n')
    const reasons = reasonsOf(run, source ?? '', text)
    for (const difference of result.differences) details.push(describe(part.file, difference, lines, reasons))
    if (showsExtra)
      for (const node of result.extra)
        details.push(
          `  extra    ${part.file}:${node.range[0]} ${textAt(lines, node.range)}  ${node.tensors.map(tracedText).join(' | ')}`,
        )
  }
  let falseErrors = 0
  for (const { path: where, diagnostics } of files)
    for (const d of diagnostics) {
      if (d.severity === 'error') falseErrors++
      if (d.severity === 'error' || d.severity === 'warning')
        details.push(`  ${d.severity}  ${where}:${d.range[0]} [${d.code}] ${d.message}`)
    }
  return {
    name: basename(path, '.py'),
    counts,
    extra,
    falseErrors,
    seconds,
    isCut: run?.isCut ?? true,
    details,
  }
}

const textOf = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '')

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

const sourceOf = (file: string, searchPaths: readonly string[]): string | undefined =>
  searchPaths.map((p) => join(p, file)).find((p) => existsSync(p))

/** Why values of a file are not known, by line. */
function reasonsOf(run: Run | undefined, path: string, text: string): Map<number, Set<string>> {
  const lines = new LineIndex(text)
  const reasons = new Map<number, Set<string>>()
  for (const gap of run?.gaps ?? []) {
    if (gap.frame.module !== path) continue
    const line = lines.lineAt(gap.place.start) + 1
    reasons.set(line, (reasons.get(line) ?? new Set()).add(gap.reason))
  }
  return reasons
}

function describe(
  file: string,
  { node, verdict, traced }: Difference,
  lines: readonly string[],
  reasons: ReadonlyMap<number, ReadonlySet<string>>,
): string {
  const [line, column, endLine, endColumn, kind, , tensors] = node
  const why = [...(reasons.get(line) ?? [])].join('; ')
  const code = textAt(lines, [line, column, endLine, endColumn])
  return `  ${verdict.padEnd(8)} ${file}:${line}:${column} ${kind} ${code}  PyTorch ${tensors.map(recordedText).join(' | ')}, traced ${traced || 'nothing'}${why && `  (${why})`}`
}

/** The source text of a range, in one line. */
function textAt(
  lines: readonly string[],
  [line, column, endLine, endColumn]: readonly [number, number, number, number],
): string {
  const first = lines[line - 1] ?? ''
  const text = line === endLine ? first.slice(column, endColumn) : `${first.slice(column)} …`
  return `\`${text.length > 60 ? `${text.slice(0, 60)}…` : text}\``
}
