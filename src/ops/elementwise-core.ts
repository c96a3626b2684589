// What elementwise operations share: broadcasting, dtype promotion, and the result's strides.

import type { Dim } from '../dims/dim'
import { broadcastShapes } from '../tensors/broadcast'
import { categoryOf, type DType, promote, promoteWithScalar } from '../tensors/dtype'
import { elementwiseStrides, isContiguous, type Operand as StridedOperand } from '../tensors/layout'
import { dimsOf, leastRank, type Shape, scalar } from '../tensors/shape'
import { type Assumed, bothAssumed, type Layout, stridesOf, type Tensor } from '../tensors/tensor'
import type { Code } from '../trace/codes'
import type { Value } from '../trace/values'

import { defaultDType } from './defaults'
import { channelsLastLayout } from './image-layout'

import { approximately } from './near-values'
import { failed, type OpCall, type Operand, result } from './op'
import { heldBy, holdsNearly, valuewise } from './small-values'

/**
 * The dtype of an elementwise result (PyTorch's type promotion, torch/_prims_common
 * `elementwise_dtypes`): tensors with dims beat 0-d tensors, which beat Python numbers, unless the
 * weaker one's category is higher. Null where an input's dtype is not known.
 */
export function promotedDType(operands: readonly Operand[]): DType | null {
  let [withDims, zeroDim, number]: (DType | undefined)[] = []
  for (const operand of operands) {
    if (operand.dtype === null) return weakUnknown(operands)
    const { dtype } = operand
    if (operand.isPythonNumber) number = number ? promote(number, dtype) : dtype
    else if (leastRank(operand.shape) > 0 || operand.shape.gap)
      withDims = withDims ? promote(withDims, dtype) : dtype
    else zeroDim = zeroDim ? promote(zeroDim, dtype) : dtype
  }
  let dtype = withDims
  for (const weaker of [zeroDim, number])
    if (weaker) dtype = dtype ? promoteWithScalar(dtype, weaker) : weaker
  return dtype ?? null
}

/** A number of unknown kind does not change a float tensor's dtype. */
function weakUnknown(operands: readonly Operand[]): DType | null {
  const known = operands.filter((o) => !(o.isPythonNumber && o.dtype === null))
  const dtype = known.some((o) => o.dtype === null) || known.length === 0 ? null : promotedDType(known)
  return dtype && categoryOf(dtype) === 'float' && known.some((o) => !o.isPythonNumber) ? dtype : null
}

/** Integers and bools become the default float dtype, as for `sin` or true division. */
export const toFloat = (dtype: DType | null, { env }: OpCall): DType | null =>
  dtype && ['bool', 'integer'].includes(categoryOf(dtype)) ? defaultDType(env) : dtype

/** The shape of all operands together. Reports a clash and returns null. */
export function broadcastAll(
  c: OpCall,
  operands: readonly Tensor[],
): { shape: Shape; assumed: Assumed } | null {
  let shape: Shape = scalar
  let assumed: Assumed = false
  const of = c.name === 'masked_fill' ? 'mask' : 'all'
  for (const operand of operands) {
    const joined = broadcastShapes(shape, operand.shape, c.facts, of)
    if (joined.kind === 'clash') {
      const [x, y] = [c.showDim(joined.left), c.showDim(joined.right)]
      c.fail(
        'broadcast-mismatch',
        `${c.name}: ${c.show(shape)} and ${c.show(operand.shape)} do not broadcast: ` +
          `in dim ${joined.index} the sizes are ${x} and ${y}, which must be equal or 1`,
      )
      return null
    }
    shape = joined.shape
    if (operand !== operands[0]) assumed = bothAssumed(assumed, joined.assumed)
  }
  return { shape, assumed }
}

/**
 * An elementwise result of the given dtype over all operands, or an unknown value after an error. `apply` gives
 * elements that are exact, `real` those of floats to within a rounding.
 */
export function elementwise(
  c: OpCall,
  operands: readonly Tensor[],
  dtype: DType | null,
  apply?: (...values: Dim[]) => Dim | null,
  real?: (...numbers: number[]) => number,
): Value {
  const joined = broadcastAll(c, operands)
  if (!joined) return failed()
  const layout = channelsLastLayout(c, joined.shape, operands) ?? resultLayout(c, joined.shape, operands)
  const out = result(joined.shape, dtype, layout)
  const isNear = real !== undefined && holdsNearly(dtype)
  const each = isNear
    ? (...values: Dim[]): Dim | null => {
        const exact = apply?.(...values) ?? null
        return heldBy(dtype, exact && [exact])?.[0] ?? approximately(real, values)
      }
    : apply
  const values = each ? heldBy(dtype, valuewise(joined.shape, operands, each)) : null
  const known = values ? { ...out, values } : out
  return joined.assumed ? { ...known, assumed: joined.assumed } : known
}

/** The layout that TensorIterator gives a new result of these operands. */
export function resultLayout(c: OpCall, shape: Shape, operands: readonly Tensor[]): Layout {
  const arrays = operands.filter((o) => leastRank(o.shape) > 0 || o.shape.gap)
  if (arrays.every((o) => o.layout === 'contiguous')) {
    // Dense operands of lower rank or with broadcast dims lie in the result's order too.
    const rank = dimsOf(shape)?.length
    if (rank === undefined) return arrays.length === 1 ? 'contiguous' : null
    if (arrays.some((o) => dimsOf(o.shape)?.length === rank && sameDims(o.shape, shape))) return 'contiguous'
  }
  const out = dimsOf(shape)
  if (!out) return null
  const strided: StridedOperand[] = []
  for (const operand of arrays) {
    const [dims, strides] = [dimsOf(operand.shape), stridesOf(operand)]
    if (!dims || !strides) return null
    strided.push({ dims, strides: strides.map((s) => c.facts.dims.resolve(s)) })
  }
  const strides = elementwiseStrides(out, strided, c.facts.dims)
  return strides && isContiguous(out, strides, c.facts.dims) ? 'contiguous' : strides
}

const sameDims = (a: Shape, b: Shape): boolean =>
  a.lead.length === b.lead.length && a.lead.every((d: Dim, i) => d.key === b.lead[i]?.key)

/** Refuses a value whose shape does not broadcast to the target's; with `dropsOnes` it may ' +
  'have more dims of size 1. */
export function needInto(c: OpCall, code: Code, target: Shape, value: Shape, dropsOnes = false): void {
  const [into, from] = [c.facts.resolve(target), c.facts.resolve(value)]
  const [wanted, given] = [into.gap ? into.trail : into.lead, from.gap ? from.trail : from.lead]
  for (let i = 1; i <= given.length; i++) {
    const [size, own] = [wanted[wanted.length - i], given[given.length - i]]
    if (!own || own.value === 1) continue
    if (!size && into.gap) continue
    const clashes = size
      ? c.facts.dims.equal(own, size).kind === 'refuted' && own.value !== null
      : own.value !== null || !dropsOnes
    if (!clashes || (size && size.value === null)) continue
    const where = size
      ? `in dim ${-i} the sizes are ${c.showDim(own)} and ${c.showDim(size)}`
      : 'it has more dims'
    c.refuse(code, `${c.name}: ${c.show(from)} does not broadcast to ${c.show(into)}: ${where}`)
  }
  if (!dropsOnes && !into.gap && leastRank(from) > into.lead.length)
    c.refuse(code, `${c.name}: ${c.show(from)} does not broadcast to ${c.show(into)}: it has more dims`)
}
