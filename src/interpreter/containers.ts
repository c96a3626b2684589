// Lists, tuples, dicts, ranges and strings: their items, keys and methods.

import { add, ceilDivide, constant, type Dim, multiply, someIndex, subtract } from '../dims/dim'
import { StateMap } from '../dims/trail'
import type { Arguments } from '../ops/op'
import type { Expression } from '../syntax/tree'
import { dimsOf } from '../tensors/shape'
import type { Tensor } from '../tensors/tensor'
import {
  bool,
  type DictValue,
  int,
  type ListItems,
  type ListValue,
  none,
  type PossibleItem,
  type SequenceValue,
  sequence,
  str,
  tuple,
  unknown,
  type Value,
} from '../trace/values'
import { anyOf, itemAt, sequenceOf } from './any-item'
import { longestSequence } from './arithmetic'
import { callMethod } from './attributes'
import { truthOf } from './conditions'
import { isOpenText } from './default-texts'
import { boundedMethod, dequeMethod } from './deque'
import { enter, take } from './dict-entries'
import { countsAsWhole, dictMethod, hasAllEntries } from './dicts'
import { eitherOf, noteChanged } from './either'
import { canonicalMembers } from './enums'
import { identityOf } from './ids'
import { asIndex } from './indices'
import type { Interpreter } from './interpreter'
import { Joiner, joinAll } from './join'
import {
  ClassObject,
  ExtendFunction,
  InstanceObject,
  IteratorObject,
  NativeFunction,
  ownsEquality,
  plainValue,
} from './objects'
import { countOf, placeOf, sorted } from './ordering'
import { setMethod } from './sets'
import { indexTensor } from './subscripts'
import { stringMethod } from './text'

const unrollLimit = 2048
/** A list to which more items are added one by one is known by what they have in common: each is a copy of it. */
const mostAppended = 4096
/** So many items are asked for one by one where each is a call. */
const callLimit = 256
/** Of more items than these that may have been replaced, one stands for all. */
const mostApart = 32

/** The items that iterating a value gives, or null where they are not known one by one. */
export function iterableItems(interp: Interpreter, value: Value): readonly Value[] | null {
  const settled = interp.settle(value)
  switch (settled.kind) {
    case 'tuple':
      return settled.items
    case 'list': {
      const items = settled.slots.get('items') ?? []
      return isSequence(items) ? iterableItems(interp, items) : items
    }
    case 'dict':
      return countsAsWhole(interp, settled) ? [...settled.entries.values()].map((e) => e.key) : null
    case 'range': {
      const count = rangeLength(interp, settled.start, settled.stop, settled.step).value
      if (count === null || count > unrollLimit) return null
      return Array.from({ length: Math.max(count, 0) }, (_, i) =>
        int(interp.dims.resolve(add(settled.start, multiply(settled.step, constant(i))))),
      )
    }
    case 'sequence': {
      const count = settled.length ? interp.dims.resolve(settled.length).value : null
      return count !== null && count <= unrollLimit
        ? Array.from({ length: count }, (_, i) => itemAt(interp, settled.element, int(i)))
        : null
    }
    case 'str':
      return settled.value !== null && settled.value.length <= unrollLimit
        ? [...settled.value].map((c) => str(c))
        : null
    case 'tensor': {
      const shape = interp.facts.resolve(settled.shape)
      const count = shape.gap ? null : shape.lead[0]?.value
      if (count === null || count === undefined || count > unrollLimit) return null
      return Array.from({ length: count }, (_, i) => indexTensor(interp, settled, int(i)))
    }
    case 'object':
      if (settled instanceof ClassObject && settled.role === 'enum') return canonicalMembers(settled)
      if (settled instanceof IteratorObject)
        return iterableItems(interp, settled.source)?.slice(settled.state.get('at') ?? 0) ?? null
      if (settled instanceof InstanceObject) {
        const iterated = iteratedBy(interp, settled)
        return iterated && iterableItems(interp, iterated)
      }
      return null
    default:
      return null
  }
}

/** More items of which each may be there or not are not gone through one by one. */
const mostPossible = 32

