// Models: classes whose fields are checked when they are given, as pydantic makes them.

import type { Arguments } from '../ops/op'
import { bool, type DictValue, dict, none, str, unknown, type Value } from '../trace/values'
import { typeOfAnnotation } from './annotations'
import { setPlainAttribute } from './attributes'
import { callValue, callValueWith } from './calls'
import { deepCopy } from './copying'
import { applyFields, classDecorator, genericField, makeDataclass, missing, optionOf } from './dataclasses'
import { lastName } from './decorators'
import type { Interpreter } from './interpreter'
import {
  ClassObject,
  Descriptor,
  FieldObject,
  FunctionObject,
  InstanceObject,
  NativeFunction,
  NativeMethod,
  RecordObject,
} from './objects'
import { validated } from './validation'

/** What a function of a model's class checks: one field or more, or the model as a whole. */
interface Check {
  readonly of: 'field' | 'model' | 'values'
  /** `before`, `after`, `plain` or `wrap`; null where that is not known. */
  readonly mode: string | null
  /** The names of the fields, `*` for all; null where they are not known. */
  readonly fields: readonly string[] | null
  /** True if it checks a default, too. */
  readonly always: boolean
}
/** A check with the function as the class has it. */
interface OwnCheck extends Check {
  readonly method: Value
  readonly fn: FunctionObject
}

const checks = new WeakMap<FunctionObject, Check>()
const ownChecks = new WeakMap<ClassObject, readonly OwnCheck[]>()

/** The checks of a class, those of its bases first. */
function checksOf(cls: ClassObject): readonly OwnCheck[] {
  const known = ownChecks.get(cls)
  if (known) return known
  const found = new Map<string, OwnCheck>()
  for (const one of [...cls.mro].reverse())
    for (const [name, method] of one.attributes) {
      const fn = method instanceof Descriptor ? method.callable : method
      const check = fn instanceof FunctionObject && checks.get(fn)
      if (check) found.set(name, { ...check, method, fn })
      else found.delete(name)
    }
  const all = [...found.values()]
  ownChecks.set(cls, all)
  return all
}

/** A setting of a model: of its `model_config`, or of the class `Config` in it. */
function settingOf(interp: Interpreter, cls: ClassObject, name: string): Value | null {
  for (const { attributes } of cls.mro)
    for (const place of ['model_config', '__pydantic_config__', 'Config']) {
      const settings = interp.settle(attributes.get(place) ?? none)
      if (settings.kind === 'unknown') return settings
      const found =
        settings.kind === 'dict'
          ? settings.entries.get(`s:${name}`)?.value
          : settings instanceof ClassObject
            ? settings.find(name)
            : undefined
      if (found) return interp.settle(found)
    }
  return null
}

const isSet = (interp: Interpreter, cls: ClassObject, ...names: string[]): boolean =>
  names.some((name) => {
    const value = settingOf(interp, cls, name)
    return value !== null && value.kind !== 'none' && !(value.kind === 'bool' && value.value !== true)
  })

/** The field with what `Annotated[int, Field(…)]` says of it besides. */
export function describedField(interp: Interpreter, field: FieldObject): FieldObject {
  const { scope, annotation } = field.declared ?? {}
  if (!scope || annotation?.kind !== 'Subscript' || lastName(annotation.value) !== 'Annotated') return field
  const [, ...said] = annotation.slice.kind === 'Tuple' ? annotation.slice.elts : []
  let { fallback, factory, options } = field
  for (const node of said) {
    if (node.kind !== 'Call' || lastName(node) !== 'Field') continue
    const other = typeOfAnnotation(interp, scope, node)
    if (!(other instanceof FieldObject)) continue
    if (!fallback && !factory) ({ fallback, factory } = other)
    options = new Map([...other.options, ...options])
  }
  const described = new FieldObject(fallback, factory, options)
  described.name = field.name
  described.declared = field.declared
  return described
}

/** What is given for the fields by name; open if more may be given. */
interface Given {
  readonly values: ReadonlyMap<string, Value>
  readonly isOpen: boolean
}
const anything: Given = { values: new Map(), isOpen: true }

const asDict = ({ values, isOpen }: Given): DictValue => {
  const made = dict([...values].map(([name, value]) => [`s:${name}`, { key: str(name), value }]))
  if (isOpen) made.state.set('isOpen', true)
  return made
}

