// einops: pack, unpack, parse_shape.

import { add, constant, type Dim, fresh, one, product, subtract, zero } from '../dims/dim'
import { dimsOf, leastRank, type Shape, shapeOf } from '../tensors/shape'
import { dict, int, list, sizeValue, str, tuple, type Value } from '../trace/values'
import { badAxisName, code, dots, numberOfAxis, parseSide, syntax } from './einops-pattern'
import { reshapedView, textOf } from './einops-views'
import { splitEnds } from './nn-core'
import { type OpCall, type Rule, result } from './op'
import { layoutOf, stridesIn, wholeQuotient } from './view-size'

/** The axes before and after the `*` of a pack or unpack. */
function starPattern(c: OpCall): { text: string; front: number; back: number } {
  const text = textOf(c)
  const axes = text.split(/\s+/).filter((a) => a !== '')
  const wrong = (why: string): never => c.refuse(syntax, `${c.name} '${text}': ${why}`)
  if (new Set(axes).size !== axes.length) wrong('an axis stands there twice')
  const at = axes.indexOf('*')
  if (at < 0) wrong('there is no axis «*»')
  for (const axis of axes) {
    const bad = axis === '*' ? null : badAxisName(axis)
    if (bad) wrong(bad)
  }
  return { text, front: at, back: axes.length - at - 1 }
}

export const pack: Rule = (c) => {
  const { text, front, back } = starPattern(c)
  const tensors = c.tensors('tensors')
  if (tensors.length === 0) return c.refuse(code, `${c.name}: there are no tensors to pack`)
  const shapes: Value[] = []
  let [total, ends]: [Dim, Dim[] | null] = [zero, null]
  for (const [i, t] of tensors.entries()) {
    const parts = splitEnds(c, t.shape, front, back)
    if (parts === 'too-few')
      return c.refuse(
        code,
        `${c.name} '${text}': tensor ${i} is ${c.show(t.shape)}, and at least ${front + back} dims are ` +
          'needed',
      )
    if (!parts) return c.stop()
    const own = [...parts.first, ...parts.last]
    for (const [n, d] of own.entries())
      if (ends?.[n] && !c.unify(ends[n], d))
        return c.refuse(
          code,
          `${c.name} '${text}': tensor ${i} is ${c.show(t.shape)}, and one of its shared dims is ` +
            `${c.showDim(d)} where the others have ${c.showDim(ends[n])}`,
        )
    ends ??= own
    const middle = dimsOf(parts.middle)
    total = add(total, middle ? product(middle) : fresh())
    shapes.push(sizeValue(parts.middle))
  }
  const shared = (ends ?? []).map((d) => c.facts.dims.resolve(d))
  const dtype = tensors.every((t) => t.dtype === tensors[0]?.dtype) ? (tensors[0]?.dtype ?? null) : null
  const shape = shapeOf([...shared.slice(0, front), c.facts.dims.resolve(total), ...shared.slice(front)])
  return tuple([
    result(shape, dtype, tensors.every((t) => t.layout === 'contiguous') ? 'contiguous' : null),
    list(shapes),
  ])
}

export const unpack: Rule = (c) => {
  const { text, front, back } = starPattern(c)
  const input = c.tensor('tensor')
  const dims = c.facts.requireRank(input.shape, front + back + 1)
  if (!dims)
    return c.refuse(
      code,
      `${c.name} '${text}': the tensor must have ${front + back + 1} dims, and it is ${c.show(input.shape)}`,
    )
  const items = c.env.itemsOf(c.value('packed_shapes'))
  if (!items) return c.stop()
  const shapes = items.map((item) => c.env.asSize(c.env.settle(item)) ?? c.stop())
  const packed = dims[front] ?? one
  const isOpen = (s: Shape): boolean => s.gap !== null || s.lead.some((d) => d.value === -1)
  const open = shapes.filter((s) => !s.gap && s.lead.some((d) => d.value === -1))
  if (open.length > 1) return c.refuse(code, `${c.name} '${text}': only one of the shapes may have a -1`)
  const rest = subtract(
    packed,
    shapes.filter((s) => !isOpen(s)).reduce<Dim>((sum, s) => add(sum, product(s.lead)), zero),
  )
  if (!shapes.some(isOpen) && !c.unify(packed, subtract(packed, rest)))
    return c.refuse(
      code,
      `${c.name} '${text}': dim ${front} of ${c.show(input.shape)} is ${c.showDim(packed)}, and the ` +
        `shapes hold ${c.showDim(subtract(packed, rest))} together`,
    )
  const misfit = (): never =>
    c.refuse(
      code,
      `${c.name} '${text}': dim ${front} of ${c.show(input.shape)} is ${c.showDim(packed)}, which ` +
        `cannot be cut into the shapes ${shapes.map((s) => c.show(s)).join(', ')}`,
    )
  if (shapes.some((s) => s.lead.some((d) => d.value !== null && d.value < -1))) misfit()
  const remaining = (count: Dim, s: Shape): Dim =>
    wholeQuotient(c, count, product(s.lead.filter((x) => x.value !== -1))) ?? misfit()
  const strides = stridesIn(c, { ...input, shape: shapeOf(dims) })
  const made = shapes.map((s) => {
    const own = s.lead.map((d) => (d.value === -1 ? remaining(rest, s) : d))
    if (s.gap)
      return result(
        {
          lead: [...dims.slice(0, front), ...own],
          gap: s.gap,
          trail: [...s.trail, ...dims.slice(front + 1)],
        },
        input.dtype,
        null,
      )
    const target = [...dims.slice(0, front), ...own, ...dims.slice(front + 1)]
    const cut = dims.map((d, i) => (i === front ? product(own) : d))
    return result(
      shapeOf(target),
      input.dtype,
      layoutOf(target, reshapedView(c, { dims: cut, strides }, target).strides),
    )
  })
  return list(made)
}

export const parseShape: Rule = (c) => {
  const input = c.tensor('x')
  const text = textOf(c)
  const side = parseSide(text, { allowsUnderscore: true })
  if (typeof side === 'string') return c.refuse(syntax, `${c.name} '${text}': ${side}`)
  if (side.groups.some((g) => g.length > 1))
    return c.refuse(syntax, `${c.name} '${text}': axes in brackets are not possible`)
  const at = side.groups.findIndex((g) => g[0] === dots)
  const count = side.groups.length
  const parts = splitEnds(c, input.shape, at < 0 ? count : at, at < 0 ? 0 : count - 1 - at)
  const rank = at < 0 ? c.facts.requireRank(input.shape, count) : null
  if (parts === 'too-few' || (at < 0 && !rank))
    return c.refuse(
      code,
      `${c.name} '${text}': the pattern does not fit ${c.show(input.shape)}, which has ` +
        `${leastRank(c.facts.resolve(input.shape))} dims`,
    )
  if (!parts) return c.stop()
  const ends = [...(rank ?? parts.first), ...(rank ? [] : parts.last)]
  const found = side.groups
    .filter((g) => g[0] !== dots)
    .flatMap(([axis], i): [string, { key: Value; value: Value }][] => {
      const size = ends[i] ?? one
      const number = axis === undefined ? 1 : numberOfAxis(axis)
      if (number !== null) {
        if (!c.unify(size, constant(number)))
          c.refuse(
            code,
            `${c.name} '${text}': dim ${i} of ${c.show(input.shape)} is ${c.showDim(size)}, and it ` +
              `must be ${number}`,
          )
        return []
      }
      return axis === undefined || axis === '_' ? [] : [[`s:${axis}`, { key: str(axis), value: int(size) }]]
    })
  return dict(found)
}
