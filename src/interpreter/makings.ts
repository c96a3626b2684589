// The calls that made the tensors of a program: which hold the same data, which learn nothing, which are dense.

import type { Dim } from '../dims/dim'
import type { Arguments, OpCall, Operand } from '../ops/op'
import { sizesOf } from '../ops/small-values'
import { categoryOf } from '../tensors/dtype'
import { type Shape, shapeKey } from '../tensors/shape'
import type { Tensor } from '../tensors/tensor'
import { numberOf, type Value } from '../trace/values'
import { isValue } from './branch'
import type { Interpreter } from './interpreter'

/** The call that made a tensor, and which of its results the tensor is. */
interface Making {
  readonly name: string
  readonly bound: ReadonlyMap<string, unknown>
  readonly part: number
}

/** Of tensors that one call made, once. */
const makings = new WeakMap<object, Making>()

/** Operations whose result may be the memory of their input. */
export const views = new Set(
  (
    '__getitem__ adjoint as_strided bfloat16 bool chunk contiguous cpu cuda data detach diagonal double dsplit expand expand_as ' +
    'flatten float half hsplit imag int long movedim moveaxis mT narrow permute ravel real rearrange reshape reshape_as ' +
    'select split squeeze swapaxes swapdims swap_axes t T tensor_split to transpose type_as unbind unflatten unfold ' +
    'unsqueeze view view_as view_as_complex view_as_real vsplit'
  ).split(' '),
)
/** Operations that need not give the same each time. */
const isRandom =
  /^(rand|empty|new_empty)|normal|bernoulli|multinomial|poisson|dropout|rrelu|gumbel|fractional|attention/
const drawing = new Set('rand randn rand_like randn_like'.split(' '))
/** What is drawn from all numbers stays so, and it would be chance if it were certain numbers throughout. */
const keepsDrawn = new Set(
  (
    '__getitem__ add sub div true_divide neg exp norm rearrange reshape view flatten unflatten permute transpose t T mT ' +
    'squeeze unsqueeze contiguous clone detach masked_select index_select gather expand repeat reduce where amax amin ' +
    'max mean sum softmax double float to'
  ).split(' '),
)

/** After an operation ran in a program. In a loop of any number of turns one value stands for the data of each. */
export function noteMaking(
  interp: Interpreter,
  { name, bound }: OpCall,
  result: Value,
  args: Arguments,
): void {
  if (!interp.isConcrete || interp.turns.length > 0 || args.isOpen || args.keywords.has('requires_grad'))
    return
  const parts = result.kind === 'tuple' ? result.items : [result]
  for (const [part, tensor] of parts.entries()) {
    if (tensor.kind !== 'tensor' || tensor === bound.get('input')) continue
    if (!makings.delete(tensor)) makings.set(tensor, { name, bound, part })
  }
}

/** After a tensor was written: what it and its views hold is not known from how they were made. */
export function noteDataWritten(tensor: Tensor): void {
  makings.delete(rootOf(tensor))
  makings.delete(tensor)
}

/** A value that stands for either of two alike, of which it is not known which data it holds. */
export function forgetMaking(value: Value, depth = 0): void {
  if (value.kind === 'tensor') makings.delete(value)
  else if (value.kind === 'tuple' && depth < 3) for (const item of value.items) forgetMaking(item, depth + 1)
}

/** The tensor whose memory another one views. */
function rootOf(tensor: Tensor): Tensor {
  const making = makings.get(tensor)
  const input = making && views.has(making.name) ? making.bound.get('input') : null
  return isTensor(input) ? rootOf(input) : tensor
}

const isTensor = (value: unknown): value is Tensor =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'tensor'

/** How a tensor was made, where nothing was written into its memory since. */
const makingOf = (tensor: Tensor): Making | null => {
  const making = makings.get(tensor)
  return making && makings.has(rootOf(tensor)) ? making : null
}

/** Of so many values it is asked how they were made, until it counts as not known. */
const mostAsked = 200

/** Whether all elements of two tensors of one shape are the same; null where that is not known. */
export function haveSameData(a: Tensor, b: Tensor): boolean | null {
  if (isSame(a, b, { left: mostAsked })) return true
  const isFull = sizesOf(a.shape)?.every((size) => size > 0)
  const isChance = (isDrawn(a) && isFixed(b)) || (isDrawn(b) && isFixed(a))
  return isFull && isChance ? false : null
}

