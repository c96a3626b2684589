// Instances of classes that inherit from a built-in container, and what every class has from `object`.

import { bool, type DictValue, dict, int, list, none, str, tuple, type Value } from '../trace/values'
import { callMethod, setPlainAttribute } from './attributes'
import { callValueWith } from './calls'
import { containerMethod, deleteItem, iterableItems, lengthOf, plainContainer, setItem } from './containers'
import { contains } from './expressions'
import { readAsObject } from './interception'
import type { Interpreter } from './interpreter'
import { BoundMethod, ClassObject, InstanceObject, NativeFunction, NativeMethod, NativeType } from './objects'
import { subscript } from './subscripts'

const containers = ['dict', 'list', 'set', 'tuple', 'str', 'int', 'float']

/** The built-in type that a class inherits from, by name. */
export function builtinBase(cls: ClassObject): string | null {
  for (const { bases } of cls.mro)
    for (const base of bases)
      if (base instanceof NativeType && containers.includes(base.name)) return base.name
  return null
}

/** The built-in value that a new instance holds before its constructor runs. */
export function emptyPayload(interp: Interpreter, cls: ClassObject, args: readonly Value[]): Value | null {
  switch (builtinBase(cls)) {
    case 'dict':
      return { ...dict(), isOfInstance: true }
    case 'list':
      return list([])
    case null:
    case undefined:
      return null
    default: {
      // Unchangeable values are made by `__new__`, from what the class is called with.
      const type = interp.builtin(builtinBase(cls) ?? '')
      return type
        ? callValueWith(interp, type, { positional: args, keywords: new Map(), isOpen: false })
        : null
    }
  }
}

/** A method that the built-in base gives an instance, acting on the value that it holds. */
export function payloadAttribute(interp: Interpreter, self: InstanceObject, name: string): Value | undefined {
  return self.payload ? heldAttribute(interp, self.payload, name) : undefined
}

/** What Python's own types have under such a name, besides the methods without underscores. */
const dunders = [
  '__init__',
  '__getitem__',
  '__setitem__',
  '__delitem__',
  '__contains__',
  '__iter__',
  '__len__',
]

/** `dict.get`, `list.append`: a method of a container, given the instance or the value that it acts on first. */
export function unboundMethod(type: string, name: string): Value | undefined {
  if (!containers.includes(type) || (name.startsWith('_') && !dunders.includes(name))) return undefined
  return new NativeMethod(name, ({ positional: [self = none, ...rest], keywords, isOpen }, interp) => {
    const method = heldAttribute(interp, plainContainer(interp.settle(self)), name)
    return method
      ? callValueWith(interp, method, { positional: rest, keywords, isOpen })
      : interp.unknown(`${type}.${name} of what is not known`)
  })
}

/** A method of a value that an instance holds, or would hold. */
function heldAttribute(interp: Interpreter, payload: Value, name: string): Value | undefined {
  const native = (call: (args: readonly Value[], keywords: ReadonlyMap<string, Value>) => Value): Value =>
    new NativeFunction(name, ({ positional, keywords }) => call(positional, keywords))
  switch (name) {
    case '__init__':
      return native((args, keywords) => {
        if (payload.kind === 'dict' && (args.length > 0 || keywords.size > 0))
          fill(interp, payload, args, keywords)
        else if (payload.kind === 'list' && args[0]) callMethod(interp, payload, 'extend', [args[0]])
        return none
      })
    case '__getitem__':
      return native(([index = none]) => subscript(interp, payload, index))
    case '__setitem__':
      return native(([index = none, value = none]) => {
        if (payload.kind === 'dict' || payload.kind === 'list') setItem(interp, payload, index, value)
        return none
      })
    case '__delitem__':
      return native(([index = none]) => {
        deleteItem(interp, payload, interp.settle(index))
        return none
      })
    case '__contains__':
      return native(([item = none]) => bool(contains(interp, interp.settle(item), payload)))
    case '__iter__':
      return native(() => {
        const items = iterableItems(interp, payload)
        return items ? tuple(items) : interp.unknown('the items are not known')
      })
    case '__len__':
      return native(() => int(lengthOf(interp, payload) ?? interp.freshSize()))
    default:
      return containerMethod(interp, payload, name)
  }
}

function fill(
  interp: Interpreter,
  payload: DictValue,
  positional: readonly Value[],
  keywords: ReadonlyMap<string, Value>,
): void {
  const type = interp.builtin('dict')
  if (!type) return
  const given = interp.settle(callValueWith(interp, type, { positional, keywords, isOpen: false }))
  if (given.kind !== 'dict') return
  for (const { key, value } of given.entries.values()) setItem(interp, payload, key, value)
  if (given.state.get('isOpen')) interp.trail.write(payload.state, 'isOpen', true)
}

/** `object.__new__(cls)`: an instance that was not initialised; of a built-in base it has the value. */
export const objectNew = new NativeFunction('__new__', ({ positional: [type = none, ...rest] }, interp) => {
  const cls = interp.settle(type)
  if (!(cls instanceof ClassObject) || cls.role === 'enum' || cls.role === 'namedtuple')
    return interp.unknown('an instance of a class that is not known')
  const made = new InstanceObject(cls, interp.place)
  made.payload = emptyPayload(interp, cls, rest)
  return made
})

/** What `object` gives every class; `self` is the instance it is read from, or null for the class. */
export function objectMethod(interp: Interpreter, self: Value | null, name: string): Value | undefined {
  const method = new NativeMethod(name, ({ positional: [target = none, key = none, value = none] }) => {
    const text = interp.settle(key)
    const attribute = text.kind === 'str' ? text.value : null
    switch (name) {
      case '__setattr__':
        if (attribute !== null) setPlainAttribute(interp, target, attribute, value)
        return none
      case '__getattribute__':
        return attribute === null
          ? interp.unknown('which attribute is read is not known')
          : readAsObject(interp, interp.settle(target), attribute)
      case '__repr__':
      case '__str__':
        return str(null)
      default:
        return none
    }
  })
  if (name === '__new__') return objectNew
  const known = ['__init__', '__init_subclass__', '__setattr__', '__getattribute__', '__repr__', '__str__']
  if (!known.includes(name)) return undefined
  return self ? new BoundMethod(self, method) : method
}
