// Dataclasses: what `@dataclass` makes of a class, its fields, and the functions of Python's `dataclasses`.

import type { Arguments } from '../ops/op'
import type { Expression } from '../syntax/tree'
import {
  bool,
  dict,
  type ListItems,
  list,
  none,
  sequence,
  str,
  tuple,
  unknown,
  type Value,
} from '../trace/values'
import { keptAnnotation } from './annotations'
import { setAttribute } from './attributes'
import { callValue, callValueWith } from './calls'
import { truthOf } from './conditions'
import { isSequence } from './containers'
import { genericValue } from './functions'
import { keepRead, mayBeSet } from './instance-dict'
import type { Interpreter } from './interpreter'
import { describedField, modelConstructor } from './models'
import { applyField, isRunChecked } from './notation/annotated'
import { DimNames } from './notation/names'
import {
  ClassObject,
  FieldObject,
  type FieldStyle,
  InstanceObject,
  NativeFunction,
  NativeMethod,
  RuntimeMarker,
  type Scope,
} from './objects'

/** `dataclasses.MISSING` */
export const missing = new RuntimeMarker('MISSING')

/** What `@dataclass` does to a class: its fields with their defaults, and a constructor from them. */
export function makeDataclass(
  interp: Interpreter,
  cls: ClassObject,
  options: ReadonlyMap<string, Value>,
  style: FieldStyle = 'dataclasses',
): void {
  cls.role = 'dataclass'
  cls.fieldStyle = style
  for (const parent of [...cls.mro.slice(1)].reverse())
    for (const [name, field] of parent.dataFields) cls.dataFields.set(name, field)
  let isByName = truthOf(interp, options.get('kw_only') ?? bool(false)) === true
  for (const { name, annotation } of declaredFields(interp, cls, options)) {
    if (annotation && isNamed(annotation, 'KW_ONLY')) isByName = true
    if (annotation && (isNamed(annotation, 'KW_ONLY') || isNamed(annotation, 'ClassVar'))) continue
    const value = cls.attributes.get(name)
    const field = value instanceof FieldObject ? value : new FieldObject(value ?? null, null, new Map())
    const given = isByName && !field.options.has('kw_only') ? [['kw_only', bool(true)] as const] : []
    const own = new FieldObject(field.fallback, field.factory, new Map([...field.options, ...given]))
    own.name = name
    own.ofInstance = field.ofInstance
    own.isForInit = annotation !== null && isNamed(annotation, 'InitVar')
    own.declared = annotation && { scope: cls.module.scope, annotation }
    cls.dataFields.set(name, isChecked(style) ? describedField(interp, own) : own)
    // The class itself keeps only a plain default.
    if (value instanceof FieldObject && field.fallback)
      interp.trail.write(cls.attributes, name, field.fallback)
    else if (value instanceof FieldObject) interp.trail.delete(cls.attributes, name)
  }
  cls.fields = keptFields(cls).map(([name]) => name)
  const wantsInit = interp.settle(options.get('init') ?? bool(true))
  const isMade = style !== 'model' && !(wantsInit.kind === 'bool' && wantsInit.value === false)
  if (style === 'attrs') interp.trail.write(cls.attributes, '__attrs_init__', constructorOf(cls))
  if (!cls.attributes.has('__init__') && isMade)
    interp.trail.write(
      cls.attributes,
      '__init__',
      style === 'checked' ? modelConstructor(cls) : constructorOf(cls),
    )
}

/** The fields that an instance keeps. */
const keptFields = (cls: ClassObject): [string, FieldObject][] =>
  [...cls.dataFields].filter(([, field]) => !field.isForInit)

const isChecked = (style: FieldStyle): boolean => style === 'checked' || style === 'model'

