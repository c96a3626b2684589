// What an instance holds, as pairs of names and values: which of them count.

import type { Arguments } from '../ops/op'
import { list, none, tuple, type Value } from '../trace/values'
import { isInstance } from './instance-tests'
import type { Interpreter } from './interpreter'

const secondOf = (interp: Interpreter, pair: Value): Value => interp.settle(interp.itemsOf(pair)?.[1] ?? none)

/** Those whose value has not come before. */
export function distinctPairs({ positional: [given = none] }: Arguments, interp: Interpreter): Value {
  const pairs = interp.itemsOf(given)
  if (!pairs) return given
  const seen = new Set<Value>()
  return tuple(
    pairs.filter((pair) => {
      const value = secondOf(interp, pair)
      if (value.kind !== 'none' && seen.has(value)) return false
      seen.add(value)
      return true
    }),
  )
}

/** Null where it cannot be told. */
export function isParameter(value: Value): boolean | null {
  if (value.kind !== 'union')
    return value.kind === 'tensor' ? value.isParameter : value.kind === 'unknown' ? null : false
  const answers = value.options.map(isParameter)
  return answers.every((a) => a === answers[0]) ? (answers[0] ?? null) : null
}

/** Those whose value is an instance of a class, or without one a parameter; None where that cannot be told of each. */
export function keptPairs({ positional: [given = none, cls] }: Arguments, interp: Interpreter): Value {
  const pairs = interp.itemsOf(given)
  const answers = pairs?.map((pair) => {
    const value = secondOf(interp, pair)
    return cls ? isInstance(interp, value, cls) : isParameter(value)
  })
  return !pairs || !answers || answers.includes(null) ? none : list(pairs.filter((_, i) => answers[i]))
}
