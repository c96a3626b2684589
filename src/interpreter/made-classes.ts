// Classes that a call makes: `type('Made', (Base,), {…})` and `Enum('Kind', 'a b c')`.

import type { Arguments } from '../ops/op'
import type { ClassDef } from '../syntax/tree'
import { none, str, unknown, type Value } from '../trace/values'
import { announce, claim, rolesOfBases } from './classes'
import { iterableItems } from './containers'
import { makeMembers } from './enums'
import type { Interpreter } from './interpreter'
import { ClassObject, type NativeType } from './objects'

/** The text of such a class is the call that made it; each is another. */
const definitionOf = (name: string): ClassDef => ({
  kind: 'ClassDef',
  start: 0,
  end: 0,
  name,
  nameStart: 0,
  nameEnd: 0,
  bases: [],
  keywords: [],
  decorators: [],
  body: [{ kind: 'Pass', start: 0, end: 0 }],
  docstring: null,
})

/** A class with these attributes; null where no code runs. */
function makeClass(
  interp: Interpreter,
  name: string,
  bases: readonly Value[],
  attributes: ReadonlyMap<string, Value>,
): ClassObject | null {
  const scope = interp.activation?.scope
  if (!scope) return null
  const cls = new ClassObject(name, definitionOf(name), scope.module, bases, scope.within)
  rolesOfBases(cls, bases)
  for (const [key, value] of attributes) {
    cls.attributes.set(key, value)
    claim(value, cls)
  }
  if (cls.role === 'enum') makeMembers(interp, cls)
  announce(interp, cls, cls.definition)
  return cls
}

/** `type(name, bases, attributes)` */
export function classOfType(interp: Interpreter, [name, bases, attributes]: readonly Value[]): Value {
  const parents = bases ? iterableItems(interp, bases)?.map((b) => interp.settle(b)) : null
  if (name?.kind !== 'str' || !parents || attributes?.kind !== 'dict')
    return interp.unknown('a class that a call makes')
  const entries = new Map<string, Value>()
  for (const { key, value } of attributes.entries.values())
    if (key.kind === 'str' && key.value !== null) entries.set(key.value, value)
  if (name.value === null) entries.set('__name__', name)
  const made = makeClass(interp, name.value ?? 'class', parents, entries)
  return made ?? interp.unknown('a class that a call makes')
}

/** `Enum('Kind', names)`: a text of names, names, pairs of names and values, or a dict of them. */
export function enumOfCall(interp: Interpreter, base: NativeType, args: Arguments): Value {
  const [name, given = args.keywords.get('names')] = args.positional.map((a) => interp.settle(a))
  const names = given && namesOf(interp, interp.settle(given))
  // Other counts than from 1 and kinds of members are not followed.
  const isOther = args.keywords.has('start') || args.keywords.has('type')
  if (name?.kind !== 'str' || name.value === null || !names || isOther)
    return interp.unknown(`${base.name}(…)`)
  return makeClass(interp, name.value, [base], names) ?? none
}

function namesOf(interp: Interpreter, given: Value): Map<string, Value> | null {
  const names = new Map<string, Value>()
  if (given.kind === 'dict') {
    for (const { key, value } of given.entries.values()) {
      if (key.kind !== 'str' || key.value === null) return null
      names.set(key.value, value)
    }
    return names
  }
  const words =
    given.kind === 'str'
      ? given.value
          ?.split(/[\s,]+/)
          .filter(Boolean)
          .map(str)
      : undefined
  const items = given.kind === 'str' ? words : iterableItems(interp, given)
  if (!items) return null
  for (const item of items) {
    const one = interp.settle(item)
    const [key, value = unknown('enum.auto')] = one.kind === 'tuple' ? one.items : [one]
    if (key?.kind !== 'str' || key.value === null) return null
    names.set(key.value, value)
  }
  return names
}
