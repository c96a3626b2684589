// The `__dict__` of an instance: its attributes, read and written as a dict.

import { type DictEntry, type DictValue, dict, str, type Value } from '../trace/values'
import { ComputedEntries } from './computed-entries'
import { setItem } from './containers'
import type { Interpreter } from './interpreter'
import type { InstanceObject } from './objects'

const namespaces = new WeakMap<InstanceObject, DictValue>()

/** Attributes that were only read, of which nothing says that they are there. */
const onlyRead = new WeakSet<Value>()

/** Keeps what a read of an attribute that is not known gave, so that each read gives the same. */
export function keepRead(instance: InstanceObject, name: string, value: Value): void {
  onlyRead.add(value)
  instance.attributes.set(name, value)
}

/** The dict of an instance, the same each time: what is set in the one is set in the other. */
export function namespaceOf(instance: InstanceObject): DictValue {
  let known = namespaces.get(instance)
  if (!known)
    namespaces.set(instance, (known = { ...dict(), entries: new AttributeEntries(instance.attributes) }))
  // What was set under a name that is not known is there too.
  if ([...instance.attributes.keys()].some((name) => !isAttribute(name))) known.state.set('isOpen', true)
  return known
}

/** True if an attribute may have been set under a name that is not known, or with a dict of unknown content. */
export function mayBeSet(instance: InstanceObject, name: string): boolean {
  if (namespaces.get(instance)?.state.get('isOpen') === true) return true
  const isMeant = (pattern: string): boolean => {
    const [start = '', ...rest] = pattern.slice(1, -1).split('*')
    return name.startsWith(start) && name.endsWith(rest.at(-1) ?? '')
  }
  return [...instance.attributes.keys()].some((key) => !isAttribute(key) && isMeant(key))
}

const prefix = 's:'

/** The dict that an instance was given for its own, `self.__dict__ = shared`, if it was. */
const givenDict = ({ attributes }: InstanceObject): DictValue | null => {
  const given = attributes.get('__dict__')
  return given?.kind === 'dict' ? given : null
}

/** An attribute in the dict that an instance was given. */
export const sharedEntry = (instance: InstanceObject, name: string): Value | undefined =>
  givenDict(instance)?.entries.get(prefix + name)?.value

/** Sets an attribute in the dict that other instances have too; false where there is none. */
export function share(interp: Interpreter, instance: InstanceObject, name: string, value: Value): boolean {
  const given = name === '__dict__' ? null : givenDict(instance)
  if (given) setItem(interp, given, str(name), value)
  return given !== null
}

/** What instances share any of them may have set, long before this one was made: nothing is known from here. */
export function forgetShared(interp: Interpreter, instance: InstanceObject): void {
  const given = givenDict(instance)
  if (!given) return
  for (const name of [...instance.attributes.keys()]) interp.trail.delete(instance.attributes, name)
  for (const key of [...given.entries.keys()]) interp.trail.delete(given.entries, key)
  interp.trail.write(given.state, 'isOpen', true)
  instance.isOpen = true
}

/** Names of items that were noted of the instance, which are no attributes. */
const isAttribute = (name: string): boolean => !name.startsWith('[')

/** Attributes by name as entries by the keys of a dict. */
class AttributeEntries extends ComputedEntries {
  readonly #attributes: Map<string, Value>
  constructor(attributes: Map<string, Value>) {
    super()
    this.#attributes = attributes
  }
  override get size(): number {
    return [...this.keys()].length
  }
  override get(key: string): DictEntry | undefined {
    const name = key.startsWith(prefix) ? key.slice(prefix.length) : '['
    const value = isAttribute(name) ? this.#attributes.get(name) : undefined
    return value && !onlyRead.has(value) ? { key: str(name), value } : undefined
  }
  override has(key: string): boolean {
    return this.get(key) !== undefined
  }
  override set(key: string, { value }: DictEntry): this {
    if (key.startsWith(prefix)) this.#attributes.set(key.slice(prefix.length), value)
    return this
  }
  override delete(key: string): boolean {
    return this.has(key) && this.#attributes.delete(key.slice(prefix.length))
  }
  override *keys(): MapIterator<string> {
    for (const [name, value] of this.#attributes)
      if (isAttribute(name) && !onlyRead.has(value)) yield prefix + name
  }
}
