// When two values are the same, and when they are equally unknown.

import { type ShapeFacts, shapeKey } from '../tensors/shape'
import type { Layout } from '../tensors/tensor'
import { Unknown, type Value } from '../trace/values'
import { InstanceObject } from './objects'
import { madeAlike } from './traits'

/** True if two values are surely the same, shapes and numbers included. */
export const sameValue = (a: Value, b: Value, facts: ShapeFacts): boolean => compare(a, b, facts, false, 0)

/** True if two values cannot be told apart by what is known of them: the same, or equally unknown. */
export const alikeValue = (a: Value, b: Value, facts: ShapeFacts): boolean => compare(a, b, facts, true, 0)

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

function compare(a: Value, b: Value, facts: ShapeFacts, loosely: boolean, depth: number): boolean {
  const same = (x: Value, y: Value): boolean => compare(x, y, facts, loosely, depth + 1)
  if (a === b) return true
  if (a.kind !== b.kind || depth > depthLimit) return false
  if (a instanceof InstanceObject && b instanceof InstanceObject && areTwins(a, b)) {
    if (a.payload && !(b.payload && same(a.payload, b.payload))) return false
    return [...a.attributes].every(([name, value]) => {
      const other = b.attributes.get(name)
      return other !== undefined && same(value, other)
    })
  }
  switch (a.kind) {
    case 'none':
    case 'ellipsis':
    case 'complex':
      return true
    case 'bool':
    case 'float':
    case 'str':
      return b.kind === a.kind && a.value === b.value && (loosely || a.value !== null)
    case 'unknown':
      return loosely && areUnknownAlike(a, b)
    case 'int':
      return b.kind === 'int' && facts.dims.resolve(a.dim).key === facts.dims.resolve(b.dim).key
    case 'device':
      return b.kind === 'device' && a.type === b.type
    case 'dtype':
      return b.kind === 'dtype' && a.dtype === b.dtype
    case 'tensor': {
      if (b.kind !== 'tensor' || a.dtype !== b.dtype || a.assumed !== b.assumed) return false
      if (!madeAlike(a, b)) return false
      if (shapeKey(facts.resolve(a.shape)) !== shapeKey(facts.resolve(b.shape))) return false
      if (a.values !== b.values && a.values?.map((d) => d.key).join() !== b.values?.map((d) => d.key).join())
        return false
      return a.layout === b.layout || (joinLayout(a.layout, b.layout) === a.layout && a.layout !== null)
    }
    case 'tuple':
      return (
        b.kind === 'tuple' &&
        a.items.length === b.items.length &&
        a.items.every((item, i) => same(item, b.items[i] ?? item))
      )
    case 'size':
      return b.kind === 'size' && shapeKey(facts.resolve(a.shape)) === shapeKey(facts.resolve(b.shape))
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
      return b.kind === 'sequence' && a.length?.key === b.length?.key && same(a.element, b.element)
    case 'union':
      return (
        b.kind === 'union' &&
        a.options.length === b.options.length &&
        a.options.every((o, i) => (loosely ? b.options.some((p) => same(o, p)) : same(o, b.options[i] ?? o)))
      )
    default:
      return false
  }
}
