// The elements of small integer tensors, carried along where they are known.

import { constant, type Dim } from '../dims/dim'
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

/** A tensor with its elements, if it is small enough to keep them. */
export const withValues = (t: Tensor, values: readonly Dim[] | null): Tensor =>
  values && values.length <= mostValues ? { ...t, values } : t.values ? { ...t, values: null } : t
