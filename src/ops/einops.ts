// einops: rearrange, reduce, repeat and einsum.

import { constant, type Dim, fresh, one, product, zero } from '../dims/dim'
import { dimsOf, openShape, type Shape, shapeOf } from '../tensors/shape'
import type { Tensor } from '../tensors/tensor'
import type { Value } from '../trace/values'
import { reducedDType } from './einops-dtype'
import { pack, parseShape, unpack } from './einops-pack'
import {
  badAxisName,
  code,
  dots,
  numberOfAxis,
  parseSide,
  type Side,
  showAxis,
  showGroup,
  syntax,
} from './einops-pattern'
import { reshapedView, textOf, type View } from './einops-views'
import { contract, type Subscripts } from './einsum'
import { splitEnds } from './nn-core'
import { type OpCall, type OpEntry, type Rule, result } from './op'
import { layoutOf, stridesIn, wholeQuotient } from './view-size'

type Operation = 'rearrange' | 'repeat' | 'reduce'

/** The input; a list of tensors counts as one with a dim in front. */
function inputOf(c: OpCall): Tensor {
  const given = c.value('tensor')
  const items = given.kind === 'list' ? c.env.itemsOf(given) : null
  if (given.kind === 'list' && !items) return c.stop()
  if (!items) {
    const tensor = c.env.asTensor(given)
    return tensor ? { ...tensor, shape: c.facts.resolve(tensor.shape) } : c.stop()
  }
  const tensors = items.flatMap((v) => c.env.asTensor(c.env.settle(v)) ?? [])
  const [first] = tensors
  if (!first) return items.length === 0 ? c.refuse(code, `${c.name}: the list of tensors is empty`) : c.stop()
  if (tensors.length < items.length) return c.stop()
  for (const t of tensors)
    if (!c.alike(first.shape, t.shape))
      c.refuse(
        code,
        `${c.name}: the tensors of the list must have one shape, and there are ${c.show(first.shape)} ` +
          `and ${c.show(t.shape)}`,
      )
  const shape = c.facts.resolve(first.shape)
  const dtype = tensors.every((t) => t.dtype === first.dtype) ? first.dtype : null
  return result(
    { ...shape, lead: [constant(tensors.length), ...shape.lead] },
    dtype,
    tensors.every((t) => t.layout === 'contiguous') ? 'contiguous' : null,
  )
}

/** Both sides of a pattern, checked as einops does. */
function sidesOf(
  c: OpCall,
  text: string,
  operation: Operation | null,
  given: ReadonlySet<string>,
): [Side, Side] {
  const wrong = (why: string): never => c.refuse(syntax, `${c.name} '${text}': ${why}`)
  const halves = text.split('->')
  if (halves.length !== 2) wrong('a pattern has one arrow «->»')
  const [left, right] = halves.map((half) => parseSide(half))
  if (typeof left === 'string') return wrong(left)
  if (typeof right === 'string') return wrong(right)
  if (!left || !right) return c.stop()
  if (left.ellipsis === 'none' && right.ellipsis !== 'none') wrong('there is an ellipsis on the right only')
  if (left.ellipsis === 'grouped') wrong('an ellipsis on the left must not stand in brackets')
  const [onlyLeft, onlyRight] = [
    [...left.axes].filter((a) => !right.axes.has(a)),
    [...right.axes].filter((a) => !left.axes.has(a)),
  ]
  const names = (axes: readonly string[]): string => axes.map((a) => `«${showAxis(a)}»`).join(', ')
  if (operation === 'rearrange') {
    if (left.hasNumbers || right.hasNumbers) wrong('only the number 1 may stand in a rearrange')
    if (onlyLeft.length > 0) wrong(`${names(onlyLeft)} is on the left only; use reduce to drop an axis`)
    if (onlyRight.length > 0) wrong(`${names(onlyRight)} is on the right only; use repeat to add an axis`)
  } else if (operation === 'repeat') {
    if (onlyLeft.length > 0) wrong(`${names(onlyLeft)} is on the left only`)
    const missing = onlyRight.filter((a) => numberOfAxis(a) === null && !given.has(a))
    if (missing.length > 0) wrong(`the new axis ${names(missing)} needs a size, such as ${missing[0]}=2`)
  } else if (onlyRight.length > 0) {
    if (operation === null) return c.stop()
    wrong(`${names(onlyRight)} is on the right only`)
  }
  return [left, right]
}

/** The groups of a side with the ellipsis replaced by an axis for each dim it covers. */
function spreadDots(side: Side, count: number): string[][] {
  const covered = Array.from({ length: count }, (_, i) => `${dots}${i}`)
  return side.groups.flatMap((g) =>
    g[0] === dots && side.ellipsis === 'plain'
      ? covered.map((a) => [a])
      : [g.flatMap((a) => (a === dots ? covered : [a]))],
  )
}

