// Attribute access: on tensors, instances, classes, modules, containers and unknown values.

import { operations } from '../ops/index'
import { callOp } from '../ops/op'
import {
  bool,
  dict,
  dtypeValue,
  int,
  none,
  str,
  type TupleValue,
  tuple,
  Unknown,
  unknown,
  type Value,
} from '../trace/values'
import { appliedFunction, isAutogradFunction } from './autograd-functions'
import { objectMethod, objectNew, payloadAttribute, unboundMethod } from './builtin-bases'
import { callValue } from './calls'
import { annotationsOf } from './class-annotations'
import { containerMethod } from './containers'
import { contextMethod } from './contexts'
import { fieldAttribute, unseenField } from './dataclasses'
import { dictFromKeys } from './dict-making'
import { raiseIfCaught, unlessMissing } from './exceptions'
import { globalNames } from './global-names'
import { CodeObject } from './inspection'
import { keepRead, namespaceOf, share, sharedEntry } from './instance-dict'
import { readThrough } from './interception'
import type { Interpreter } from './interpreter'
import { learningSetter, learns, setLearns } from './learning'
import { describingModules, isBuffer, nativeAttribute, nativeModule } from './natives'
import {
  BoundMethod,
  ClassObject,
  Descriptor,
  FieldObject,
  FunctionObject,
  InstanceObject,
  ModuleObject,
  NativeFunction,
  NativeMethod,
  NativeModule,
  NativeType,
  OpFunction,
  PartialObject,
  RecordObject,
  RuntimeException,
  SuperObject,
} from './objects'
import { forEachOption } from './options'
import { publicName } from './prelude'

/** The attribute of a value as Python finds it; unknown where it cannot be told. */
export function getAttribute(interp: Interpreter, owner: Value, name: string): Value {
  const value = interp.settle(owner)
  switch (value.kind) {
    case 'none':
      raiseIfCaught(interp, 'AttributeError')
      break
    case 'tensor':
      return tensorAttribute(interp, value, name)
    case 'unknown':
      return unknownAttribute(interp, value, name)
    case 'union': {
      const having = { ...value, options: value.options.filter((o) => !lacks(interp, o, name)) }
      const some = having.options.some((o) => o.kind !== 'none') ? having : value
      return forEachOption(interp, some, (option) => getAttribute(interp, option, name))
    }
    case 'object':
      return objectAttribute(interp, value, name)
    case 'tuple': {
      const field = value.fields?.indexOf(name) ?? -1
      if (field >= 0) return value.items[field] ?? none
      const found = value.fields && namedTupleAttribute(interp, value, value.fields, name)
      if (found) return found
      break
    }
    case 'dtype':
      if (name === 'is_floating_point') return value.dtype ? bool(value.dtype.includes('float')) : bool(null)
      break
    case 'slice':
      if (name === 'start') return value.lower
      if (name === 'stop') return value.upper
      if (name === 'step') return value.step
      break
    case 'device':
      if (name === 'type') return str(value.type)
      if (name === 'index') return value.type === 'cpu' ? none : unknown('the index of a device')
      break
    default:
  }
  return (
    containerMethod(interp, value, name) ??
    numberMethod(interp, value, name) ??
    interp.unknown(`${name} of ${value.kind} is not known`)
  )
}

/** What the numbers have that NumPy's functions give, and no others: `np.ceil(x).astype(int)`. */
function numberMethod(interp: Interpreter, value: Value, name: string): Value | undefined {
  if (value.kind !== 'int' && value.kind !== 'float') return undefined
  if (!['astype', 'item', 'tolist'].includes(name)) return undefined
  const array = interp.prelude('numpy')?.lookup('array', interp)
  return array && getAttribute(interp, callValue(interp, array, [value]), name)
}

/** What else Python's containers have, for which `containerMethod` has nothing. */
const otherMethods = new Set(
  'clear copy count extend fromkeys index insert popitem remove reverse sort'.split(' '),
)

