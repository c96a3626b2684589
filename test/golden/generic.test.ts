// Each function on its own, with nothing known of its callers: ranks, names and no false alarms.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { chosen, type Seen } from '../../src/ide/contexts'
import { namesOf, tensorsIn, tensorText } from '../../src/ide/nodes'
import { dimsOf } from '../../src/tensors/shape'
import { load } from '../syntax/support'
import { type Analysed, analysed, complaints, corpora, goldensOf, percent, withoutEntry } from './support'

interface Count {
  tensors: number
  ranked: number
  dims: number
  named: number
}
const count = (): Count => ({ tensors: 0, ranked: 0, dims: 0, named: 0 })

/** The shares in `forward` of tensors of known rank and of dims with a name or a number: raised when more is reached. */
const rankedFloor = { samples: 0.995, holdout: 0.92 }
const namedFloor = { samples: 0.912, holdout: 0.912 }

/**
 * Counts the tensors as the editor shows them: of the function's own run, or else through its callers in
 * the file. `unranked` gets those of unknown rank in a `forward`, `unnamed` those with a dim `?`.
 */
function examine(
  result: Analysed,
  forward: Count,
  every: Count,
  unranked: string[],
  unnamed: string[],
): void {
  for (const all of seenByPlace(result).values()) {
    const seen = chosen(all, 'names').filter((s) => s.event.frame.definition !== null)
    const tensors = seen.flatMap((s) => tensorsIn(s.event.value).map((t) => ({ tensor: t, names: s.names })))
    if (tensors.length === 0) continue
    const [first] = seen
    if (!first) continue
    const { place } = first.event
    const isForward = seen.some((s) => s.event.frame.name.split('.').at(-1) === 'forward')
    const source = result.text.slice(place.start, place.end).split('\n')[0]
    const where = `line ${result.lines.lineAt(place.start) + 1}: ${source}`
    const isRanked = tensors.some(({ tensor }) => dimsOf(tensor.shape) !== null)
    if (isForward && !isRanked) unranked.push(where)
    for (const counter of isForward ? [forward, every] : [every]) {
      counter.tensors++
      if (isRanked) counter.ranked++
    }
    for (const { tensor, names } of tensors) {
      const shape = tensorText(tensor, names).shape ?? ['...']
      const named = shape.filter((d) => !/[?]|^\.\.\.$/.test(String(d)))
      for (const counter of isForward ? [forward, every] : [every]) {
        counter.dims += shape.length
        counter.named += named.length
      }
      if (isForward && isRanked && named.length < shape.length)
        unnamed.push(`${where}: [${shape.join(', ')}]`)
    }
  }
}

function seenByPlace({ runs, path }: Analysed): Map<string, Seen[]> {
  const places = new Map<string, Seen[]>()
  for (const run of runs) {
    const names = namesOf(run)
    for (const event of run.events) {
      if (event.frame.module !== path) continue
      const key = `${event.place.start} ${event.place.end} ${event.kind}`
      const seen = places.get(key)
      if (seen) seen.push({ event, names, run })
      else places.set(key, [{ event, names, run }])
    }
  }
  return places
}

before(load)

for (const corpus of corpora) {
  describe(`${corpus.name}, each function on its own`, () => {
    const [forward, every] = [count(), count()]
    for (const { file } of goldensOf(corpus))
      it(file, () => {
        const path = `${corpus.programs}/${file}`
        const result = analysed(path, 'check', withoutEntry(readFileSync(path, 'utf8')))
        const [unranked, unnamed]: [string[], string[]] = [[], []]
        examine(result, forward, every, unranked, unnamed)
        if (process.env.SHAPESCOPE_UNNAMED) console.log([...new Set([...unranked, ...unnamed])].join('\n'))
        const failures = complaints(result)
        if (failures.length > 0) assert.fail(failures.join('\n'))
      })
    after(() => {
      for (const [what, c] of Object.entries({ 'in forward': forward, 'in all functions': every }))
        console.log(
          `      ${corpus.name} ${what}: rank known at ${percent(c.ranked, c.tensors)} tensors, ${percent(c.named, c.dims)} dims named`,
        )
      const [ranked, share] = [forward.ranked / forward.tensors, forward.named / forward.dims]
      assert.ok(
        ranked >= rankedFloor[corpus.name],
        `${(100 * ranked).toFixed(1)} % of the tensors in forward have a rank`,
      )
      assert.ok(
        share >= namedFloor[corpus.name],
        `${(100 * share).toFixed(1)} % of the dims in forward have a name`,
      )
    })
  })
}
