// Subscripts: ints, slices, None, Ellipsis, masks and index tensors, read and written.

import { add, constant, type Dim, fresh, multiply, one, zero } from '../dims/dim'
import { broadcastShapes } from '../tensors/broadcast'
import { dimsOf, leastRank, openShape, type Shape, scalar, shapeOf } from '../tensors/shape'
import { makeTensor, type Tensor } from '../tensors/tensor'
import { none, type SliceValue, type Value } from '../trace/values'
import { needInto } from './elementwise-core'
import { literalTensor } from './literals'
import { type OpCall, type OpEntry, refuseExpanded, result } from './op'
import {
  basicValues,
  pickedLayout,
  pickedValues,
  type Slot,
  type Source,
  trueCount,
  truePlaces,
  writtenValues,
} from './picking'
import { cutBy } from './slices'
import { layoutOf, stridesIn } from './view-size'

/** One part of a subscript. */
type Part =
  | { kind: 'int'; index: Dim }
  | { kind: 'slice'; slice: SliceValue }
  | { kind: 'new' }
  | { kind: 'rest' }
  /** An index tensor; a mask takes as many dims as it has. */
  | { kind: 'tensor'; tensor: Tensor; isMask: boolean }

/** The parts of a subscript, or null where one of them is not known. */
function partsOf(c: OpCall, index: Value): Part[] | null {
  const settled = c.env.settle(index)
  const items = settled.kind === 'tuple' ? settled.items : (partsInList(c, settled) ?? [settled])
  const parts = items.map((item) => partOf(c, c.env.settle(item)))
  return parts.includes(null) ? null : (parts as Part[])
}

/**
 * The items of a list that counts as a tuple, `x[[rows, columns]]`: a short one that holds anything but numbers.
 * From `treatSequenceAsTuple` in torch/csrc/autograd/python_variable_indexing.cpp.
 */
function partsInList(c: OpCall, value: Value): readonly Value[] | null {
  const items = value.kind === 'list' ? value.slots.get('items') : null
  if (!items || 'kind' in items || items.length >= 32) return null
  return items.some((item) => !/^(int|float|bool|unknown)$/.test(c.env.settle(item).kind)) ? items : null
}

function partOf(c: OpCall, value: Value): Part | null {
  switch (value.kind) {
    case 'int':
      return { kind: 'int', index: c.facts.dims.resolve(value.dim) }
    case 'slice':
      return { kind: 'slice', slice: value }
    case 'none':
      return { kind: 'new' }
    case 'ellipsis':
      return { kind: 'rest' }
    case 'bool':
      return {
        kind: 'tensor',
        tensor: { ...makeTensor(scalar, 'bool'), values: truthOf(value.value) },
        isMask: true,
      }
    case 'range':
    case 'list':
    case 'tuple':
    case 'sequence': {
      const tensor = literalTensor(c.env, value)
      // An empty list picks nothing.
      const isEmpty = tensor?.values?.length === 0
      return tensor ? tensorPart(c, isEmpty ? { ...tensor, dtype: 'int64' } : tensor) : null
    }
    case 'object': {
      const tensor = c.env.asTensor(value)
      return tensor ? tensorPart(c, tensor) : null
    }
    case 'tensor':
      return tensorPart(c, value)
    default:
      return null
  }
}

/** The shape after some number of slices that are not told apart: as many dims, of any size but where there was one element. */
function slicedSomehow(c: OpCall, of: Shape, index: Value): Shape {
  const dims = dimsOf(c.facts.resolve(of))
  const element = index.kind === 'sequence' ? c.env.settle(index.element) : index
  const options = element.kind === 'union' ? element.options : [element]
  const areSlices = index.kind === 'sequence' && options.every((o) => o.kind === 'slice')
  return dims && areSlices ? shapeOf(dims.map((d) => (d.value === 1 ? d : fresh()))) : openShape()
}

const truthOf = (value: boolean | null): readonly Dim[] | null =>
  value === null ? null : [value ? one : zero]

