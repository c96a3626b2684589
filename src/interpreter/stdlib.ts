// What is known of Python's standard library: enough to see through its decorators and containers.

import { constant, type Dim } from '../dims/dim'
import type { Arguments } from '../ops/op'
import { bool, dict, int, none, sequence, str, tuple, Unknown, unknown, type Value } from '../trace/values'
import { getTypeHints } from './class-annotations'
import { iterableItems } from './containers'
import { ContextFunction } from './contexts'
import { deepCopy, shallowCopy } from './copying'
import { dataclassesAttribute } from './dataclasses'
import { dequeType } from './deque'
import { dictOf } from './dict-making'
import { generatorType, inspectAttribute, typesAttribute } from './inspection'
import { importlibAttribute, loggingAttribute, osAttribute, sysAttribute } from './installation'
import { numberKinds } from './instance-tests'
import type { Interpreter } from './interpreter'
import { joinAll } from './join'
import { keepingDecorator } from './kept-results'
import { valueOfLiteral } from './literal-text'
import { enumOfCall } from './made-classes'
import {
  ClassObject,
  FunctionObject,
  NamedTupleType,
  NativeFunction,
  NativeType,
  PartialObject,
} from './objects'
import { fnmatchAttribute, reAttribute } from './regular-expressions'

type Attribute = (interp: Interpreter, name: string) => Value | undefined

const native = (name: string, call: (args: Arguments, interp: Interpreter) => Value): Value =>
  new NativeFunction(name, call)

/** A decorator, or a decorator's factory, that gives back what it decorates. */
const seenThrough = (_: Interpreter, name: string): Value =>
  native(name, (args, interp) => {
    const [first] = args.positional.map((a) => interp.settle(a))
    return first?.kind === 'object' ? first : native(name, (inner) => inner.positional[0] ?? none)
  })

/** A method that subclasses have to write says so. */
const abstractMethod = native('abstractmethod', ({ positional: [given = none] }, interp) => {
  const fn = interp.settle(given)
  if (fn instanceof FunctionObject) interp.trail.write(fn.attributes, '__isabstractmethod__', bool(true))
  return given
})

const baseType = (name: string): Value => new NativeType(name, () => null, null)

const partialType = new NativeType(
  'functools.partial',
  (value) => (value.kind === 'unknown' || value.kind === 'union' ? null : value instanceof PartialObject),
  (args, interp) => {
    const [first = none, ...positional] = args.positional
    const callable = interp.settle(first)
    // One of one is one: its function is never itself partial.
    return callable instanceof PartialObject && callable.callable.kind !== 'str'
      ? new PartialObject(callable.callable, callable.with({ ...args, positional }))
      : new PartialObject(callable, { ...args, positional })
  },
)

/** The wrapper, which says what it wraps and has its attributes. */
function wrapping(interp: Interpreter, wrapper: Value, wrapped: Value | undefined): Value {
  if (wrapper instanceof FunctionObject && wrapped instanceof FunctionObject) {
    interp.trail.write(wrapper.attributes, '__name__', str(wrapped.name))
    for (const [name, value] of wrapped.attributes) interp.trail.write(wrapper.attributes, name, value)
  }
  if (wrapper instanceof FunctionObject && wrapped?.kind === 'object')
    interp.trail.write(wrapper.attributes, '__wrapped__', wrapped)
  return wrapper
}

const functools: Attribute = (interp, name) => {
  switch (name) {
    case 'partial':
      return partialType
    case 'reduce':
      return native(name, (args, interp) => {
        const [fn = none, items = none, start] = args.positional
        const known = iterableItems(interp, items)
        if (!known) return unknown('a reduction over unknown items')
        const [first, ...others] = start ? [start, ...known] : known
        if (!first) return unknown('a reduction over nothing')
        return others.reduce(
          (a, b) => interp.callValue(fn, { positional: [a, b], keywords: new Map(), isOpen: false }),
          first,
        )
      })
    case 'wraps':
      return native(name, ({ positional: [wrapped] }) =>
        native(name, ({ positional: [wrapper = none] }, interp) => wrapping(interp, wrapper, wrapped)),
      )
    case 'update_wrapper':
      return native(name, ({ positional: [wrapper = none, wrapped] }, interp) =>
        wrapping(interp, wrapper, wrapped),
      )
    case 'lru_cache':
    case 'cache':
      return keepingDecorator(name)
    case 'total_ordering':
      return seenThrough(interp, name)
    default:
      return undefined
  }
}

/** How often `repeat(x, n)` gives its value; null where it does not end or is not known. */
function times({ positional, keywords }: Arguments): Dim | null {
  const count = positional[1] ?? keywords.get('times')
  return count?.kind === 'int' ? count.dim : null
}

/** Of more combinations than these one stands for all. */
const mostProducts = 512

