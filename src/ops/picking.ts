// What an indexed tensor holds: the layout of the copy, and the elements where they are known.

import { constant, type Dim, one, zero } from '../dims/dim'
import { elementwiseStrides, type Operand as StridedOperand } from '../tensors/layout'
import { dimsOf, type Shape, shapeOf } from '../tensors/shape'
import type { Layout, Tensor } from '../tensors/tensor'
import type { OpCall } from './op'
import { eachAt, heldBy, reader, sizesOf, valuesAt, valuewise } from './small-values'
import { layoutOf, stridesIn } from './view-size'

/** One dim of the result before index tensors are applied. */
export interface Slot {
  readonly size: Dim
  readonly stride: Dim | null
  /** The index tensor that picks along it. */
  readonly by: Tensor | null
  /** Which of the input's dims that is, for a message. */
  readonly dim?: number
}

/** How an input's index follows from the result's: fixed, or `start + step·i` of a result's dim. */
export interface Source {
  readonly slot: number | null
  readonly start: Dim
  readonly step: Dim
}

/** The number of elements that are true, where all are known. */
export function trueCount(mask: Tensor): Dim | null {
  const truths = mask.values?.map((v) => v.value)
  return truths && !truths.includes(null) ? constant(truths.filter((v) => v !== 0).length) : null
}

/** Where a mask is true, dim by dim; null where that is not known. */
export function truePlaces(mask: Tensor): readonly Dim[][] | null {
  const [read, sizes] = [reader(mask), sizesOf(mask.shape)]
  if (!read || !sizes || trueCount(mask) === null) return null
  const found: Dim[][] = sizes.map(() => [])
  eachAt(sizes, (index) => {
    if (read(index)?.value !== 0) index.forEach((at, d) => void found[d]?.push(constant(at)))
    return index
  })
  return found
}

/** TensorIterator lays the copy out by the strides of what is not indexed, then of the indices. */
export function pickedLayout(
  c: OpCall,
  input: Tensor,
  shape: Shape,
  picked: readonly Slot[],
  free: readonly Slot[],
  place: number,
): Layout {
  const out = dimsOf(shape)
  if (!out || free.some((s) => s.stride === null)) return null
  // The strides of dims of size 1 sway the order in ways that are not followed here.
  if (input.layout !== 'contiguous' && free.some((s) => s.size.value === 1)) return null
  const count = out.length - free.length
  const nothing = Array.from({ length: count }, () => zero)
  const own = free.map((s) => s.stride ?? one)
  const operands: StridedOperand[] = [
    { dims: out, strides: [...own.slice(0, place), ...nothing, ...own.slice(place)] },
  ]
  for (const { by } of picked) {
    const [sizes, strides] = by ? [dimsOf(by.shape), stridesIn(c, by)] : [null, null]
    if (!sizes || !strides) return null
    const around = (n: number): Dim[] => Array.from({ length: n }, () => zero)
    const missing = count - sizes.length
    const spread = strides.map((s, i) =>
      sizes[i]?.value === 1 && out[place + missing + i]?.value !== 1 ? zero : s,
    )
    operands.push({
      dims: out,
      strides: [...around(place + missing), ...spread, ...around(own.length - place)],
    })
  }
  const strides = elementwiseStrides(out, operands, c.facts.dims)
  return strides && layoutOf(out, strides)
}

/** Elements picked by ints and slices. */
export function basicValues(
  input: Tensor,
  dims: readonly Dim[],
  sources: readonly (Source | null)[],
): readonly Dim[] | null {
  const read = reader(input)
  if (!read) return null
  const from = sources.map((s) =>
    s && s.start.value !== null && s.step.value !== null ? { ...s, a: s.start.value, k: s.step.value } : null,
  )
  if (from.includes(null)) return null
  return valuesAt(sizesOf(shapeOf(dims)), (index) =>
    read(from.map((s) => (s ? (s.slot === null ? s.a : s.a + s.k * (index[s.slot] ?? 0)) : 0))),
  )
}

/** Elements picked by index tensors, whose dims stand at `place` of the result; other dims are whole. */
export function pickedValues(
  input: Tensor,
  shape: Shape,
  slots: readonly Slot[],
  place: number,
): readonly Dim[] | null {
  const [read, out, sizes] = [reader(input), sizesOf(shape), sizesOf(input.shape)]
  if (!read || !out || sizes?.length !== slots.length) return null
  const picks = slots.map(({ by }) => (by ? reader(by) : null))
  if (slots.some(({ by }, d) => by && !picks[d])) return null
  const count = out.length - slots.filter((s) => !s.by).length
  return valuesAt(out, (index) => {
    const picked = index.slice(place, place + count)
    const free = [...index.slice(0, place), ...index.slice(place + count)]
    const at = picks.map((pick, d) => {
      const i = pick ? (pick(picked)?.value ?? Number.NaN) : (free.shift() ?? 0)
      return i < 0 ? i + (sizes[d] ?? 0) : i
    })
    return at.some(Number.isNaN) ? null : read(at)
  })
}

/** The elements after `input[index] = value`; `places` are the positions that the index picks. */
export function writtenValues(input: Tensor, places: Tensor, value: Tensor): readonly Dim[] | null {
  const values = valuewise(places.shape, [value], (v) => v)
  if (!input.values || !places.values || !values) return null
  const written = [...input.values]
  for (const [i, { value: at }] of places.values.entries()) {
    const next = values[i]
    if (at === null || !next) return null
    written[at] = next
  }
  return heldBy(input.dtype, written)
}