/** Finds the size of each axis of one group from the dim's size. */
function solveGroup(
  c: OpCall,
  text: string,
  group: readonly string[],
  dim: Dim,
  sizes: Map<string, Dim>,
  whole: Shape,
): void {
  const unknown = group.filter((a) => !sizes.has(a))
  const [first, ...more] = unknown
  const say = (why: string): never => c.refuse(code, `${c.name} '${text}': ${why}`)
  if (first && more.length > 0)
    say(
      `the sizes of ${unknown.map((a) => `«${a}»`).join(' and ')} in ${showGroup(group)} cannot both ` +
        `be found; give one, such as ${first}=8`,
    )
  const known = product(group.flatMap((a) => sizes.get(a) ?? []))
  const factors = group
    .filter((a) => sizes.has(a))
    .map((a) => (numberOfAxis(a) === null ? `${a} = ${c.showDim(sizes.get(a) ?? one)}` : showAxis(a)))
  if (!first) {
    if (c.unify(dim, known)) return
    const wanted =
      group.length === 0
        ? '1'
        : group.length === 1
          ? factors.join('')
          : `${c.showDim(known)} (${factors.join(', ')})`
    say(
      `${group.length === 0 ? 'a dim written «1»' : showGroup(group)} is ${c.showDim(dim)} in ` +
        `${c.show(whole)}, and it must be ${wanted}`,
    )
  } else if (group.length === 1) sizes.set(first, dim)
  else {
    const quotient = known.value === 0 ? null : wholeQuotient(c, dim, known)
    if (quotient) sizes.set(first, c.facts.dims.resolve(quotient))
    else
      say(
        `${showGroup(group)} is ${c.showDim(dim)} in ${c.show(whole)}, which does not divide by ` +
          `${factors.join(' · ')}`,
      )
  }
}

function keywordSizes(c: OpCall, text: string, left: Side, right: Side): Map<string, Dim> {
  const sizes = new Map<string, Dim>()
  for (const axis of [...left.axes, ...right.axes]) {
    const number = numberOfAxis(axis)
    if (number !== null) sizes.set(axis, constant(number))
  }
  for (const [name, value] of c.keywords('axes')) {
    const bad = badAxisName(name)
    if (bad) c.refuse(syntax, `${c.name} '${text}': ${bad}`)
    if (!left.axes.has(name) && !right.axes.has(name))
      c.refuse(code, `${c.name} '${text}': a size is given for «${name}», which the pattern does not have`)
    sizes.set(name, c.facts.dims.resolve(c.env.asInt(value) ?? fresh()))
  }
  return sizes
}

/** What is done to a tensor: a reduction may also be the text `repeat` or `rearrange`; null if not known. */
function reduction(c: OpCall): Operation | null {
  const given = c.value('reduction')
  if (given.kind === 'unknown' || (given.kind === 'str' && given.value === null)) return null
  const text = given.kind === 'str' ? given.value : null
  return text === 'repeat' || text === 'rearrange' ? text : 'reduce'
}

/** rearrange, repeat and reduce are one transformation. */
function transform(c: OpCall, operation: Operation | null): Value {
  const input = inputOf(c)
  const text = textOf(c)
  const [left, right] = sidesOf(c, text, operation, new Set(c.keywords('axes').keys()))
  for (const axis of right.axes)
    if (numberOfAxis(axis) !== null && left.axes.has(axis) && operation === 'repeat') return c.stop()
  const sizes = keywordSizes(c, text, left, right)
  const at = left.groups.findIndex((g) => g[0] === dots)
  const count = left.groups.length
  if (at < 0) c.facts.requireRank(input.shape, count)
  const [front, back] = at < 0 ? [count, 0] : [at, count - 1 - at]
  const parts = splitEnds(c, input.shape, front, back)
  const known = c.facts.resolve(input.shape)
  if (parts === 'too-few' || (at < 0 && !known.gap && known.lead.length !== count)) {
    const needed = at < 0 ? count : count - 1
    return c.refuse(
      code,
      `${c.name} '${text}': the left side names ${at < 0 ? '' : 'at least '}${needed} ` +
        `${needed === 1 ? 'dim' : 'dims'}, and the tensor is ${c.show(known)}`,
    )
  }
  const dtype =
    operation === 'reduce' || operation === null
      ? reducedDType(
          c,
          input.dtype,
          [...left.axes].some((a) => !right.axes.has(a)),
        )
      : input.dtype
  if (!parts) return result(openShape(), dtype, null)
  const ends = [...parts.first, ...parts.last]
  for (const [i, group] of left.groups.filter((g) => g[0] !== dots).entries())
    solveGroup(c, text, group, ends[i] ?? one, sizes, known)
  c.env.suggestNames([...sizes].filter(([axis]) => /^[a-z]/i.test(axis)))
  const middle = dimsOf(parts.middle)
  return middle
    ? closedResult(c, input, left, right, sizes, middle, dtype)
    : openResult(c, left, right, sizes, parts.middle, dtype)
}