const itertools: Attribute = (interp, name) => {
  const items = (v: Value | undefined): readonly Value[] | null => (v ? iterableItems(interp, v) : null)
  switch (name) {
    case 'product':
      return native(name, (args) => {
        const given = args.positional.map(items)
        const repeat = interp.settle(args.keywords.get('repeat') ?? int(1))
        const count = repeat.kind === 'int' ? repeat.dim.value : null
        if (count === null || !given.every((l) => l !== null)) return unknown('a product')
        const lists = Array.from({ length: count }, () => given).flat()
        const total = lists.reduce((n, l) => n * l.length, 1)
        if (total > mostProducts)
          return sequence(tuple(lists.map((l) => joinAll(interp.facts, l))), constant(total))
        const rows = lists.reduce<Value[][]>(
          (all, l) => all.flatMap((row) => l.map((i) => [...row, i])),
          [[]],
        )
        return tuple(rows.map((row) => tuple(row)))
      })
    case 'cycle':
      // As often as any loop that is followed turn by turn can ask.
      return native(name, (args) => {
        const known = items(args.positional[0])
        return known && known.length > 0
          ? tuple(Array.from({ length: 1024 }, (_, i) => known[i % known.length] ?? none))
          : sequence(unknown('a cycle of unknown items'), null)
      })
    case 'repeat':
      return native(name, (args) => sequence(args.positional[0] ?? none, times(args)))
    default:
      return undefined
  }
}

/** Dicts of this type are told from plain ones only by `type`. */
const orderedDict = new NativeType(
  'dict',
  ({ kind }) => (kind === 'unknown' || kind === 'union' ? null : kind === 'dict'),
  (args, interp) => {
    const made = dictOf(interp, { ...args, positional: args.positional.map((a) => interp.settle(a)) })
    made.state.set('isKind', true)
    return made
  },
)

const collections: Attribute = (interp, name) => {
  switch (name) {
    case 'OrderedDict':
      return orderedDict
    case 'defaultdict':
      return native(name, ({ positional: [factory, ...rest], keywords, isOpen }, interp) => {
        const types = interp.builtin('dict')
        const made = types ? interp.callValue(types, { positional: rest, keywords, isOpen }) : dict()
        return made.kind === 'dict' && factory ? { ...made, factory } : made
      })
    case 'deque':
      return dequeType
    case 'namedtuple':
      return native(name, (args, interp) => namedTupleType(interp, args))
    default:
      return name === 'abc' ? (interp.prelude('collections.abc') ?? undefined) : baseType(name)
  }
}

function namedTupleType(interp: Interpreter, args: Arguments): Value {
  const fieldsValue = interp.settle(args.positional[1] ?? none)
  const fields =
    fieldsValue.kind === 'str'
      ? (fieldsValue.value?.split(/[\s,]+/).filter((f) => f !== '') ?? null)
      : (iterableItems(interp, fieldsValue)?.map((f) => (f.kind === 'str' ? (f.value ?? '') : '')) ?? null)
  if (!fields) return unknown('a named tuple of unknown fields')
  const given = interp.settle(args.keywords.get('defaults') ?? none)
  const values = given.kind === 'none' ? [] : iterableItems(interp, given)
  if (!values) return unknown('a named tuple of unknown defaults')
  const optional = fields.slice(fields.length - values.length)
  const name = interp.settle(args.positional[0] ?? none)
  return new NamedTupleType(
    name.kind === 'str' ? (name.value ?? '') : '',
    fields,
    new Map(optional.map((f, i) => [f, values[i] ?? none])),
  )
}

const typing: Attribute = (interp, name) => {
  switch (name) {
    case 'TYPE_CHECKING':
      return bool(false)
    case 'NamedTuple':
      return baseType('NamedTuple')
    case 'cast':
      return native(name, (args) => args.positional[1] ?? none)
    case 'get_type_hints':
      return getTypeHints
    case 'overload':
    case 'final':
    case 'override':
    case 'runtime_checkable':
    case 'no_type_check':
      return seenThrough(interp, name)
    case 'Generator':
      return generatorType
    case 'TypeVar':
    case 'NewType':
    case 'ParamSpec':
      return native(name, () => unknown(name))
    case 'Callable':
    case 'Iterable':
    case 'Sequence':
    case 'Mapping':
    case 'MutableMapping':
      return interp.prelude('collections.abc')?.lookup(name, interp)
    // These names of containers may also be called.
    case 'OrderedDict':
      return collections(interp, name)
    case 'DefaultDict':
    case 'Deque':
      return collections(interp, name.toLowerCase())
    default:
      return baseType(name)
  }
}

/** The class of enums: each is an instance of it. */
const enumMeta = new NativeType(
  'EnumMeta',
  (value) =>
    value.kind === 'unknown' || value.kind === 'union'
      ? null
      : value instanceof ClassObject && value.role === 'enum',
  null,
)