function tensorPart(c: OpCall, given: Tensor): Part | null {
  const tensor = { ...given, shape: c.facts.resolve(given.shape) }
  if (tensor.dtype === null) return null
  const isMask = tensor.dtype === 'bool' || tensor.dtype === 'uint8'
  if (!isMask && dimsOf(tensor.shape)?.length === 0)
    return { kind: 'int', index: tensor.values?.[0] ?? fresh(null, -Infinity) }
  if (/float|complex/.test(tensor.dtype))
    c.refuse(
      'index-type',
      `${c.name}: an index tensor must hold integers or bools, and this one holds torch.${tensor.dtype}`,
    )
  return isMask && tensor.shape.gap ? null : { kind: 'tensor', tensor, isMask }
}

const taken = (part: Part): number =>
  part.kind === 'int' || part.kind === 'slice'
    ? 1
    : part.kind !== 'tensor'
      ? 0
      : part.isMask
        ? leastRank(part.tensor.shape)
        : 1

interface Walk {
  readonly slots: Slot[]
  /** For each dim kept, where its elements come from, as long as all is known. */
  readonly sources: (Source | null)[]
  /** True if index tensors alone pick. */
  readonly isWhole: boolean
}
/** Applies parts to consecutive dims. */
function walk(
  c: OpCall,
  input: Tensor,
  parts: readonly Part[],
  dims: readonly Dim[],
  strides: readonly Dim[] | null,
  first: number,
): Walk {
  const slots: Slot[] = []
  const sources: (Source | null)[] = []
  let next = 0
  for (const part of parts) {
    const [size, stride] = [dims[next] ?? one, strides ? (strides[next] ?? one) : null]
    if (part.kind === 'int') {
      checkRange(c, input, part.index, size, first + next)
      const at = part.index.value
      sources.push({
        slot: null,
        start: at !== null && at < 0 ? add(part.index, size) : part.index,
        step: one,
      })
      next++
    } else if (part.kind === 'slice') {
      const cut = cutBy(c, part.slice, size)
      sources.push(cut.start && cut.step ? { slot: slots.length, start: cut.start, step: cut.step } : null)
      slots.push({ size: cut.size, stride: stride && cut.step ? multiply(stride, cut.step) : null, by: null })
      next++
    } else if (part.kind === 'new') {
      slots.push({
        size: one,
        stride: strides ? (next < dims.length ? multiply(size, strides[next] ?? one) : one) : null,
        by: null,
      })
    } else if (part.kind === 'tensor') {
      for (const slot of indexed(c, input, part, dims, strides, next, first)) slots.push(slot)
      sources.push(null)
      next += taken(part)
    }
  }
  for (; next < dims.length; next++) {
    sources.push({ slot: slots.length, start: zero, step: one })
    slots.push({ size: dims[next] ?? one, stride: strides?.[next] ?? null, by: null })
  }
  return { slots, sources, isWhole: parts.every((p) => p.kind === 'tensor' || isWholeDim(p)) }
}

/** The slots of an index tensor: one; of a mask: one a dim of it, picked where it is true. */
function indexed(
  c: OpCall,
  input: Tensor,
  part: Part & { kind: 'tensor' },
  dims: readonly Dim[],
  strides: readonly Dim[] | null,
  next: number,
  first: number,
): Slot[] {
  const { tensor, isMask } = part
  const slot = (i: number, by: Tensor, dim = 0): Slot => ({
    size: dims[i] ?? one,
    stride: strides?.[i] ?? null,
    by,
    dim,
  })
  if (!isMask) return [slot(next, tensor, first + next)]
  const sizes = dimsOf(tensor.shape) ?? []
  const places = makeTensor(shapeOf([trueCount(tensor) ?? fresh()]), 'int64')
  const known = truePlaces(tensor)
  if (sizes.length === 0) return [{ size: one, stride: strides ? one : null, by: places }]
  sizes.forEach((size, i) => {
    const own = dims[next + i]
    if (own && !c.unify(size, own))
      c.refuse(
        'mask-mismatch',
        `${c.name}: the mask ${c.show(tensor.shape)} does not fit ${c.show(input.shape)}: in ` +
          `dim ${first + next + i} the sizes are ` +
          `${c.showDim(size)} and ${c.showDim(own)}`,
      )
  })
  return sizes.map((_, i) => slot(next + i, { ...places, values: known?.[i] ?? null }))
}

