// `container[index]`, read and written.

import { ofAtom, subtract } from '../dims/dim'
import { operations } from '../ops/index'
import { callOp } from '../ops/op'
import { type Shape, shapeKey } from '../tensors/shape'
import {
  int,
  list,
  none,
  sequence,
  sizeValue,
  str,
  tuple,
  type UnionValue,
  Unknown,
  unknown,
  type Value,
} from '../trace/values'
import { noteWritten } from './aliases'
import { anotherOf, itemAt, sequenceOf } from './any-item'
import { callMethod } from './attributes'
import { elementOf, iterableItems, keyOf, patternOf, setItem, usualKeyOf } from './containers'
import { rivalsOf } from './dict-keys'
import { anyOf, eitherOf, mayChange } from './either'
import { raiseIfCaught } from './exceptions'
import { asIndex } from './indices'
import type { Interpreter } from './interpreter'
import { joinAll } from './join'
import { ClassObject, InstanceObject, NativeType, RecordObject } from './objects'
import { forEachOption, isDistributed } from './options'
import { entryOf } from './registries'

export function subscript(interp: Interpreter, container: Value, index: Value): Value {
  const value = interp.settle(container)
  switch (value.kind) {
    case 'tensor':
      return indexTensor(interp, value, index)
    case 'unknown':
      return subscriptUnknown(interp, value, index)
    case 'union':
      return forEachOption(interp, value, (option) => subscript(interp, option, index))
    case 'dict': {
      const settled = interp.settle(index)
      const key = keyOf(settled)
      const entry = entryOf(interp, value, key ?? usualKeyOf(settled) ?? '', settled)
      if (entry) return entry.value
      const rest = key === null ? value.rest.get(patternOf(settled)) : undefined
      if (rest) return value.state.get('isOfTurns') ? anyOf(interp, rest) : rest
      const isOpen = value.state.get('isOpen') === true
      // Where a key may be there already, what is there is not known.
      if (value.factory && !isOpen && (key !== null || value.entries.size === 0)) {
        const made = interp.callValue(value.factory, { positional: [], keywords: new Map(), isOpen: false })
        setItem(interp, value, index, made)
        return made
      }
      if (value.factory && key === null) interp.trail.write(value.state, 'isOpen', true)
      const meant = key === null ? [...value.entries] : rivalsOf(interp, value, settled)
      if (key !== null && !isOpen && meant.length === 0) raiseIfCaught(interp, 'KeyError')
      return meant.length > 0 && !value.factory && !isOpen
        ? eitherOf(
            interp,
            meant.map(([, e]) => e.value),
          )
        : interp.unknown('a key that is not known')
    }
    case 'size':
      return subscriptSize(interp, value.shape, asIndex(interp, index))
    case 'object':
      if (value instanceof InstanceObject && value.cls.find('__getitem__'))
        return callMethod(interp, value, '__getitem__', [index])
      if (value instanceof InstanceObject && value.payload)
        return subscriptPayload(interp, value, value.payload, index)
      if (value instanceof ClassObject && value.role === 'enum') {
        const name = interp.settle(index)
        return (
          (name.kind === 'str' && name.value !== null ? value.attributes.get(name.value) : undefined) ??
          interp.unknown('a member of an enum')
        )
      }
      if (value instanceof RecordObject && value.attributes.has('__getitem__'))
        return callMethod(interp, value, '__getitem__', [index])
      // `list[int]`, `Generic[T]`: the type itself.
      return value instanceof NativeType || value instanceof ClassObject
        ? value
        : interp.unknown('an item of an object')
    default:
      return subscriptSequence(interp, value, asIndex(interp, index))
  }
}

/** An item of what an instance of a built-in container's subclass holds; a dict asks `__missing__` for what it lacks. */
function subscriptPayload(interp: Interpreter, self: InstanceObject, payload: Value, index: Value): Value {
  if (payload.kind !== 'dict' || !self.cls.find('__missing__')) return subscript(interp, payload, index)
  const key = keyOf(interp.settle(index))
  if (key === null) return interp.unknown('a key that is not known')
  return payload.state.get('isOpen') || entryOf(interp, payload, key)
    ? subscript(interp, payload, index)
    : callMethod(interp, self, '__missing__', [index])
}

/** An item of a tensor by any index. */
export function indexTensor(interp: Interpreter, tensor: Value, index: Value): Value {
  const parts = index.kind === 'tuple' ? index.items : [index]
  for (const [i, part] of parts.entries()) {
    const value = interp.settle(part)
    if (value.kind === 'union' && isDistributed(value))
      return forEachOption(interp, value, (option) =>
        indexTensor(interp, tensor, index.kind === 'tuple' ? tuple(parts.with(i, option)) : option),
      )
  }
  const entry = operations.get('method.__getitem__')
  return entry
    ? callOp(
        entry,
        { positional: [tensor, interp.settle(index)], keywords: new Map(), isOpen: false },
        interp,
      )
    : unknown('indexing')
}

