// Classes: their bodies, instances, dataclasses, named tuples and enums.

import type { Arguments } from '../ops/op'
import type { ClassDef, Expression } from '../syntax/tree'
import { none, str, Unknown, type Value } from '../trace/values'
import { callMethod } from './attributes'
import { whereAllIsCaught } from './branch'
import { emptyPayload, payloadAttribute } from './builtin-bases'
import { callValueWith } from './calls'
import { applyFields, makeDataclass } from './dataclasses'
import { decorate } from './decorators'
import { dictOf } from './dict-making'
import { makeMembers, memberOf } from './enums'
import { evaluate } from './expressions'
import { genericArgument } from './functions'
import { forgetShared } from './instance-dict'
import type { Interpreter } from './interpreter'
import { generaliseState } from './mutable-state'
import {
  ClassObject,
  Descriptor,
  FunctionObject,
  InstanceObject,
  NamedTupleType,
  NativeFunction,
  NativeMethod,
  NativeType,
  type Scope,
} from './objects'
import { PythonRaise } from './signals'
import { runBlock } from './statements'

/** What built-in bases make of a class: an enum, a named tuple, a kind of dict. */
export function rolesOfBases(cls: ClassObject, bases: readonly Value[]): void {
  for (const base of bases)
    if (base instanceof NativeType) {
      if (base.name === 'NamedTuple' || base instanceof NamedTupleType) cls.role = 'namedtuple'
      if (base.name === 'TypedDict') cls.role = 'dict'
      if (/Enum$|Flag$/.test(base.name)) cls.role = 'enum'
      if (/Flag$/.test(base.name)) cls.isFlag = true
      if (base.name === 'StrEnum') cls.isText = true
      if (/^(Int|Str)(Enum|Flag)$|^(int|str|float)$/.test(base.name)) cls.isPlain = true
    }
}

/** Runs a class statement: bases, body, decorators. */
export function defineClass(interp: Interpreter, node: ClassDef): Value {
  const { activation } = interp
  if (!activation) return none
  const bases = node.bases.filter((b) => b.kind !== 'Starred').map((b) => evaluate(interp, b))
  const cls = new ClassObject(
    node.name,
    node,
    activation.scope.module,
    bases.map((b) => interp.settle(b)),
    activation.scope.within,
  )
  rolesOfBases(cls, bases)
  const scope: Scope = {
    variables: cls.attributes,
    parent: activation.scope,
    module: activation.scope.module,
    isClass: true,
    within: cls,
    redirected: null,
  }
  const annotations: string[] = []
  const isExtended = bases.some((b) => b instanceof NamedTupleType)
  interp.activation = { ...activation, scope }
  try {
    runBlock(interp, node.body)
  } finally {
    interp.activation = activation
  }
  for (const [name, value] of [...cls.attributes]) {
    claim(value, cls)
    if (value instanceof InstanceObject && value.cls.find('__set_name__'))
      callMethod(interp, value, '__set_name__', [cls, str(name)])
  }
  for (const statement of node.body)
    if (statement.kind === 'AnnAssign' && statement.target.kind === 'Name')
      annotations.push(statement.target.id)
  const inherited = cls.mro.slice(1).flatMap((c) => c.fields)
  for (const base of bases)
    if (base instanceof NamedTupleType) {
      inherited.push(...base.fields)
      for (const [field, value] of base.defaults)
        if (!cls.attributes.has(field)) cls.attributes.set(field, value)
    }
  cls.fields =
    cls.role === 'dataclass' || isExtended ? inherited : [...new Set([...inherited, ...annotations])]
  interp.definedClasses.push(cls)
  if (cls.role === 'enum') makeMembers(interp, cls)
  announce(interp, cls, node)
  const decorated = decorate(interp, node.decorators, cls)
  if (annotations.length > 0 && isMadeElsewhere(cls)) makeDataclass(interp, cls, new Map(), 'assumed')
  return decorated
}

/** True for a class whose constructor is that of a library which is not known: it mostly sets the annotated fields. */
function isMadeElsewhere(cls: ClassObject): boolean {
  const init = cls.find('__init__')
  const isPlain = cls.role === 'plain' || (cls.role === 'dataclass' && cls.fieldStyle === 'assumed')
  const hasOwn = (init && !(init instanceof NativeMethod)) || cls.find('__new__')
  return isPlain && !hasOwn && (cls.hasUnknownBase || cls.isRemade)
}

/** Tells the bases of their new subclass: `__init_subclass__`. */
export function announce(interp: Interpreter, cls: ClassObject, node: ClassDef): void {
  const hook = cls.mro.slice(1).flatMap((c) => c.attributes.get('__init_subclass__') ?? [])[0]
  if (!hook) return
  const keywords = new Map<string, Value>()
  for (const { arg, value } of node.keywords)
    if (arg !== null && arg !== 'metaclass') keywords.set(arg, evaluate(interp, value))
  const callable = hook instanceof Descriptor ? hook.callable : hook
  try {
    whereAllIsCaught(interp, () =>
      callValueWith(interp, callable, { positional: [cls], keywords, isOpen: false }),
    )
  } catch (error) {
    // What refuses a class here is not understood rather than broken.
    if (!(error instanceof PythonRaise)) throw error
  }
}

