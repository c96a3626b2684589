// Enums: their members, and members that are numbers or strings themselves.

import { int, none, str, type Value } from '../trace/values'
import { compareValues } from './arithmetic'
import { callValue } from './calls'
import type { Interpreter } from './interpreter'
import {
  ClassObject,
  FunctionObject,
  InstanceObject,
  NativeType,
  PartialObject,
  RuntimeMarker,
} from './objects'

/** Turns the values of an enum's body into its members. */
export function makeMembers(interp: Interpreter, cls: ClassObject): void {
  let most = 0
  for (const [name, value] of [...cls.attributes]) {
    if (!isMembers(cls, value) || name.startsWith('_')) continue
    const own = ownValue(interp, cls, value, most, name)
    if (own.kind === 'int') most = Math.max(most, own.dim.value ?? most)
    // A second name for a value is another name of the same member.
    const same = membersOf(cls).find((m) => holds(interp, m, own))
    const member = same ?? makeMember(cls, own, str(name))
    interp.trail.write(cls.attributes, name, member)
    if (!same) initialise(interp, cls, member)
  }
}

/** True for what becomes a member: no method or property, nor a class that is written there. */
function isMembers(cls: ClassObject, value: Value): boolean {
  if (value.kind !== 'object') return true
  if (value instanceof ClassObject) return !cls.definition.body.includes(value.definition)
  if (value instanceof InstanceObject) return value.cls !== cls && !value.cls.find('__get__')
  return value instanceof PartialObject || value instanceof RuntimeMarker || value instanceof NativeType
}

/** What a name of an enum's body stands for; what the body made of numbers by `auto()` is known with them. */
function ownValue(interp: Interpreter, cls: ClassObject, value: Value, most: number, name: string): Value {
  if (value.kind !== 'unknown') return value
  if (value.reason === 'enum.auto') {
    const next = nextValue(cls, most, name)
    interp.refine(value, next)
    return next
  }
  const dim = value.deferred ? interp.asInt(value) : null
  return dim ? int(dim) : value
}

const holds = (interp: Interpreter, { attributes }: InstanceObject, value: Value): boolean => {
  const own = attributes.get('value')
  return (
    own === value || (own !== undefined && compareValues(interp, '==', interp.settle(own), value) === true)
  )
}

/** What `auto()` stands for: one more than the largest, the next bit, or the name where members are strings. */
function nextValue(cls: ClassObject, most: number, name: string): Value {
  if (cls.isFlag) return int(most > 0 ? 2 ** (Math.floor(Math.log2(most)) + 1) : 1)
  return cls.isText ? str(name.toLowerCase()) : int(most + 1)
}

function makeMember(cls: ClassObject, value: Value, name: Value): InstanceObject {
  const member = new InstanceObject(cls)
  member.attributes.set('value', value)
  member.attributes.set('name', name)
  if (cls.isPlain) member.payload = value
  return member
}

/** The bits of a member of a `Flag`; null for anything else. */
export function bitsOf(value: Value): number | null {
  if (!(value instanceof InstanceObject) || !value.cls.isFlag) return null
  const own = value.attributes.get('value')
  return own?.kind === 'int' ? own.dim.value : null
}

const combined = new WeakMap<ClassObject, Map<number, InstanceObject>>()

/** The one member with these bits, which need not have a name. */
function memberWith(cls: ClassObject, bits: number): InstanceObject {
  const named = membersOf(cls).find((m) => bitsOf(m) === bits)
  if (named) return named
  const known = combined.get(cls) ?? new Map<number, InstanceObject>()
  combined.set(cls, known)
  const member = known.get(bits) ?? makeMember(cls, int(bits), none)
  known.set(bits, member)
  return member
}

/** `a | b`, `a & b` and `a ^ b` of members of a `Flag`; undefined for anything else. */
export function combineFlags(op: string, a: Value, b: Value): Value | undefined {
  const [x, y] = [bitsOf(a), bitsOf(b)]
  if (x === null || y === null || !(a instanceof InstanceObject)) return undefined
  const bits = op === '|' ? x | y : op === '&' ? x & y : op === '^' ? x ^ y : null
  return bits === null ? undefined : memberWith(a.cls, bits)
}

/** `~a` of a member of a `Flag`: the other bits that have names. */
export function otherFlags(value: Value): Value | undefined {
  const bits = bitsOf(value)
  if (bits === null || !(value instanceof InstanceObject)) return undefined
  const all = membersOf(value.cls).reduce((sum, m) => sum | (bitsOf(m) ?? 0), 0)
  return memberWith(value.cls, all & ~bits)
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
  [...new Set(cls.attributes.values())].filter(
    (v): v is InstanceObject => v instanceof InstanceObject && v.cls === cls,
  )

/** Those that a loop over the enum goes through: of a `Flag` the single bits. */
export const canonicalMembers = (cls: ClassObject): InstanceObject[] =>
  membersOf(cls).filter((m) => {
    const bits = bitsOf(m)
    return bits === null || (bits > 0 && (bits & (bits - 1)) === 0)
  })

/** `Kind('sum')` */
export function memberOf(interp: Interpreter, cls: ClassObject, value: Value): Value {
  const wanted = interp.settle(value)
  if (wanted instanceof InstanceObject && wanted.cls === cls) return wanted
  return membersOf(cls).find((m) => holds(interp, m, wanted)) ?? interp.unknown(`a member of ${cls.name}`)
}
