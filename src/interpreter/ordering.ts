// Python's order of values: sorting, extrema by key, and comparisons of sequences and strings.

import { constant } from '../dims/dim'
import { realOf } from '../ops/near-values'
import { int, none, numberOf, type Value } from '../trace/values'
import { compareValues } from './arithmetic'
import { callValue } from './calls'
import type { Interpreter } from './interpreter'
import { InstanceObject, isArray } from './objects'

/** -1, 0 or 1 as Python orders two values; null where it cannot be told. */
export function orderOf(interp: Interpreter, left: Value, right: Value): -1 | 0 | 1 | null {
  const [a, b] = [interp.settle(left), interp.settle(right)]
  const [x, y] = [knownNumber(interp, a), knownNumber(interp, b)]
  if (x !== null && y !== null) return x < y ? -1 : x > y ? 1 : 0
  if (a.kind === 'int' && b.kind === 'int') return interp.dims.compare(a.dim, b.dim)
  if (a.kind === 'str' && b.kind === 'str') {
    if (a.value === null || b.value === null) return null
    return a.value < b.value ? -1 : a.value > b.value ? 1 : 0
  }
  if (a.kind !== b.kind || (a.kind !== 'tuple' && a.kind !== 'list')) return null
  const [m, n] = [interp.itemsOf(a), interp.itemsOf(b)]
  if (!m || !n) return null
  for (const [i, item] of m.entries()) {
    const other = n[i]
    if (!other) return 1
    if (compareValues(interp, '==', interp.settle(item), interp.settle(other))) continue
    const order = orderOf(interp, item, other)
    if (order !== 0) return order
  }
  return m.length < n.length ? -1 : 0
}

/** A number, or the element of a tensor that has but one. */
function knownNumber(interp: Interpreter, value: Value): number | null {
  const held = value instanceof InstanceObject && isArray(value) ? interp.asTensor(value) : value
  if (held?.kind !== 'tensor') return held && numberOf(held)
  const [only, ...others] = held.values ?? []
  return only && others.length === 0 ? realOf(only) : null
}

/** The items in order, by a key function where one is given; null where the order cannot be told. */
export function sorted(
  interp: Interpreter,
  items: readonly Value[],
  key: Value | undefined,
  isReversed: boolean,
): Value[] | null {
  const by = key && interp.settle(key).kind !== 'none' ? key : null
  const keyed = items.map((item) => ({ item, key: by ? callValue(interp, by, [item]) : item }))
  let isKnown = true
  // Python's sort is stable, reversed too.
  keyed.sort((a, b) => {
    const order = orderOf(interp, a.key, b.key)
    if (order === null) isKnown = false
    return isReversed ? -(order ?? 0) : (order ?? 0)
  })
  return isKnown ? keyed.map((k) => k.item) : null
}

/** The first of the least or greatest items by a key, or any of them where it cannot be told. */
export function extremeBy(
  interp: Interpreter,
  items: readonly Value[],
  isGreatest: boolean,
  key: Value = none,
): Value {
  return sorted(interp, items, key, isGreatest)?.[0] ?? interp.joinAll(items)
}

/** The place of the first equal item: -1 if there is none, null where it cannot be told. */
export function placeOf(interp: Interpreter, items: readonly Value[], item: Value): number | null {
  for (const [i, other] of items.entries()) {
    const isSame = compareValues(interp, '==', interp.settle(other), interp.settle(item))
    if (isSame === null) return null
    if (isSame) return i
  }
  return -1
}

/** How many items are equal to one, as an int. */
export function countOf(interp: Interpreter, items: readonly Value[] | null, item: Value): Value {
  const answers = items?.map((other) =>
    compareValues(interp, '==', interp.settle(other), interp.settle(item)),
  )
  return !answers || answers.includes(null)
    ? int(interp.freshSize())
    : int(constant(answers.filter(Boolean).length))
}
