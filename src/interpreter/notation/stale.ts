// Comments and docstrings that the code refutes: a warning with a fix that writes what the code has.

import { constant, type Dim } from '../../dims/dim'
import { printDim } from '../../dims/print'
import { printShape } from '../../tensors/print'
import { dimsOf } from '../../tensors/shape'
import type { Tensor } from '../../tensors/tensor'
import type { Fix, Frame, Place, TraceEvent } from '../../trace/trace'
import type { Value } from '../../trace/values'
import type { Interpreter } from '../interpreter'
import type { ShapeNote } from './comment'
import { sizeOf } from './names'
import { nameFrom, type Visit } from './notebook'
import { inStyle, type NotedDim, type NotedShape } from './shape'

type Verdict = 'fits' | 'refuted' | 'unknown'

/**
 * At the end of a run: names what was learnt late, and reports the notes that every value they were about
 * refutes. Gives the places of those that a value bears out.
 */
export function settleNotes(interp: Interpreter): Set<Place> {
  const byNote = new Map<ShapeNote, Visit[]>()
  for (const visit of interp.notes.visits) {
    nameFrom(interp, visit)
    const visits = byNote.get(visit.note)
    if (visits) visits.push(visit)
    else byNote.set(visit.note, [visit])
  }
  const confirmed = new Set<Place>()
  for (const [note, visits] of byNote) {
    const verdicts = visits.map((v) => compared(interp, v, v.value))
    if (verdicts.includes('fits')) confirmed.add(note.range)
    else if (note.trust === 'shape') {
      const refuted = visits.find((v, i) => verdicts[i] === 'refuted' && isMeant(interp, v))
      if (refuted) report(interp, refuted)
    }
  }
  return confirmed
}

/** True if it was the value that refutes a note that the note is about. */
function isMeant(interp: Interpreter, visit: Visit): boolean {
  // What one of its callers gives a function says nothing against its comments, unless that is the program.
  if (visit.frame.caller !== null && !interp.isConcrete) return false
  if (!visit.isAbove) return true
  // Above a statement, a comment may be about what goes in, or what its variable becomes further down.
  const others = [...visit.inputs, ...laterValues(interp, visit)].filter((v) => isTensorLike(interp, v))
  return others.every((v) => compared(interp, visit, v) === 'refuted')
}

const isTensorLike = (interp: Interpreter, value: Value): boolean =>
  ['tensor', 'unknown', 'union'].includes(interp.settle(value).kind)

function laterValues(interp: Interpreter, { frame, target, order }: Visit): Value[] {
  const bound = boundIn(interp).get(frame) ?? []
  return bound
    .filter((b) => b.order >= order && (b.event.name === target || target === null))
    .map((b) => b.event.value)
}

interface Bound {
  readonly event: TraceEvent
  /** Its place among all events of the run. */
  readonly order: number
}
const boundByFrame = new WeakMap<readonly TraceEvent[], Map<Frame, Bound[]>>()

/** What a finished run bound to names, by function run. */
function boundIn({ events }: Interpreter): Map<Frame, Bound[]> {
  const made = boundByFrame.get(events)
  if (made) return made
  const index = new Map<Frame, Bound[]>()
  for (const [order, event] of events.entries()) {
    if (event.kind !== 'target') continue
    const bound = index.get(event.frame)
    if (bound) bound.push({ event, order })
    else index.set(event.frame, [{ event, order }])
  }
  boundByFrame.set(events, index)
  return index
}

/** What a value says to a note: one option of several that fits is enough. */
function compared(interp: Interpreter, visit: Visit, value: Value): Verdict {
  const settled = interp.settle(value)
  if (settled.kind === 'union') {
    const verdicts = settled.options.filter((o) => o.kind !== 'none').map((o) => compared(interp, visit, o))
    return verdicts.includes('fits') ? 'fits' : verdicts.every((v) => v === 'refuted') ? 'refuted' : 'unknown'
  }
  if (settled.kind !== 'tensor' || settled.assumed) return 'unknown'
  const verdicts = visit.note.shapes.map((shape) => comparedShape(interp, visit, shape, settled))
  return verdicts.includes('fits') ? 'fits' : verdicts.every((v) => v === 'refuted') ? 'refuted' : 'unknown'
}