/** True for a container that has no such attribute: another option must be meant. */
const lacks = (interp: Interpreter, option: Value, name: string): boolean =>
  (option.kind === 'dict' || option.kind === 'list' || (option.kind === 'tuple' && !option.fields)) &&
  !otherMethods.has(name) &&
  !name.startsWith('__') &&
  containerMethod(interp, option, name) === undefined

/** What a named tuple has besides its fields. */
function namedTupleAttribute(
  interp: Interpreter,
  value: TupleValue,
  fields: readonly string[],
  name: string,
): Value | undefined {
  if (name === '_fields') return tuple(fields.map((f) => str(f)))
  if (name === '_asdict')
    return new NativeFunction(name, () =>
      dict(fields.map((f, i) => [`s:${f}`, { key: str(f), value: value.items[i] ?? none }])),
    )
  if (name === '_replace')
    return new NativeFunction(name, ({ keywords }) => ({
      ...value,
      items: fields.map((f, i) => keywords.get(f) ?? value.items[i] ?? none),
    }))
  const { cls } = value
  const inClass = cls instanceof ClassObject ? cls.find(name) : undefined
  if (inClass instanceof Descriptor && inClass.role === 'property')
    return callValue(interp, inClass.callable, [value])
  return inClass && cls instanceof ClassObject ? bind(inClass, value, cls) : undefined
}

const tensorConstants: Record<string, () => Value> = {
  is_leaf: () => bool(null),
  grad_fn: () => unknown('grad_fn'),
  __class__: () => unknown('the class of a tensor'),
}

/** The array of the prelude's NumPy that holds a tensor. */
function arrayOf(interp: Interpreter, tensor: Value): Value {
  const array = interp.prelude('numpy')?.lookup('ndarray', interp)
  return array ? callValue(interp, array, [tensor, bool(false)]) : unknown('numpy')
}

function tensorAttribute(interp: Interpreter, value: Value & { kind: 'tensor' }, name: string): Value {
  // Comparing an unknown rank with a number teaches it.
  if (name === 'ndim') return int(interp.rankSymbol(value.shape))
  if (name === 'dim' || name === 'ndimension')
    return new NativeFunction(name, () => int(interp.rankSymbol(value.shape)))
  if (name === 'numpy' || name === '__array__') return new NativeFunction(name, () => arrayOf(interp, value))
  // Where code reads a gradient there is one, of the tensor's own shape.
  if (name === 'grad') return { ...value, layout: null, values: null, isParameter: false }
  if (name === 'requires_grad_') return learningSetter(value)
  if (name === 'requires_grad') return learns(interp, value)
  const attribute = operations.get(`attribute.${name}`)
  if (attribute) return callOp(attribute, { positional: [value], keywords: new Map(), isOpen: false }, interp)
  if (name === 'dtype') return dtypeValue(value.dtype)
  const method = operations.get(`method.${name}`)
  if (method) return new OpFunction(name, method, value)
  return tensorConstants[name]?.() ?? interp.unknown(`tensor.${name} is not known`)
}

/** Attributes that, of all values in such code, tensors alone have. */
const onlyOnTensors = new Set(['shape', 'ndim', 'mT', 'requires_grad'])
/** Methods of tensors that other common values have too, arrays among them, or that modules and configurations share. */
const notOnlyOnTensors = new Set(
  (
    'add copy copy_ count data device dtype eval float format get half index int items join keys lower max mean min mode ' +
    'name names norm normal pop replace requires_grad_ reset scatter set_ share_memory size split sub sum to train type update values ' +
    'zero_ apply_ cpu cuda bool long double all any equal resize backward detach tolist numpy item clone sort nonzero where ' +
    'argmax argmin argsort clip conj cumprod cumsum diagonal dot fill prod ravel round searchsorted std swapaxes take trace var'
  ).split(' '),
)