/** Members are instances of their enum; nothing else is one. */
const isNoMember = ({ kind }: Value): boolean | null =>
  kind === 'unknown' || kind === 'union' || kind === 'object' ? null : false

const enumeration: Attribute = (_, name) => {
  if (name === 'auto') return native(name, () => unknown('enum.auto'))
  if (name === 'EnumMeta' || name === 'EnumType') return enumMeta
  if (!/Enum$|Flag$/.test(name)) return undefined
  const type: NativeType = new NativeType(name, isNoMember, (args, interp) => enumOfCall(interp, type, args))
  return type
}

const nothing: Attribute = (_, name) => (/^[a-z]/.test(name) ? native(name, () => none) : undefined)

/** `weakref.ref`, called for what it refers to, and `weakref.proxy`, which stands for it: nothing is collected here. */
const weakReference = (name: string): Value | null =>
  name === 'ref'
    ? native(name, ({ positional: [referent = none] }) => native('referent', () => referent))
    : name === 'proxy'
      ? native(name, ({ positional: [referent = none] }) => referent)
      : null

/** A function of a text that spells its value out. */
const textReader = (name: string, read: (interp: Interpreter, text: string) => Value | null): Value =>
  native(name, ({ positional: [first = none] }, interp) => {
    const text = interp.settle(first)
    const value = text.kind === 'str' && text.value !== null ? read(interp, text.value) : null
    return value ?? new Unknown(name, 'a text that is not known')
  })

/** The constants of the string module. */
const [lower, digits] = ['abcdefghijklmnopqrstuvwxyz', '0123456789']
const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'
const whitespace = ' \t\n\r\v\f'
const letters: Readonly<Record<string, Value>> = {
  ascii_letters: str(lower + lower.toUpperCase()),
  ascii_lowercase: str(lower),
  ascii_uppercase: str(lower.toUpperCase()),
  digits: str(digits),
  hexdigits: str(`${digits}abcdefABCDEF`),
  octdigits: str('01234567'),
  printable: str(digits + lower + lower.toUpperCase() + punctuation + whitespace),
  punctuation: str(punctuation),
  whitespace: str(whitespace),
}

const opaque: Attribute = (_, name) => new Unknown(name, 'of the standard library')

/** The parts of the standard library that are known, by their first name. */
export const standardLibrary: ReadonlyMap<string, Attribute> = new Map<string, Attribute>([
  ['functools', functools],
  ['itertools', itertools],
  ['collections', collections],
  ['dataclasses', dataclassesAttribute],
  ['typing', typing],
  ['typing_extensions', typing],
  ['enum', enumeration],
  [
    'abc',
    (interp, name) =>
      name === 'abstractmethod'
        ? abstractMethod
        : /^[A-Z]/.test(name)
          ? baseType(name)
          : seenThrough(interp, name),
  ],
  [
    'contextlib',
    (interp, name) =>
      name === 'contextmanager'
        ? native(name, ({ positional: [fn = none] }) => new ContextFunction(fn))
        : /^[a-z]/.test(name) && name !== 'nullcontext'
          ? seenThrough(interp, name)
          : native(name, (args) => args.positional[0] ?? none),
  ],
  ['warnings', nothing],
  ['logging', loggingAttribute],
  [
    'copy',
    (_, name) =>
      native(name, ({ positional: [value = none] }, interp) =>
        name === 'deepcopy' ? deepCopy(interp, value) : shallowCopy(interp, value),
      ),
  ],
  ['weakref', (_, name) => weakReference(name) ?? unknown(`weakref.${name}`)],
  ['time', opaque],
  ['os', osAttribute],
  ['sys', sysAttribute],
  ['re', reAttribute],
  ['fnmatch', fnmatchAttribute],
  ['json', opaque],
  ['ast', (_, name) => (name === 'literal_eval' ? textReader(name, valueOfLiteral) : unknown(`ast.${name}`))],
  ['random', opaque],
  ['heapq', opaque],
  ['concurrent', opaque],
  ['io', opaque],
  ['pickle', opaque],
  ['queue', opaque],
  ['statistics', opaque],
  ['bisect', opaque],
  ['inspect', inspectAttribute],
  ['pathlib', opaque],
  ['types', typesAttribute],
  ['numbers', (_, name) => numberKinds.get(name) ?? baseType(name)],
  ['operator', opaque],
  ['string', (_, name) => letters[name] ?? unknown(`string.${name}`)],
  ['argparse', opaque],
  ['importlib', importlibAttribute],
  ['packaging', (interp, name) => interp.prelude(`packaging.${name}`) ?? undefined],
  ['contextvars', opaque],
  ['__future__', (_, name) => str(name)],
])