function subscriptUnknown(interp: Interpreter, value: Unknown, index: Value): Value {
  const settled = interp.settle(index)
  // Only a tensor takes `x[:, None]` or `x[..., 0]`.
  const parts = settled.kind === 'tuple' ? settled.items : [settled]
  const isTensorIndex =
    settled.kind === 'tuple'
      ? parts.some((p) => p.kind === 'slice' || p.kind === 'ellipsis' || p.kind === 'none')
      : settled.kind === 'ellipsis' || settled.kind === 'none'
  if (isTensorIndex && !parts.some(isBackwards)) {
    const tensor = interp.asTensor(value)
    if (tensor) return indexTensor(interp, tensor, settled)
  }
  const key = keyOf(settled)
  if (key === null) return unknown('an item of a value that is not known')
  const slot = value.slots.get(`[${key}]`)
  if (slot) return slot
  const item = new Unknown(
    settled.kind === 'str' ? settled.value : null,
    'an item of a value that is not known',
  )
  value.slots.set(`[${key}]`, item)
  return item
}

/** `::-1`, which arrays and lists take and tensors do not. */
const isBackwards = (part: Value): boolean =>
  part.kind === 'slice' && part.step.kind === 'int' && (part.step.dim.value ?? 1) < 0

/** An item or a slice of a shape of unknown rank. */
function subscriptSize(interp: Interpreter, shape: Shape, index: Value): Value {
  if (index.kind === 'int' && index.dim.value !== null) {
    const dim = interp.facts.at(shape, index.dim.value)
    return dim && dim !== 'out-of-range' ? int(dim) : int(interp.freshSize())
  }
  if (index.kind === 'slice') {
    const lower = boundOf(interp, shape, index.lower)
    const upper = boundOf(interp, shape, index.upper)
    if (lower !== undefined && upper !== undefined && index.step.kind === 'none') {
      const part = slicedShape(interp, shape, lower, upper)
      if (part) return sizeValue(part)
    }
  }
  return unknown('a part of a shape of unknown rank')
}

/** A bound as a number, counted from the end where it is the rank less a number; null for None, undefined where it is not known. */
function boundOf(interp: Interpreter, shape: Shape, bound: Value): number | null | undefined {
  if (bound.kind === 'none') return null
  if (bound.kind !== 'int') return undefined
  const dim = interp.dims.resolve(bound.dim)
  if (dim.value !== null) return dim.value
  const [symbol] = dim.symbols
  const rank = symbol && ofAtom(symbol)
  const counted = rank && interp.ranks.get(rank.key)
  const before = rank && subtract(dim, rank).value
  const isOfShape =
    counted && shapeKey(interp.facts.resolve(counted)) === shapeKey(interp.facts.resolve(shape))
  return isOfShape && before && before < 0 ? before : undefined
}

function slicedShape(
  interp: Interpreter,
  shape: Shape,
  lower: number | null,
  upper: number | null,
): Shape | null {
  const [front, back] = [Math.max(lower ?? 0, 0), upper !== null && upper < 0 ? -upper : 0]
  // `[:2]` needs two dims in front; `[-2:]` two at the end.
  if (upper !== null && upper >= 0 && (lower ?? 0) >= 0) {
    const known = interp.facts.requireLead(shape, upper)
    return known && known.lead.length >= upper
      ? { lead: known.lead.slice(lower ?? 0, upper), gap: null, trail: [] }
      : null
  }
  if (lower !== null && lower < 0) {
    const known = interp.facts.requireTrail(shape, -lower)
    if (!known) return null
    const all = known.gap ? known.trail : known.lead
    const end = upper === null ? all.length : upper < 0 ? all.length + upper : -1
    return all.length >= -lower && end >= 0
      ? { lead: all.slice(all.length + lower, end), gap: null, trail: [] }
      : null
  }
  let known = front > 0 ? interp.facts.requireLead(shape, front) : interp.facts.resolve(shape)
  if (known && back > 0) known = interp.facts.requireTrail(known, back)
  if (!known) return null
  if (!known.gap) return { lead: known.lead.slice(front, known.lead.length - back), gap: null, trail: [] }
  if (known.lead.length < front || known.trail.length < back) return null
  return {
    lead: known.lead.slice(front),
    gap: known.gap,
    trail: known.trail.slice(0, known.trail.length - back),
  }
}

