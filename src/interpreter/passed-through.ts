// Names that go through a call of which nothing is known, as in `k, v = cache.update(k, v)`.

import type { Statement } from '../syntax/tree'
import { tuple, type Value } from '../trace/values'
import type { Interpreter } from './interpreter'
import { readName } from './scopes'

/**
 * The value of an assignment whose names are also the call's first arguments, in their order. Where nothing
 * is known of what comes back it is taken to be like what went in, and marked as assumed.
 */
export function passedThrough(
  interp: Interpreter,
  node: Extract<Statement, { kind: 'Assign' }>,
  value: Value,
): Value {
  const [target] = node.targets
  if (node.value.kind !== 'Call' || target?.kind !== 'Tuple' || target.elts.length < 2) return value
  const { args } = node.value
  const names = target.elts.flatMap((elt, i) => {
    const arg = args[i]
    return elt.kind === 'Name' && arg?.kind === 'Name' && arg.id === elt.id ? [elt.id] : []
  })
  if (names.length < target.elts.length) return value
  const settled = interp.settle(value)
  const given = settled.kind === 'tuple' ? settled.items : names.map(() => settled)
  if (given.length !== names.length || !given.some((item) => interp.settle(item).kind === 'unknown'))
    return value
  return tuple(given.map((item, i) => likeBefore(interp, names[i] ?? '', item)))
}

function likeBefore(interp: Interpreter, name: string, item: Value): Value {
  const before = interp.settle(readName(interp, name) ?? item)
  return interp.settle(item).kind === 'unknown' && before.kind === 'tensor'
    ? {
        ...before,
        dtype: null,
        layout: null,
        values: null,
        isParameter: false,
        assumed: before.assumed || 'sizes',
      }
    : item
}