function checkRange(c: OpCall, input: Tensor, index: Dim, size: Dim, dim: number): void {
  const [at, n] = [index.value, size.value]
  if (at !== null && n !== null && (at >= n || at < -n))
    c.refuse(
      'index-out-of-range',
      `${c.name}: index ${at} is out of range for dim ${dim} of ${c.show(input.shape)}, which ` +
        `has ${n} elements`,
    )
}

/** `x[index]`: a view where only ints, slices, None and Ellipsis are used, else a copy. */
export function indexTensor(c: OpCall, given: Tensor, index: Value): Tensor {
  const parts = partsOf(c, index)
  if (!parts) return result(slicedSomehow(c, given.shape, c.env.settle(index)), given.dtype, null)
  const at = parts.findIndex((p) => p.kind === 'rest')
  const front = at < 0 ? parts : parts.slice(0, at)
  const back = at < 0 ? [] : parts.slice(at + 1).filter((p) => p.kind !== 'rest')
  const [inFront, inBack] = [front, back].map((side) => side.reduce((sum, p) => sum + taken(p), 0))
  const needed = (inFront ?? 0) + (inBack ?? 0)
  if (inFront) c.facts.requireLead(given.shape, inFront)
  if (inBack) c.facts.requireTrail(given.shape, inBack)
  const input = { ...given, shape: c.facts.resolve(given.shape) }
  const { shape } = input
  if (!shape.gap && needed > shape.lead.length)
    c.refuse(
      'too-many-indices',
      `${c.name}: ${needed} indices for ${c.show(shape)}, which has ${shape.lead.length} dims`,
    )
  const strides = stridesIn(c, input)
  const dims = dimsOf(shape)
  if (dims) {
    const middle: Part[] = Array.from({ length: dims.length - needed }, () => ({
      kind: 'slice',
      slice: whole,
    }))
    return finish(c, input, walk(c, input, [...front, ...middle, ...back], dims, strides, 0))
  }
  if (shape.lead.length < (inFront ?? 0) || shape.trail.length < (inBack ?? 0))
    return result(openShape(), given.dtype, null)
  const lead = walk(c, input, front, shape.lead, null, 0)
  const kept = shape.trail.length - (inBack ?? 0)
  const trail = walk(c, input, back, shape.trail.slice(kept), null, kept - shape.trail.length)
  const untouched = shape.trail.slice(0, kept).map((size): Slot => ({ size, stride: null, by: null }))
  return finishOpen(c, input, lead.slots, [...untouched, ...trail.slots], shape.gap)
}

const isWholeDim = (part: Part): boolean =>
  part.kind === 'slice' &&
  [part.slice.lower, part.slice.upper, part.slice.step].every((v) => v.kind === 'none')
const whole: SliceValue = { kind: 'slice', lower: none, upper: none, step: none }

function finish(c: OpCall, input: Tensor, { slots, sources, isWhole }: Walk): Tensor {
  const picked = slots.filter((s) => s.by)
  const dims = slots.map((s) => s.size)
  if (picked.length === 0) {
    const strides = slots.map((s) => s.stride)
    const layout = strides.includes(null) ? null : layoutOf(dims, strides as Dim[])
    return { ...result(shapeOf(dims), input.dtype, layout), values: basicValues(input, dims, sources) }
  }
  const by = broadcastIndices(c, picked)
  // Where the rank of an index is not known, how they broadcast is a guess.
  const assumed = picked.length > 1 && picked.some((s) => s.by?.shape.gap) ? 'rank' : false
  const [from, to] = [slots.findIndex((s) => s.by), slots.findLastIndex((s) => s.by)]
  const isRun = slots.slice(from, to + 1).every((s) => s.by)
  const free = slots.filter((s) => !s.by)
  const place = isRun ? from : 0
  checkPicked(c, input, slots)
  const shape: Shape = by.gap
    ? {
        lead: [...free.slice(0, place).map((s) => s.size), ...by.lead],
        gap: by.gap,
        trail: [...by.trail, ...free.slice(place).map((s) => s.size)],
      }
    : shapeOf([
        ...free.slice(0, place).map((s) => s.size),
        ...by.lead,
        ...free.slice(place).map((s) => s.size),
      ])
  return {
    ...result(shape, input.dtype, pickedLayout(c, input, shape, picked, free, place)),
    values: isWhole ? pickedValues(input, shape, slots, place) : null,
    assumed,
  }
}