function givenBy(interp: Interpreter, result: Value): Given {
  const data = interp.settle(result)
  if (data.kind !== 'dict') return anything
  const values = new Map<string, Value>()
  let isOpen = data.state.get('isOpen') === true
  for (const { key, value, isOptional } of data.entries.values())
    if (key.kind === 'str' && key.value !== null && !isOptional) values.set(key.value, value)
    else isOpen = true
  return { values, isOpen }
}

/** The `__init__` of a model: `of` is the class of a dataclass, null for that of the instance. */
export const modelConstructor = (of: ClassObject | null): NativeMethod =>
  new NativeMethod('__init__', ({ positional: [self = none, ...rest], keywords, isOpen }, interp) => {
    const instance = interp.settle(self)
    if (!(instance instanceof InstanceObject)) return none
    const cls = of ?? instance.cls
    const values = new Map(keywords)
    if (of)
      for (const [name, field] of cls.dataFields) {
        const isByPlace = optionOf(interp, field, 'init') !== false && !optionOf(interp, field, 'kw_only')
        const value = isByPlace ? rest.shift() : undefined
        if (value) values.set(namesOf(interp, cls, field)?.[0] ?? name, value)
      }
    const given = prepared(interp, cls, { values, isOpen })
    const done = new Map<string, Value>()
    for (const [name, field] of cls.dataFields) {
      done.set(name, fieldValue(interp, cls, field, given, done))
      setPlainAttribute(interp, instance, name, done.get(name) ?? none)
    }
    setOthers(interp, cls, instance, given)
    applyFields(interp, instance)
    const after = cls.find(of ? '__post_init__' : 'model_post_init')
    if (after) callValue(interp, after, of ? [instance] : [instance, none])
    finish(interp, cls, instance, given)
    return none
  })

/** What the fields are given once those checks have seen it that come before all others. */
function prepared(interp: Interpreter, cls: ClassObject, given: Given): Given {
  let now = given
  for (const check of checksOf(cls)) {
    if (check.of === 'field' || check.mode === 'after') continue
    // Not all is known: what the fields come to is then what their annotations say.
    if (now.isOpen || check.mode !== 'before') return anything
    now = givenBy(interp, run(interp, check, cls, asDict(now), new Map()))
  }
  return now
}

/** The names under which a field is given; null where they are not known. */
function namesOf(interp: Interpreter, cls: ClassObject, field: FieldObject): string[] | null {
  const alias = interp.settle(field.options.get('validation_alias') ?? field.options.get('alias') ?? none)
  const isGenerated = isSet(interp, cls, 'alias_generator')
  if (alias.kind === 'none' && !isGenerated) return [field.name]
  if (alias.kind !== 'str' || alias.value === null) return null
  const isBoth = isSet(interp, cls, 'populate_by_name', 'validate_by_name', 'allow_population_by_field_name')
  return isBoth ? [alias.value, field.name] : [alias.value]
}

function fieldValue(
  interp: Interpreter,
  cls: ClassObject,
  field: FieldObject,
  { values, isOpen }: Given,
  done: ReadonlyMap<string, Value>,
): Value {
  const names = optionOf(interp, field, 'init') === false ? [] : namesOf(interp, cls, field)
  const given = names?.map((name) => values.get(name)).find((value) => value !== undefined)
  if (given) return checked(interp, cls, field, given, done)
  if (!names || (isOpen && names.length > 0)) return genericField(interp, field)
  const fallback = defaultOf(interp, field, done)
  if (!fallback) return interp.unknown(`no value is given for ${field.name}`, field.name)
  const isChecked =
    optionOf(interp, field, 'validate_default') ??
    (isSet(interp, cls, 'validate_default', 'validate_all') ||
      checksOf(cls).some((check) => check.always && isFor(check, field) !== false))
  return isChecked ? checked(interp, cls, field, fallback, done) : fallback
}

/** The default of a field, of its own for each instance. */
function defaultOf(
  interp: Interpreter,
  { fallback, factory }: FieldObject,
  done: ReadonlyMap<string, Value>,
): Value | null {
  if (!factory) return fallback && ownDefault(interp, fallback)
  const [first] = factory instanceof FunctionObject ? factory.definition.params : []
  const wantsValues = first?.category === 'normal' && first.default === null
  return callValue(interp, factory, wantsValues ? [asDict({ values: done, isOpen: false })] : [])
}

/** What cannot be hashed is copied. */
const ownDefault = (interp: Interpreter, value: Value): Value => {
  const hasFields = value instanceof InstanceObject && value.cls.role === 'dataclass'
  return hasFields || value.kind === 'list' || value.kind === 'dict' ? deepCopy(interp, value) : value
}

