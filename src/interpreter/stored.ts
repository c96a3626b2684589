// What a program reads from a file that may be there: where another path computes it, it is what that gives.

import { Unknown, type Value } from '../trace/values'
import { isValue } from './branch'
import { callValue } from './calls'
import type { Interpreter } from './interpreter'
import { InstanceObject } from './objects'

const stored = new WeakSet<Unknown>()

/** What `read` gives of a stream or of bytes that the program has made; what others hold is not known. */
export function storedIn(interp: Interpreter, [held, read]: readonly Value[]): Value {
  const made = held && interp.settle(held)
  if (read && made instanceof InstanceObject && made.cls.module.isPrelude)
    return callValue(interp, read, [made])
  const value = new Unknown(null, 'what a file holds')
  stored.add(value)
  return value
}

/** The values that paths of a program left: what one of them stored for the next time is what another made. */
export function asComputed(interp: Interpreter, values: readonly unknown[]): readonly unknown[] {
  if (!interp.isConcrete || !values.some((v) => v instanceof Unknown && stored.has(v))) return values
  const computed = values.find((v) => holdsTensor(v))
  return computed ? values.map((v) => (v instanceof Unknown && stored.has(v) ? computed : v)) : values
}

/** True for a tensor, and a tuple or a dict that one is in. */
function holdsTensor(value: unknown): boolean {
  if (!isValue(value)) return false
  if (value.kind === 'tuple') return value.items.some(holdsTensor)
  if (value.kind === 'dict') return [...value.entries.values()].some((entry) => holdsTensor(entry.value))
  return value.kind === 'tensor'
}
