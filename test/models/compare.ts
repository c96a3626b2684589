// Traces the entry programs and holds every tensor against the recorded runs: `npm run models`.
//
//     npm run models -- --search-path DIR [--list] [--extra] [NAME...]

import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { load } from '../syntax/support'
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
    },
  })
  const entries = readdirSync(values.entries, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.py'))
    .filter((file) => positionals.length === 0 || positionals.includes(basename(file, '.py')))
    .sort()
  const results: Result[] = []
  for (const file of entries) {
    const golden = join(values.recorded, `${basename(file, '.py')}.json.gz`)
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

await load()
process.exitCode = main()
