// Which tensors learn: `requires_grad` of each parameter, by identity, and of what no parameter had a part in.

import { StateMap } from '../dims/trail'
import type { Tensor } from '../tensors/tensor'
import { bool, type Value } from '../trace/values'
import type { Interpreter } from './interpreter'
import { learnsNothing } from './makings'
import { NativeFunction } from './objects'

const attribute = 'requires_grad'

/** What the program has said of each parameter that it made. */
const states = new WeakMap<Value, StateMap<string, Value>>()

/** A parameter of a tensor's shape. It learns, so that its first elements say nothing. */
export function newParameter(tensor: Tensor): Value {
  const made: Value = { ...tensor, values: null, isParameter: true }
  states.set(made, new StateMap([[attribute, bool(true)]]))
  return made
}

/** Another parameter that learns if the one that it is a copy of does; null for any other value. */
export const copyOfParameter = (value: Value): Value | null =>
  states.has(value) && value.kind === 'tensor' ? learnsLike(value, { ...value }) : null

/** A newly made tensor, which learns if another does. */
export function learnsLike(other: Value, made: Tensor): Value {
  const state = states.get(other)
  if (state) states.set(made, new StateMap(state))
  return made
}

/** Whether a tensor requires a gradient, where that is known. */
export function learns(interp: Interpreter, tensor: Tensor): Value {
  if (!interp.isConcrete || interp.ownTensorNames.has(attribute)) return bool(null)
  if (!tensor.isParameter) return bool(learnsNothing(tensor) ? false : null)
  return states.get(tensor)?.get(attribute) ?? bool(true)
}

/** Sets `requires_grad`; what is said of any of several parameters may hold for each. */
export function setLearns(interp: Interpreter, target: Value, learning: Value): void {
  const state = states.get(target)
  if (state) interp.trail.write(state, attribute, learning.kind === 'bool' ? learning : bool(null))
  else if (target.kind !== 'tensor' || target.isParameter) interp.ownTensorNames.add(attribute)
}

/** `tensor.requires_grad_(True)`: the tensor itself. */
export const learningSetter = (tensor: Tensor): Value =>
  new NativeFunction('requires_grad_', ({ positional, keywords }, interp) => {
    setLearns(interp, tensor, interp.settle(positional[0] ?? keywords.get(attribute) ?? bool(true)))
    return tensor
  })
