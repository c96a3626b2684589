// Traces the entry programs and holds every tensor against the recorded runs: `npm run models`.
//
//     npm run models -- --search-path DIR [--list] [--extra] [NAME...]
//     npm run models -- --alone --search-path DIR [--list] [NAME...]
//     npm run models -- --edits --search-path DIR [--list] [--alone] [NAME...]

import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { load } from '../syntax/support'
import { type AloneResult, compareAlone, recordedFiles } from './compare-alone'
import { compareEdits, type EditResult, readEdits } from './compare-edits'
import { compareProgram, type Result, readRecorded } from './compare-program'
import type { Verdict } from './comparison'

const folder = 'test/models'

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'search-path': { type: 'string', multiple: true, default: [] },
      entries: { type: 'string', default: join(folder, 'entries') },
      recorded: { type: 'string', default: join(folder, 'recorded') },
      list: { type: 'boolean', default: false },
      extra: { type: 'boolean', default: false },
      edits: { type: 'boolean', default: false },
      alone: { type: 'boolean', default: false },
    },
  })
  const entries = readdirSync(values.entries, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.py'))
    .filter((file) => positionals.length === 0 || positionals.includes(basename(file, '.py')))
    .sort()
  if (values.edits) return mainEdits(entries, values)
  const goldenOf = (file: string): string => join(values.recorded, `${basename(file, '.py')}.json.gz`)
  if (values.alone) return mainAlone(entries.map(goldenOf).filter(existsSync), values)
  const results: Result[] = []
  for (const file of entries) {
    const golden = goldenOf(file)
    if (!existsSync(golden)) continue
    const result = compareProgram(
      join(values.entries, file),
      readRecorded(golden),
      values['search-path'],
      values.extra,
    )
    results.push(result)
    console.log(lineOf(result))
    if (values.list) for (const line of result.details) console.log(line)
  }
  const total = sum(results)
  if (results.length > 1) console.log(lineOf(total))
  return total.falseErrors > 0 || total.counts.wrong > 0 ? 1 : 0
}

interface Options {
  readonly entries: string
  readonly 'search-path': readonly string[]
  readonly list: boolean
  readonly extra: boolean
}

/** What the recorded files show with no program. */
function mainAlone(goldens: readonly string[], options: Options): number {
  const paths = options['search-path']
  const files = recordedFiles(goldens.map(readRecorded), paths, options.entries)
  const total = { name: 'all', fits: 0, contradicted: 0, silent: 0, details: [] }
  for (const [path, nodes] of files) {
    const result = compareAlone(path, nodes, paths, options.extra)
    for (const key of ['fits', 'contradicted', 'silent'] as const) total[key] += result[key]
    if (options.list) for (const line of result.details) console.log(line)
  }
  console.log(lineOfAlone(total))
  return total.contradicted > 0.005 * (total.fits + total.contradicted) ? 1 : 0
}

interface EditOptions extends Options {
  /** Whether the edited file is also analysed on its own. */
  readonly alone: boolean
}

/** One-edit mutants of the model files that the programs run. */
function mainEdits(entries: readonly string[], options: EditOptions): number {
  const counted = {
    refused: 0,
    onLine: 0,
    elsewhere: 0,
    alone: 0,
    aloneAnywhere: 0,
    accepted: 0,
    falseErrors: 0,
  }
  for (const file of entries) {
    const name = basename(file, '.py')
    const recorded = join(folder, 'edits', `${name}.json`)
    if (!existsSync(recorded)) continue
    const entry = join(options.entries, file)
    const result = compareEdits(name, entry, readEdits(recorded), options['search-path'], options.alone)
    console.log(lineOfEdits(result, options.alone))
    if (options.list) for (const line of result.details) console.log(line)
    for (const key of Object.keys(counted) as (keyof typeof counted)[]) counted[key] += result[key]
  }
  console.log(lineOfEdits({ name: 'all', details: [], ...counted }, options.alone))
  return counted.falseErrors > 0 || counted.onLine < 0.9 * counted.refused ? 1 : 0
}

function sum(results: readonly Result[]): Result {
  const counts: Record<Verdict, number> = { exact: 0, partial: 0, wrong: 0, missing: 0 }
  for (const r of results)
    for (const verdict of Object.keys(counts) as Verdict[]) counts[verdict] += r.counts[verdict]
  const of = (pick: (r: Result) => number): number => results.reduce((n, r) => n + pick(r), 0)
  return {
    name: 'all',
    counts,
    extra: of((r) => r.extra),
    falseErrors: of((r) => r.falseErrors),
    seconds: of((r) => r.seconds),
    isCut: results.some((r) => r.isCut),
    details: [],
  }
}

function lineOf({ name, counts, extra, falseErrors, seconds, isCut }: Result): string {
  const nodes = counts.exact + counts.partial + counts.wrong + counts.missing
  const share = (n: number): string => (nodes === 0 ? '' : ` (${((100 * n) / nodes).toFixed(1)} %)`)
  return (
    `${name.padEnd(22)} ${nodes} nodes: ${counts.exact} exact${share(counts.exact)}, ${counts.partial} partial, ` +
    `${counts.wrong} wrong${share(counts.wrong)}, ${counts.missing} missing, ${extra} extra, ` +
    `${falseErrors} false errors  (${seconds.toFixed(1)} s${isCut ? ', cut short' : ''})`
  )
}

function lineOfAlone({ name, fits, contradicted, silent }: AloneResult): string {
  const nodes = fits + contradicted + silent
  const share = (n: number): string => `${n} (${((100 * n) / Math.max(nodes, 1)).toFixed(2)} %)`
  return `${name.padEnd(22)} ${nodes} nodes on their own: ${share(fits)} fit, ${share(contradicted)} contradicted, ${share(silent)} without a shape`
}

function lineOfEdits(r: EditResult, showsAlone: boolean): string {
  const share = (n: number): string => `${n} (${((100 * n) / Math.max(r.refused, 1)).toFixed(1)} %)`
  return (
    `${r.name.padEnd(22)} ${r.refused} refused: ${share(r.onLine)} flagged on the line, ${r.elsewhere} elsewhere only; ` +
    `${r.accepted} accepted: ${r.falseErrors} false errors` +
    (showsAlone ? `; on its own ${share(r.alone)} on the line, ${share(r.aloneAnywhere)} anywhere` : '')
  )
}

await load()
process.exitCode = main()
