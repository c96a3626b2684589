// Tensors that are changed in place: what one name does is seen through every other.

import type { Arguments, Op } from '../ops/op'
import type { Value } from '../trace/values'
import { truthOf } from './conditions'
import type { Interpreter } from './interpreter'
import { InstanceObject, type OpFunction, type Scope } from './objects'

/** Methods that change the shape of the tensor itself. */
const reshapers = new Set(
  'unsqueeze_ squeeze_ t_ transpose_ swapaxes_ swapdims_ resize_ resize_as_'.split(' '),
)

/** After an operation ran: if it changed the tensor itself, all its names get what it became. */
export function noteInPlace(
  interp: Interpreter,
  { name, op, self }: OpFunction,
  args: Arguments,
  result: Value,
): void {
  const isNamedSo = name.endsWith('_') && !name.endsWith('__')
  const target = self ?? args.positional[0] ?? args.keywords.get('input')
  if (!target || !(isNamedSo || isAskedInPlace(interp, op, args))) return
  const old = interp.settle(target)
  if (old.kind !== 'tensor') return
  if (reshapers.has(name)) replaceEverywhere(interp, old, result)
  else if (old.values)
    replaceEverywhere(interp, old, result.kind === 'tensor' ? result : { ...old, values: null })
}

/** True for a call with `inplace=True`, or where that may be. */
function isAskedInPlace(interp: Interpreter, op: Op, args: Arguments): boolean {
  const at = op.signature.parameters.findIndex((p) => p.name === 'inplace')
  const flag = at < 0 ? undefined : (args.keywords.get('inplace') ?? args.positional[at])
  return flag !== undefined && truthOf(interp, flag) !== false
}

/** After a part of a tensor was written: its elements are not known any more. */
export function noteWritten(interp: Interpreter, tensor: Value): void {
  if (tensor.kind === 'tensor' && tensor.values)
    replaceEverywhere(interp, tensor, { ...tensor, values: null })
}

/** Puts what a tensor became in the place of what it was, wherever a variable or an attribute holds it. */
function replaceEverywhere(interp: Interpreter, old: Value, next: Value): void {
  const replaceIn = (map: Map<string, Value>): void => {
    for (const [name, value] of map)
      if (value === old || interp.settle(value) === old) interp.trail.write(map, name, next)
  }
  const { activation, stack } = interp
  const frames = activation && !stack.includes(activation) ? [...stack, activation] : stack
  for (const { scope } of frames)
    for (let s: Scope | null = scope; s; s = s.parent) {
      replaceIn(s.variables)
      for (const value of s.variables.values())
        if (value instanceof InstanceObject) replaceIn(value.attributes)
    }
}