/** True if only a tensor has the method, so that calling it says what the value is. */
export const isTensorMethod = (name: string): boolean =>
  !notOnlyOnTensors.has(name) && operations.has(`method.${name}`)

function unknownAttribute(interp: Interpreter, value: Unknown, name: string): Value {
  const slot = value.slots.get(name)
  if (slot) return slot
  if (name === '__dict__') {
    const attributes = dict()
    attributes.state.set('isOpen', true)
    value.slots.set(name, attributes)
    return attributes
  }
  if (onlyOnTensors.has(name) && !value.deferred) {
    const tensor = interp.asTensor(value)
    if (tensor) return tensorAttribute(interp, tensor, name)
  }
  const attribute = new Unknown(name, `${name} of a value that is not known`, { isAttribute: true })
  value.slots.set(name, attribute)
  return attribute
}

function objectAttribute(interp: Interpreter, value: Value & { kind: 'object' }, name: string): Value {
  if (value instanceof InstanceObject) return instanceAttribute(interp, value, name)
  if (value instanceof ClassObject) return classAttribute(interp, value, name)
  if (value instanceof ModuleObject) return moduleAttribute(interp, value, name)
  if (value instanceof NativeModule) return nativeAttribute(interp, value, name)
  if (value instanceof SuperObject) return superAttribute(interp, value, name)
  if (value instanceof NativeType) {
    const method = value.name === 'Tensor' ? operations.get(`method.${name}`) : undefined
    if (method) return new OpFunction(name, method)
    if (value.name === 'dict' && name === 'fromkeys')
      return new NativeFunction(name, (args, interp) => dictFromKeys(interp, args.positional))
    if (value.name === 'object' && name === '__new__') return objectNew
    const own = value.name === 'object' ? objectMethod(interp, null, name) : undefined
    if (own) return own
    if (name === '__mro__') return tuple([value, ...rootOf(interp, value)])
    const unbound = unboundMethod(value.name, name)
    if (unbound) return unbound
    return name === '__name__' ? str(value.name) : unknown(`${value.name}.${name}`)
  }
  if (value instanceof BoundMethod && name === '__self__') return value.self
  if (value instanceof BoundMethod && name === '__func__') return value.callable
  // A method has what its function has.
  if (value instanceof BoundMethod) return getAttribute(interp, value.callable, name)
  if (value instanceof PartialObject) {
    if (name === 'func') return value.callable
    if (name === 'args') return tuple(value.args.positional)
    if (name === 'keywords')
      return dict([...value.args.keywords].map(([k, v]) => [`s:${k}`, { key: str(k), value: v }]))
  }
  if (value instanceof RuntimeException)
    return value.attributes.get(name) ?? unknown(`${name} of an exception`)
  if (value instanceof FunctionObject) {
    const attribute = value.attributes.get(name)
    if (attribute) return attribute
    if (name === '__name__') return str(value.name)
    if (name === '__qualname__') return str(value.qualname)
    if (name === '__module__') return nameOf(value.scope.module)
    if (name === '__doc__') return none
    if (name === '__code__') return new CodeObject(value)
    if (name === '__get__')
      return new NativeFunction(name, ({ positional: [self = none] }) =>
        self.kind === 'none' ? value : new BoundMethod(self, value),
      )
  }
  const ofContext = contextMethod(value, name)
  if (ofContext) return ofContext
  if (value instanceof FieldObject) return fieldAttribute(interp, value, name)
  if (value instanceof RecordObject)
    return value.attributes.get(name) ?? value.others?.(name) ?? unknown(`${name} of a ${value.name}`)
  return unknown(`${name} of a ${value.describe()}`)
}

/** An instance's own attribute, or its class's, with functions bound and properties read. */
export function findInstanceAttribute(
  interp: Interpreter,
  value: InstanceObject,
  name: string,
): Value | undefined {
  const intercept = value.cls.find('__getattribute__')
  if (intercept instanceof FunctionObject && !name.startsWith('__'))
    return readThrough(interp, intercept, value, name)
  return findPlainAttribute(interp, value, name)
}