/** Functions of a class body know their class, for `super()`. */
export function claim(value: Value, cls: ClassObject): void {
  if (value instanceof FunctionObject) {
    value.owner ??= cls
    const inner = value.decorated ?? value.attributes.get('__wrapped__')
    if (inner instanceof FunctionObject && inner.owner === null) claim(inner, cls)
  } else if (value.kind === 'object' && 'callable' in value) {
    claim(value.callable as Value, cls)
    if ('setter' in value && value.setter) claim(value.setter as Value, cls)
  }
}

/** `Class(…)` */
export function instantiate(interp: Interpreter, cls: ClassObject, args: Arguments): Value {
  const make = cls.find('__new__')
  if (cls.role === 'namedtuple' && !make) return namedTuple(interp, cls, args)
  if (cls.role === 'dict') return dictOf(interp, args)
  if (cls.role === 'enum') return memberOf(interp, cls, args.positional[0] ?? none)
  if (make) {
    const made = interp.settle(
      callValueWith(interp, make, { ...args, positional: [cls, ...args.positional] }),
    )
    if (cls.role === 'namedtuple' && made.kind !== 'tuple')
      return interp.unknown(`an instance of ${cls.name}`)
    // What is no instance of the class is not initialised.
    if (!(made instanceof InstanceObject && made.cls.isSubclassOf(cls))) return made
    return initialised(interp, cls, made, args)
  }
  return initialised(interp, cls, new InstanceObject(cls, interp.place), args)
}

function initialised(
  interp: Interpreter,
  cls: ClassObject,
  instance: InstanceObject,
  args: Arguments,
): InstanceObject {
  instance.payload ??= emptyPayload(interp, cls, args.positional)
  const init = cls.find('__init__') ?? payloadAttribute(interp, instance, '__init__')
  // A constructor may be made by a descriptor: `partialmethod(Base.__init__, …)`.
  if (init instanceof InstanceObject && init.cls.find('__get__'))
    callValueWith(interp, callMethod(interp, init, '__get__', [instance, cls]), args)
  else if (init) callValueWith(interp, init, withSelf(init, instance, args))
  if (!interp.isConcrete) forgetShared(interp, instance)
  return instance
}

const withSelf = (init: Value, self: InstanceObject, args: Arguments): Arguments =>
  init instanceof NativeFunction && !(init instanceof NativeMethod)
    ? args
    : { ...args, positional: [self, ...args.positional] }

function namedTuple(interp: Interpreter, cls: ClassObject, args: Arguments): Value {
  const items = cls.fields.map(
    (field, i) =>
      args.positional[i] ??
      args.keywords.get(field) ??
      cls.find(field) ??
      interp.unknown(`no value is given for ${field}`, field),
  )
  return { kind: 'tuple', items, fields: cls.fields, cls }
}

/**
 * An instance of which nothing is known but its class: its constructor runs on unknown arguments,
 * the fields of a dataclass are what their annotations say.
 */
export function genericInstance(interp: Interpreter, cls: ClassObject): InstanceObject {
  const isConfig = cls.role === 'dataclass' && !cls.module.isPrelude && cls.module.path !== interp.mainPath
  return isConfig
    ? interp.foreign.instanceOf(interp, cls, () => makeGeneric(interp, cls))
    : makeGeneric(interp, cls)
}

function makeGeneric(interp: Interpreter, cls: ClassObject): InstanceObject {
  const instance = new InstanceObject(cls)
  const init = cls.find('__init__')
  if (init instanceof FunctionObject) {
    const keywords = new Map<string, Value>()
    const [, ...parameters] = init.undecorated.definition.params
    let isOpen = false
    for (const parameter of parameters)
      if (parameter.category === 'var-positional' || parameter.category === 'var-keyword') isOpen = true
      else keywords.set(parameter.name, genericArgument(interp, init.undecorated, parameter))
    callValueWith(interp, init, { positional: [instance], keywords, isOpen })
  } else if (init && cls.role === 'dataclass')
    callValueWith(interp, init, { positional: [instance], keywords: new Map(), isOpen: true })
  else if (cls.role === 'namedtuple') setGenericFields(interp, instance)
  generaliseState(interp, instance)
  return instance
}

function setGenericFields(interp: Interpreter, instance: InstanceObject): void {
  for (const cls of [...instance.cls.mro].reverse())
    for (const statement of cls.definition.body) {
      if (statement.kind !== 'AnnAssign' || statement.target.kind !== 'Name') continue
      const field = statement.target.id
      instance.attributes.set(field, fromAnnotationOf(interp, cls, statement.annotation, field))
    }
  applyFields(interp, instance)
}

const fromAnnotationOf = (
  interp: Interpreter,
  cls: ClassObject,
  annotation: Expression,
  field: string,
): Value =>
  interp.fromAnnotation(cls.module.scope, annotation, field) ?? new Unknown(field, `a field of ${cls.name}`)
