// What calls of things that are not known mostly give back: assumed in a function's own run, and never an error.

import type { Arguments } from '../ops/op'
import type { Call } from '../syntax/tree'
import type { Tensor } from '../tensors/tensor'
import { int, Unknown, type Value } from '../trace/values'
import { keyOf } from './containers'
import type { Interpreter } from './interpreter'
import { FunctionObject } from './objects'

/** Layers that go by these names give back the shape that they get. */
const keepsShape =
  /(^|_)(act|activation|nonlinearity|drop|dropout|droppath|norm|layernorm|rmsnorm)(_?fn|_?\d+)?$/i
const isClassName = /^_*[A-Z]\w*[a-z]/

/** What was taken to have the shape that a layer got: it is one tensor, unless it is unpacked. */
const kept = new WeakSet<Value>()

/** True for what may as well be several values. */
export const isPerhapsTuple = (value: Value): boolean => kept.has(value)

/** What a call gives back of which nothing is known but how it is written. */
export function habitualResult(
  interp: Interpreter,
  { func }: Call,
  { positional, keywords, isOpen }: Arguments,
  value: Value,
): Value {
  const name = func.kind === 'Attribute' ? func.attr : func.kind === 'Name' ? func.id : null
  if (interp.isConcrete || name === null || isOpen || !(value instanceof Unknown)) return value
  const [first, second] = positional.map((p) => interp.settle(p))
  // `registry.get(key, default)`
  if (name.startsWith('get') && positional.length === 2 && second instanceof FunctionObject) return second
  if (first?.kind === 'tensor' && positional.length === 1 && keywords.size === 0 && keepsShape.test(name)) {
    const same = assumed(first)
    kept.add(same)
    return same
  }
  if (positional.length === 0 && isClassName.test(name)) holdWhatItGot(interp, value, keywords)
  return value
}

/** An instance of a class that is not known has the tensors that its constructor got, the first also by number. */
function holdWhatItGot(interp: Interpreter, made: Unknown, keywords: ReadonlyMap<string, Value>): void {
  let isFirst = true
  for (const [name, given] of keywords) {
    const value = interp.settle(given)
    if (given.kind !== 'none' && value.kind === 'tensor') {
      made.slots.set(name, assumed(value))
      if (isFirst && given.kind !== 'union') made.slots.set(`[${keyOf(int(0))}]`, assumed(value))
    }
    if (given.kind !== 'none') isFirst = false
  }
}

const assumed = (tensor: Tensor): Tensor => ({
  ...tensor,
  dtype: null,
  layout: null,
  values: null,
  isParameter: false,
  assumed: tensor.assumed || 'sizes',
})