/** Refuses index tensors that reach out of their dims, unless nothing is picked in the end. */
function checkPicked(c: OpCall, input: Tensor, slots: readonly Slot[]): void {
  if (slots.some((s) => !s.by && s.size.value === 0)) return
  for (const { by, size, dim } of slots)
    for (const value of by?.values ?? []) checkRange(c, input, value, size, dim ?? 0)
}

/** The common shape of the index tensors. */
function broadcastIndices(c: OpCall, picked: readonly Slot[]): Shape {
  let shape: Shape = scalar
  for (const { by } of picked) {
    const own = by?.shape ?? scalar
    const joined = broadcastShapes(shape, own, c.facts)
    if (joined.kind === 'clash')
      c.refuse(
        'index-mismatch',
        `${c.name}: the index tensors ${c.show(shape)} and ${c.show(own)} do not broadcast: ` +
          `in dim ${joined.index} the sizes are ${c.showDim(joined.left)} and ${c.showDim(joined.right)}`,
      )
    shape = joined.shape
  }
  return shape
}

function finishOpen(
  c: OpCall,
  input: Tensor,
  lead: readonly Slot[],
  trail: readonly Slot[],
  gap: Shape['gap'],
): Tensor {
  const [inLead, inTrail] = [lead.some((s) => s.by), trail.some((s) => s.by)]
  const sizes = (slots: readonly Slot[]): Dim[] => slots.map((s) => s.size)
  if (!inLead && !inTrail) return result({ lead: sizes(lead), gap, trail: sizes(trail) }, input.dtype, null)
  checkPicked(c, input, [...lead, ...trail])
  const slots = inLead ? lead : trail
  const by = broadcastIndices(
    c,
    [...lead, ...trail].filter((s) => s.by),
  )
  const [from, to] = [slots.findIndex((s) => s.by), slots.findLastIndex((s) => s.by)]
  const isGuess = slots.filter((s) => s.by).length > 1 && slots.some((s) => s.by?.shape.gap)
  if ((inLead && inTrail) || !slots.slice(from, to + 1).every((s) => s.by) || by.gap || isGuess)
    return result(openShape(), input.dtype, null)
  const changed = [...sizes(slots.slice(0, from)), ...by.lead, ...sizes(slots.slice(to + 1))]
  return result(
    inLead ? { lead: changed, gap, trail: sizes(trail) } : { lead: sizes(lead), gap, trail: changed },
    input.dtype,
    null,
  )
}

/** `x[index] = value`, as the tensor that x becomes. */
function assign(c: OpCall): Value {
  const [input, value] = [c.tensor('input'), c.tensor('value')]
  const target = indexTensor(c, input, c.value('index'))
  if (!target.assumed) needInto(c, 'index-assign-mismatch', target.shape, value.shape, true)
  // a write through index tensors is only deprecated
  const isView = partsOf(c, c.value('index'))?.every((part) => part.kind !== 'tensor')
  if (isView) refuseExpanded(c, target)
  return { ...input, values: input.values && writtenValues(input, positionsIn(c, input), value) }
}

/** The positions of a tensor's elements that an index picks. */
const positionsIn = (c: OpCall, input: Tensor): Tensor =>
  indexTensor(
    c,
    { ...input, dtype: 'int64', values: input.values?.map((_, i) => constant(i)) ?? null },
    c.value('index'),
  )

export const indexingOps: readonly OpEntry[] = [
  [
    '__getitem__(input: Tensor, index: any)',
    'method',
    (c) => indexTensor(c, c.tensor('input'), c.value('index')),
  ],
  ['__setitem__(input: Tensor, index: any, value: operand)', 'method', assign],
]