/** The names that a class body declares as fields, in order; what attrs itself describes needs no annotation. */
function declaredFields(
  interp: Interpreter,
  cls: ClassObject,
  options: ReadonlyMap<string, Value>,
): { name: string; annotation: Expression | null }[] {
  const isDescribed = (name: string): boolean => cls.attributes.get(name) instanceof FieldObject
  const annotated: { name: string; annotation: Expression | null }[] = []
  const described: typeof annotated = []
  for (const statement of cls.definition.body) {
    const target =
      statement.kind === 'AnnAssign'
        ? statement.target
        : statement.kind === 'Assign'
          ? statement.targets[0]
          : null
    if (target?.kind !== 'Name') continue
    const annotation = statement.kind === 'AnnAssign' ? statement.annotation : null
    const declared = { name: target.id, annotation }
    if (annotation) annotated.push(declared)
    if (isDescribed(target.id)) described.push(declared)
  }
  // A model's other names with an underscore are its own affair.
  if (cls.fieldStyle === 'model')
    return annotated.filter(({ name }) => !name.startsWith('_') && name !== 'model_config')
  if (cls.fieldStyle !== 'attrs') return annotated
  const isAuto = interp.settle(options.get('auto_attribs') ?? none)
  const byAnnotation =
    isAuto.kind === 'bool' ? isAuto.value === true : described.every(({ annotation }) => annotation)
  return byAnnotation ? annotated : described
}

/** True for an annotation by this name: `ClassVar[int]`, `dataclasses.KW_ONLY`. */
const isNamed = (node: Expression, name: string): boolean =>
  node.kind === 'Subscript'
    ? isNamed(node.value, name)
    : node.kind === 'Attribute'
      ? node.attr === name
      : node.kind === 'Name' && node.id === name

/** The `__init__` that sets each field in order and then runs what the class has for after it. */
const constructorOf = (cls: ClassObject): NativeMethod =>
  new NativeMethod(
    '__init__',
    ({ positional: [self = none, ...given], keywords, isOpen: mayHave }, interp) => {
      // Nothing is known of the order of what is given by position to a library that is not known.
      const isAssumed = cls.fieldStyle === 'assumed'
      const isOpen = mayHave || (isAssumed && given.length > 0)
      const rest = isAssumed ? [] : [...given]
      const forInit: Value[] = []
      for (const [name, field] of cls.dataFields) {
        const takes = optionOf(interp, field, 'init') !== false
        const argument = takes ? (optionOf(interp, field, 'kw_only') ? undefined : rest.shift()) : undefined
        const value = argument ?? (takes ? keywords.get(parameterOf(interp, cls, field)) : undefined)
        const isGeneric = !value && isOpen && takes
        const fallback = isGeneric ? genericField(interp, field) : defaultOf(interp, field, self)
        const set = value ?? fallback ?? interp.unknown(`no value is given for ${name}`, name)
        if (field.isForInit) {
          forInit.push(set)
          continue
        }
        const converter = isGeneric ? undefined : field.options.get('converter')
        const isConverted =
          converter && cls.fieldStyle === 'attrs' && interp.settle(converter).kind !== 'none'
        setAttribute(interp, self, name, isConverted ? callValue(interp, converter, [set]) : set)
      }
      const made = interp.settle(self)
      if (made instanceof InstanceObject) applyFields(interp, made)
      const after = cls.find(cls.fieldStyle === 'attrs' ? '__attrs_post_init__' : '__post_init__')
      if (isAssumed && made instanceof InstanceObject) made.isOpen = true
      if (after) callValue(interp, after, [self, ...forInit])
      return none
    },
  )

/** The constructor's name for a field: attrs leaves underscores out. */
function parameterOf(interp: Interpreter, cls: ClassObject, field: FieldObject): string {
  if (cls.fieldStyle !== 'attrs') return field.name
  const alias = interp.settle(field.options.get('alias') ?? none)
  return alias.kind === 'str' && alias.value !== null ? alias.value : field.name.replace(/^_+/, '')
}

/** A field that the caller may have given: as its annotation and its default say. */
export const genericField = (interp: Interpreter, field: FieldObject): Value => {
  const { scope, annotation } = field.declared ?? { scope: null, annotation: null }
  return genericValue(interp, scope, annotation, defaultOf(interp, field) ?? undefined, field.name)
}

/** A field that a constructor of the class's own may have set under a name that is not known. */
export function unseenField(interp: Interpreter, instance: InstanceObject, name: string): Value | undefined {
  const field = instance.cls.dataFields.get(name)
  if (!field || !mayBeSet(instance, name)) return undefined
  const value = genericField(interp, field)
  keepRead(instance, name, value)
  return value
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
  const isChecked = instance.cls.mro.some((cls) => isRunChecked(cls.definition))
  for (const [field, { scope, annotation }] of declared) {
    const value = instance.attributes.get(field)
    if (value) applyField(interp, scope, names, annotation, value, field, isChecked)
  }
}

