// When two values are the same, and when they are equally unknown.

import type { Dim } from '../dims/dim'
import { freeNamesOf } from '../syntax/turns'
import { type Shape, type ShapeFacts, shapeKey } from '../tensors/shape'
import type { Layout } from '../tensors/tensor'
import { Unknown, type Value } from '../trace/values'
import { enclosingValue, FunctionObject, InstanceObject } from './objects'
import { madeAlike } from './traits'

/** True if two values are surely the same, shapes and numbers included. */
export const sameValue = (a: Value, b: Value, facts: ShapeFacts): boolean => compare(a, b, facts, null, 0)

/** True if a value is no more general than another; `widened` holds the dims that stand for any size. */
export const isWithin = (
  a: Value,
  general: Value,
  facts: ShapeFacts,
  widened: ReadonlySet<string>,
): boolean => compare(a, general, facts, widened, 0)

/** How deep values are looked into. */
export const depthLimit = 8

/** True for two instances that the same call made. */
export const areTwins = (a: Value, b: Value): boolean =>
  a instanceof InstanceObject &&
  b instanceof InstanceObject &&
  a.cls === b.cls &&
  a.site !== null &&
  a.site === b.site

/** True for two values that are not known for one reason. */
export const areUnknownAlike = (a: Value, b: Value): boolean =>
  a instanceof Unknown &&
  b instanceof Unknown &&
  a.name === b.name &&
  a.reason === b.reason &&
  !a.deferred &&
  !b.deferred

/** The layout of a tensor that is one of two. */
export function joinLayout(a: Layout, b: Layout): Layout {
  if (a === b) return a
  if (!a || !b || a === 'contiguous' || b === 'contiguous') return null
  return a.length === b.length && a.every((s, i) => s.key === b[i]?.key) ? a : null
}

/** True if a shape has the dims that another one knows at the front and at the end, and no others unless that one may. */
function isShapeWithin(
  a: Shape,
  general: Shape,
  sameDim: (x: Dim | null, y: Dim | null) => boolean,
  widened: ReadonlySet<string>,
): boolean {
  const { lead, gap, trail } = general
  if (gap === null ? a.gap !== null : a.gap?.key !== gap.key && !widened.has(gap.key)) return false
  if (
    gap === null
      ? a.lead.length !== lead.length
      : a.lead.length < lead.length || a.trail.length < trail.length
  )
    return false
  return (
    lead.every((d, i) => sameDim(a.lead[i] ?? null, d)) &&
    trail.every((d, i) => sameDim(a.trail[a.trail.length - trail.length + i] ?? null, d))
  )
}

/** Whether two values are the same; with `widened`, whether the first is no more general than the second. */
function compare(
  a: Value,
  b: Value,
  facts: ShapeFacts,
  widened: ReadonlySet<string> | null,
  depth: number,
): boolean {
  const same = (x: Value, y: Value): boolean => compare(x, y, facts, widened, depth + 1)
  const sameDim = (x: Dim | null, y: Dim | null): boolean =>
    x?.key === y?.key || (widened !== null && (y === null || widened.has(y.key)))
  const sameShape = (x: Shape, y: Shape): boolean => {
    const [own, other] = [facts.resolve(x), facts.resolve(y)]
    return shapeKey(own) === shapeKey(other) || (widened !== null && isShapeWithin(own, y, sameDim, widened))
  }
  if (a === b) return true
  if (depth > depthLimit) return false
  if (widened && b.kind === 'union')
    return (a.kind === 'union' ? a.options : [a]).every((o) => b.options.some((p) => same(o, p)))
  if (a.kind !== b.kind) return false
  if (a instanceof InstanceObject && b instanceof InstanceObject && areTwins(a, b)) {
    if (a.payload && !(b.payload && same(a.payload, b.payload))) return false
    return [...a.attributes].every(([name, value]) => {
      const other = b.attributes.get(name)
      return other !== undefined && same(value, other)
    })
  }
  if (a instanceof FunctionObject && b instanceof FunctionObject) {
    if (a.definition !== b.definition) return false
    const alike = (x: Value | undefined, y: Value | undefined): boolean =>
      x === y || (x !== undefined && y !== undefined && (same(x, y) || areUnknownAlike(x, y)))
    return (
      [...freeNamesOf(a.definition)].every((name) =>
        alike(enclosingValue(a.scope, name), enclosingValue(b.scope, name)),
      ) && [...a.defaults].every(([name, value]) => alike(value, b.defaults.get(name)))
    )
  }
  switch (a.kind) {
    case 'none':
    case 'ellipsis':
    case 'complex':
      return true
    case 'bool':
    case 'float':
    case 'str':
      return b.kind === a.kind && a.value === b.value && (widened !== null || a.value !== null)
    case 'unknown':
      return widened !== null
    case 'int':
      return (
        b.kind === 'int' &&
        (sameDim(a.dim, b.dim) || sameDim(facts.dims.resolve(a.dim), facts.dims.resolve(b.dim)))
      )
    case 'device':
      return b.kind === 'device' && a.type === b.type
    case 'dtype':
      return b.kind === 'dtype' && a.dtype === b.dtype
    case 'tensor': {
      if (b.kind !== 'tensor' || !(a.dtype === b.dtype || (widened && b.dtype === null))) return false
      if ((a.assumed !== b.assumed && !widened) || !madeAlike(a, b)) return false
      if (!sameShape(a.shape, b.shape)) return false
      if (a.values !== b.values && a.values?.map((d) => d.key).join() !== b.values?.map((d) => d.key).join())
        return false
      if (widened && b.layout === null) return true
      return a.layout === b.layout || (joinLayout(a.layout, b.layout) === a.layout && a.layout !== null)
    }
    case 'tuple':
      return (
        b.kind === 'tuple' &&
        a.items.length === b.items.length &&
        a.items.every((item, i) => same(item, b.items[i] ?? item))
      )
    case 'size':
      return b.kind === 'size' && sameShape(a.shape, b.shape)
    case 'list': {
      const [x, y] = b.kind === 'list' ? [a.slots.get('items'), b.slots.get('items')] : []
      if (!x || !y) return false
      if (Array.isArray(x) && Array.isArray(y))
        return x.length === y.length && x.every((item, i) => same(item, y[i]))
      return 'kind' in x && 'kind' in y && same(x, y)
    }
    case 'dict':
      return (
        b.kind === 'dict' &&
        a.entries.size === b.entries.size &&
        [...a.entries].every(([key, entry]) => {
          const other = b.entries.get(key)
          return other !== undefined && same(entry.value, other.value)
        })
      )
    case 'range':
      return b.kind === 'range' && (['start', 'stop', 'step'] as const).every((f) => a[f].key === b[f].key)
    case 'slice':
      return b.kind === 'slice' && same(a.lower, b.lower) && same(a.upper, b.upper) && same(a.step, b.step)
    case 'sequence':
      return b.kind === 'sequence' && sameDim(a.length, b.length) && same(a.element, b.element)
    case 'union':
      return (
        b.kind === 'union' &&
        a.options.length === b.options.length &&
        a.options.every((o, i) => same(o, b.options[i] ?? o))
      )
    default:
      return false
  }
}