function comparedShape(interp: Interpreter, visit: Visit, noted: NotedShape, tensor: Tensor): Verdict {
  const shape = interp.facts.resolve(tensor.shape)
  const dims = dimsOf(shape)
  const rest = noted.dims.findIndex((d) => d.kind === 'rest')
  const count = noted.dims.length - (rest < 0 ? 0 : 1)
  // A value without dims is often said to have one, of size 1.
  if (!dims || (dims.length === 0 && noted.dims.every(({ text }) => text === '1'))) return 'unknown'
  if (rest < 0 ? dims.length !== count : dims.length < count)
    return isListOfValues(noted, tensor) || isMerged(noted, tensor) ? 'unknown' : 'refuted'
  if (rest < 0 && isPermuted(interp, visit, noted, dims)) return 'refuted'
  return noted.dims.some((d, i) => {
    const own = dims[rest >= 0 && i > rest ? dims.length - (noted.dims.length - i) : i]
    return i !== rest && own !== undefined && refutes(interp, visit, d, own)
  })
    ? 'refuted'
    : 'fits'
}

/** `torch.tensor([16, 32])  # [16, 32]`, and `[0, n, 2*n, ...]`: no size is 0 or -1. */
const isListOfValues = ({ dims }: NotedShape, { shape }: Tensor): boolean =>
  shape.lead.length === 1 &&
  (shape.lead[0]?.value === dims.length || dims.some(({ text }) => text === '0' || text === '-1'))

/** `x.flatten()  # [B x T]`: a product as well as two dims. */
const isMerged = ({ style }: NotedShape, { shape }: Tensor): boolean =>
  shape.lead.length === 1 && /[x×]/i.test(style.separator)

/** True if a size is certainly not what is written: another number, or a size that the code has under another name. */
function refutes(interp: Interpreter, visit: Visit, noted: NotedDim, own: Dim): boolean {
  if (noted.kind !== 'size') return false
  const { formula } = noted
  // The author may mean a size that the variable had earlier or gets later; a variable that the code makes
  // only later need not be what is meant.
  const wanted =
    formula.kind === 'name'
      ? visit.sizes.has(formula.name)
        ? codeSizes(interp, visit, formula.name)
        : []
      : [sizeOf(interp, formula, (name) => visit.sizes.get(name) ?? null)].flatMap((d) => d ?? [])
  return (
    wanted.length > 0 &&
    wanted.every((w) => interp.dims.equal(own, w).kind === 'refuted' || interp.dims.areApart(own, w))
  )
}

/** The sizes that the code has under a name, at the note and elsewhere in the function's run. */
function codeSizes(interp: Interpreter, { frame, sizes }: Visit, name: string): Dim[] {
  const here = sizes.get(name)
  const elsewhere = sizesIn(interp).get(frame)?.get(name) ?? []
  return here ? [here, ...elsewhere] : elsewhere
}

type SizesByName = Map<string, Dim[]>
const indexes = new WeakMap<readonly TraceEvent[], Map<Frame, SizesByName>>()

/** All integers that a finished run bound to names, by function run. */
function sizesIn({ events }: Interpreter): Map<Frame, SizesByName> {
  const made = indexes.get(events)
  if (made) return made
  const index = new Map<Frame, SizesByName>()
  for (const { frame, name, value } of events) {
    if (value.kind !== 'int' || name === null) continue
    let names = index.get(frame)
    if (!names) index.set(frame, (names = new Map()))
    const sizes = names.get(name)
    if (!sizes) names.set(name, [value.dim])
    else if (sizes.every((d) => d.key !== value.dim.key)) sizes.push(value.dim)
  }
  indexes.set(events, index)
  return index
}

