// Dataclasses: what `@dataclass` makes of a class, its fields, and the functions of Python's `dataclasses`.

import type { Arguments } from '../ops/op'
import type { Expression } from '../syntax/tree'
import { bool, dict, none, str, tuple, unknown, type Value } from '../trace/values'
import { keptAnnotation } from './annotations'
import { setAttribute } from './attributes'
import { callValue, callValueWith } from './calls'
import { truthOf } from './conditions'
import { genericValue } from './functions'
import type { Interpreter } from './interpreter'
import { applyField } from './notation/annotated'
import { DimNames } from './notation/names'
import {
  ClassObject,
  FieldObject,
  InstanceObject,
  NativeFunction,
  NativeMethod,
  RuntimeMarker,
  type Scope,
} from './objects'

/** `dataclasses.MISSING` */
export const missing = new RuntimeMarker('MISSING')

/** What `@dataclass` does to a class: its annotated fields with their defaults, and a constructor from them. */
export function makeDataclass(
  interp: Interpreter,
  cls: ClassObject,
  options: ReadonlyMap<string, Value>,
): void {
  cls.role = 'dataclass'
  for (const parent of [...cls.mro.slice(1)].reverse())
    for (const [name, field] of parent.dataFields) cls.dataFields.set(name, field)
  let isByName = truthOf(interp, options.get('kw_only') ?? bool(false)) === true
  for (const statement of cls.definition.body) {
    if (statement.kind !== 'AnnAssign' || statement.target.kind !== 'Name') continue
    if (isNamed(statement.annotation, 'KW_ONLY')) isByName = true
    if (isNamed(statement.annotation, 'KW_ONLY') || isNamed(statement.annotation, 'ClassVar')) continue
    const name = statement.target.id
    const value = cls.attributes.get(name)
    const field = value instanceof FieldObject ? value : new FieldObject(value ?? null, null, new Map())
    const given = isByName && !field.options.has('kw_only') ? [['kw_only', bool(true)] as const] : []
    const own = new FieldObject(field.fallback, field.factory, new Map([...field.options, ...given]))
    own.name = name
    own.declared = { scope: cls.module.scope, annotation: statement.annotation }
    cls.dataFields.set(name, own)
    // The class itself keeps only a plain default.
    if (value instanceof FieldObject && field.fallback)
      interp.trail.write(cls.attributes, name, field.fallback)
    else if (value instanceof FieldObject) interp.trail.delete(cls.attributes, name)
  }
  cls.fields = [...cls.dataFields.keys()]
  const wantsInit = interp.settle(options.get('init') ?? bool(true))
  if (!cls.attributes.has('__init__') && !(wantsInit.kind === 'bool' && wantsInit.value === false))
    interp.trail.write(cls.attributes, '__init__', constructorOf(cls))
}

/** True for an annotation by this name: `ClassVar[int]`, `dataclasses.KW_ONLY`. */
const isNamed = (node: Expression, name: string): boolean =>
  node.kind === 'Subscript'
    ? isNamed(node.value, name)
    : node.kind === 'Attribute'
      ? node.attr === name
      : node.kind === 'Name' && node.id === name

/** The `__init__` that sets each field in order and then runs `__post_init__`. */
const constructorOf = (cls: ClassObject): NativeMethod =>
  new NativeMethod('__init__', ({ positional: [self = none, ...given], keywords, isOpen }, interp) => {
    const rest = [...given]
    for (const [name, field] of cls.dataFields) {
      const takes = optionOf(interp, field, 'init') !== false
      const argument = takes ? (optionOf(interp, field, 'kw_only') ? undefined : rest.shift()) : undefined
      const value = argument ?? (takes ? keywords.get(name) : undefined)
      const fallback = isOpen && takes ? genericField(interp, field) : defaultOf(interp, field)
      setAttribute(
        interp,
        self,
        name,
        value ?? fallback ?? interp.unknown(`no value is given for ${name}`, name),
      )
    }
    const made = interp.settle(self)
    if (made instanceof InstanceObject) applyFields(interp, made)
    const after = cls.find('__post_init__')
    if (after) callValue(interp, after, [self])
    return none
  })

/** A field that the caller may have given: as its annotation and its default say. */
const genericField = (interp: Interpreter, field: FieldObject): Value => {
  const { scope, annotation } = field.declared ?? { scope: null, annotation: null }
  return genericValue(interp, scope, annotation, defaultOf(interp, field) ?? undefined, field.name)
}

