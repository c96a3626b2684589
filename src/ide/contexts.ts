// Which runs speak for a place in the editor: the function's own, or its callers'.

import type { Run } from '../interpreter/analysis'
import type { TraceEvent } from '../trace/trace'
import { namesOf, tensorsIn } from './nodes'
import type { NameSource } from '../dims/print'

export interface Seen {
  readonly event: TraceEvent
  readonly names: NameSource
  readonly run: Run
}

/** All events of a file by where they are, each with the names of its run. */
export class EventIndex {
  readonly #byPlace = new Map<string, Seen[]>()
  readonly places: { start: number; end: number; kind: TraceEvent['kind'] }[] = []

  constructor(
    readonly runs: readonly Run[],
    path: string,
  ) {
    for (const run of runs) {
      const names = namesOf(run)
      for (const event of run.events) {
        if (event.frame.module !== path) continue
        const key = `${event.place.start} ${event.place.end} ${event.kind}`
        const seen = this.#byPlace.get(key)
        if (seen) seen.push({ event, names, run })
        else {
          this.#byPlace.set(key, [{ event, names, run }])
          this.places.push({ start: event.place.start, end: event.place.end, kind: event.kind })
        }
      }
    }
    this.places.sort((a, b) => a.start - b.start || a.end - b.end)
  }

  at(place: { start: number; end: number; kind: TraceEvent['kind'] }): readonly Seen[] {
    return this.#byPlace.get(`${place.start} ${place.end} ${place.kind}`) ?? []
  }
}

/**
 * The events that the editor shows for a place: in names, those of the function's own generic run,
 * else of another generic run, else of the program; in numbers, the program's first.
 */
export function chosen(seen: readonly Seen[], style: 'names' | 'numbers'): readonly Seen[] {
  const own = (s: Seen): boolean => s.run.kind === 'generic' && s.event.frame.definition === s.run.definition
  const generic = (s: Seen): boolean => s.run.kind === 'generic'
  const program = (s: Seen): boolean => s.run.kind === 'program'
  const order = style === 'names' ? [own, generic, program] : [program, own, generic]
  let best: readonly Seen[] = []
  for (const wanted of order) {
    const group = seen.filter(wanted)
    if (group.some(isInformative)) return group
    if (best.length === 0) best = group
  }
  return best
}

/** True if the event shows a tensor whose rank is known. */
const isInformative = ({ event }: Seen): boolean => tensorsIn(event.value).some(t => t.shape.gap === null)
