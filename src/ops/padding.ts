// F.pad in all its modes.

import { add, type Dim } from '../dims/dim'
import { dimsOf, leastRank, openShape, type Shape, shapeOf } from '../tensors/shape'
import type { Layout, Tensor } from '../tensors/tensor'
import { numberOf } from '../trace/values'
import { preservedLayout } from './casting'
import { suggestedLayout } from './image-layout'
import { type OpCall, type OpEntry, type Rule, result } from './op'
import { exactly, heldBy, numbers, reader, sizesOf, valuesAt } from './small-values'

/** The shape with `(before, after)` added to each of the last dims, the last dim first. */
export function paddedShape(c: OpCall, of: Shape, pad: readonly Dim[]): Shape | null {
  const pairs = pad.length / 2
  const known = c.facts.requireTrail(of, pairs)
  if (!known)
    return c.refuse(
      'pad-mismatch',
      `${c.name}: ${pad.length} numbers pad ${pairs} dims, and ${c.show(of)} has only ${leastRank(of)}`,
    )
  const side = known.gap ? known.trail : known.lead
  if (side.length < pairs) return null
  const padded = side.map((size, i) => {
    const at = 2 * (side.length - 1 - i)
    const [before, after] = [pad[at], pad[at + 1]]
    if (!before || !after) return size
    const sum = c.facts.dims.resolve(add(add(size, before), after))
    if (sum.value !== null && sum.value < 0)
      c.refuse(
        'pad-mismatch',
        `${c.name}: dim ${i - side.length} of ${c.show(of)} has ${c.showDim(size)} elements, ` +
          `too few to take ${sum.value - (size.value ?? 0)} off`,
      )
    return sum
  })
  return known.gap ? { ...known, trail: padded } : shapeOf(padded)
}

const constantPad: Rule = (c) => {
  const [input, pad] = [c.tensor('input'), c.ints('pad')]
  if (pad.gap) return result(openShape(), input.dtype)
  if (pad.lead.length % 2)
    return c.fail(
      'pad-mismatch',
      `${c.name}: the padding has ${pad.lead.length} numbers, and it needs two a dim`,
    )
  const shape = paddedShape(c, input.shape, pad.lead)
  if (!shape) return result(openShape(), input.dtype, null)
  const padded = result(shape, input.dtype, paddedLayout(c, input, shape, pad.lead))
  return { ...padded, values: heldBy(input.dtype, paddedValues(c, input, shape, pad.lead)) }
}

/** Where no dim gets more elements, PyTorch clones what is left instead of filling a new tensor. */
function paddedLayout(c: OpCall, input: Tensor, shape: Shape, pad: readonly Dim[]): Layout {
  const amounts = numbers(pad.map((amount) => c.facts.dims.resolve(amount)))
  if (amounts?.every((n) => n === 0)) return preservedLayout(c, input)
  if (amounts?.some((n) => n > 0) || input.layout === 'contiguous') return suggestedLayout(c, input, shape)
  return null
}

/** The elements with the given value, or 0, around them. */
function paddedValues(c: OpCall, input: Tensor, shape: Shape, pad: readonly Dim[]): readonly Dim[] | null {
  const [read, sizes, around] = [reader(input), sizesOf(input.shape), numbers(pad)]
  const value = c.env.settle(c.value('value'))
  const filling = value.kind === 'none' ? 0 : numberOf(value)
  const fill = exactly(filling)
  if (!read || !sizes || !around || !fill) return null
  return valuesAt(sizesOf(shape), (index) => {
    const at = index.map((i, d) => i - (around[2 * (sizes.length - 1 - d)] ?? 0))
    return at.every((i, d) => i >= 0 && i < (sizes[d] ?? 0)) ? read(at) : fill
  })
}

/** `reflect`, `replicate` and `circular` pad the last 1, 2 or 3 dims of a batch of channels. */
function mirrored(c: OpCall, mode: string): ReturnType<Rule> {
  const [input, pad] = [c.tensor('input'), c.ints('pad')]
  if (pad.gap) return result(openShape(), input.dtype, null)
  const count = pad.lead.length / 2
  const dims = dimsOf(input.shape)
  if (
    !Number.isInteger(count) ||
    (dims && dims.length !== count + 1 && dims.length !== count + 2) ||
    count > 3
  )
    return c.fail(
      'pad-mismatch',
      `${c.name}: ${mode} padding of ${pad.lead.length} numbers needs ${count + 1} or ` +
        `${count + 2} dims, and ${c.show(input.shape)} has ` +
        `${leastRank(input.shape)}`,
    )
  const most = mode === 'reflect' ? 1 : 0
  dims?.slice(-count).forEach((size, i) => {
    const at = 2 * (count - 1 - i)
    for (const amount of [pad.lead[at], pad.lead[at + 1]])
      if (
        mode !== 'replicate' &&
        amount &&
        amount.value !== null &&
        size.value !== null &&
        amount.value > size.value - most
      )
        c.refuse(
          'pad-mismatch',
          `${c.name}: ${mode} padding of ${amount.value} needs a dim of at least ` +
            `${amount.value + most}, and ${c.show(input.shape)} has ${size.value}`,
        )
  })
  const shape = paddedShape(c, input.shape, pad.lead)
  return shape
    ? result(
        shape,
        input.dtype,
        mode === 'circular' && input.layout !== 'contiguous' ? null : suggestedLayout(c, input, shape),
      )
    : result(openShape(), input.dtype, null)
}

const pad: Rule = (c) => {
  const mode = c.str('mode')
  return mode === null || mode === 'constant' ? constantPad(c) : mirrored(c, mode)
}

export const paddingOps: readonly OpEntry[] = [
  ['pad(input: Tensor, pad: ints, mode: str = constant, value: any = None)', 'F', pad],
  ['constant_pad_nd(input: Tensor, pad: ints, value: any = 0)', 'torch', constantPad],
]
