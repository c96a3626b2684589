// The calls of a run: each frame with the shapes of the tensors that were passed to it.

import type { Run } from '../interpreter/analysis'
import type { Frame } from '../trace/trace'
import { namesOf, tensorsIn } from './nodes'
import { shapeText } from './shape-text'

export interface CallOf {
  readonly frame: Frame
  /** The shapes of the parameters that are tensors of known rank, in order. */
  readonly shapes: string[]
}

const known = new WeakMap<Run, ReadonlyMap<Frame, CallOf>>()

/** The calls of functions by their frames; that of the run itself has no caller. */
export function callsOf(run: Run): ReadonlyMap<Frame, CallOf> {
  const made = known.get(run)
  if (made) return made
  const calls = new Map<Frame, CallOf>()
  known.set(run, calls)
  const names = namesOf(run)
  for (const { kind, frame, value } of run.events) {
    if (kind !== 'parameter') continue
    const call = calls.get(frame) ?? { frame, shapes: [] }
    calls.set(frame, call)
    for (const { shape } of tensorsIn(value)) if (!shape.gap) call.shapes.push(shapeText(shape, names))
  }
  return calls
}

/** What tells two calls of a function apart over edits: who calls, and with which shapes. */
export const keyOf = ({ frame, shapes }: CallOf): string =>
  `${frame.caller?.module} ${frame.caller?.name} ${shapes.join(' ')}`