/** The items of what has all of these at most, with those that need not be there; null where they are not known. */
export function possibleItems(interp: Interpreter, value: Value): readonly PossibleItem[] | null {
  const container = plainContainer(interp.settle(value))
  const items =
    container.kind === 'dict' && !container.state.get('isOpen')
      ? [...container.entries.values()].map((e) => ({ value: e.key, isOptional: e.isOptional === true }))
      : (sequenceOf(container)?.each ?? null)
  return items && items.length <= mostPossible ? items : null
}

/** The built-in container that an instance of a subclass of its type is; else the value itself. */
export const plainContainer = (value: Value): Value =>
  value instanceof InstanceObject && value.payload ? value.payload : value

export const isSequence = (items: ListItems): items is SequenceValue => !Array.isArray(items)

/** What any item is like that a loop goes over, and how many there are where that is known. */
export const anyItem = (
  interp: Interpreter,
  iterable: Value,
  node: Expression,
): { element: Value; length: Dim | null } =>
  elementOf(interp, iterable) ?? {
    element: interp.unknown('what is iterated is not known', null, node),
    length: null,
  }

/** What any item of an iterable is like, and how many there are, where they are not known one by one. */
export function elementOf(interp: Interpreter, value: Value): { element: Value; length: Dim | null } | null {
  const settled = interp.settle(value)
  const items = sequenceOf(settled)
  if (items) return { element: anyOf(interp, items.element), length: items.length }
  if (settled.kind === 'range') {
    return {
      element: int(someIndex()),
      length: rangeLength(interp, settled.start, settled.stop, settled.step),
    }
  }
  if (settled.kind === 'tensor') {
    if (refusesTurns(interp, settled)) return null
    const shape = interp.facts.requireLead(settled.shape, 1)
    const length = shape?.lead[0] ?? null
    return { element: indexTensor(interp, settled, int(interp.freshSize())), length }
  }
  if (settled.kind === 'size') return { element: int(interp.freshSize()), length: null }
  if (settled.kind === 'dict' && !settled.state.get('isOpen') && settled.entries.size > 0)
    return {
      element: joinAll(
        interp.facts,
        [...settled.entries.values()].map((e) => e.key),
      ),
      length: null,
    }
  if (settled instanceof IteratorObject) return elementOf(interp, settled.source)
  const iterated = settled instanceof InstanceObject ? iteratedBy(interp, settled) : null
  return iterated && elementOf(interp, iterated)
}

/** What a loop over an instance goes through: what `__iter__` gives, or `self[0]`, `self[1]` and so on. */
function iteratedBy(interp: Interpreter, self: InstanceObject): Value | null {
  if (self.cls.find('__iter__')) {
    const iterated = callMethod(interp, self, '__iter__', [])
    return iterated === self ? null : iterated
  }
  if (self.payload || !self.cls.find('__getitem__')) return self.payload
  const length = self.cls.find('__len__') ? interp.settle(callMethod(interp, self, '__len__', [])) : null
  const count = length?.kind === 'int' ? interp.dims.resolve(length.dim) : null
  const item = (index: number | null): Value =>
    callMethod(interp, self, '__getitem__', [int(index ?? interp.freshSize())])
  return count?.value != null && count.value >= 0 && count.value <= callLimit
    ? tuple(Array.from({ length: count.value }, (_, i) => item(i)))
    : sequence(item(null), count)
}

export function rangeLength(interp: Interpreter, start: Dim, stop: Dim, step: Dim): Dim {
  const length = interp.dims.resolve(ceilDivide(subtract(stop, start), step))
  return length.value !== null && length.value < 0 ? constant(0) : length
}

