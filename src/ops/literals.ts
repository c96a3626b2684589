// Nested lists of numbers as tensors.

import { constant, type Dim, fresh } from '../dims/dim'
import { type DType, promote } from '../tensors/dtype'
import { type Shape, shapeOf } from '../tensors/shape'
import { makeTensor, type Tensor } from '../tensors/tensor'
import type { Value } from '../trace/values'
import type { OpEnvironment } from './op'
import { floating, heldBy, mostValues, sizesOf } from './small-values'

/** A ragged list, which no tensor can hold. */
export interface Ragged {
  readonly left: Shape
  readonly right: Shape
}

interface Block {
  readonly dims: readonly Dim[]
  /** The shape of a tensor in a list that has not one element, as it must. */
  readonly many?: Shape
  readonly dtype: DType | null
  readonly values: readonly Dim[] | null
  readonly ragged?: Ragged
}

/** A tensor of lists, or why there is none. */
type LiteralTensor = Tensor & { ragged?: Ragged; many?: Shape }

/** Nested sequences of numbers as the tensor that `torch.tensor` makes; null where it cannot be told. */
export function literalTensor(env: OpEnvironment, value: Value): LiteralTensor | null {
  const block = blockOf(env, env.settle(value))
  if (!block) return null
  const tensor = makeTensor(shapeOf(block.dims), block.dtype)
  const values = block.values && block.values.length <= mostValues ? heldBy(block.dtype, block.values) : null
  const { ragged, many } = block
  return { ...tensor, values, ...(ragged && { ragged }), ...(many && { many }) }
}

function blockOf(env: OpEnvironment, value: Value): Block | null {
  switch (value.kind) {
    case 'int':
      return { dims: [], dtype: 'int64', values: [env.facts.dims.resolve(value.dim)] }
    case 'bool':
      return {
        dims: [],
        dtype: 'bool',
        values: value.value === null ? null : [constant(value.value ? 1 : 0)],
      }
    case 'float': {
      const known = floating(value.value)
      return { dims: [], dtype: 'float32', values: known && [known] }
    }
    case 'complex':
      return { dims: [], dtype: 'complex64', values: null }
    case 'tensor': {
      const shape = env.facts.resolve(value.shape)
      return shape.gap ? null : { dims: shape.lead, dtype: value.dtype, values: value.values }
    }
    case 'object': {
      const tensor = env.asTensor(value)
      return tensor && blockOf(env, tensor)
    }
    case 'range':
    case 'size': {
      const size = env.asSize(value)
      return size && !size.gap
        ? { dims: [constant(size.lead.length)], dtype: 'int64', values: size.lead }
        : null
    }
    case 'sequence': {
      const element = elementOf(env, value.element)
      return element && { ...element, dims: [value.length ?? fresh(), ...element.dims], values: null }
    }
    case 'tuple':
    case 'list': {
      const held = value.kind === 'list' ? value.slots.get('items') : undefined
      if (held && 'kind' in held && !env.itemsOf(value)) return blockOf(env, held)
      const items = env.itemsOf(value)
      return items ? stacked(blocksOf(env, items)) : null
    }
    default:
      return null
  }
}

/** An item of a list. A tensor in one is a number: it has one element, whatever its rank. */
function elementOf(env: OpEnvironment, item: Value): Block | null {
  const value = env.settle(item)
  if (value.kind !== 'tensor') return blockOf(env, value)
  const sizes = sizesOf(env.facts.resolve(value.shape))
  const isMany = sizes?.some((size) => size !== 1)
  return { dims: [], dtype: value.dtype, values: value.values, ...(isMany && { many: value.shape }) }
}

/** The blocks of items; an item that stands there several times is looked at once. */
function blocksOf(env: OpEnvironment, items: readonly Value[]): (Block | null)[] {
  const known = new Map<Value, Block | null>()
  return items.map((item) => {
    let block = known.get(item)
    if (block === undefined) known.set(item, (block = elementOf(env, item)))
    return block
  })
}

function stacked(blocks: readonly (Block | null)[]): Block | null {
  const [first] = blocks
  if (blocks.length === 0) return { dims: [constant(0)], dtype: 'float32', values: [] }
  if (!first) return null
  let dtype: DType | null = first.dtype
  let values: Dim[] | null = []
  let { ragged, many } = first
  for (const block of blocks) {
    if (!block) return null
    ragged ??= block.ragged
    many ??= block.many
    const clashes =
      block.dims.length !== first.dims.length ||
      block.dims.some(
        (d, i) => d.value !== null && first.dims[i]?.value !== null && d.value !== first.dims[i]?.value,
      )
    if (clashes) ragged ??= { left: shapeOf(first.dims), right: shapeOf(block.dims) }
    dtype = dtype && block.dtype && promote(dtype, block.dtype)
    const isShort: boolean = (values?.length ?? 0) + (block.values?.length ?? 0) <= mostValues
    values = isShort && values && block.values ? [...values, ...block.values] : null
  }
  const dims = [constant(blocks.length), ...first.dims]
  return { dims, dtype, values, ...(ragged && { ragged }), ...(many && { many }) }
}
