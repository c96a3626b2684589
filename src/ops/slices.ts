// How many elements a Python slice takes of a dim, and where it starts.

import {
  add,
  ceilDivide,
  constant,
  Dim,
  exactQuotient,
  fresh,
  greatest,
  least,
  maximum,
  minimum,
  negate,
  soleAtom,
  subtract,
  zero,
} from '../dims/dim'
import { dimsOf } from '../tensors/shape'
import type { SliceValue, Value } from '../trace/values'
import type { OpCall } from './op'

export interface Cut {
  readonly start: Dim | null
  readonly size: Dim
  readonly step: Dim | null
}

/** What `lower:upper:step` takes of a dim of the given size. */
export function cutBy(c: OpCall, slice: SliceValue, size: Dim): Cut {
  const step = bound(c, slice.step, constant(1))
  if (step?.value !== null && step !== null && step.value <= 0) {
    // Of an array, a list or an image that is not known to be no tensor this is usual.
    const { dtype, shape } = c.tensor('input')
    if (dtype === null || !dimsOf(shape)) c.stop()
    c.refuse(
      'index-out-of-range',
      `${c.name}: the step of a slice must be greater than 0, and it is ${step.value}; use .flip(…)`,
    )
  }
  const [lower, upper] = [bound(c, slice.lower, zero), bound(c, slice.upper, size)]
  if (!lower || !upper || !step) return { start: lower && fromFront(c, lower, size), size: fresh(), step }
  const length = lengthOf(c, lower, upper, size)
  const start = fromFront(c, lower, size)
  return { start, size: length ? (step.value === 1 ? length : ceilOf(c, length, step)) : fresh(), step }
}

/** ⌈a / b⌉ without a remainder where it is known that there is none. */
export function ceilOf(c: OpCall, a: Dim, b: Dim): Dim {
  const whole = c.facts.dims.divides(b, a) ? exactQuotient(a, b) : null
  return c.facts.dims.resolve(whole ?? ceilDivide(a, b))
}

/** An end of a slice as a dim; null where it is not known. */
function bound(c: OpCall, value: Value, byDefault: Dim): Dim | null {
  const settled = c.env.settle(value)
  if (settled.kind === 'none') return byDefault
  if (settled.kind === 'int') return c.facts.dims.resolve(settled.dim)
  if (settled.kind === 'bool') return settled.value === null ? null : constant(settled.value ? 1 : 0)
  const isHeld = settled.kind === 'tensor' || settled.kind === 'object'
  return (isHeld && c.env.asTensor(settled)?.values?.[0]) || null
}

/** True if `part` is never more than `size` as far as can be told: by the facts, or as a quotient of it. */
function isWithin(c: OpCall, part: Dim, size: Dim): boolean {
  if (c.facts.dims.isAtMost(part, size)) return true
  const atom = soleAtom(part)
  if (atom?.kind === 'floordiv' && (atom.right.value ?? 0) >= 1) return isWithin(c, atom.left, size)
  // A small number taken of a size with a name: the code means it to be there.
  const rest = subtract(size, part)
  return atom?.kind === 'min' && (isWithin(c, atom.left, size) || isWithin(c, atom.right, size))
    ? true
    : isQuotientRest(rest)
}

/** `d - d//2`, and `d - 2*(d//4)`. */
function isQuotientRest(rest: Dim): boolean {
  const quotients = rest.terms.filter((t) => t.num < 0)
  if (quotients.length !== 1) return false
  const [term] = quotients
  const atom = term?.factors.length === 1 ? term.factors[0]?.atom : undefined
  if (!term || atom?.kind !== 'floordiv' || (atom.right.value ?? 0) < -term.num / term.den) return false
  return least(subtract(subtract(rest, new Dim([term])), atom.left)) >= 0
}

/** An index counted from the front; null where its sign is not known. */
function fromFront(c: OpCall, index: Dim, size: Dim): Dim | null {
  const resolved = c.facts.dims.resolve(index)
  if (least(resolved) >= 0 || isWithin(c, zero, resolved)) return resolved
  if (greatest(resolved) > 0) return null
  return c.facts.dims.resolve(add(size, resolved))
}

const isFromEnd = (d: Dim): boolean => greatest(d) <= 0 && d.terms.length > 0

function lengthOf(c: OpCall, lower: Dim, upper: Dim, size: Dim): Dim | null {
  const [a, b, n] = [lower.value, upper.value, size.value]
  if (a !== null && b !== null && n !== null) return exactLength(a, b, n)
  // x[-k:] has min(k, N); only x[-1:] is taken to find an element.
  if (isFromEnd(lower) && upper.key === size.key) {
    const wanted = negate(lower)
    return wanted.value === 1 || isWithin(c, wanted, size) ? wanted : minimum(wanted, size)
  }
  const [start, stop] = [fromFront(c, lower, size), fromFront(c, upper, size)]
  if (!start || !stop) return null
  const span = c.facts.dims.resolve(subtract(stop, start))
  if (span.value !== null && span.value <= 0) return zero
  if (upper.key === size.key || isFromEnd(upper)) {
    // The end is within the dim: only a start beyond it makes this empty.
    if (start.value === 0) return a === 0 && n !== null && b !== null ? maximum(stop, zero) : stop
    if (start.value !== null || isFromEnd(lower) || isWithin(c, start, stop)) return span
    return subtract(stop, minimum(start, stop))
  }
  if (start.value === 0) return isWithin(c, stop, size) ? stop : minimum(stop, size)
  if (isWithin(c, stop, size)) return least(span) >= 0 || isWithin(c, start, stop) ? span : null
  return least(span) >= 0 ? minimum(span, subtract(size, start)) : null
}

function exactLength(a: number, b: number, n: number): Dim {
  const clip = (i: number): number => Math.min(Math.max(i < 0 ? i + n : i, 0), n)
  return constant(Math.max(clip(b) - clip(a), 0))
}