/** The length of a container as Python's `len` gives it, or null. */
export function lengthOf(interp: Interpreter, value: Value): Dim | null {
  const settled = plainValue(interp.settle(value))
  if (settled.kind === 'tensor') {
    const dim = interp.facts.at(settled.shape, 0)
    return dim === 'out-of-range' ? null : dim
  }
  if (settled.kind === 'str') return settled.value === null ? null : constant(settled.value.length)
  if (settled.kind === 'range') return rangeLength(interp, settled.start, settled.stop, settled.step)
  if (settled.kind === 'dict') return hasAllEntries(settled) ? constant(settled.entries.size) : null
  if (settled.kind === 'size') return interp.rankSymbol(settled.shape)
  if (settled instanceof InstanceObject && settled.payload) return lengthOf(interp, settled.payload)
  if (settled.kind === 'object' && !(settled instanceof ClassObject)) return null
  // A shape that is assumed may have another rank.
  if (settled.kind === 'tuple' && settled.isGuess) return null
  const items = iterableItems(interp, settled)
  return items ? constant(items.length) : (elementOf(interp, settled)?.length ?? null)
}

/** Tuples in tuples can double with each step of a loop. */
const deepestKey = 8

/** The text under which a dict holds a key; null for keys that are not constants. */
export function keyOf(value: Value, depth = 0): string | null {
  switch (value.kind) {
    case 'str':
      return value.value === null ? null : `s:${value.value}`
    case 'int':
      return `i:${value.dim.key}`
    case 'bool':
      return value.value === null ? null : `i:${value.value ? constant(1).key : constant(0).key}`
    case 'float':
      if (Number.isSafeInteger(value.value)) return `i:${constant(Number(value.value)).key}`
      return value.value === null ? null : `f:${value.value}`
    case 'none':
      return 'none'
    case 'dtype':
      return value.dtype && `d:${value.dtype}`
    // There is one processor; of others the number is not known.
    case 'device':
      return value.type === 'cpu' ? 'cpu' : null
    case 'tuple': {
      const keys = depth > deepestKey ? [null] : value.items.map((item) => keyOf(item, depth + 1))
      return keys.includes(null) ? null : `(${keys.join()})`
    }
    case 'object': {
      // A member of `class Kind(str, Enum)` stands where its text does.
      const held = plainValue(value)
      if (held !== value) return keyOf(held, depth)
      // Which others it is equal to its class says.
      return value instanceof InstanceObject && ownsEquality(value.cls) ? null : `o:${identityOf(value)}`
    }
    // Tensors are told apart by identity, which parameters keep.
    case 'tensor':
      return value.isParameter ? `o:${identityOf(value)}` : null
    default:
      return null
  }
}

/** What is known of a key that is not. */
export const patternOf = (key: Value): string => (key.kind === 'str' && key.pattern) || '*'

/** The key that a text is where its caller leaves it at its default. */
export const usualKeyOf = (value: Value): string | null =>
  value.kind === 'str' && value.usual ? `s:${value.usual}` : null

function sliceBound(value: Value, fallback: number, items: ListItems): number | null {
  if (value.kind === 'none') return fallback
  const n = value.kind === 'int' ? value.dim.value : null
  return n === null || isSequence(items) ? null : n < 0 ? Math.max(n + items.length, 0) : n
}

/** Reports a loop over a tensor without dims; only of a program, since elsewhere it may be no tensor at all. */
function refusesTurns(interp: Interpreter, tensor: Tensor): boolean {
  const rank = dimsOf(interp.facts.resolve(tensor.shape))?.length
  if (rank === 0 && interp.isConcrete && !tensor.assumed)
    interp.report(
      'error',
      'too-many-indices',
      'a tensor without dims, [], has no items to go through: use .item(), or unsqueeze(0) first',
    )
  return rank === 0
}

/** `del container[index]` */
export function deleteItem(interp: Interpreter, target: Value, index: Value): void {
  if (target.kind === 'dict') take(interp, target, interp.settle(index))
  else if (target.kind === 'list') {
    const at = asIndex(interp, index)
    if (at.kind === 'slice') setItem(interp, target, at, tuple([]))
    else callMethod(interp, target, 'pop', [at])
  } else if (target instanceof InstanceObject && target.cls.find('__delitem__'))
    callMethod(interp, target, '__delitem__', [index])
  else if (target instanceof InstanceObject && target.payload) deleteItem(interp, target.payload, index)
}