/** The attribute as `object.__getattribute__` finds it, or what the class's `__getattr__` gives. */
export function findPlainAttribute(interp: Interpreter, owner: Value, name: string): Value | undefined {
  const value = interp.settle(owner)
  if (!(value instanceof InstanceObject)) return getAttribute(interp, value, name)
  const fallback = name.startsWith('__') ? undefined : value.cls.find('__getattr__')
  if (!fallback)
    return (
      ownAttribute(interp, value, name) ??
      (value.cls.hasUnknownBase ? undefined : objectMethod(interp, value, name))
    )
  const own = unlessMissing(() => ownAttribute(interp, value, name))
  if (own) return own
  const made = unlessMissing(() => callValue(interp, fallback, [value, str(name)]))
  if (!made) raiseIfCaught(interp, 'AttributeError')
  return made
}

function ownAttribute(interp: Interpreter, value: InstanceObject, name: string): Value | undefined {
  const inClass = value.cls.find(name)
  const own = value.attributes.get(name) ?? sharedEntry(value, name)
  if (inClass instanceof Descriptor && inClass.role === 'property' && !(inClass.isKept && own)) {
    const made = callValue(interp, inClass.callable, [value])
    if (inClass.isKept) interp.trail.write(value.attributes, name, made)
    return made
  }
  if (isDescriptor(inClass) && (own === undefined || inClass.cls.find('__set__')))
    return callMethod(interp, inClass, '__get__', [value, value.cls])
  if (own !== undefined) return own
  if (inClass !== undefined)
    return name === '__new__'
      ? inClass
      : (unseenField(interp, value, name) ?? bind(inClass, value, value.cls))
  if (name === '__class__') return value.cls
  if (name === '__dict__') return namespaceOf(value)
  if (name === '__module__') return nameOf(value.cls.module)
  return payloadAttribute(interp, value, name)
}

/** A module's own `__name__`, which is another one in a program. */
const nameOf = (module: ModuleObject): Value => module.globals.get('__name__') ?? str(module.name)

function instanceAttribute(interp: Interpreter, value: InstanceObject, name: string): Value {
  const found = findInstanceAttribute(interp, value, name)
  if (found !== undefined) return found
  // Attributes may be set in ways that are not seen: only a handler that waits for it gets this.
  if (!value.cls.hasUnknownBase && !value.isOpen) raiseIfCaught(interp, 'AttributeError', true)
  // The same unknown value each time, so that what is learnt about it holds.
  const attribute = interp.unknown(
    `${value.cls.name} has no attribute ${name} that is known`,
    name,
    interp.place,
    true,
  )
  keepRead(value, name, attribute)
  return attribute
}

/** True for an attribute of a class that says itself what reading it gives. */
const isDescriptor = (value: Value | undefined): value is InstanceObject =>
  value instanceof InstanceObject && value.cls.find('__get__') !== undefined

function bind(value: Value, self: Value, cls: ClassObject): Value {
  if (value instanceof Descriptor) {
    if (value.role === 'static') return value.callable
    return new BoundMethod(value.role === 'class' ? cls : self, value.callable)
  }
  return value instanceof FunctionObject || value instanceof NativeMethod
    ? new BoundMethod(self, value)
    : value
}

/** `object`, which ends every class's bases but its own. */
function rootOf(interp: Interpreter, type: Value): Value[] {
  const root = interp.builtin('object')
  return root && root !== type ? [root] : []
}

/** `cls.__mro__`, its bases of Python and PyTorch included. */
function resolutionOf(interp: Interpreter, cls: ClassObject): Value {
  const native = cls.mro.flatMap((c) => c.bases.filter((base) => base instanceof NativeType))
  if (cls.hasUnknownBase) return unknown(`the bases of ${cls.name}`)
  const root = rootOf(interp, cls)
  return tuple([...cls.mro, ...native.filter((base) => !root.includes(base)), ...root])
}