/** The result where the rank is known, with the strides that the views leave. */
function closedResult(
  c: OpCall,
  input: Tensor,
  left: Side,
  right: Side,
  sizes: Map<string, Dim>,
  middle: readonly Dim[],
  dtype: Tensor['dtype'],
): Value {
  for (const [i, dim] of middle.entries()) sizes.set(`${dots}${i}`, dim)
  const [before, after] = [spreadDots(left, middle.length), spreadDots(right, middle.length)]
  const sizeOf = (axis: string): Dim => c.facts.dims.resolve(sizes.get(axis) ?? fresh())
  const known = { ...input, shape: c.facts.resolve(input.shape) }
  const dims = dimsOf(known.shape) ?? []
  const axes = before.flat()
  const kept = after.flat()
  const out = after.map((group) => c.facts.dims.resolve(product(group.map(sizeOf))))
  let view: View = { dims, strides: stridesIn(c, known) }
  if (axes.some((a) => !kept.includes(a))) return result(shapeOf(out), dtype, null)
  if (before.some((g) => g.length !== 1)) view = reshapedView(c, view, axes.map(sizeOf))
  const { strides } = view
  const order = kept.map((a) => axes.indexOf(a))
  view = {
    dims: kept.map(sizeOf),
    strides: strides && order.map((i) => (i < 0 ? zero : (strides[i] ?? one))),
  }
  if (after.some((g) => g.length !== 1)) view = reshapedView(c, view, out)
  const layout =
    input.layout === 'contiguous' &&
    out.length === dims.length &&
    out.every((d, i) => d.key === dims[i]?.key) &&
    order.every((n, i) => n === i)
  return result(shapeOf(out), dtype, layout ? 'contiguous' : layoutOf(out, view.strides))
}

/** The result where an ellipsis covers dims of unknown number. */
function openResult(
  c: OpCall,
  left: Side,
  right: Side,
  sizes: Map<string, Dim>,
  middle: Shape,
  dtype: Tensor['dtype'],
): Value {
  const groups = right.groups.map((g) =>
    g.includes(dots) ? null : c.facts.dims.resolve(product(g.map((a) => sizes.get(a) ?? fresh()))),
  )
  const at = groups.indexOf(null)
  const plain = (dims: readonly (Dim | null)[]): Dim[] => dims.map((d) => d ?? fresh())
  if (at < 0 || right.ellipsis === 'grouped') return result(shapeOf(plain(groups)), dtype, null)
  const shape = {
    lead: [...plain(groups.slice(0, at)), ...middle.lead],
    gap: middle.gap,
    trail: [...middle.trail, ...plain(groups.slice(at + 1))],
  }
  return result(shape, dtype, left.groups.length === 0 ? 'contiguous' : null)
}

const einsum: Rule = (c) => {
  const given = c.rest('tensors')
  const last = given[given.length - 1]
  if (last?.kind !== 'str' || last.value === null) return c.stop()
  const text = last.value
  const operands = given
    .slice(0, -1)
    .map((v) => c.env.asTensor(v) ?? c.stop())
    .map((t) => ({ ...t, shape: c.facts.resolve(t.shape) }))
  const halves = text.split('->')
  const wrong = (why: string): never => c.refuse(syntax, `${c.name} '${text}': ${why}`)
  if (halves.length !== 2) return wrong('a pattern has one arrow «->»')
  const subscripts = (half: string, isInput: boolean): Subscripts => {
    const side = parseSide(half, { allowsUnderscore: true, allowsDuplicates: isInput })
    if (typeof side === 'string') return wrong(side)
    if (side.hasNumbers || side.groups.some((g) => g.length !== 1))
      return wrong('brackets and numbers are not possible in einsum')
    const axes = side.groups.flat()
    const at = axes.indexOf(dots)
    return at < 0 ? { front: axes, back: null } : { front: axes.slice(0, at), back: axes.slice(at + 1) }
  }
  const inputs = (halves[0] ?? '').split(',').map((half) => subscripts(half, true))
  if (inputs.length !== operands.length)
    return wrong(`it names ${inputs.length} tensors, and ${operands.length} are given`)
  return contract(c, { inputs, output: subscripts(halves[1] ?? '', false) }, operands, text)
}

export const einopsOps: readonly OpEntry[] = [
  ['rearrange(tensor: any, pattern: any, **axes: any)', 'einops', (c) => transform(c, 'rearrange')],
  ['repeat(tensor: any, pattern: any, **axes: any)', 'einops', (c) => transform(c, 'repeat')],
  [
    'reduce(tensor: any, pattern: any, reduction: any, **axes: any)',
    'einops',
    (c) => transform(c, reduction(c)),
  ],
  ['einsum(*tensors: any)', 'einops', einsum],
  ['pack(tensors: Tensors, pattern: any)', 'einops', pack],
  ['unpack(tensor: Tensor, packed_shapes: any, pattern: any)', 'einops', unpack],
  ['parse_shape(x: Tensor, pattern: any)', 'einops', parseShape],
]
