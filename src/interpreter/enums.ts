// Enums: their members, and members that are numbers or strings themselves.

import { int, str, type Value } from '../trace/values'
import { compareValues } from './arithmetic'
import { callValue } from './calls'
import type { Interpreter } from './interpreter'
import { type ClassObject, FunctionObject, InstanceObject } from './objects'

/** Turns the values of an enum's body into its members. */
export function makeMembers(interp: Interpreter, cls: ClassObject): void {
  let count = 0
  for (const [name, value] of [...cls.attributes]) {
    if (value.kind === 'object' || name.startsWith('_')) continue
    count++
    const member = new InstanceObject(cls)
    // `auto()` counts from 1.
    member.attributes.set(
      'value',
      value.kind === 'unknown' && value.reason === 'enum.auto' ? int(count) : value,
    )
    member.attributes.set('name', str(name))
    interp.trail.write(cls.attributes, name, member)
    initialise(interp, cls, member)
  }
}

/** A member whose class has an `__init__` gets the parts of its value by it. */
function initialise(interp: Interpreter, cls: ClassObject, member: InstanceObject): void {
  const init = cls.find('__init__')
  const value = member.attributes.get('value')
  if (init instanceof FunctionObject && value)
    callValue(interp, init, [member, ...(value.kind === 'tuple' ? value.items : [value])])
}

/** The members of an enum, in order. */
export const membersOf = (cls: ClassObject): InstanceObject[] =>
  [...cls.attributes.values()]
    .filter((v) => v instanceof InstanceObject && v.cls === cls)
    .map((v) => v as InstanceObject)

/** `Kind('sum')` */
export function memberOf(interp: Interpreter, cls: ClassObject, value: Value): Value {
  const wanted = interp.settle(value)
  if (wanted instanceof InstanceObject && wanted.cls === cls) return wanted
  const found = membersOf(cls).find((m) => {
    const own = m.attributes.get('value')
    return own !== undefined && compareValues(interp, '==', interp.settle(own), wanted) === true
  })
  return found ?? interp.unknown(`a member of ${cls.name}`)
}

/** The number or string that a member of an `IntEnum` or a `class Kind(str, Enum)` is. */
export const plainEnum = (value: Value): Value =>
  value instanceof InstanceObject && value.cls.role === 'enum' && value.cls.isPlain
    ? (value.attributes.get('value') ?? value)
    : value
