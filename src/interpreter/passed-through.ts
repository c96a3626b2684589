// Names that go through a call of which nothing is known, as in `k, v = cache.update(k, v)`.

import { fresh } from '../dims/dim'
import type { Expression, Statement } from '../syntax/tree'
import { dimsOf, type Shape, shapeOf } from '../tensors/shape'
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
  const grows = isCache(node.value.func)
  return tuple(given.map((item, i) => likeBefore(interp, names[i] ?? '', item, grows)))
}

/** True for a method of what goes by the name of a cache, which gives back what it held before as well. */
const isCache = (callee: Expression): boolean =>
  callee.kind === 'Attribute' && (callee.attr === 'update' || /cache|past|kv/i.test(lastNameOf(callee.value)))
const lastNameOf = (node: Expression): string =>
  node.kind === 'Name' ? node.id : node.kind === 'Attribute' ? node.attr : ''

/** A shape with another length: the last dim but one, of keys and values as of states. */
function ofAnyLength(shape: Shape): Shape {
  const dims = dimsOf(shape)
  return dims && dims.length > 2 ? shapeOf(dims.with(-2, fresh())) : shape
}

function likeBefore(interp: Interpreter, name: string, item: Value, grows: boolean): Value {
  const before = interp.settle(readName(interp, name) ?? item)
  return interp.settle(item).kind === 'unknown' && before.kind === 'tensor'
    ? {
        ...before,
        shape: grows ? ofAnyLength(interp.facts.resolve(before.shape)) : before.shape,
        dtype: null,
        layout: null,
        values: null,
        isParameter: false,
        assumed: before.assumed || 'sizes',
      }
    : item
}