/** What the annotations of a dataclass say of an instance's fields. */
export function applyFields(interp: Interpreter, instance: InstanceObject): void {
  // In the order of the constructor: those of the bases first, each as it was declared last.
  const declared = new Map<string, { scope: Scope; annotation: Expression }>()
  for (const { definition, module } of [...instance.cls.mro].reverse())
    for (const statement of definition.body)
      if (statement.kind === 'AnnAssign' && statement.target.kind === 'Name')
        declared.set(statement.target.id, { scope: module.scope, annotation: statement.annotation })
  const names = new DimNames()
  for (const [field, { scope, annotation }] of declared) {
    const value = instance.attributes.get(field)
    if (value) applyField(interp, scope, names, annotation, value, field)
  }
}

const optionOf = (interp: Interpreter, field: FieldObject, name: string): boolean | null => {
  const option = interp.settle(field.options.get(name) ?? none)
  return option.kind === 'bool' ? option.value : null
}

const defaultOf = (interp: Interpreter, { fallback, factory }: FieldObject): Value | null =>
  factory ? callValue(interp, factory, []) : fallback

const classOf = (value: Value): ClassObject | null =>
  value instanceof ClassObject ? value : value instanceof InstanceObject ? value.cls : null

const native = (name: string, call: (args: Arguments, interp: Interpreter) => Value): Value =>
  new NativeFunction(name, call)

/** `dataclasses.name` */
export function dataclassesAttribute(_: Interpreter, name: string): Value | undefined {
  switch (name) {
    case 'dataclass':
      return native(name, (args, interp) => dataclassDecorator(interp, args))
    case 'field':
      return native(name, ({ keywords }) => {
        const fallback = keywords.get('default')
        const factory = keywords.get('default_factory')
        return new FieldObject(
          fallback && fallback !== missing ? fallback : null,
          factory && factory !== missing ? factory : null,
          keywords,
        )
      })
    case 'fields':
      return native(name, (args, interp) => {
        const cls = classOf(interp.settle(args.positional[0] ?? none))
        return cls?.role === 'dataclass'
          ? tuple([...cls.dataFields.values()])
          : interp.unknown('the fields of something that is not known')
      })
    case 'is_dataclass':
      return native(name, (args, interp) => {
        const value = interp.settle(args.positional[0] ?? none)
        const cls = classOf(value)
        return bool(value.kind === 'unknown' ? null : cls?.role === 'dataclass')
      })
    case 'MISSING':
      return missing
    case 'replace':
      return native(name, (args, interp) => replaced(interp, interp.settle(args.positional[0] ?? none), args))
    case 'asdict':
    case 'astuple':
      return native(name, (args, interp) => plainFields(interp, args.positional[0] ?? none, name))
    default:
      return undefined
  }
}

/** `@dataclass`, `@dataclass(frozen=True)` and `dataclass(cls, frozen=True)`. */
function dataclassDecorator(interp: Interpreter, args: Arguments): Value {
  const [first] = args.positional.map((a) => interp.settle(a))
  const apply = (value: Value): Value => {
    if (value instanceof ClassObject) makeDataclass(interp, value, args.keywords)
    return value
  }
  return first
    ? apply(first)
    : native('dataclass', ({ positional: [cls = none] }) => apply(interp.settle(cls)))
}

/** An attribute of a field, as `dataclasses.fields` gives it. */
export function fieldAttribute(interp: Interpreter, field: FieldObject, name: string): Value {
  if (name === 'name') return str(field.name)
  if (name === 'default') return field.fallback ?? missing
  if (name === 'default_factory') return field.factory ?? missing
  if (name === 'metadata') return field.options.get('metadata') ?? dict()
  if (name === 'init') return field.options.get('init') ?? bool(true)
  if (name === 'type' && field.declared) {
    const { scope, annotation } = field.declared
    return keptAnnotation(interp, scope, annotation)
  }
  return unknown(`${name} of a field`)
}

/** `replace(instance, field=value)` */
function replaced(interp: Interpreter, value: Value, args: Arguments): Value {
  if (!(value instanceof InstanceObject)) return value
  const keywords = new Map<string, Value>()
  for (const field of value.cls.fields) {
    const own = args.keywords.get(field) ?? value.attributes.get(field)
    if (own) keywords.set(field, own)
  }
  return callValueWith(interp, value.cls, { positional: [], keywords, isOpen: false })
}

/** `asdict` and `astuple`: the fields, those that are dataclasses themselves opened up too. */
function plainFields(interp: Interpreter, given: Value, name: 'asdict' | 'astuple'): Value {
  const value = interp.settle(given)
  if (!(value instanceof InstanceObject) || value.cls.role !== 'dataclass') return value
  const items = value.cls.fields.map(
    (f) => [f, plainFields(interp, value.attributes.get(f) ?? unknown(f), name)] as const,
  )
  if (name === 'astuple') return tuple(items.map(([, item]) => item))
  return dict(items.map(([f, item]) => [`s:${f}`, { key: str(f), value: item }]))
}
