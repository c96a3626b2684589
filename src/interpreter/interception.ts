// Reads through a class's own `__getattribute__`, which is followed once for each attribute that it leaves alone.

import { birthsNow, isBornAfter } from '../dims/trail'
import { str, type Value } from '../trace/values'
import { findPlainAttribute } from './attributes'
import { callValue } from './calls'
import { raiseIfCaught } from './exceptions'
import type { Interpreter } from './interpreter'
import { type FunctionObject, InstanceObject } from './objects'
import { PythonRaise } from './signals'

/** The attributes that an instance's interceptor leaves alone while neither the instance nor its class changes. */
interface PlainNames {
  readonly stamp: string
  readonly names: Set<string>
}

const plainNames = new WeakMap<InstanceObject, PlainNames>()

/** What `object.__getattribute__` was asked for last, and what it gave. */
interface Read {
  readonly owner: Value
  readonly name: string
  /** Null if there was none. */
  readonly value: Value | null
}

const lastReads = new WeakMap<Interpreter, Read>()

/** `object.__getattribute__(owner, name)`, as an interceptor calls it. */
export function readAsObject(interp: Interpreter, owner: Value, name: string): Value {
  const found = findPlainAttribute(interp, owner, name)
  if (!found && owner instanceof InstanceObject && !owner.cls.hasUnknownBase && !owner.isOpen) {
    lastReads.set(interp, { owner, name, value: null })
    raiseIfCaught(interp, 'AttributeError', true)
  }
  const value = found ?? interp.unknown(`the attribute ${name} is not known`)
  lastReads.set(interp, { owner, name, value })
  return value
}

/**
 * The attribute as the class's `__getattribute__` gives it, undefined if there is none. Where one of another
 * module ends in what `object` gives and writes nothing, it does so again as long as the attributes of the
 * instance and of its class stay: configurations are read at every turn.
 */
export function readThrough(
  interp: Interpreter,
  interceptor: FunctionObject,
  instance: InstanceObject,
  name: string,
): Value | undefined {
  const { module } = interceptor.scope
  if (module.path === interp.mainPath) return callValue(interp, interceptor, [instance, str(name)])
  const stamp = stampOf(instance)
  let known = plainNames.get(instance)
  if (known?.stamp !== stamp) plainNames.set(instance, (known = { stamp, names: new Set() }))
  if (known.names.has(name)) {
    interp.reads.dependOn(module)
    return findPlainAttribute(interp, instance, name)
  }
  const [mark, birth] = [interp.trail.mark(), birthsNow()]
  lastReads.delete(interp)
  const note = (value: Value | null): void => {
    const last = lastReads.get(interp)
    const isPlain = last?.owner === instance && last.name === name && last.value === value
    if (isPlain && interp.trail.since(mark).every(({ map }) => isBornAfter(map, birth))) known.names.add(name)
  }
  try {
    const value = callValue(interp, interceptor, [instance, str(name)])
    note(value)
    return value
  } catch (error) {
    if (error instanceof PythonRaise) note(null)
    throw error
  }
}

/** A text that differs once an attribute of the instance or of its class was written. */
const stampOf = ({ attributes, cls }: InstanceObject): string =>
  [attributes, ...cls.mro.map((c) => c.attributes)].map(({ stamp }) => stamp).join()