export function classAttribute(interp: Interpreter, cls: ClassObject, name: string): Value {
  const value = cls.find(name)
  if (value instanceof Descriptor)
    return value.role === 'class' ? new BoundMethod(cls, value.callable) : value.callable
  if (isDescriptor(value)) return callMethod(interp, value, '__get__', [none, cls])
  if (value !== undefined) return value
  if (name === 'apply' && isAutogradFunction(cls)) return appliedFunction(cls)
  if (name === '__name__') return str(cls.name)
  if (name === '__qualname__') return str(cls.qualname)
  if (name === '__module__') return nameOf(cls.module)
  if (name === '__mro__') return resolutionOf(interp, cls)
  if (name === '__bases__') return tuple(cls.bases)
  if (name === '__dict__') {
    const annotations = annotationsOf(interp, cls)
    const own = annotations.entries.size > 0 ? [['__annotations__', annotations] as const] : []
    return dict([...cls.attributes, ...own].map(([k, v]) => [`s:${k}`, { key: str(k), value: v }]))
  }
  if (name === '__annotations__') return annotationsOf(interp, cls)
  if (name === '__doc__') return cls.definition.docstring === null ? none : str(cls.definition.docstring)
  if (name === '__dataclass_fields__' && cls.role === 'dataclass')
    return dict([...cls.dataFields].map(([k, v]) => [`s:${k}`, { key: str(k), value: v }]))
  if (cls.role === 'enum' && name === '__members__') return unknown('the members of an enum')
  const method = cls.hasUnknownBase ? undefined : objectMethod(interp, null, name)
  if (method) return method
  if (!cls.hasUnknownBase) raiseIfCaught(interp, 'AttributeError', true)
  return interp.unknown(`${cls.name} has no attribute ${name} that is known`, name)
}

function superAttribute(interp: Interpreter, value: SuperObject, name: string): Value {
  const self = value.self
  const start = self instanceof InstanceObject ? self.cls : self instanceof ClassObject ? self : null
  const order = start?.mro ?? []
  for (const cls of order.slice(order.indexOf(value.cls) + 1)) {
    const found = cls.attributes.get(name)
    if (found === undefined) continue
    // Python takes `__new__` as a static method.
    if (name === '__new__' && found instanceof FunctionObject) return found
    if (found instanceof Descriptor && found.role === 'property')
      return callValue(interp, found.callable, [self])
    if (isDescriptor(found)) return callMethod(interp, found, '__get__', [self, start ?? cls])
    return bind(found, self, start ?? cls)
  }
  if (name === '__new__' && self instanceof ClassObject && !self.hasUnknownBase) return objectNew
  if (name === '__getattr__') return noAttribute
  const inherited = self instanceof InstanceObject ? payloadAttribute(interp, self, name) : undefined
  return inherited ?? objectMethod(interp, self, name) ?? new NativeNothing(name)
}

/** `super().__getattr__` of a module: what it holds are plain attributes, which were looked for before. */
const noAttribute = new NativeFunction('__getattr__', (_, interp) => {
  raiseIfCaught(interp, 'AttributeError')
  return interp.unknown('an attribute that is not known')
})

/** `super().__init__` of `object`: takes anything and does nothing. */
class NativeNothing extends PartialObject {
  constructor(name: string) {
    super(str(name), { positional: [], keywords: new Map(), isOpen: false })
  }
}

function moduleAttribute(interp: Interpreter, module: ModuleObject, name: string): Value {
  const value = module.lookup(name, interp)
  if (value !== undefined) return value
  if (module.isPrelude && describingModules.has(name)) return str(null)
  if (name === '__dict__' && !module.isPrelude) return globalNames(interp, module)
  const found = module.isPrelude
    ? nativeModule(interp, `${publicName(module)}.${name}`)
    : (interp.modules.load(`${module.name}.${name}`, module, interp) ?? module.lookupDeclared(name, interp))
  if (found) return found
  const fallback = module.lookup('__getattr__', interp)
  if (fallback) return callValue(interp, fallback, [str(name)])
  return interp.unknown(`${module.name} has no ${name} that is known`, name)
}

