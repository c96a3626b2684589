// Python's `copy`: containers and instances that are changed apart from what they were made from.

import { type DictEntry, dict, type ListItems, list, sequence, type Value } from '../trace/values'
import { isSequence } from './containers'
import type { Interpreter } from './interpreter'
import { copyOfParameter } from './learning'
import { BoundMethod, InstanceObject } from './objects'

/** `copy.copy(value)`: what it holds stays the same. */
export const shallowCopy = (interp: Interpreter, value: Value): Value =>
  copied(interp, value, (inner) => inner)

/** `copy.deepcopy(value)`: what it holds is copied too, each value once. */
export function deepCopy(interp: Interpreter, value: Value, memo = new Map<Value, Value>()): Value {
  const settled = interp.settle(value)
  const known = memo.get(settled) ?? copyOfParameter(settled)
  if (known) {
    memo.set(settled, known)
    return known
  }
  return copied(
    interp,
    settled,
    (inner) => deepCopy(interp, inner, memo),
    (made) => memo.set(settled, made),
  )
}

function copied(
  interp: Interpreter,
  given: Value,
  inner: (value: Value) => Value,
  remember: (made: Value) => void = () => {},
): Value {
  const value = interp.settle(given)
  if (value instanceof InstanceObject) {
    if (value.cls.role === 'enum') return value
    const made = new InstanceObject(value.cls, value.site)
    remember(made)
    made.isOpen = value.isOpen
    for (const [name, attribute] of value.attributes) made.attributes.set(name, inner(attribute))
    made.payload = value.payload && copied(interp, value.payload, inner)
    return made
  }
  if (value.kind === 'dict') {
    const made = { ...value, ...dict() }
    remember(made)
    for (const [key, entry] of value.entries) {
      const copy: DictEntry = { ...entry, value: inner(entry.value) }
      made.entries.set(key, copy)
    }
    for (const [pattern, some] of value.rest) made.rest.set(pattern, inner(some))
    for (const [flag, isSet] of value.state) made.state.set(flag, isSet)
    return made
  }
  if (value.kind === 'list') {
    const made = { ...value, ...list([]) }
    remember(made)
    const items: ListItems = value.slots.get('items') ?? []
    made.slots.set(
      'items',
      isSequence(items) ? sequence(inner(items.element), items.length) : items.map(inner),
    )
    return made
  }
  // The copy of a method is one of the copied instance.
  if (value instanceof BoundMethod) {
    const self = inner(value.self)
    return self === value.self ? value : new BoundMethod(self, value.callable)
  }
  if (value.kind === 'tuple') {
    const items = value.items.map(inner)
    return items.every((item, i) => item === value.items[i]) ? value : { ...value, items }
  }
  return value
}
