// Python's built-in functions and types.

import { add, between, constant, type Dim, maximum, minimum, someIndex } from '../dims/dim'
import { operations } from '../ops/index'
import type { Arguments } from '../ops/op'
import { callOp } from '../ops/op'
import { dimsOf } from '../tensors/shape'
import {
  bool,
  dict,
  ellipsis,
  float,
  int,
  list,
  none,
  numberOf,
  sequence,
  someBool,
  someFloat,
  str,
  tuple,
  unknown,
  type Value,
} from '../trace/values'
import { callMethod, getAttribute, setAttribute } from './attributes'
import { callValue } from './calls'
import { truthOf } from './conditions'
import { elementOf, iterableItems, lengthOf, patternOf } from './containers'
import { dictOf } from './dict-making'
import { evaluateText } from './evaluated-text'
import { exceptionNames, exceptionType, raiseIfCaught } from './exceptions'
import { globalNames } from './global-names'
import { idOf } from './ids'
import { typeOf } from './inspection'
import { importByName } from './installation'
import { hasAttribute, isCallable, isInstance, isSubclass } from './instance-tests'
import type { Interpreter } from './interpreter'
import { advance, readItems, zippedItems } from './iterators'
import { joinAll } from './join'
import { classOfType } from './made-classes'
import {
  ClassObject,
  Descriptor,
  InstanceObject,
  IteratorObject,
  isArray,
  NativeFunction,
  NativeType,
  RuntimeMarker,
} from './objects'
import { applyBinary } from './operators'
import { extremeBy, sorted } from './ordering'
import { setOf, someSet } from './sets'
import { textOf } from './text'

let table: Map<string, Value> | null = null

/** The built-in names. */
export const builtins = (): ReadonlyMap<string, Value> => (table ??= makeBuiltins())

/** Functions that make something of a `**` of unknown keys. */
const takesOpen = new Set(['dict', 'print', 'isinstance', 'hasattr', 'getattr'])

type Native = (interp: Interpreter, args: readonly Value[], all: Arguments) => Value

function makeBuiltins(): Map<string, Value> {
  const table = new Map<string, Value>()
  for (const [name, call] of Object.entries(functions))
    table.set(
      name,
      new NativeFunction(name, (all, interp) =>
        all.isOpen && !takesOpen.has(name)
          ? interp.unknown(`${name} of arguments of unknown number`)
          : call(
              interp,
              all.positional.map((a) => interp.settle(a)),
              all,
            ),
      ),
    )
  for (const name of Object.keys(types)) table.set(name, builtinType(name))
  for (const name of exceptionNames) table.set(name, exceptionType(name))
  table.set('Ellipsis', ellipsis)
  table.set('NotImplemented', unknown('NotImplemented'))
  table.set('__debug__', bool(true))
  return table
}

const kindTest =
  (...kinds: string[]) =>
  (value: Value): boolean | null =>
    value.kind === 'unknown' || value.kind === 'union' ? null : kinds.includes(value.kind)

const types: Record<string, { test: (v: Value) => boolean | null; make: Native }> = {
  int: { test: kindTest('int', 'bool'), make: (interp, [value, base]) => toInt(interp, value, base) },
  float: { test: kindTest('float'), make: (interp, [value]) => toFloat(interp, value) },
  bool: { test: kindTest('bool'), make: (interp, [value]) => bool(value ? truthOf(interp, value) : false) },
  complex: { test: kindTest('complex'), make: () => ({ kind: 'complex' }) },
  str: { test: kindTest('str'), make: (interp, [value]) => str(value ? textOf(interp, value) : '') },
  bytes: {
    test: (v) => (['unknown', 'union', 'str'].includes(v.kind) ? null : false),
    make: () => unknown('bytes'),
  },
  object: { test: () => true, make: () => new RuntimeMarker('object') },
  list: {
    test: (v) => (v.kind === 'list' && (v.isSet || v.isDeque) ? false : kindTest('list')(v)),
    make: (interp, [value]) => toList(interp, value),
  },
  tuple: {
    // A sequence may be what another iterable gives.
    test: (v) => (v.kind === 'sequence' ? null : kindTest('tuple', 'size')(v)),
    make: (interp, [value]) => toTuple(interp, value),
  },
  set: {
    test: (v) => (v.kind === 'list' ? v.isSet === true : kindTest('list')(v)),
    make: (interp, [value]) => toSet(interp, value),
  },
  frozenset: {
    test: (v) => (v.kind === 'list' ? v.isSet === true : kindTest('list')(v)),
    make: (interp, [value]) => toSet(interp, value),
  },
  dict: { test: kindTest('dict'), make: (interp, _, all) => dictOf(interp, all) },
  slice: { test: kindTest('slice'), make: (_, args) => toSlice(args) },
  range: { test: kindTest('range'), make: (interp, args) => toRange(interp, args) },
  type: {
    test: (v) =>
      v instanceof ClassObject || v instanceof NativeType ? true : v.kind === 'unknown' ? null : false,
    make: (interp, args) => (args.length > 1 ? classOfType(interp, args) : typeOf(interp, args[0])),
  },
  property: {
    test: () => null,
    make: (_, [getter = none, setter]) => new Descriptor('property', getter, setter ?? null),
  },
  staticmethod: { test: () => null, make: (_, [callable = none]) => new Descriptor('static', callable) },
  classmethod: { test: () => null, make: (_, [callable = none]) => new Descriptor('class', callable) },
}