/** True for the same value, and for what one call would give for the same values. */
function isSame(a: unknown, b: unknown, asked: { left: number }): boolean {
  if (asked.left-- <= 0) return false
  if (isTensor(a) && isTensor(b)) {
    if (isSpelt(a) && isSpelt(b)) return hasSameNumbers(a, b)
    const [x, y] = [makingOf(a), makingOf(b)]
    if (!x || !y) return false
    if (a === b) return true
    if (x.name !== y.name || x.part !== y.part || isRandom.test(x.name)) return false
    return [...x.bound].every(([name, value]) => isSame(value, y.bound.get(name), asked))
  }
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, i) => isSame(item, b[i], asked))
  if (isDim(a) && isDim(b)) return a.key === b.key
  if (isShape(a) && isShape(b)) return shapeKey(a) === shapeKey(b)
  if (!isValue(a) || !isValue(b)) return a === b && !isValue(a)
  if (a.kind === 'tuple' && b.kind === 'tuple') return isSame(a.items, b.items, asked)
  if (a.kind === 'slice' && b.kind === 'slice')
    return isSame([a.lower, a.upper, a.step], [b.lower, b.upper, b.step], asked)
  if (a.kind === 'int' && b.kind === 'int') return a.dim.key === b.dim.key
  if (a.kind === 'dtype' && b.kind === 'dtype') return a.dtype !== null && a.dtype === b.dtype
  if (a.kind === 'str' && b.kind === 'str') return a.value !== null && a.value === b.value
  const number = numberOf(a)
  if (number !== null) return a.kind === b.kind && number === numberOf(b)
  return a.kind === 'none' || a.kind === 'ellipsis' ? a.kind === b.kind : false
}

/** True for a tensor of which each element is a known number. */
const isSpelt = ({ values }: Tensor): boolean => values?.every((v) => v.symbols.length === 0) === true

const hasSameNumbers = (a: Tensor, b: Tensor): boolean =>
  a.dtype === b.dtype &&
  shapeKey(a.shape) === shapeKey(b.shape) &&
  a.values?.every((v, i) => v.key === b.values?.[i]?.key) === true

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
const isDim = (value: unknown): value is Dim => isObject(value) && 'key' in value && 'terms' in value
const isShape = (value: unknown): value is Shape => isObject(value) && 'lead' in value && 'gap' in value

/** True for numbers that were drawn at random, and what keeps that. */
function isDrawn(value: unknown, seen = new Set<unknown>()): boolean {
  if (seen.size > mostAsked || seen.has(value)) return false
  seen.add(value)
  if (Array.isArray(value)) return value.some((item) => isDrawn(item, seen))
  const making = isTensor(value) ? makingOf(value) : null
  if (!making) return false
  if (drawing.has(making.name)) return true
  return keepsDrawn.has(making.name) && [...making.bound.values()].some((v) => isDrawn(v, seen))
}

/** True for a number that stands among the operands of an operation. */
const isNumber = (operand: Operand): boolean => operand.isPythonNumber === true && !operand.assumed

/** True for numbers that the code says, and what is computed of them alone. */
const isFixed = (tensor: Tensor): boolean =>
  throughMakings(tensor, (one, making) =>
    isSpelt(one) ? 'holds' : making && !isRandom.test(making.name) ? 'asks' : 'fails',
  )

/** True for a tensor that no parameter, and nothing else that learns, had a part in. */
export const learnsNothing = (tensor: Tensor): boolean =>
  throughMakings(tensor, (one, making) => {
    const category = one.dtype && categoryOf(one.dtype)
    if (isNumber(one) || category === 'bool' || category === 'integer' || making?.name === 'detach')
      return 'holds'
    return making && !one.isParameter ? 'asks' : 'fails'
  })

/** True for a tensor that no sparse one, and nothing of which that is not known, had a part in. */
export const isDense = (tensor: Tensor): boolean =>
  throughMakings(tensor, (one, making) =>
    one.isParameter || isNumber(one) ? 'holds' : making ? 'asks' : 'fails',
  )

/**
 * Goes from a tensor back to those that it was made of, as long as `test` asks what they are. False if one
 * fails, or something else is not known that may hold the data of one.
 */
function throughMakings(
  tensor: Tensor,
  test: (tensor: Tensor, making: Making | null) => 'holds' | 'fails' | 'asks',
): boolean {
  const seen = new Set<unknown>()
  const holds = (value: unknown): boolean => {
    if (seen.has(value)) return true
    if (seen.add(value).size > mostAsked) return false
    if (Array.isArray(value)) return value.every(holds)
    if (!isValue(value)) return true
    if (value.kind === 'tuple') return holds(value.items)
    if (value.kind === 'list') return holds(value.slots.get('items'))
    if (value.kind === 'slice') return [value.lower, value.upper, value.step].every(holds)
    if (value.kind !== 'tensor') return plain.has(value.kind) || numberOf(value) !== null
    const making = makingOf(value)
    const answer = test(value, making)
    return answer === 'asks' ? [...(making?.bound.values() ?? [])].every(holds) : answer === 'holds'
  }
  return holds(tensor)
}
/** Values that hold no data of a tensor. */
const plain = new Set<Value['kind']>(['none', 'dtype', 'device', 'ellipsis', 'str'])
