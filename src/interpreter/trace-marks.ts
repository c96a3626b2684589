// Where a run's trace stood: later events and notes are resolved with what a path knows, or taken back.

import type { Interpreter } from './interpreter'

export interface TraceMark {
  readonly events: number
  readonly notes: number
}

export const traceMark = ({ events, notes }: Interpreter): TraceMark => ({
  events: events.length,
  notes: notes.visits.length,
})

/** Puts what is known now into the values of what came after a mark. */
export function resolveTrace(interp: Interpreter, { events, notes }: TraceMark): void {
  for (let i = events; i < interp.events.length; i++) {
    const event = interp.events[i]
    if (event) event.value = interp.resolved(event.value)
  }
  for (let i = notes; i < interp.notes.visits.length; i++) {
    const visit = interp.notes.visits[i]
    if (visit) visit.value = interp.resolved(visit.value)
  }
}

/** Takes back what came after a mark. */
export function cutTrace(interp: Interpreter, { events, notes }: TraceMark): void {
  interp.events.length = events
  interp.notes.visits.length = notes
}
