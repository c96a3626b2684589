// Sets: lists that know that they hold each item once.

import type { Arguments } from '../ops/op'
import { bool, type ListValue, list, none, sequence, type Value } from '../trace/values'
import { elementOf, isSequence, iterableItems, keyOf } from './containers'
import type { Interpreter } from './interpreter'
import { joinAll } from './join'

/** A set of items; equal ones are held once. Their number is not known where some may be equal. */
export function setOf(interp: Interpreter, items: readonly Value[]): ListValue {
  const byKey = new Map<string, Value>()
  for (const [i, item] of items.entries()) {
    const key = keyOf(interp.settle(item)) ?? `#${i}`
    if (!byKey.has(key)) byKey.set(key, item)
  }
  const distinct = [...byKey.values()]
  return mayMeet(interp, distinct)
    ? someSet(joinAll(interp.facts, distinct))
    : { ...list(distinct), isSet: true }
}

/** True where two of several items with different keys may still be equal. */
function mayMeet(interp: Interpreter, items: readonly Value[]): boolean {
  const settled = items.map((item) => interp.settle(item))
  return settled.some(
    (item, i) =>
      !isTold(interp, item) && settled.some((other, j) => j !== i && mayEqual(interp, item, other)),
  )
}

/** True for what its key alone tells from all others that have another. */
const isTold = (interp: Interpreter, value: Value): boolean =>
  value.kind === 'int'
    ? value.dim.value !== null
    : value.kind === 'tuple'
      ? value.items.every((item) => isTold(interp, interp.settle(item)))
      : keyOf(value) !== null

function mayEqual(interp: Interpreter, a: Value, b: Value): boolean {
  if (a.kind === 'int' && b.kind === 'int') return interp.dims.equal(a.dim, b.dim).kind !== 'refuted'
  if (a.kind === 'tuple' && b.kind === 'tuple')
    return (
      a.items.length === b.items.length &&
      a.items.every((item, i) => {
        const [x, y] = [interp.settle(item), interp.settle(b.items[i] ?? none)]
        return keyOf(x) === keyOf(y) || mayEqual(interp, x, y)
      })
    )
  return keyOf(a) === null || keyOf(b) === null
}

/** Some number of items that are not known one by one. */
export const someSet = (element: Value): ListValue => ({ ...list(sequence(element, null)), isSet: true })

const operators: Record<string, (a: ReadonlySet<string>, b: ReadonlySet<string>, key: string) => boolean> = {
  '|': (a, b, key) => a.has(key) || b.has(key),
  '&': (a, b, key) => a.has(key) && b.has(key),
  '-': (a, b, key) => a.has(key) && !b.has(key),
  '^': (a, b, key) => a.has(key) !== b.has(key),
}
const methods: Record<string, string> = {
  union: '|',
  intersection: '&',
  difference: '-',
  symmetric_difference: '^',
  update: '|',
  intersection_update: '&',
  difference_update: '-',
}

/** `a | b`, `a & b`, `a - b`, `a ^ b` of two collections, as a set; undefined for other operators. */
export function combineSets(
  interp: Interpreter,
  op: string,
  left: Value,
  right: Value,
): ListValue | undefined {
  const keep = operators[op]
  if (!keep) return undefined
  const [a, b] = [iterableItems(interp, left), iterableItems(interp, right)]
  const keys = [a, b].map((items) => items?.map((i) => keyOf(interp.settle(i))))
  const [own, other] = keys
  if (!a || !b || !own || !other || own.includes(null) || other.includes(null)) {
    const known = [a, b].flatMap((items) => items ?? [])
    const open = [left, right].flatMap((v) => elementOf(interp, v)?.element ?? [])
    return someSet(joinAll(interp.facts, [...known, ...open]))
  }
  const [mine, theirs] = [new Set(own as string[]), new Set(other as string[])]
  return setOf(
    interp,
    [...a, ...b].filter((_, i) => keep(mine, theirs, [...own, ...other][i] ?? '')),
  )
}

/** `a == b`, `a <= b` and their kin, of two sets or a set and a dict's keys; null where it cannot be told. */
export function compareSets(interp: Interpreter, op: string, a: ListValue, b: ListValue): boolean | null {
  const [own, other] = [a, b].map((s) => iterableItems(interp, s)?.map((i) => interp.settle(i)))
  if (!own || !other) return null
  const [mine, theirs] = [own.map((v) => keyOf(v)), other.map((v) => keyOf(v))]
  if (mine.includes(null) || theirs.includes(null)) return null
  const isPart = mine.every((key) => theirs.includes(key))
  const isWhole = theirs.every((key) => mine.includes(key))
  // Of other things than plain values two may be equal that are not the same.
  if (!(isPart && isWhole) && ![...own, ...other].every(isPlain)) return null
  if (op === '==' || op === '!=') return (isPart && isWhole) === (op === '==')
  if (op === '<=' || op === '<') return isPart && (op === '<=' || !isWhole)
  return isWhole && (op === '>=' || !isPart)
}

const isPlain = (value: Value): boolean =>
  value.kind === 'int' ? value.dim.value !== null : value.kind !== 'object' && value.kind !== 'tuple'

type Bind = (call: (args: readonly Value[], all: Arguments) => Value) => Value

/** A method of a set; undefined where there is none of that name. */
export function setMethod(interp: Interpreter, self: ListValue, name: string, bind: Bind): Value | undefined {
  const write = (items: ListValue): Value => {
    interp.trail.write(self.slots, 'items', items.slots.get('items') ?? [])
    return none
  }
  const op = methods[name]
  if (op)
    return bind((others) => {
      const made = others.reduce<ListValue>(
        (sum, other) => combineSets(interp, op, sum, interp.settle(other)) ?? sum,
        {
          ...list(self.slots.get('items') ?? []),
          isSet: true,
        },
      )
      return name.endsWith('update') ? write(made) : made
    })
  switch (name) {
    case 'add':
      return bind(([item = none]) => write(combineSets(interp, '|', self, list([item])) ?? self))
    case 'discard':
    case 'remove':
      return bind(([item = none]) => write(combineSets(interp, '-', self, list([item])) ?? self))
    case 'issubset':
    case 'issuperset':
    case 'isdisjoint':
      return bind(([other = none]) => {
        const [a, b] = name === 'issuperset' ? [other, self] : [self, other]
        const rest = combineSets(interp, name === 'isdisjoint' ? '&' : '-', a, interp.settle(b))?.slots.get(
          'items',
        )
        return bool(rest && !isSequence(rest) ? rest.length === 0 : null)
      })
    default:
      return undefined
  }
}