function builtinType(name: string): NativeType {
  const type = types[name]
  return new NativeType(
    name,
    (value) => type?.test(value) ?? null,
    (all, interp) =>
      type?.make(
        interp,
        all.positional.map((a) => interp.settle(a)),
        all,
      ) ?? unknown(name),
  )
}

const functions: Record<string, Native> = {
  len: (interp, [value = none]) => {
    if (value instanceof InstanceObject && value.cls.find('__len__'))
      return callMethod(interp, value, '__len__', [])
    const length = lengthOf(interp, value)
    // Of a count of data a program's run takes that it is not 0; that a dict has no entries is as usual.
    const isOfData = !interp.isConcrete || value.kind !== 'dict'
    return int(length ?? (isOfData ? interp.freshSize() : between(0, Number.MAX_SAFE_INTEGER)))
  },
  print: () => none,
  eval: (interp, _, all) => evaluateText(interp, all),
  repr: (interp, [value = none]) => str(textOf(interp, value, true)),
  id: (interp, [value = none]) => idOf(interp, value),
  hash: () => unknown('a hash'),
  input: () => str(null),
  format: () => str(null),
  abs: (interp, [value = none]) => absolute(interp, value),
  min: (interp, args, all) => extremum(interp, args, all, minimum, Math.min),
  max: (interp, args, all) => extremum(interp, args, all, maximum, Math.max),
  sum: (interp, [value = none, start = int(0)]) => {
    const items = iterableItems(interp, value)
    if (!items)
      return elementOf(interp, value)?.element.kind === 'int'
        ? int(interp.freshSize())
        : interp.unknown('a sum over unknown items')
    return items.reduce((a, b) => applyBinary(interp, '+', a, b), start)
  },
  round: (interp, [value = none, digits]) => {
    const own = ownNumber(interp, value, ['__round__'], digits ? [digits] : [])
    if (own) return own
    const n = numberOf(value)
    return digits ? someFloat : n === null ? unknown('round') : int(roundHalfEven(n))
  },
  pow: (interp, [a = none, b = none, modulus]) =>
    modulus ? int(interp.freshInt()) : applyBinary(interp, '**', a, b),
  divmod: (interp, [a = none, b = none]) =>
    tuple([applyBinary(interp, '//', a, b), applyBinary(interp, '%', a, b)]),
  sorted: (interp, [value = none], all) => {
    const items = iterableItems(interp, value)
    const reverse = all.keywords.get('reverse')
    const isReversed = reverse ? truthOf(interp, reverse) : false
    const inOrder =
      items && isReversed !== null ? sorted(interp, items, all.keywords.get('key'), isReversed) : null
    if (inOrder) return list(inOrder)
    const some = elementOf(interp, value) ?? someItem(interp, value)
    return list(sequence(some.element, some.length))
  },
  reversed: (interp, [value = none]) => {
    if (value.kind === 'tensor' && dimsOf(interp.facts.resolve(value.shape))?.length !== 0)
      return callMethod(interp, value, 'flip', [int(0)])
    if (value instanceof InstanceObject && value.cls.find('__reversed__'))
      return callMethod(interp, value, '__reversed__', [])
    const items = iterableItems(interp, value)
    if (items) return tuple([...items].reverse())
    const some = elementOf(interp, value)
    return some ? sequence(some.element, some.length) : unknown('reversed')
  },
  enumerate: (interp, [value = none, start], all) => {
    const first = start ?? all.keywords.get('start')
    const from: Dim = first?.kind === 'int' ? first.dim : constant(0)
    const items = iterableItems(interp, value)
    if (items) return tuple(items.map((item, i) => tuple([int(add(from, constant(i))), item])))
    const some = elementOf(interp, value)
    return sequence(
      tuple([int(someIndex()), some?.element ?? interp.unknown('what is enumerated is not known')]),
      some?.length ?? null,
    )
  },
  zip: (interp, args) => {
    const lists = args.map((a) => iterableItems(interp, a))
    const known = lists.filter((l) => l !== null)
    if (known.length === lists.length) return tuple(zippedItems(interp, args, known).map((row) => tuple(row)))
    const some = args.map((a) => elementOf(interp, a) ?? someItem(interp, a))
    // A number of turns counts only if every iterable has it: the shortest ends them.
    const [length, ...others] = some.map((s) => s.length)
    const isShared = length && others.every((l) => l?.key === length.key)
    const named = some.find((s) => s.length && s.length.value === null)?.length ?? null
    return sequence(tuple(some.map((s) => s.element)), isShared ? length : named)
  },
  map: (interp, [fn = none, ...iterables]) => {
    const lists = iterables.map((i) => iterableItems(interp, i))
    const [first] = lists
    if (first && lists.every((l) => l !== null))
      return tuple(
        first.map((_, i) =>
          callValue(
            interp,
            fn,
            lists.map((l) => l?.[i] ?? none),
          ),
        ),
      )
    const some = iterables.map((i) => elementOf(interp, i) ?? someItem(interp, i))
    return sequence(
      callValue(
        interp,
        fn,
        some.map((s) => s.element),
      ),
      some[0]?.length ?? null,
    )
  },
  filter: (interp, [fn = none, value = none]) => {
    const items = iterableItems(interp, value)
    const truths = items?.map((item) =>
      truthOf(interp, fn.kind === 'none' ? item : callValue(interp, fn, [item])),
    )
    if (items && truths && !truths.includes(null)) return tuple(items.filter((_, i) => truths[i]))
    return sequence((elementOf(interp, value) ?? someItem(interp, value)).element, null)
  },
  all: (interp, [value = none]) => every(interp, value, false),
  any: (interp, [value = none]) => every(interp, value, true),
  iter: (interp, [value = none]) => {
    if (value instanceof IteratorObject) return value
    if (value instanceof InstanceObject && value.cls.find('__iter__'))
      return callMethod(interp, value, '__iter__', [])
    // A tensor without dims cannot be iterated.
    if (value.kind === 'tensor' && dimsOf(interp.facts.resolve(value.shape))?.length === 0)
      raiseIfCaught(interp, 'TypeError')
    const items = iterableItems(interp, value)
    return items ? new IteratorObject(tuple(items)) : value
  },
  next: (interp, [value = none, fallback]) => {
    if (value instanceof InstanceObject && value.cls.find('__next__'))
      return callMethod(interp, value, '__next__', [])
    const [first] = iterableItems(interp, value) ?? []
    advance(interp, value, 1)
    if (!first && !fallback && iterableItems(interp, value)) raiseIfCaught(interp, 'StopIteration')
    return first ?? elementOf(interp, value)?.element ?? fallback ?? interp.unknown('there is no next')
  },
  isinstance: (interp, args, all) => bool(isInstance(interp, all.positional[0] ?? none, args[1] ?? none)),
  issubclass: (interp, [cls = none, of = none]) => bool(isSubclass(interp, cls, of)),
  callable: (_, [value = none]) => bool(isCallable(value)),
  getattr: (interp, [owner = none, name, fallback]) => {
    if (name?.kind !== 'str' || name.value === null)
      return (
        (owner instanceof InstanceObject && name && owner.attributes.get(`[${patternOf(name)}]`)) ||
        interp.unknown('the name of an attribute is not known')
      )
    const has = hasAttribute(interp, owner, name.value)
    if (has === false && fallback) return fallback
    if (has === null && fallback && owner.kind !== 'unknown')
      return interp.unknown(`${name.value} may not be there`, name.value, interp.place, true)
    return getAttribute(interp, owner, name.value)
  },
  setattr: (interp, [owner = none, name, value = none]) => {
    if (name?.kind === 'str' && name.value !== null) setAttribute(interp, owner, name.value, value)
    // What is set under a name that is not known is found under it again.
    else if (owner instanceof InstanceObject && name)
      interp.trail.write(owner.attributes, `[${patternOf(name)}]`, value)
    return none
  },
  __import__: (interp, [name, , , parts = none]) => {
    if (name?.kind !== 'str' || name.value === null)
      return interp.unknown('which module is imported is not known')
    const whole = importByName(interp, name.value)
    // Of a dotted name the package is what one gets, unless parts of the module are asked for.
    return truthOf(interp, parts) ? whole : importByName(interp, name.value.split('.')[0] ?? '')
  },
  delattr: (interp, [owner = none, name]) => {
    if (owner instanceof InstanceObject && name?.kind === 'str' && name.value !== null)
      interp.trail.delete(owner.attributes, name.value)
    return none
  },
  hasattr: (interp, [owner = none, name]) =>
    bool(name?.kind === 'str' && name.value !== null ? hasAttribute(interp, owner, name.value) : null),
  vars: (interp, [owner]) => (owner ? getAttribute(interp, owner, '__dict__') : localNames(interp)),
  locals: (interp) => localNames(interp),
  globals: (interp) => globalNames(interp),
  dir: (interp, [owner]) => {
    const names = owner && interp.prelude('shapescope.names')?.lookup('Names', interp)
    return names ? callValue(interp, names, [owner]) : sequence(str(null), null)
  },
  open: (interp, _, all) =>
    interp.callValue(interp.prelude('shapescope.files')?.lookup('open', interp) ?? none, all),
  chr: (_, [value]) =>
    str(value?.kind === 'int' && value.dim.value !== null ? String.fromCodePoint(value.dim.value) : null),
  ord: (interp, [value]) =>
    int(
      value?.kind === 'str' && value.value !== null ? (value.value.codePointAt(0) ?? 0) : interp.freshSize(),
    ),
}