export const optionOf = (interp: Interpreter, field: FieldObject, name: string): boolean | null => {
  const option = interp.settle(field.options.get(name) ?? none)
  return option.kind === 'bool' ? option.value : null
}

const defaultOf = (
  interp: Interpreter,
  { fallback, factory, ofInstance }: FieldObject,
  self: Value | null = null,
): Value | null =>
  ofInstance && self
    ? callValue(interp, ofInstance, [self])
    : factory
      ? callValue(interp, factory, [])
      : ofInstance
        ? null
        : fallback

const classOf = (value: Value): ClassObject | null =>
  value instanceof ClassObject ? value : value instanceof InstanceObject ? value.cls : null

const native = (name: string, call: (args: Arguments, interp: Interpreter) => Value): Value =>
  new NativeFunction(name, call)

/** `dataclasses.name` */
export function dataclassesAttribute(_: Interpreter, name: string): Value | undefined {
  switch (name) {
    case 'dataclass':
      return classDecorator(name, 'dataclasses')
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
          ? tuple(keptFields(cls).map(([, field]) => field))
          : interp.unknown('the fields of something that is not known')
      })
    case 'is_dataclass':
      return native(name, (args, interp) => {
        const value = interp.settle(args.positional[0] ?? none)
        const cls = classOf(value)
        const isOne = cls?.role === 'dataclass' && !['attrs', 'model', 'assumed'].includes(cls.fieldStyle)
        return bool(value.kind === 'unknown' ? null : isOne)
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

/** `@dataclass`, `@dataclass(frozen=True)` and `dataclass(cls, frozen=True)`; `usual` are the options that it has by itself. */
export function classDecorator(
  name: string,
  style: FieldStyle,
  usual: readonly (readonly [string, Value])[] = [],
): Value {
  return native(name, (args, interp) => {
    const [first] = args.positional.map((a) => interp.settle(a))
    const apply = (value: Value): Value => {
      const options = new Map([...usual, ...args.keywords])
      const config = options.get('config')
      if (value instanceof ClassObject) {
        if (config && style === 'checked') interp.trail.write(value.attributes, '__pydantic_config__', config)
        makeDataclass(interp, value, options, style)
      }
      return value
    }
    return first && first.kind !== 'none'
      ? apply(first)
      : native(name, ({ positional: [cls = none] }) => apply(interp.settle(cls)))
  })
}

/** An attribute of a field, as `dataclasses.fields` gives it. */
export function fieldAttribute(interp: Interpreter, field: FieldObject, name: string): Value {
  // As long as the class body runs, what attrs makes of a field decorates methods.
  if (field.name === '' && name === 'validator') return native(name, ({ positional: [of = none] }) => of)
  if (field.name === '' && name === 'default')
    return native(name, ({ positional: [of = none] }) => {
      field.ofInstance = of
      return of
    })
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
  const plain = (item: Value): Value => plainFields(interp, item, name)
  if (value.kind === 'tuple') return { ...value, items: value.items.map(plain) }
  if (value.kind === 'list') {
    const items: ListItems = value.slots.get('items') ?? []
    return {
      ...value,
      ...list(isSequence(items) ? sequence(plain(items.element), items.length) : items.map(plain)),
    }
  }
  if (value.kind === 'dict') {
    const made = { ...value, ...dict() }
    for (const [key, entry] of value.entries) made.entries.set(key, { ...entry, value: plain(entry.value) })
    for (const [flag, isSet] of value.state) made.state.set(flag, isSet)
    return made
  }
  if (!(value instanceof InstanceObject) || value.cls.role !== 'dataclass') return value
  const items = value.cls.fields.map(
    (f) => [f, plainFields(interp, value.attributes.get(f) ?? unknown(f), name)] as const,
  )
  if (name === 'astuple') return tuple(items.map(([, item]) => item))
  return dict(items.map(([f, item]) => [`s:${f}`, { key: str(f), value: item }]))
}
