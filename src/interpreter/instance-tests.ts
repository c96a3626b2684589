// What `isinstance` and `hasattr` say of a value.

import { tensorNames } from '../ops/tensor-names'
import type { Tensor } from '../tensors/tensor'
import { none, type TupleValue, type Value } from '../trace/values'
import { findInstanceAttribute, getAttribute } from './attributes'
import type { TryBody } from './branch'
import { hasBuiltinAttribute } from './builtin-attributes'
import { builtinBase, payloadAttribute } from './builtin-bases'
import { exceptionNames, isExceptionBelow, unlessMissing } from './exceptions'
import { mayBeSet, sharedEntry } from './instance-dict'
import type { Interpreter } from './interpreter'
import { describingModules } from './natives'
import {
  BoundMethod,
  ClassObject,
  Descriptor,
  FunctionObject,
  InstanceObject,
  IteratorObject,
  isArray,
  ModuleObject,
  NamedTupleType,
  NativeModule,
  NativeType,
  RuntimeMarker,
} from './objects'

/** The abstract classes of `numbers`, and the built-in values that are of each. */
export const numberKinds: ReadonlyMap<string, NativeType> = new Map(
  Object.entries({
    Integral: ['int', 'bool'],
    Rational: ['int', 'bool'],
    Real: ['int', 'bool', 'float'],
    Complex: ['int', 'bool', 'float', 'complex'],
    Number: ['int', 'bool', 'float', 'complex'],
  }).map(([name, kinds]) => [name, new NativeType(name, (value) => kinds.includes(value.kind), null)]),
)

/** `isinstance`; null where it cannot be told. */
export function isInstance(interp: Interpreter, value: Value, of: Value): boolean | null {
  const type = interp.settle(of)
  if (type.kind === 'tuple') {
    const answers = type.items.map((t) => isInstance(interp, value, t))
    return answers.includes(true) ? true : answers.includes(null) ? null : false
  }
  if (value.kind === 'union') {
    const answers = value.options.map((o) => isInstance(interp, o, type))
    return answers.every((a) => a === answers[0]) ? (answers[0] ?? null) : null
  }
  const settled = interp.settle(value)
  if (settled.kind === 'unknown') return null
  if (type.kind === 'none') return settled.kind === 'none'
  const ofArray =
    settled instanceof InstanceObject && isArray(settled) ? isArrayOf(interp, settled, type) : undefined
  if (ofArray !== undefined) return ofArray
  if (type instanceof NativeType && settled instanceof InstanceObject && isMember(settled, type)) return true
  if (type instanceof NativeType)
    return settled instanceof InstanceObject && type.name !== 'object' && !exceptionNames.includes(type.name)
      ? settled.payload && type.isInstance(settled.payload)
        ? true
        : settled.cls.hasUnknownBase
          ? null
          : false
      : type.isInstance(settled)
  if (type instanceof ClassObject) {
    if (settled.kind === 'tuple' && settled.cls instanceof ClassObject) return settled.cls.isSubclassOf(type)
    const includes = type.module.isPrelude ? type.find('_includes') : undefined
    if (includes?.kind === 'tuple') return isAbstractly(interp, settled, type, includes)
    if (settled instanceof InstanceObject)
      return settled.cls.isSubclassOf(type) ? true : settled.cls.hasUnknownBase ? null : false
    if (type.module.isPrelude && type.name === 'Parameter')
      return settled.kind === 'tensor' && settled.isParameter
    return false
  }
  return null
}

/** True for a member of an enum that is of Python's class of that name. */
const isMember = ({ cls }: InstanceObject, { name }: NativeType): boolean =>
  cls.role === 'enum' &&
  (name === 'Enum' ||
    cls.mro.some((c) => c.bases.some((base) => base instanceof NativeType && base.name === name)))

/** NumPy's abstract kinds of number, and how the names of their dtypes begin. */
const arrayKinds: Readonly<Record<string, RegExp>> = {
  generic: /./,
  number: /^(int|uint|float|complex)/,
  integer: /^u?int/,
  inexact: /^(float|complex)/,
  floating: /^float/,
}

/** What `isinstance` says of an array or a number of NumPy's; undefined for types that it is as any instance is. */
function isArrayOf(interp: Interpreter, array: InstanceObject, type: Value): boolean | null | undefined {
  const isOwn = type instanceof ClassObject && type.module.name.startsWith('prelude.numpy')
  const kind = isOwn ? arrayKinds[type.name] : undefined
  const isArrayType = type === array.cls && interp.isRecording
  const isFloat = type instanceof NativeType && type.name === 'float'
  const isAbstract = type instanceof NativeType && numberKinds.has(type.name)
  if (!isArrayType && !isFloat && !isAbstract && !kind) return undefined
  const tensor = interp.asTensor(array)
  const isNumber = tensor ? isNumberOf(interp, array, tensor) : null
  if (isArrayType) return isNumber === null ? null : !isNumber
  if (isNumber !== true || isAbstract) return isNumber && null
  // Of its floats only those of 64 bits are Python's too.
  if (!tensor?.dtype) return null
  return kind ? kind.test(tensor.dtype) : tensor.dtype === 'float64'
}

