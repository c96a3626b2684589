// Shapes taken from comments, docstrings and habits where nothing stronger tells, and what follows from them.

import { type Dim, fresh } from '../../dims/dim'
import { askedRanks } from '../../syntax/asked-ranks'
import type { FunctionDef, Lambda } from '../../syntax/tree'
import { dimsOf, type Shape } from '../../tensors/shape'
import type { Place, Problem, TraceEvent } from '../../trace/trace'
import type { Value } from '../../trace/values'
import type { Interpreter } from '../interpreter'
import type { Run } from '../run'
import { alignTeaching } from './align'
import type { ShapeNote } from './comment'
import { nameDim, nameWeight, sizeOf } from './names'
import type { Visit } from './notebook'

/** Notes about values that nothing else tells of, and the parameters among these. */
export interface OpenNotes {
  readonly notes: ReadonlySet<ShapeNote>
  readonly parameters: ReadonlySet<string>
}

/**
 * The notes of the last run about values whose rank it never learnt. Those above a statement count only
 * where their variable is not bound again, since they may be about what it becomes.
 */
export function openNotes(interp: Interpreter, definition: FunctionDef | Lambda): OpenNotes {
  const asked = askedRanks(definition)
  const notes = new Set<ShapeNote>()
  const parameters = new Set<string>()
  for (const visit of interp.notes.visits) {
    if (visit.note.trust !== 'shape' || !isOfUnknownRank(interp, visit.value)) continue
    const isOwn = visit.frame.definition === definition
    if (isOwn && visit.target !== null && asked.has(visit.target)) continue
    if (visit.isAbove && visit.note.subject === null && (isAmbiguous(visit) || isRebound(interp, visit)))
      continue
    notes.add(visit.note)
    if (visit.isParameter && visit.target !== null && isOwn) parameters.add(visit.target)
  }
  return { notes, parameters }
}

const isAmbiguous = ({ inputs }: Visit): boolean =>
  inputs.some((i) => i.kind === 'tensor' || i.kind === 'unknown')

function isRebound(interp: Interpreter, { frame, target, order }: Visit): boolean {
  for (let i = order; i < interp.events.length; i++) {
    const event = interp.events[i]
    if (event?.kind === 'target' && event.frame === frame && event.name === target) return true
  }
  return false
}

/** True for what is, or may still turn out to be, a tensor whose rank is not known. */
export function isOfUnknownRank(interp: Interpreter, value: Value): boolean {
  const settled = interp.settle(value)
  if (settled.kind === 'unknown') return true
  return settled.kind === 'tensor' && interp.facts.resolve(settled.shape).gap !== null
}

/** Takes a note as true: its value gets the rank and the dims that it says, as far as nothing speaks against it. */
export function assume(interp: Interpreter, visit: Visit): void {
  const { note, names, sizes } = visit
  if (!isOfUnknownRank(interp, visit.value)) return
  const [shape, ...others] = note.shapes
  const tensor = interp.asTensor(visit.value)
  if (!shape || !tensor) return
  const hasRest = shape.dims.some((d) => d.kind === 'rest')
  if (others.length > 0) {
    const isOneRank = !hasRest && others.every((o) => o.dims.length === shape.dims.length)
    if (isOneRank) interp.facts.requireRank(tensor.shape, shape.dims.length)
    return
  }
  const aligned = alignTeaching(interp, shape.dims, tensor.shape)
  if (!aligned || aligned === 'refuted') return
  const named = (name: string): Dim => {
    const known = sizes.get(name) ?? names.get(name)
    if (known) return known
    const dim = fresh()
    names.set(interp, name, dim)
    nameDim(interp, dim, name, nameWeight.comment, { module: visit.frame.module, place: note.range })
    return dim
  }
  shape.dims.forEach((noted, i) => {
    const own = aligned[i]
    if (noted.kind !== 'size' || !own || isShape(own)) return
    const dim = interp.dims.resolve(own)
    const wanted = sizeOf(interp, noted.formula, named)
    // What the code says of the size counts more.
    if (wanted && dim.symbol && interp.dims.naming(dim.symbol).name === null) interp.dims.unify(dim, wanted)
  })
}

const isShape = (part: Dim | Shape): part is Shape => 'lead' in part

/**
 * A run with what a second one knows that took notes and habits as true; null if the second refutes
 * something, since then they do not hold. What the second knows beyond the first is marked as assumed,
 * and all problems are those of the first.
 */
export function withAssumed(first: Run, second: Run): Run | null {
  const known = new Set(first.problems.map(keyOf))
  if (second.isCut || second.problems.some((p) => p.code !== 'stale-comment' && !known.has(keyOf(p))))
    return null
  const ranked = new Map<Place, boolean>()
  for (const { place, value } of first.events)
    ranked.set(place, (ranked.get(place) ?? true) && hasRank(value))
  const events = second.events.map((event) => (ranked.get(event.place) ? event : assumedEvent(event)))
  return { ...second, events, problems: first.problems, confirmed: first.confirmed }
}

/** What a problem is, and where. */
export const keyOf = ({ place, code }: Problem): string => `${place.start} ${place.end} ${code}`

const hasRank = (value: Value): boolean =>
  value.kind === 'union'
    ? value.options.every(hasRank)
    : value.kind === 'tensor'
      ? dimsOf(value.shape) !== null
      : value.kind !== 'unknown'

function assumedEvent(event: TraceEvent): TraceEvent {
  const value = markAssumed(event.value)
  return value === event.value ? event : { ...event, value }
}

function markAssumed(value: Value): Value {
  if (value.kind === 'tensor') return value.assumed ? value : { ...value, assumed: 'rank' }
  if (value.kind === 'union') return { ...value, options: value.options.map(markAssumed) }
  return value.kind === 'tuple' ? { ...value, items: value.items.map(markAssumed) } : value
}
