// What is known of Python's standard library: enough to see through its decorators and containers.

import type { Arguments } from '../ops/op'
import { bool, dict, none, sequence, str, tuple, Unknown, unknown, type Value } from '../trace/values'
import { elementOf, iterableItems } from './containers'
import type { Interpreter } from './interpreter'
import {
  FieldObject,
  FunctionObject,
  InstanceObject,
  NativeFunction,
  NativeType,
  PartialObject,
} from './objects'

type Attribute = (interp: Interpreter, name: string) => Value | undefined

const native = (name: string, call: (args: Arguments, interp: Interpreter) => Value): Value =>
  new NativeFunction(name, call)

/** A decorator, or a decorator's factory, that gives back what it decorates. */
const seenThrough = (_: Interpreter, name: string): Value =>
  native(name, (args, interp) => {
    const [first] = args.positional.map((a) => interp.settle(a))
    return first?.kind === 'object' ? first : native(name, (inner) => inner.positional[0] ?? none)
  })

const baseType = (name: string): Value => new NativeType(name, () => null, null)

const functools: Attribute = (interp, name) => {
  switch (name) {
    case 'partial':
      return native(name, (args) => {
        const [callable = none, ...positional] = args.positional
        return new PartialObject(callable, { ...args, positional })
      })
    case 'reduce':
      return native(name, (args, interp) => {
        const [fn = none, items = none, start] = args.positional
        const known = iterableItems(interp, items)
        if (!known) return unknown('a reduction over unknown items')
        const all = start ? [start, ...known] : known
        return all.reduce((a, b) =>
          interp.callValue(fn, { positional: [a, b], keywords: new Map(), isOpen: false }),
        )
      })
    case 'wraps':
      return native(name, ({ positional: [wrapped] }) =>
        native(name, ({ positional: [wrapper = none] }, interp) => {
          if (wrapper instanceof FunctionObject && wrapped instanceof FunctionObject)
            interp.trail.write(wrapper.attributes, '__name__', str(wrapped.name))
          return wrapper
        }),
      )
    case 'lru_cache':
    case 'cache':
    case 'total_ordering':
    case 'singledispatch':
      return seenThrough(interp, name)
    default:
      return undefined
  }
}

const itertools: Attribute = (interp, name) => {
  const items = (v: Value | undefined): readonly Value[] | null => (v ? iterableItems(interp, v) : null)
  switch (name) {
    case 'chain':
      return native(name, (args) => {
        const lists = args.positional.map(items)
        return lists.every((l) => l !== null)
          ? tuple(lists.flat())
          : sequence(unknown('a chain of unknown items'), null)
      })
    case 'product':
      return native(name, (args) => {
        const lists = args.positional.map(items)
        if (!lists.every((l) => l !== null) || lists.reduce((n, l) => n * l.length, 1) > 512)
          return unknown('a product')
        const rows = lists.reduce<Value[][]>(
          (all, l) => all.flatMap((row) => l.map((i) => [...row, i])),
          [[]],
        )
        return tuple(rows.map((row) => tuple(row)))
      })
    case 'repeat':
      return native(name, (args) => sequence(args.positional[0] ?? none, null))
    case 'islice':
    case 'accumulate':
      return native(name, (args, interp) =>
        sequence(elementOf(interp, args.positional[0] ?? none)?.element ?? unknown(name), null),
      )
    default:
      return undefined
  }
}

const collections: Attribute = (interp, name) => {
  switch (name) {
    case 'OrderedDict':
    case 'Counter':
      return interp.builtin('dict')
    case 'defaultdict':
      return native(name, ({ positional: [factory, ...rest], keywords, isOpen }, interp) => {
        const types = interp.builtin('dict')
        const made = types ? interp.callValue(types, { positional: rest, keywords, isOpen }) : dict()
        return made.kind === 'dict' && factory ? { ...made, factory } : made
      })
    case 'deque':
      return interp.builtin('list')
    case 'namedtuple':
      return native(name, (args, interp) => namedTupleType(interp, args))
    default:
      return name === 'abc' ? undefined : baseType(name)
  }
}

function namedTupleType(interp: Interpreter, args: Arguments): Value {
  const fieldsValue = interp.settle(args.positional[1] ?? none)
  const fields =
    fieldsValue.kind === 'str'
      ? (fieldsValue.value?.split(/[\s,]+/) ?? null)
      : (iterableItems(interp, fieldsValue)?.map((f) => (f.kind === 'str' ? (f.value ?? '') : '')) ?? null)
  if (!fields) return unknown('a named tuple of unknown fields')
  return native('namedtuple', (made) =>
    tuple(
      fields.map((f, i) => made.positional[i] ?? made.keywords.get(f) ?? none),
      fields,
    ),
  )
}

