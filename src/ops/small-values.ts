// The elements of small tensors, carried along where they are known: whole numbers, and in floats fractions too.

import { constant, type Dim, scale } from '../dims/dim'
import { categoryOf, type DType } from '../tensors/dtype'
import { dimsOf, type Shape } from '../tensors/shape'
import type { Tensor } from '../tensors/tensor'
import { isInexact, nearly, rangeOf, realOf } from './near-values'

/** How many elements are kept where all may differ. */
export const mostValues = 64
/** How many are kept of a tensor with few different elements, such as a mask, and how few those are. */
const mostAlike = 4096
const fewDifferent = 16

/** Elements as a tensor keeps them; null where they are too many. */
function kept<T extends readonly Dim[]>(values: T | null): T | null {
  if (!values || values.length <= mostValues) return values
  if (values.length > mostAlike) return null
  const different = new Set<string>()
  for (const { key } of values) if (different.add(key).size > fewDifferent) return null
  return values
}

/** The sizes as numbers, or null where one is not a number. */
export function numbers(dims: readonly Dim[] | null): number[] | null {
  if (!dims) return null
  const found: number[] = []
  for (const d of dims) {
    if (d.value === null) return null
    found.push(d.value)
  }
  return found
}

export const sizesOf = (shape: Shape): number[] | null => numbers(dimsOf(shape))

const countOf = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1)

/** The elements of a shape where each is picked from other elements by its index. */
export const valuesAt = (
  sizes: readonly number[] | null,
  pick: (index: readonly number[]) => Dim | null | undefined,
): Dim[] | null => kept(eachAt(sizes, pick))

/** What `pick` gives for each index of a shape; null where it gives nothing, and where there are too many. */
export function eachAt<T>(
  sizes: readonly number[] | null,
  pick: (index: readonly number[]) => T | null | undefined,
): T[] | null {
  if (!sizes || countOf(sizes) > mostAlike) return null
  const index = sizes.map(() => 0)
  const picked: T[] = []
  for (let n = countOf(sizes); n > 0; n--) {
    const value = pick(index)
    if (value === null || value === undefined) return null
    picked.push(value)
    for (let d = sizes.length - 1; d >= 0; d--) {
      index[d] = (index[d] ?? 0) + 1
      if ((index[d] ?? 0) < (sizes[d] ?? 0)) break
      index[d] = 0
    }
  }
  return picked
}

/** A way to read a tensor's elements by index, broadcasting as needed; null where they are not known. */
export function reader(t: Tensor): ((index: readonly number[]) => Dim | undefined) | null {
  const { values } = t
  const sizes = sizesOf(t.shape)
  if (!values || !sizes) return null
  return (index) => {
    let place = 0
    sizes.forEach((size, d) => {
      const i = index[index.length - sizes.length + d] ?? 0
      place = place * size + (size === 1 ? 0 : i)
    })
    return values[place]
  }
}

/** The elements of an elementwise result. */
export function valuewise(
  shape: Shape,
  operands: readonly Tensor[],
  apply: (...values: Dim[]) => Dim | null,
): readonly Dim[] | null {
  const readers = operands.map(reader)
  const sizes = sizesOf(shape)
  if (!sizes || readers.includes(null)) return null
  // What a few different operands make is computed once.
  const made = new Map<string, Dim | null>()
  const isLarge = countOf(sizes) > mostValues
  return valuesAt(sizes, (index) => {
    const values = readers.map((read) => read?.(index))
    if (values.includes(undefined)) return null
    if (!isLarge) return apply(...(values as Dim[]))
    const key = values.map((v) => v?.key).join()
    let value = made.get(key)
    if (value === undefined) made.set(key, (value = apply(...(values as Dim[]))))
    return made.size > fewDifferent ** 2 ? null : value
  })
}

export const truth = (value: boolean | null): Dim | null => (value === null ? null : constant(value ? 1 : 0))

/** A number as an element, if it is a fraction with a power of two below that is no larger than `most`. */
export function exactly(value: number | null, most: number = smallestPart): Dim | null {
  if (value === null || !Number.isFinite(value)) return null
  for (let den = 1; den <= most; den *= 2)
    if (Number.isInteger(value * den)) return scale(constant(value * den), 1, den)
  return null
}
const smallestPart = 2 ** 14

/** A number as an element of a float, exactly or to within a rounding; null where it is not known or not finite. */
export const floating = (value: number | null): Dim | null =>
  exactly(value) ?? (value !== null && Number.isFinite(value) ? nearly(value) : null)

const wholeRanges: Partial<Record<DType, readonly [number, number]>> = {
  uint8: [0, 255],
  int8: [-128, 127],
  int16: [-32768, 32767],
  int32: [-(2 ** 31), 2 ** 31 - 1],
}

/** The bits of a float that hold its digits, and its largest number (IEEE 754). */
const floats: Partial<Record<DType, { readonly bits: number; readonly most: number }>> = {
  float64: { bits: 53, most: Number.MAX_VALUE },
  float32: { bits: 24, most: (2 - 2 ** -23) * 2 ** 127 },
  float16: { bits: 11, most: 65504 },
  bfloat16: { bits: 8, most: (2 - 2 ** -7) * 2 ** 127 },
}
/** The largest number of a floating dtype, or null for others. */
export const largestOf = (dtype: DType | null): number | null => (dtype && floats[dtype]?.most) ?? null

/**
 * Values as a dtype holds them: bools are 0 or 1. Null where a narrow integer would wrap around and
 * where an exact fraction would have to be rounded.
 */
export function heldBy(dtype: DType | null, values: readonly Dim[] | null): readonly Dim[] | null {
  if (!values || !dtype) return null
  if (dtype === 'bool')
    return values.some((v) => v.value === null) ? null : values.map((v) => constant(v.value === 0 ? 0 : 1))
  const kind = floats[dtype]
  const holdsInexact = holdsNearly(dtype)
  if (kind)
    return values.every((v) => fitsInto(kind.bits, kind.most, realOf(v)) || (holdsInexact && isNear(v)))
      ? values
      : null
  if (categoryOf(dtype) !== 'integer') return null
  const [low, high] = wholeRanges[dtype] ?? [-Infinity, Infinity]
  return values.every((v) =>
    v.value === null ? realOf(v) === null && !isInexact(v) : low <= v.value && v.value <= high,
  )
    ? values
    : null
}

/** The dtypes that keep elements which are known to within a rounding. */
export const holdsNearly = (dtype: DType | null): boolean => dtype === 'float32' || dtype === 'float64'
const isNear = (d: Dim): boolean => isInexact(d) && rangeOf(d) !== null

function fitsInto(bits: number, most: number, value: number | null): boolean {
  if (value === null || !Number.isInteger(value * smallestPart)) return false
  let odd = Math.abs(value) * smallestPart
  while (odd !== 0 && odd % 2 === 0) odd /= 2
  return odd < 2 ** bits && Math.abs(value) <= most
}

/** A tensor with its elements, if it is small enough to keep them. */
export function withValues(t: Tensor, given: readonly Dim[] | null): Tensor {
  const values = kept(given)
  return values ? { ...t, values } : t.values ? { ...t, values: null } : t
}
