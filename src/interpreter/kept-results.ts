// Functions that keep what they gave back (`functools.lru_cache`): called so again, they do not run.

import { StateMap } from '../dims/trail'
import type { Arguments } from '../ops/op'
import { none, Unknown, type Value } from '../trace/values'
import { keyOf } from './containers'
import type { Interpreter } from './interpreter'
import { FunctionObject, NativeFunction } from './objects'

/** What a run's functions gave back, the least recent first, by their arguments. */
export type KeptResults = Map<FunctionObject, StateMap<string, Value>>

/** How many results `lru_cache` keeps where nothing is said. */
const usualCount = 128

/** `lru_cache(maxsize=…)`, `lru_cache(f)`, `cache(f)` */
export const keepingDecorator = (name: string): Value =>
  new NativeFunction(name, ({ positional: [first], keywords }, interp) => {
    const usual = name === 'cache' ? Infinity : usualCount
    const size = first ?? keywords.get('maxsize')
    const given = size && interp.settle(size)
    if (given?.kind === 'object') return keeping(interp, given, usual)
    const count = given === undefined ? usual : given.kind === 'none' ? Infinity : countOf(given)
    return new NativeFunction(name, (inner) => keeping(interp, inner.positional[0] ?? none, count))
  })

const countOf = (value: Value): number => (value.kind === 'int' && value.dim.value) || 0

function keeping(interp: Interpreter, value: Value, count: number): Value {
  const fn = interp.settle(value)
  if (!(fn instanceof FunctionObject)) return value
  fn.keeps = count
  fn.attributes.set(
    'cache_clear',
    new NativeFunction('cache_clear', (_, caller) => {
      const kept = caller.keptResults.get(fn)
      for (const key of [...(kept?.keys() ?? [])]) if (kept) caller.trail.delete(kept, key)
      return none
    }),
  )
  return fn
}

/** What a function that keeps its results gives back: what it gave for the same arguments, if it was that. */
export function keptOr(interp: Interpreter, fn: FunctionObject, args: Arguments, run: () => Value): Value {
  const key = keyOfCall(args)
  if (key === null) return run()
  let kept = interp.keptResults.get(fn)
  if (!kept) interp.keptResults.set(fn, (kept = new StateMap()))
  const known = kept.get(key)
  const value = known ?? run()
  if (known !== undefined) interp.trail.delete(kept, key)
  const [oldest] = kept.keys()
  if (kept.size >= fn.keeps && oldest !== undefined) interp.trail.delete(kept, oldest)
  // What was not followed may be with more work to spend.
  if (fn.keeps > 0 && !(value instanceof Unknown)) interp.trail.write(kept, key, value)
  return value
}

/** Arguments as they are told apart; null where one is not known. */
function keyOfCall({ positional, keywords, isOpen }: Arguments): string | null {
  const keys = [...positional, ...keywords.values()].map((value) => {
    const key = keyOf(value)
    return key && `${value.kind} ${key}`
  })
  return isOpen || keys.includes(null) ? null : [...keywords.keys(), ...keys].join('\n')
}
