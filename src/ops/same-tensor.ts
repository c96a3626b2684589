// Operations that give back the tensor itself where there is nothing to do: what is done to one name is seen through the other.

import { shapeKey } from '../tensors/shape'
import type { Layout, Tensor } from '../tensors/tensor'
import type { Value } from '../trace/values'
import type { Arguments, OpCall } from './op'

/** Those that change what a tensor is, if it is not so yet; a copy that is asked for is one in any case. */
const givesItself = new Set(
  (
    'contiguous to type type_as float double half bfloat16 int long short bool cpu atleast_1d atleast_2d atleast_3d ' +
    'positive __pos__ conj real resolve_conj resolve_neg as_tensor asarray sum_to_size'
  ).split(' '),
)

/** What an operation of the code gives: its first argument itself where that is so already. */
export function orItself(c: OpCall, result: Value, args: Arguments): Value {
  if (!c.env.isRecording || !givesItself.has(c.name) || result.kind !== 'tensor') return result
  const [first] = c.bound.values()
  const input = (Array.isArray(first) && first.length === 1 ? first[0] : first) as Value | undefined
  const isAlike = input?.kind === 'tensor' && areAlike(c, input, result)
  const mayCopy = args.keywords.has('copy') || copies.some((name) => c.bound.has(name) && c.isGiven(name))
  return isAlike && !mayCopy && mayStay(c) ? input : result
}

/** What may ask for a copy among the arguments of `to`, where no name stands before it. */
const copies = ['third', 'fourth']

/** True where no other device can be meant. */
const mayStay = (c: OpCall): boolean => c.env.devices.ofTensor(c.env.isConcrete).type === 'cpu'

const areAlike = (c: OpCall, a: Tensor, b: Tensor): boolean =>
  a.dtype !== null &&
  a.dtype === b.dtype &&
  a.assumed === b.assumed &&
  !a.shape.gap &&
  shapeKey(c.facts.resolve(a.shape)) === shapeKey(c.facts.resolve(b.shape)) &&
  a.layout !== null &&
  areSameStrides(a.layout, b.layout)

const areSameStrides = (a: Layout, b: Layout): boolean =>
  a === b ||
  (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((s, i) => s.key === b[i]?.key))
