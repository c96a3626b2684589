// The elements of small tensors, carried along where they are known: whole numbers, and exact fractions in floats.

import { constant, type Dim, scale } from '../dims/dim'
import { categoryOf, type DType } from '../tensors/dtype'
import { dimsOf, type Shape } from '../tensors/shape'
import type { Tensor } from '../tensors/tensor'

export const mostValues = 64

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
export function valuesAt<T>(
  sizes: readonly number[] | null,
  pick: (index: readonly number[]) => T | null | undefined,
): T[] | null {
  if (!sizes || countOf(sizes) > mostValues) return null
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
  return valuesAt(sizes, (index) => {
    const values = readers.map((read) => read?.(index))
    return values.includes(undefined) ? null : apply(...(values as Dim[]))
  })
}

export const truth = (value: boolean | null): Dim | null => (value === null ? null : constant(value ? 1 : 0))

/** The number that an element is, which may be a fraction; null where it is not known. */
export function realOf(d: Dim): number | null {
  const [only] = d.terms
  if (!only) return 0
  return d.terms.length === 1 && only.factors.length === 0 ? only.num / only.den : null
}

/** A number as an element, if it is a fraction with a small power of two below. */
export function exactly(value: number | null): Dim | null {
  if (value === null || !Number.isFinite(value)) return null
  for (let den = 1; den <= smallestPart; den *= 2)
    if (Number.isInteger(value * den)) return scale(constant(value * den), 1, den)
  return null
}
const smallestPart = 2 ** 14

const wholeRanges: Partial<Record<DType, readonly [number, number]>> = {
  uint8: [0, 255],
  int8: [-128, 127],
  int16: [-32768, 32767],
  int32: [-(2 ** 31), 2 ** 31 - 1],
}

/** The bits of a float that hold its digits (IEEE 754). */
const digits: Partial<Record<DType, number>> = { float64: 53, float32: 24, float16: 11, bfloat16: 8 }

/**
 * Values as a dtype holds them: bools are 0 or 1. Null where a narrow integer would wrap around and
 * where a float would have to be rounded.
 */
export function heldBy(dtype: DType | null, values: readonly Dim[] | null): readonly Dim[] | null {
  if (!values || !dtype) return null
  if (dtype === 'bool')
    return values.some((v) => v.value === null) ? null : values.map((v) => constant(v.value === 0 ? 0 : 1))
  const bits = digits[dtype]
  if (bits !== undefined) return values.every((v) => fitsInto(bits, realOf(v))) ? values : null
  if (categoryOf(dtype) !== 'integer') return null
  const [low, high] = wholeRanges[dtype] ?? [-Infinity, Infinity]
  return values.every((v) => (v.value === null ? realOf(v) === null : low <= v.value && v.value <= high))
    ? values
    : null
}

function fitsInto(bits: number, value: number | null): boolean {
  if (value === null || !Number.isInteger(value * smallestPart)) return false
  let odd = Math.abs(value) * smallestPart
  while (odd !== 0 && odd % 2 === 0) odd /= 2
  return odd < 2 ** bits && Math.abs(value) < 2 ** 15
}

/** A tensor with its elements, if it is small enough to keep them. */
export const withValues = (t: Tensor, values: readonly Dim[] | null): Tensor =>
  values && values.length <= mostValues ? { ...t, values } : t.values ? { ...t, values: null } : t
