// Tensors that are changed in place: what one name does is seen through every other.

import type { Arguments, Op, OpCall } from '../ops/op'
import { dimsOf, openShape } from '../tensors/shape'
import { makeTensor, type Tensor } from '../tensors/tensor'
import { none, type Value } from '../trace/values'
import { truthOf } from './conditions'
import type { Interpreter } from './interpreter'
import { learnsLike } from './learning'
import { noteDataWritten, views } from './makings'
import { InstanceObject, type OpFunction, type Scope } from './objects'

/** Methods that change the shape of the tensor itself. */
const reshapers = new Set(
  'unsqueeze_ squeeze_ t_ transpose_ swapaxes_ swapdims_ resize_ resize_as_ as_strided_ set_'.split(' '),
)

/** What stands for the memory of a tensor with known elements that has views. */
const memory = new WeakMap<object, object>()

/** After an operation ran: tensors that may share memory with its input are known as such. */
export function noteView(c: OpCall, result: Value): void {
  const input = c.bound.get('input') as Value | undefined
  if (input?.kind !== 'tensor' || !views.has(c.name)) return
  const shared = memory.get(input) ?? (input.values ? input : null)
  if (!shared) return
  memory.set(input, shared)
  const parts = result.kind === 'tuple' ? result.items : [result]
  for (const part of parts) if (part.kind === 'tensor') memory.set(part, shared)
}

/** After an operation ran: if it changed the tensor itself, all its names get what it became. */
export function noteInPlace(
  interp: Interpreter,
  { name, op, self }: OpFunction,
  args: Arguments,
  result: Value,
): void {
  const out = interp.settle(args.keywords.get('out') ?? none)
  const results = result.kind === 'tuple' ? result.items : [result]
  const targets = out.kind === 'tensor' ? [out] : (interp.itemsOf(out) ?? [])
  for (const [i, target] of targets.entries()) noteOut(interp, interp.settle(target), results[i] ?? none)
  const isNamedSo = name.endsWith('_') && !name.endsWith('__')
  const target = self ?? args.positional[0] ?? args.keywords.get('input')
  if (!target || !(isNamedSo || isAskedInPlace(interp, op, args))) return
  const old = interp.settle(target)
  if (old.kind !== 'tensor') return
  if (reshapers.has(name)) replaceEverywhere(interp, (value) => (value === old ? result : null))
  else noteWritten(interp, old, result.kind === 'tensor' ? result : undefined)
}

/** After a result was written into a tensor, which is resized where it has another shape. */
function noteOut(interp: Interpreter, out: Value, result: Value): void {
  if (out.kind !== 'tensor') return
  const [own, wanted] = [dimsOf(interp.facts.resolve(out.shape)), result.kind === 'tensor' && result.shape]
  const dims = wanted && dimsOf(interp.facts.resolve(wanted))
  const isEmpty = own?.some((d) => d.value === 0)
  const differs =
    own && dims
      ? own.length !== dims.length ||
        own.some((d, i) => interp.dims.equal(d, dims[i] ?? d).kind === 'refuted')
      : isEmpty
  if (!differs) noteWritten(interp, out)
  else if (result.kind === 'tensor')
    replaceEverywhere(interp, (value) => (value === out ? { ...result, dtype: out.dtype } : null))
}

/** True for a call with `inplace=True`, or where that may be. */
function isAskedInPlace(interp: Interpreter, op: Op, args: Arguments): boolean {
  const at = op.signature.parameters.findIndex((p) => p.name === 'inplace')
  const flag = at < 0 ? undefined : (args.keywords.get('inplace') ?? args.positional[at])
  return flag !== undefined && truthOf(interp, flag) !== false
}

/** After a tensor was written: it becomes `next`, and of what shares its memory no element is known any more. */
export function noteWritten(interp: Interpreter, tensor: Value, next?: Value): void {
  if (tensor.kind !== 'tensor') return
  noteDataWritten(tensor)
  const shared = memory.get(tensor)
  if (!shared && !tensor.values) return
  const became = next?.kind === 'tensor' ? next : { ...tensor, values: null }
  if (shared) memory.set(became, shared)
  replaceEverywhere(interp, (value) => {
    if (value === tensor) return became
    if (value === became || !shared) return null
    if (value.kind !== 'tensor' || !value.values || memory.get(value) !== shared) return null
    const forgotten = { ...value, values: null }
    memory.set(forgotten, shared)
    return forgotten
  })
}

/** After `tensor.data = data`: all its names get that data's shape. `holder` has the tensor in an attribute, or is None. */
export function noteData(interp: Interpreter, tensor: Tensor, data: Value, holder: Value): void {
  const given = interp.settle(data)
  const { shape, dtype, layout } = given.kind === 'tensor' ? given : makeTensor(openShape(), null, null)
  const became = learnsLike(tensor, { ...tensor, shape, dtype, layout, values: null })
  const nextOf = (value: Value): Value | null => (value === tensor ? became : null)
  const held = interp.settle(holder)
  if (held instanceof InstanceObject) replaceIn(interp, held.attributes, nextOf)
  replaceEverywhere(interp, nextOf)
}

type NextOf = (value: Value) => Value | null

function replaceIn(interp: Interpreter, map: Map<string, Value>, nextOf: NextOf): void {
  for (const [name, value] of map) {
    const next = nextOf(value) ?? nextOf(interp.settle(value))
    if (next) interp.trail.write(map, name, next)
  }
}

/** Puts what tensors became in the place of what they were, wherever a variable or an attribute holds them. */
function replaceEverywhere(interp: Interpreter, nextOf: NextOf): void {
  const { activation, stack, bodies } = interp
  const frames = activation && !stack.includes(activation) ? [...stack, activation] : stack
  for (const scope of new Set([...bodies, ...frames.map((frame) => frame.scope)]))
    for (let s: Scope | null = scope; s; s = s.parent) {
      replaceIn(interp, s.variables, nextOf)
      for (const value of s.variables.values())
        if (value instanceof InstanceObject) replaceIn(interp, value.attributes, nextOf)
    }
}