/** True for one of NumPy's numbers, which operations take as they take Python's. */
export const isArrayNumber = (interp: Interpreter, value: Value): boolean => {
  const tensor = value instanceof InstanceObject && isArray(value) ? interp.asTensor(value) : null
  return value instanceof InstanceObject && tensor !== null && isNumberOf(interp, value, tensor) === true
}

/** Whether what NumPy gives without dims is a number of its, not an array; null where that is not known. */
function isNumberOf(interp: Interpreter, array: InstanceObject, { shape }: Tensor): boolean | null {
  const { lead, gap, trail } = interp.facts.resolve(shape)
  const made = interp.settle(array.attributes.get('is_number') ?? none)
  if (lead.length + trail.length > 0 || (made.kind === 'bool' && made.value === false)) return false
  return gap || made.kind !== 'bool' ? null : made.value
}

const isModuleClass = ({ module, name }: ClassObject): boolean =>
  module.name === 'prelude.module' && name === 'Module'

/** `issubclass`; null where it cannot be told. */
export function isSubclass(interp: Interpreter, cls: Value, of: Value): boolean | null {
  if (of.kind === 'tuple') {
    const answers = of.items.map((type) => isSubclass(interp, cls, interp.settle(type)))
    return answers.includes(true) ? true : answers.includes(null) ? null : false
  }
  if (cls === of || of === interp.builtin('object')) return true
  // No class is below one that is below it.
  if (of instanceof ClassObject && (cls === interp.builtin('object') || of.mro.some((c) => c === cls)))
    return false
  // Of the classes that ShapeScope has of its own some are abstract, and have subclasses that do not say so; no layer is.
  const isOwn = of instanceof ClassObject && of.module.isPrelude && !of.mro.some(isModuleClass)
  const isException = of instanceof NativeType ? isExceptionBelow(cls, of.name) : null
  if (isException !== null) return isException
  if (cls instanceof NativeType)
    return of instanceof ClassObject && !isOwn && !(cls instanceof NamedTupleType) ? false : null
  if (!(cls instanceof ClassObject)) return null
  if (of instanceof ClassObject)
    return cls.isSubclassOf(of) ? true : cls.hasUnknownBase || isOwn ? null : false
  const native = cls.mro.flatMap((c) => c.bases.filter((base) => base instanceof NativeType))
  if (native.some((base) => base === of)) return true
  return of instanceof NativeType && native.length === 0 && !cls.hasUnknownBase ? false : null
}

/** `isinstance` with one of the abstract container classes; `includes` are the built-in types that count as it. */
function isAbstractly(
  interp: Interpreter,
  value: Value,
  type: ClassObject,
  includes: TupleValue,
): boolean | null {
  const ofBuiltins = (v: Value): boolean | null => isInstance(interp, v, includes)
  if (type.name === 'Hashable') return isHashable(interp, value)
  if (value instanceof InstanceObject) {
    if (value.cls.isSubclassOf(type) || (value.payload && ofBuiltins(value.payload))) return true
    const method = type.name === 'Iterable' ? '__iter__' : type.name === 'Callable' ? '__call__' : null
    if (method && value.cls.find(method)) return true
    return value.cls.hasUnknownBase ? null : false
  }
  if (type.name === 'Callable') return value.kind === 'object'
  if (includes.items.length === 0) return null
  if (value instanceof ClassObject) return value.role === 'enum' ? null : false
  return value instanceof IteratorObject ? null : (ofBuiltins(value) ?? null)
}

/** `callable`; an instance is where its class has a `__call__`. */
export function isCallable(value: Value): boolean | null {
  if (value.kind === 'unknown' || value.kind === 'union') return null
  if (value instanceof InstanceObject)
    return value.cls.find('__call__') !== undefined || (value.cls.hasUnknownBase ? null : false)
  return value.kind === 'object' && !(value instanceof RuntimeMarker || value instanceof ModuleObject)
}

/** Whether `hash` takes a value: what may change does not, nor an instance whose class compares by an `__eq__` alone. */
function isHashable(interp: Interpreter, value: Value): boolean | null {
  if (value instanceof InstanceObject) {
    const hash = value.cls.find('__hash__')
    if (hash) return hash.kind !== 'none'
    const mayCompare = value.cls.role === 'dataclass' || value.cls.hasUnknownBase || value.cls.find('__eq__')
    return mayCompare
      ? null
      : value.payload && value.cls.role !== 'enum'
        ? isHashable(interp, value.payload)
        : true
  }
  if (value.kind === 'list' || value.kind === 'dict')
    return value.kind === 'list' && value.isSet ? null : false
  if (value.kind === 'sequence' || value.kind === 'slice') return null
  return true
}

