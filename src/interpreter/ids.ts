// The identity of objects: what tells one from all others, and `id`.

import { constant } from '../dims/dim'
import { int, type Value } from '../trace/values'
import { keyOf } from './containers'
import type { Interpreter } from './interpreter'

const identities = new WeakMap<object, number>()
let nextIdentity = 1
/** One number for each object, the same as long as it lives. */
export const identityOf = (value: object): number => {
  let id = identities.get(value)
  if (id === undefined) identities.set(value, (id = nextIdentity++))
  return id
}

/** Where ids begin: far from the sizes of a program. */
const firstId = 2 ** 46
const idsOfKeys = new Map<string, number>()

/** `id(value)`: one number for each object, and for each plain value as CPython keeps small ones; else one not known. */
export function idOf(interp: Interpreter, given: Value): Value {
  const value = interp.settle(given)
  const held = heldBy(value)
  const isOne = !held && value.kind !== 'tensor' && !(value.kind === 'int' && value.dim.value === null)
  const key = isOne ? keyOf(value) : null
  const identity = held ? identityOf(held) : key === null ? null : idOfKey(`${value.kind} ${key}`)
  return int(identity === null ? interp.freshSize() : constant(firstId + 64 * identity))
}

function idOfKey(key: string): number {
  const known = idsOfKeys.get(key) ?? nextIdentity++
  idsOfKeys.set(key, known)
  return known
}

/** What stays the same as long as an object lives; null for a value that is no object of its own. */
function heldBy(value: Value): object | null {
  switch (value.kind) {
    case 'object':
      return value
    case 'tensor':
      return value.isParameter ? value : null
    case 'list':
      return value.slots
    case 'dict':
      return value.entries
    case 'tuple':
      return value.items
    default:
      return null
  }
}