const dataclasses: Attribute = (interp, name) => {
  if (name === 'dataclass') return seenThrough(interp, name)
  if (name === 'field')
    return native(name, (args) => {
      const factory = args.keywords.get('default_factory')
      const fallback = args.keywords.get('default')
      return new FieldObject((interp) =>
        factory
          ? interp.callValue(factory, { positional: [], keywords: new Map(), isOpen: false })
          : (fallback ?? unknown('a field')),
      )
    })
  if (name === 'replace')
    return native(name, (args, interp) => replaced(interp, interp.settle(args.positional[0] ?? none), args))
  if (name === 'asdict' || name === 'astuple')
    return native(name, (args, interp) => fieldsOf(interp, interp.settle(args.positional[0] ?? none), name))
  return undefined
}

/** `replace(instance, field=value)` */
function replaced(interp: Interpreter, value: Value, args: Arguments): Value {
  if (!(value instanceof InstanceObject)) return value
  const keywords = new Map<string, Value>()
  for (const field of value.cls.fields) {
    const own = args.keywords.get(field) ?? value.attributes.get(field)
    if (own) keywords.set(field, own)
  }
  return interp.callValue(value.cls, { positional: [], keywords, isOpen: false })
}

function fieldsOf(interp: Interpreter, value: Value, name: string): Value {
  if (!(value instanceof InstanceObject) || value.cls.role !== 'dataclass') return value
  const items = value.cls.fields.map(
    (f) => [f, fieldsOf(interp, interp.settle(value.attributes.get(f) ?? unknown(f)), name)] as const,
  )
  if (name === 'astuple') return tuple(items.map(([, item]) => item))
  return dict(items.map(([f, item]) => [`s:${f}`, { key: str(f), value: item }]))
}

const typing: Attribute = (interp, name) => {
  switch (name) {
    case 'TYPE_CHECKING':
      return bool(false)
    case 'NamedTuple':
      return baseType('NamedTuple')
    case 'cast':
      return native(name, (args) => args.positional[1] ?? none)
    case 'overload':
    case 'final':
    case 'override':
    case 'runtime_checkable':
    case 'no_type_check':
      return seenThrough(interp, name)
    case 'TypeVar':
    case 'NewType':
    case 'ParamSpec':
      return native(name, () => unknown(name))
    default:
      return baseType(name)
  }
}

const enumeration: Attribute = (_, name) => {
  if (name === 'auto') return native(name, () => unknown('enum.auto'))
  return /Enum$|Flag$/.test(name) ? baseType(name) : undefined
}

const nothing: Attribute = (_, name) => (/^[a-z]/.test(name) ? native(name, () => none) : undefined)

const opaque: Attribute = (_, name) => new Unknown(name, 'of the standard library')

/** The parts of the standard library that are known, by their first name. */
export const standardLibrary: ReadonlyMap<string, Attribute> = new Map<string, Attribute>([
  ['functools', functools],
  ['itertools', itertools],
  ['collections', collections],
  ['dataclasses', dataclasses],
  ['typing', typing],
  ['typing_extensions', typing],
  ['enum', enumeration],
  ['abc', (interp, name) => (/^[A-Z]/.test(name) ? baseType(name) : seenThrough(interp, name))],
  [
    'contextlib',
    (interp, name) =>
      /^[a-z]/.test(name) && name !== 'nullcontext' && name !== 'suppress'
        ? seenThrough(interp, name)
        : native(name, (args) => args.positional[0] ?? none),
  ],
  ['warnings', nothing],
  [
    'logging',
    (_, name) => (name === 'getLogger' ? native(name, () => unknown('a logger')) : opaque(_, name)),
  ],
  ['copy', (_, name) => native(name, (args) => args.positional[0] ?? none)],
  ['time', opaque],
  ['os', opaque],
  ['sys', opaque],
  ['re', opaque],
  ['json', opaque],
  ['random', opaque],
  ['inspect', opaque],
  ['pathlib', opaque],
  ['types', opaque],
  ['numbers', (_, name) => baseType(name)],
  ['operator', opaque],
  ['string', opaque],
  ['argparse', opaque],
  ['importlib', opaque],
  ['__future__', (_, name) => str(name)],
])