/** Python rounds a half to the even neighbour. */
const roundHalfEven = (n: number): number => (Math.abs(n % 1) === 0.5 ? 2 * Math.round(n / 2) : Math.round(n))

const someItem = (interp: Interpreter, value: Value): { element: Value; length: Dim | null } => {
  const items = iterableItems(interp, value)
  return items && items.length > 0
    ? { element: joinAll(interp.facts, items), length: constant(items.length) }
    : { element: interp.unknown('what is iterated is not known'), length: null }
}

function every(interp: Interpreter, value: Value, stopsAt: boolean): Value {
  const truths = iterableItems(interp, value)?.map((i) => truthOf(interp, i))
  if (!truths) return someBool
  return bool(truths.includes(stopsAt) ? stopsAt : truths.includes(null) ? null : !stopsAt)
}

/** What an instance says which number it is, by the first method that its class has; null for other values. */
function ownNumber(
  interp: Interpreter,
  value: Value | undefined,
  methods: readonly string[],
  args: readonly Value[] = [],
): Value | null {
  const method = value instanceof InstanceObject ? methods.find((name) => value.cls.find(name)) : undefined
  return value && method ? interp.settle(callMethod(interp, value, method, args)) : null
}

function toInt(interp: Interpreter, value: Value | undefined, base?: Value): Value {
  if (!value) return int(0)
  const own = ownNumber(interp, value, ['__int__', '__index__', '__trunc__'])
  if (own) return toInt(interp, own)
  if (value.kind === 'str' && value.value !== null && base?.kind === 'int' && base.dim.value) {
    const read = Number.parseInt(value.value.replace(/^0[box]/i, ''), base.dim.value)
    return int(Number.isNaN(read) ? interp.freshInt() : constant(read))
  }
  if (value.kind === 'tensor') {
    // What is known to within a rounding has a whole part.
    const whole = value.values ? interp.settle(callMethod(interp, value, 'long', [])) : value
    const item = interp.settle(callMethod(interp, whole, 'item', []))
    return item.kind === 'tensor' ? int(interp.freshInt()) : toInt(interp, item)
  }
  if (value.kind === 'float')
    return int(value.value === null ? interp.freshSize() : constant(Math.trunc(value.value)))
  if (value.kind === 'str')
    return value.value !== null && /^-?\d+$/.test(value.value)
      ? int(Number(value.value))
      : int(interp.freshInt())
  if (value.kind === 'unknown') {
    const dim = value.deferred ? null : interp.asInt(value)
    return int(dim ?? interp.freshSize())
  }
  const dim = interp.asInt(value)
  return dim ? int(dim) : int(interp.freshInt())
}