/**
 * True if a note has the very sizes of a tensor in another order, as the code names them: that it was
 * turned round is sure, though the sizes could be the same by chance.
 */
function isPermuted(interp: Interpreter, visit: Visit, noted: NotedShape, dims: readonly Dim[]): boolean {
  const named = (name: string): Dim | null => {
    const keys = new Map(codeSizes(interp, visit, name).map((d) => [interp.dims.resolve(d).key, d]))
    const [only] = keys.values()
    return keys.size === 1 && only ? only : null
  }
  const wanted = noted.dims.map((d) => (d.kind === 'size' ? sizeOf(interp, d.formula, named) : null))
  if (wanted.includes(null)) return false
  const keys = wanted.map((d) => interp.dims.resolve(d ?? constant(0)).key)
  const own = dims.map((d) => interp.dims.resolve(d).key)
  return keys.some((key, i) => key !== own[i]) && [...keys].sort().join() === [...own].sort().join()
}

function report(interp: Interpreter, visit: Visit): void {
  const { note, frame, target } = visit
  const tensor = tensorIn(interp, visit.value)
  const [shape] = note.shapes
  if (!tensor || !shape) return
  const { range } = note
  const is = printShape(interp.facts.resolve(tensor.shape), interp.names)
  const said = note.shapes.map((s) => note.place.text.slice(s.start, s.end)).join(' or ')
  const what = target ?? 'the value'
  const anew = rewritten(interp, visit, shape, tensor)
  // Other words for the same sizes.
  if (anew === said) return
  const source = note.source === 'comment' ? 'comment' : 'docstring'
  const hint = anew ? `: write ${anew}` : ''
  const fixes: Fix[] =
    anew && note.shapes.length === 1
      ? [
          {
            title: `Rewrite the ${source} to ${anew}`,
            edits: [{ start: range.start, end: range.end, newText: anew }],
          },
        ]
      : []
  interp.problems.push({
    place: range,
    frame,
    severity: 'warning',
    code: 'stale-comment',
    message: `the ${source} says ${said}, but ${what} is ${is} here${hint}`,
    related: [],
    fixes,
  })
}

function tensorIn(interp: Interpreter, value: Value): Tensor | null {
  const settled = interp.settle(value)
  if (settled.kind === 'tensor') return settled
  if (settled.kind !== 'union') return null
  return settled.options.map((o) => tensorIn(interp, o)).find((t) => t !== null) ?? null
}

/** The shape as the author would write it: what still holds as it was, the author's names for the rest. */
function rewritten(interp: Interpreter, visit: Visit, noted: NotedShape, tensor: Tensor): string | null {
  const dims = dimsOf(interp.facts.resolve(tensor.shape))
  if (!dims || noted.dims.some((d) => d.kind === 'rest')) return null
  const isSameRank = dims.length === noted.dims.length
  const isTurned = isSameRank && isPermuted(interp, visit, noted, dims)
  const entries = dims.map((dim, i) => {
    const old = noted.dims[i]
    if (isSameRank && old && !isTurned && !refutes(interp, visit, old, dim)) return old.text
    const written = isTurned && noted.dims.find((d) => isWrittenAs(interp, visit, d, dim))
    if (written) return written.text
    return authorsName(interp, visit, dim) ?? printDim(interp.dims.resolve(dim), interp.names)
  })
  return entries.some((e) => e.includes('?')) ? null : inStyle(entries, noted.style)
}

const isWrittenAs = (interp: Interpreter, { sizes }: Visit, noted: NotedDim, dim: Dim): boolean =>
  noted.kind === 'size' &&
  sizeOf(interp, noted.formula, (n) => sizes.get(n) ?? null)?.key === interp.dims.resolve(dim).key

function authorsName(interp: Interpreter, { names, sizes }: Visit, dim: Dim): string | null {
  const { key, value } = interp.dims.resolve(dim)
  if (value !== null) return null
  for (const known of [sizes, names.entries])
    for (const [name, size] of known) if (interp.dims.resolve(size).key === key) return name
  return null
}