export function setItem(
  interp: Interpreter,
  target: DictValue | ListValue,
  index: Value,
  value: Value,
): void {
  const settled = target.kind === 'list' ? asIndex(interp, index) : interp.settle(index)
  noteChanged(interp, target, settled, value)
  if (target.kind === 'dict') {
    enter(interp, target, settled, value)
    return
  }
  const items = target.slots.get('items') ?? []
  if (settled.kind === 'slice') {
    const [start, end] = [
      sliceBound(settled.lower, 0, items),
      sliceBound(settled.upper, Number.POSITIVE_INFINITY, items),
    ]
    const added = iterableItems(interp, value)
    const isKnown = added && start !== null && end !== null && settled.step.kind === 'none'
    const some = added ?? [elementOf(interp, value)?.element ?? unknown('a slice is replaced')]
    const before = isSequence(items) ? [items.element] : items
    const replaced =
      isKnown && !isSequence(items)
        ? [...items.slice(0, start), ...added, ...items.slice(Math.max(end, start))]
        : sequence(joinAll(interp.facts, [...before, ...some]), null)
    interp.trail.write(target.slots, 'items', replaced)
    return
  }
  const at = settled.kind === 'int' ? settled.dim.value : null
  if (!isSequence(items) && at !== null) {
    const place = at < 0 ? at + items.length : at
    const replaced = [...items.slice(0, place), value, ...items.slice(place + 1)]
    if (place >= 0 && place <= items.length) interp.trail.write(target.slots, 'items', replaced)
  } else if (isSequence(items)) {
    const any = joinAll(interp.facts, [items.element, value])
    interp.trail.write(target.slots, 'items', sequence(any, items.length))
  } else {
    // Any of them may have been replaced.
    const joiner = new Joiner(interp.facts)
    const isLong = items.length > mostApart
    const some = isLong ? sequence(joinAll(interp.facts, [...items, value]), constant(items.length)) : null
    interp.trail.write(target.slots, 'items', some ?? items.map((item) => joiner.value(item, value)))
  }
}

/** A method of a list, tuple, dict, string or range; undefined where there is none of that name. */
export function containerMethod(interp: Interpreter, self: Value, name: string): Value | undefined {
  const bind = (call: (args: readonly Value[], all: Arguments) => Value): Value =>
    new NativeFunction(name, (args) => call(args.positional, args))
  switch (self.kind) {
    case 'list':
      return (
        boundedMethod(interp, self, name) ??
        (self.isSet ? setMethod(interp, self, name, bind) : undefined) ??
        listMethod(interp, self, name, bind)
      )
    case 'dict':
      return dictMethod(interp, self, name, bind)
    case 'tuple':
    case 'size':
      return tupleMethod(interp, self, name, bind)
    case 'str':
      // The case of a text that is no word is no other one.
      if (self.unset !== undefined && (name === 'lower' || name === 'upper')) return bind(() => self)
      return stringMethod(interp, isOpenText(interp, self) ? null : self.value, name, bind)
    case 'int':
      return name === 'bit_length' ? bind(() => int(bitLength(interp, self.dim))) : undefined
    case 'float':
      return name === 'is_integer'
        ? bind(() => bool(self.value === null ? null : Number.isInteger(self.value)))
        : undefined
    default:
      return undefined
  }
}

const bitLength = (interp: Interpreter, d: Dim): Dim =>
  d.value === null
    ? interp.freshSize()
    : constant(d.value === 0 ? 0 : Math.floor(Math.log2(Math.abs(d.value))) + 1)

export type Bind = (call: (args: readonly Value[], all: Arguments) => Value) => Value