/** `owner.name = value`, by the class's own `__setattr__` where it has one. */
export function setAttribute(interp: Interpreter, owner: Value, name: string, value: Value): void {
  const target = interp.settle(owner)
  const intercept = target instanceof InstanceObject ? target.cls.find('__setattr__') : undefined
  if (intercept instanceof FunctionObject || intercept instanceof NativeMethod)
    callValue(interp, intercept, [target, str(name), value])
  else setPlainAttribute(interp, target, name, value)
}

/** `del owner.name`, by the class's own `__delattr__` where it has one. */
export function deleteAttribute(interp: Interpreter, owner: Value, name: string): void {
  const target = interp.settle(owner)
  const cls = target instanceof InstanceObject ? target.cls : null
  const [intercept, descriptor] = [cls?.find('__delattr__'), cls?.find(name)]
  if (intercept instanceof FunctionObject || intercept instanceof NativeMethod)
    callValue(interp, intercept, [target, str(name)])
  else if (descriptor instanceof Descriptor && descriptor.deleter)
    callValue(interp, descriptor.deleter, [target])
  else if (target.kind === 'object' && 'attributes' in target)
    interp.trail.delete(target.attributes as Map<string, Value>, name)
}

const isMethod = (value: Value | undefined): boolean => value instanceof FunctionObject

/** Sets an attribute as `object.__setattr__` does, through a property's setter where there is one. */
export function setPlainAttribute(interp: Interpreter, owner: Value, name: string, value: Value): void {
  const target = interp.settle(owner)
  if (target instanceof InstanceObject) {
    const descriptor = target.cls.find(name)
    if (descriptor instanceof Descriptor && descriptor.setter) {
      callValue(interp, descriptor.setter, [target, value])
      return
    }
    if (descriptor instanceof InstanceObject && descriptor.cls.find('__set__')) {
      callMethod(interp, descriptor, '__set__', [target, value])
      return
    }
    if (!share(interp, target, name, value)) interp.trail.write(target.attributes, name, value)
    if (isBuffer(value) && target.cls.find('_note_buffer'))
      callMethod(interp, target, '_note_buffer', [str(name)])
  } else if (target instanceof FunctionObject && name === '__doc__') {
    // Documentation is left out, as by `python -OO`: what rewrites it reaches far.
  } else if (target instanceof ClassObject || target instanceof FunctionObject) {
    // The prelude serves every run, so that its classes may not keep what one run changes in them.
    const { isPrelude } = target instanceof ClassObject ? target.module : target.scope.module
    const isShared = isPrelude && (target instanceof ClassObject || target.scope.parent === null)
    const given = interp.settle(value)
    if (isShared && interp.isRecording && !interp.isTakenBack)
      interp.unknown(`the change of ${name} in torch is not followed`)
    // What is put in the place of a method and is not known is taken to do the same, as a decorator is.
    else if (given.kind === 'unknown' && target instanceof ClassObject && isMethod(target.find(name)))
      interp.unknown(`what replaces the method ${name} is not known: ${given.reason}`)
    else interp.trail.write(target.attributes, name, value)
  } else if (target instanceof ModuleObject) {
    target.pending?.demand(name, interp)
    interp.trail.write(target.globals, name, value)
  } else if (name === 'requires_grad') setLearns(interp, target, interp.settle(value))
  else if (target.kind === 'unknown') interp.trail.write(target.slots, name, value)
  else if (target.kind === 'tensor') interp.ownTensorNames.add(name)
}

/** `value.name(*args)` */
export function callMethod(interp: Interpreter, value: Value, name: string, args: readonly Value[]): Value {
  return callValue(interp, getAttribute(interp, value, name), args)
}