function toFloat(interp: Interpreter, value: Value | undefined): Value {
  const own = ownNumber(interp, value, ['__float__', '__index__'])
  if (own) return toFloat(interp, own)
  if (value?.kind === 'str') return parseFloatText(value.value)
  if (value?.kind === 'tensor') return toFloat(interp, interp.settle(callMethod(interp, value, 'item', [])))
  return float(value ? numberOf(value) : 0)
}

const parseFloatText = (text: string | null): Value =>
  text === null || Number.isNaN(Number(text)) ? someFloat : float(Number(text))

function toList(interp: Interpreter, value: Value | undefined): Value {
  if (!value) return list([])
  const items = readItems(interp, value)
  if (items) return list(items)
  if (value.kind === 'size') return value
  const some = elementOf(interp, value)
  return some ? list(sequence(some.element, some.length)) : interp.unknown('a list of unknown items')
}

function toTuple(interp: Interpreter, value: Value | undefined): Value {
  if (!value) return tuple([])
  if (value.kind === 'tuple' && (value.isGuess || value.isOfGuess)) return value
  const items = readItems(interp, value)
  if (items) return tuple(items)
  if (value.kind === 'size') return value
  const some = elementOf(interp, value)
  return some ? sequence(some.element, some.length) : interp.unknown('a tuple of unknown items')
}