/** What Python gives every object, and every class besides. */
const ofObjects = new Set(
  (
    '__class__ __delattr__ __dict__ __dir__ __doc__ __eq__ __format__ __ge__ __getattribute__ __gt__ __hash__ __init__ ' +
    '__init_subclass__ __le__ __lt__ __module__ __ne__ __new__ __reduce__ __reduce_ex__ __repr__ __setattr__ ' +
    '__sizeof__ __str__ __subclasshook__ __weakref__'
  ).split(' '),
)
const ofClasses = new Set(
  '__base__ __bases__ __call__ __mro__ __name__ __qualname__ __subclasses__ mro'.split(' '),
)

/**
 * Whether reading an attribute gives something, or raises that there is none; null where it cannot be told, and
 * `ofUnknown` where what it gives is not known.
 */
function givesAttribute(
  interp: Interpreter,
  owner: InstanceObject,
  name: string,
  ofUnknown: boolean | null,
): boolean | null {
  const body: TryBody = { names: ['AttributeError'], mark: interp.trail.mark(), raises: [] }
  interp.tries.push(body)
  try {
    const value = unlessMissing(() => findInstanceAttribute(interp, owner, name))
    if (value === undefined) return owner.cls.hasUnknownBase ? null : false
    return body.raises.length > 0 ? null : value.kind === 'unknown' ? ofUnknown : true
  } finally {
    interp.tries.pop()
  }
}

const ofFunctions = new Set(
  '__annotations__ __builtins__ __call__ __closure__ __code__ __defaults__ __get__ __globals__ __kwdefaults__ __name__ __qualname__'.split(
    ' ',
  ),
)

/** A decorator that is seen through may have given the function an attribute, and torch's are not all known. */
function functionHas(fn: FunctionObject, name: string): boolean | null {
  if (fn.attributes.has(name) || ofFunctions.has(name) || ofObjects.has(name)) return true
  const isDecorated = fn.definition.kind !== 'Lambda' && fn.definition.decorators.length > 0
  return isDecorated || fn.keeps > 0 || fn.scope.module.isPrelude ? null : false
}

const isPrivate = (name: string): boolean => name.startsWith('__') && !name.endsWith('__')

/** `hasattr`; null where it cannot be told. */
export function hasAttribute(interp: Interpreter, owner: Value, name: string): boolean | null {
  if (owner instanceof InstanceObject) {
    // Python has the attribute under another name, with the class's in front: a text does not find it.
    if (isPrivate(name)) return false
    const inClass = owner.cls.find(name)
    if (inClass instanceof Descriptor && inClass.role === 'property')
      return givesAttribute(interp, owner, name, true)
    if (owner.attributes.has(name) || inClass !== undefined || ofObjects.has(name)) return true
    if (payloadAttribute(interp, owner, name) !== undefined || sharedEntry(owner, name)) return true
    if (owner.isOpen || mayBeSet(owner, name)) return null
    if (owner.cls.find('__getattribute__') instanceof FunctionObject || owner.cls.find('__getattr__'))
      return givesAttribute(interp, owner, name, null)
    return owner.cls.hasUnknownBase ? null : false
  }
  if (owner instanceof ClassObject) {
    if (owner.find(name) !== undefined || ofObjects.has(name) || ofClasses.has(name)) return true
    // Enums and data classes have more with such names, built-in bases more of any name.
    const mayHave = owner.role !== 'plain' && name.startsWith('_')
    return owner.hasUnknownBase || mayHave || builtinBase(owner) !== null ? null : false
  }
  if (owner instanceof ModuleObject) {
    if (name === '__path__') return owner.isPrelude ? null : owner.path.endsWith('/__init__.py')
    const describes = describingModules.has(name) && owner.isPrelude
    return describes || owner.lookupDeclared(name, interp) !== undefined
  }
  if (owner instanceof NativeModule) return getAttribute(interp, owner, name).kind !== 'unknown' ? true : null
  if (owner instanceof BoundMethod)
    return name === '__self__' || name === '__func__' || hasAttribute(interp, owner.callable, name)
  if (owner instanceof FunctionObject) return functionHas(owner, name)
  // Code may give a tensor attributes of its own; where it does, their names are known.
  if (owner.kind === 'tensor')
    return tensorNames.has(name) ? true : interp.ownTensorNames.has(name) ? null : false
  if (owner.kind === 'tuple' && name === '_fields') return owner.fields ? (owner.cls ? true : null) : false
  return ofObjects.has(name) ? true : hasBuiltinAttribute(owner, name)
}
