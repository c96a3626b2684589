// Why values are not known: the places where they stopped being known, each with its reason.

import type { Run } from '../interpreter/analysis'
import type { Place, TraceEvent } from '../trace/trace'
import type { Value } from '../trace/values'
import type { Cause } from './api'

/** Reasons that only pass on that something else is not known. */
const passedOn = /^(?:an operand of|what is called is not known)|of a value that is not known$/

/** The causes in one file, in order; what some run knows is none. */
export function unknownsOf(runs: readonly Run[], path: string): Cause[] {
  const causes = new Map<string, Cause>()
  const known = new Set<string>()
  const note = ({ start, end }: Place, reason: string): void => {
    if (!passedOn.test(reason)) causes.set(`${start} ${end}`, { start, end, reason })
  }
  for (const run of runs) {
    const seen = new Set<Value>()
    for (const event of run.events) {
      const { value, frame, place } = event
      if (value.kind !== 'unknown') {
        if (frame.module === path) known.add(`${place.start} ${place.end}`)
        continue
      }
      // a value is explained where it first appears, and not where it is used
      if (seen.has(value)) continue
      seen.add(value)
      if (frame.module === path && !isDerived(event)) note(place, reasonOf(event, value.reason))
    }
    for (const { place, frame, reason } of run.gaps) if (frame.module === path) note(place, reason)
  }
  return [...causes]
    .filter(([key]) => !known.has(key))
    .map(([, cause]) => cause)
    .sort((a, b) => a.start - b.start || a.end - b.end)
}

/** True where an input is not known either: that one is the cause. */
const isDerived = ({ operation }: TraceEvent): boolean =>
  operation?.inputs.some((input) => input.kind === 'unknown' || input.kind === 'union') ?? false

const reasonOf = ({ kind, name }: TraceEvent, reason: string): string =>
  kind === 'parameter' ? `nothing tells what the parameter ${name} is` : reason