function listMethod(interp: Interpreter, self: ListValue, name: string, bind: Bind): Value | undefined {
  const read = (): ListItems => self.slots.get('items') ?? []
  const write = (items: ListItems): Value => {
    noteChanged(interp, self)
    interp.trail.write(self.slots, 'items', items)
    return none
  }
  const joiner = new Joiner(interp.facts)
  const appended = (items: ListItems, added: Value): ListItems =>
    isSequence(items)
      ? sequence(joiner.value(items.element, added), items.length && add(items.length, constant(1)))
      : items.length < mostAppended
        ? [...items, added]
        : joiner.items([...items, added], constant(items.length + 1))
  switch (name) {
    case 'append':
      return bind(([item = none]) => write(appended(read(), item)))
    case 'extend':
      return new ExtendFunction(self, ({ positional: [other = none] }) => {
        const [items, added] = [read(), iterableItems(interp, other)]
        if (added && !isSequence(items) && items.length + added.length <= longestSequence)
          return write([...items, ...added])
        const some = added
          ? null
          : (elementOf(interp, other) ?? {
              element: unknown('a list is extended by something unknown'),
              length: null,
            })
        const all = [
          ...(isSequence(items) ? [items.element] : items),
          ...(added ?? (some ? [some.element] : [])),
        ]
        const [own, more] = [
          isSequence(items) ? items.length : constant(items.length),
          added ? constant(added.length) : (some?.length ?? null),
        ]
        return write(joiner.items(all, own && more && add(own, more)))
      })
    case 'insert':
      return bind(([at = none, item = none]) => {
        const items = read()
        const place = asIndex(interp, at)
        const index = place.kind === 'int' ? place.dim.value : null
        if (isSequence(items)) return write(appended(items, item))
        if (index === null) return write(joiner.items([...items, item], constant(items.length + 1)))
        const copy = [...items]
        copy.splice(index, 0, item)
        return write(copy)
      })
    case 'pop':
      return bind(([at]) => {
        const items = read()
        if (isSequence(items)) {
          write(sequence(items.element, items.length && subtract(items.length, constant(1))))
          return items.element
        }
        const place = at && asIndex(interp, at)
        const index = place ? (place.kind === 'int' ? place.dim.value : null) : -1
        if (items.length === 0) return unknown('an item is popped')
        if (index === null) {
          // Which one goes is not known, nor which of the others is where.
          write(joiner.items(items, constant(items.length - 1)))
          return eitherOf(interp, items)
        }
        const position = index < 0 ? index + items.length : index
        const popped = items[position]
        write(items.filter((_, i) => i !== position))
        return popped ?? unknown('an item is popped')
      })
    case 'clear':
      return bind(() => write([]))
    case 'reverse':
      return bind(() => {
        const items = read()
        return isSequence(items) ? none : write([...items].reverse())
      })
    case 'copy':
      return bind(() => ({ ...self, slots: new StateMap<'items', ListItems>([['items', read()]]) }))
    case 'sort':
      return bind((_, { keywords }) => {
        const items = read()
        if (isSequence(items)) return none
        const reverse = keywords.get('reverse')
        const isReversed = reverse ? truthOf(interp, reverse) : false
        const inOrder = isReversed === null ? null : sorted(interp, items, keywords.get('key'), isReversed)
        return write(inOrder ?? joiner.items(items, constant(items.length)))
      })
    case 'remove':
      return bind(([item = none]) => {
        const items = read()
        const at = isSequence(items) ? null : placeOf(interp, items, item)
        if (!isSequence(items) && at !== null) return write(items.filter((_, i) => i !== at))
        return write(joiner.items(isSequence(items) ? [items.element] : items, null))
      })
    default:
      return dequeMethod(interp, self, name, bind) ?? sequenceMethod(interp, self, name, bind)
  }
}

/** The methods that lists and tuples share. */
function sequenceMethod(interp: Interpreter, self: Value, name: string, bind: Bind): Value | undefined {
  if (name === 'count') return bind(([item = none]) => countOf(interp, iterableItems(interp, self), item))
  if (name !== 'index') return undefined
  return bind(([item = none]) => {
    const items = iterableItems(interp, self)
    const at = items && placeOf(interp, items, item)
    return int(at === null || at < 0 ? interp.freshSize() : constant(at))
  })
}

function tupleMethod(interp: Interpreter, self: Value, name: string, bind: Bind): Value | undefined {
  switch (name) {
    case 'numel':
      return bind(() => {
        const shape = interp.asSize(self)
        return !shape || shape.gap
          ? int(interp.freshSize())
          : int(interp.dims.resolve(shape.lead.reduce(multiply, constant(1))))
      })
    default:
      return sequenceMethod(interp, self, name, bind)
  }
}