const isFor = ({ of, fields }: Check, { name }: FieldObject): boolean | null =>
  of !== 'field' ? false : fields && (fields.includes(name) || fields.includes('*'))

/** What is given for a field as its checks and its annotation leave it. */
function checked(
  interp: Interpreter,
  cls: ClassObject,
  field: FieldObject,
  given: Value,
  done: ReadonlyMap<string, Value>,
): Value {
  const own = checksOf(cls).filter((check) => isFor(check, field) !== false)
  if (own.some((check) => check.mode === null || check.fields === null))
    return interp.unknown(`a check of ${field.name} is not known`, field.name)
  const each = (mode: string): OwnCheck[] => own.filter((check) => check.mode === mode)
  const through = (all: readonly OwnCheck[], value: Value): Value =>
    all.reduce((now, check) => run(interp, check, cls, now, done), value)
  const [plain] = each('plain')
  const fit = (value: Value): Value => {
    if (plain) return run(interp, plain, cls, value, done)
    const { declared } = field
    const fitted = declared
      ? validated(interp, declared.scope, declared.annotation, value, field.name)
      : value
    const isMember = fitted instanceof InstanceObject && fitted.cls.role === 'enum'
    return isMember && isSet(interp, cls, 'use_enum_values')
      ? interp.unknown(`the value of a member of ${fitted.cls.name}`, field.name)
      : fitted
  }
  const around = each('wrap').reduce(
    (inner, check) => (value: Value) => {
      const handler = new NativeFunction('handler', ({ positional: [v = none] }) => inner(v))
      return run(interp, check, cls, value, done, handler)
    },
    fit,
  )
  return through(each('after'), around(through(each('before').reverse(), given)))
}

/** Runs a check with as much as it takes: the class, the value, and what is known of the fields before. */
function run(
  interp: Interpreter,
  { method, fn }: OwnCheck,
  cls: ClassObject,
  value: Value,
  done: ReadonlyMap<string, Value>,
  handler: Value | null = null,
): Value {
  const isStatic = method instanceof Descriptor && method.role === 'static'
  const positional = [...(isStatic ? [] : [cls]), value, ...(handler ? [handler] : [])]
  const { params } = fn.undecorated.definition
  const data = asDict({ values: done, isOpen: false })
  for (const { name, category, default: fallback } of params.slice(positional.length)) {
    if (category !== 'normal' && category !== 'positional-only') break
    if (fallback) break
    positional.push(name === 'values' ? data : new RecordObject('info', new Map([['data', data]])))
  }
  const takesMore = params.some((p) => p.category === 'keyword-only' || p.category === 'var-keyword')
  const args: Arguments = { positional, keywords: new Map(), isOpen: takesMore, hasAllPositional: true }
  return callValueWith(interp, fn, args)
}

/** What an instance has besides its fields: others that are given where it takes them, and private attributes. */
function setOthers(interp: Interpreter, cls: ClassObject, instance: InstanceObject, given: Given): void {
  const extra = settingOf(interp, cls, 'extra')
  if (extra?.kind === 'unknown' || (extra?.kind === 'str' && extra.value === 'allow')) {
    const names = new Set([...cls.dataFields.values()].flatMap((field) => namesOf(interp, cls, field) ?? []))
    for (const [name, value] of given.values)
      if (!names.has(name)) setPlainAttribute(interp, instance, name, value)
    instance.isOpen ||= given.isOpen
  }
  for (const { attributes } of [...cls.mro].reverse())
    for (const [name, value] of attributes) {
      if (!name.startsWith('_') || name.startsWith('__')) continue
      const own =
        value instanceof FieldObject ? defaultOf(interp, value, new Map()) : ownDefault(interp, value)
      if (own && own !== value) setPlainAttribute(interp, instance, name, own)
    }
}

/** The checks that see the whole instance. */
function finish(interp: Interpreter, cls: ClassObject, instance: InstanceObject, { isOpen }: Given): void {
  for (const check of checksOf(cls)) {
    if (check.of === 'field' || check.mode !== 'after') continue
    const { method, fn } = check
    if (check.of === 'model') {
      const isOfClass = method instanceof Descriptor && method.role === 'class'
      const positional = [...(isOfClass ? [cls] : []), instance]
      const missing = fn.undecorated.definition.params.slice(positional.length).filter((p) => !p.default)
      callValue(interp, fn, [...positional, ...missing.map((p) => unknown(p.name))])
      continue
    }
    // Where not all is known, the fields are taken to be what it leaves.
    if (isOpen) continue
    const values = new Map(cls.fields.map((name) => [name, instance.attributes.get(name) ?? unknown(name)]))
    const given = givenBy(interp, run(interp, check, cls, asDict({ values, isOpen: false }), new Map()))
    for (const name of cls.fields) {
      const value = given.values.get(name) ?? interp.unknown('a check of all fields may set it', name)
      setPlainAttribute(interp, instance, name, value)
    }
  }
}