function toSet(interp: Interpreter, value: Value | undefined): Value {
  const items = value ? iterableItems(interp, value) : []
  return items
    ? setOf(interp, items)
    : someSet(value ? (elementOf(interp, value)?.element ?? unknown('an item of a set')) : none)
}

/** The names of the function that runs, as `locals()` gives them. */
const localNames = (interp: Interpreter): Value =>
  dict(
    [...(interp.activation?.scope.variables ?? [])].map(([name, value]) => [
      `s:${name}`,
      { key: str(name), value },
    ]),
  )

function toSlice(args: readonly Value[]): Value {
  const [a = none, b = none, c = none] = args
  return args.length === 1
    ? { kind: 'slice', lower: none, upper: a, step: none }
    : { kind: 'slice', lower: a, upper: b, step: c }
}

function toRange(interp: Interpreter, args: readonly Value[]): Value {
  const dims = args.map((a) => interp.asInt(a) ?? interp.freshSize())
  const [a = constant(0), b, c] = dims
  return { kind: 'range', start: b ? a : constant(0), stop: b ?? a, step: c ?? constant(1) }
}

function absolute(interp: Interpreter, value: Value): Value {
  if (value.kind === 'tensor') {
    const op = operations.get('torch.abs')
    return op
      ? callOp(op, { positional: [value], keywords: new Map(), isOpen: false }, interp)
      : unknown('abs')
  }
  if (value instanceof InstanceObject && value.cls.find('__abs__'))
    return callMethod(interp, value, '__abs__', [])
  const n = numberOf(value)
  if (n !== null) return value.kind === 'float' ? float(Math.abs(n)) : int(Math.abs(n))
  if (value.kind === 'float') return someFloat
  return value.kind === 'int' ? int(interp.freshSize()) : unknown('abs')
}

function extremum(
  interp: Interpreter,
  args: readonly Value[],
  all: Arguments,
  ofDims: (a: Dim, b: Dim) => Dim,
  ofNumbers: (...n: number[]) => number,
): Value {
  const [only] = args
  const items = (args.length === 1 && only ? iterableItems(interp, only) : args)?.map((i) => interp.settle(i))
  const key = all.keywords.get('key')
  const isGreatest = ofNumbers === Math.max
  if (items && key) return extremeBy(interp, items, isGreatest, key)
  if (!items) return interp.unknown('an extremum of unknown items')
  if (items.length === 0) return all.keywords.get('default') ?? unknown('an extremum of nothing')
  if (items.every((i) => i.kind === 'int'))
    return int(items.map((i) => interp.dims.resolve(i.dim)).reduce(ofDims))
  const isHeld = (i: Value): boolean => i.kind === 'tensor' || (i instanceof InstanceObject && isArray(i))
  if (items.some(isHeld)) return extremeBy(interp, items, isGreatest)
  // The first of those that are it: 1 of `max(1, 1.0)`.
  const numbers = items.map(numberOf)
  if (numbers.every((n) => n !== null)) return items[numbers.indexOf(ofNumbers(...numbers))] ?? someFloat
  if (
    items.some((i) => i.kind === 'unknown') &&
    items.every((i) => i.kind === 'int' || i.kind === 'unknown')
  ) {
    const dims = items.map((i) => interp.asInt(i))
    if (dims.every((d) => d !== null)) return int(dims.reduce(ofDims))
  }
  return items.some((i) => i.kind === 'float') ? someFloat : interp.unknown('an extremum')
}