function subscriptSequence(interp: Interpreter, value: Value, index: Value): Value {
  const items = iterableItems(interp, value)
  if (!items) {
    const some = elementOf(interp, value)
    if (!some) return interp.unknown(`an item of a ${value.kind}`)
    const all = sequenceOf(value)
    if (index.kind !== 'slice') return all ? itemAt(interp, all.element, index) : some.element
    const others = sequence(anotherOf(interp, some.element), null)
    return value.kind === 'list' ? list(others) : others
  }
  if (index.kind === 'slice') {
    const part = sliceItems(items, index)
    if (!part) return list(sequence(joinAll(interp.facts, items), null))
    if (value.kind === 'str') return str(part.map((p) => (p.kind === 'str' ? p.value : '')).join(''))
    if (value.kind === 'list') return list(part)
    if (value.kind !== 'tuple') return tuple(part)
    const isOfGuess = value.isGuess ?? value.isOfGuess
    return { ...tuple(part), ...(isOfGuess && { isOfGuess }), ...(value.isSize && { isSize: true }) }
  }
  const at = index.kind === 'int' ? index.dim.value : null
  if (at === null)
    return items.length > 0 ? eitherOf(interp, items) : interp.unknown('an item at an unknown index')
  const item = items[at < 0 ? at + items.length : at]
  if (item) return item
  if (value.kind === 'tuple') refuse(interp, at, items.length)
  else raiseIfCaught(interp, 'IndexError')
  return interp.unknown('an item that is not there')
}

/** True where no condition that is not decided has to hold for the program to come here. */
const isCertain = ({ forks, stack }: Interpreter): boolean =>
  forks === 0 && stack.every((a) => a.exits.length === 0)

/** An index that a tuple, such as a shape, does not have: an error where the program certainly comes here. */
function refuse(interp: Interpreter, at: number, count: number): void {
  raiseIfCaught(interp, 'IndexError')
  if (!interp.isConcrete || !isCertain(interp)) return
  interp.report(
    'error',
    'index-out-of-range',
    `index ${at} is out of range for a tuple of ${count} ${count === 1 ? 'item' : 'items'}`,
  )
}

function sliceItems(
  items: readonly Value[],
  index: Extract<Value, { kind: 'slice' }>,
): readonly Value[] | null {
  const bound = (v: Value): number | null | undefined =>
    v.kind === 'none' ? null : v.kind === 'int' ? (v.dim.value ?? undefined) : undefined
  const [lower, upper, step] = [bound(index.lower), bound(index.upper), bound(index.step)]
  if (lower === undefined || upper === undefined || step === undefined) return null
  const by = step ?? 1
  if (by > 0) return items.slice(lower ?? 0, upper ?? items.length).filter((_, i) => i % by === 0)
  const clip = (n: number): number => (n < 0 ? n + items.length : n)
  const picked: Value[] = []
  const stop = upper === null ? -1 : clip(upper)
  for (
    let i = Math.min(lower === null ? items.length - 1 : clip(lower), items.length - 1);
    i > stop;
    i += by
  ) {
    const item = items[i]
    if (item) picked.push(item)
  }
  return picked
}

/** `container[index] = value` */
export function assignSubscript(interp: Interpreter, container: Value, index: Value, value: Value): void {
  const target = interp.settle(container)
  if (target.kind === 'dict' || target.kind === 'list') setItem(interp, target, index, value)
  else if (target.kind === 'union') assignToOneOf(interp, target, index, value)
  else if (target.kind === 'tensor') {
    const entry = operations.get('method.__setitem__')
    const args = { positional: [target, interp.settle(index), value], keywords: new Map(), isOpen: false }
    noteWritten(interp, target, entry && callOp(entry, args, interp))
  } else if (target.kind === 'unknown') {
    const key = keyOf(interp.settle(index))
    if (key !== null) interp.trail.write(target.slots, `[${key}]`, value)
  } else if (target instanceof InstanceObject && target.cls.find('__setitem__'))
    callMethod(interp, target, '__setitem__', [index, value])
  else if (target instanceof InstanceObject && target.payload)
    assignSubscript(interp, target.payload, index, value)
}

/** What one of several values is given; None takes nothing, so that it is not meant. */
function assignToOneOf(interp: Interpreter, { options }: UnionValue, index: Value, value: Value): void {
  const takers = options.filter((option) => option.kind !== 'none')
  const [only] = takers
  if (only && (takers.length === 1 || takers.every((option) => option.kind === 'tensor')))
    forEachOption(interp, { kind: 'union', options: takers }, (option) => {
      assignSubscript(interp, option, index, value)
      return none
    })
  else for (const option of takers) mayChange(interp, option, interp.settle(index), value)
}