const native = (name: string, call: (args: Arguments, interp: Interpreter) => Value): Value =>
  new NativeFunction(name, call)

/** Notes what a function checks; those of fields are methods of the class without saying so. */
function noteCheck(given: Value, check: Check): Value {
  const fn = given instanceof Descriptor ? given.callable : given
  if (!(fn instanceof FunctionObject)) return given
  checks.set(fn, check)
  return given instanceof FunctionObject && check.of !== 'model' ? new Descriptor('class', given) : given
}

const textOf = (interp: Interpreter, value: Value): string | null => {
  const text = interp.settle(value)
  return text.kind === 'str' ? text.value : null
}

/** `field_validator('a', mode='before')` and its kin. */
const checkDecorator = (name: string, of: Check['of']): Value =>
  native(name, ({ positional, keywords, isOpen }, interp) => {
    const [first] = positional.map((value) => interp.settle(value))
    const mode = keywords.get('mode')
    const isTrue = (option: string): boolean => {
      const value = interp.settle(keywords.get(option) ?? none)
      return value.kind === 'bool' && value.value !== false
    }
    const names = isOpen ? [null] : positional.map((value) => textOf(interp, value))
    const fields = names.every((name) => name !== null) ? names : null
    const check: Check = {
      of,
      mode: mode ? textOf(interp, mode) : isTrue('pre') ? 'before' : 'after',
      fields: of === 'field' ? fields : null,
      always: isTrue('always'),
    }
    // `@root_validator` stands without a call.
    return first?.kind === 'object'
      ? noteCheck(first, check)
      : native(name, ({ positional: [fn = none] }, interp) => noteCheck(interp.settle(fn), check))
  })

/** `Field(8, alias='n')`, `PrivateAttr(default_factory=dict)`, `attr.ib(factory=list)`. */
function fieldOf(interp: Interpreter, { positional, keywords }: Arguments): FieldObject {
  const given = interp.settle(positional[0] ?? keywords.get('default') ?? missing)
  const factory = interp.settle(keywords.get('default_factory') ?? keywords.get('factory') ?? none)
  const isMissing = given.kind === 'ellipsis' || given === missing
  const made = given instanceof FieldObject ? given : null
  const field = new FieldObject(
    made || isMissing ? null : given,
    made?.factory ?? (factory.kind === 'none' ? null : factory),
    keywords,
  )
  field.ofInstance = made?.ofInstance ?? null
  return field
}

/** `Factory(list)`; with `takes_self` it is given the instance. */
function factoryOf(interp: Interpreter, { positional, keywords }: Arguments): FieldObject {
  const [factory = none, takesSelf = keywords.get('takes_self') ?? none] = positional
  const wanted = interp.settle(takesSelf)
  const isOfInstance = wanted.kind === 'bool' && wanted.value === true
  const field = new FieldObject(null, isOfInstance ? null : factory, new Map())
  if (isOfInstance) field.ofInstance = factory
  return field
}

/** What the preludes of pydantic and attrs are made of, as `shapescope.name`. */
export function fieldFunction(name: string): Value | undefined {
  switch (name) {
    case 'model_init':
      return modelConstructor(null)
    case 'make_model':
      return native(name, ({ positional: [of = none] }, interp) => {
        const cls = interp.settle(of)
        if (cls instanceof ClassObject) makeDataclass(interp, cls, new Map(), 'model')
        return none
      })
    case 'checked_dataclass':
      return classDecorator(name, 'checked')
    case 'attrs_define':
      return classDecorator(name, 'attrs')
    case 'attrs_described':
      return classDecorator(name, 'attrs', [['auto_attribs', bool(false)]])
    case 'field_of':
      return native(name, (args, interp) => fieldOf(interp, args))
    case 'factory_of':
      return native(name, (args, interp) => factoryOf(interp, args))
    case 'field_check':
      return checkDecorator(name, 'field')
    case 'model_check':
      return checkDecorator(name, 'model')
    case 'values_check':
      return checkDecorator(name, 'values')
    case 'nothing':
      return missing
    default:
      return undefined
  }
}
