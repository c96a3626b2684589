// What a program can ask of its own functions: `inspect.signature`, `fn.__code__` and their kin.

import { bool, type DictEntry, dict, int, list, none, str, tuple, unknown, type Value } from '../trace/values'
import { typeOfAnnotation } from './annotations'
import { getAnnotations } from './class-annotations'
import { isGenerator } from './functions'
import { isInstance } from './instance-tests'
import type { Interpreter } from './interpreter'
import { tensorType } from './natives'
import {
  BoundMethod,
  ClassObject,
  Descriptor,
  FunctionObject,
  InstanceObject,
  ModuleObject,
  NativeFunction,
  NativeModule,
  NativeType,
  OpFunction,
  RecordObject,
  RuntimeMarker,
} from './objects'

const empty = new RuntimeMarker('inspect._empty')

const kinds: Record<string, RuntimeMarker> = {
  'positional-only': new RuntimeMarker('POSITIONAL_ONLY'),
  normal: new RuntimeMarker('POSITIONAL_OR_KEYWORD'),
  'var-positional': new RuntimeMarker('VAR_POSITIONAL'),
  'keyword-only': new RuntimeMarker('KEYWORD_ONLY'),
  'var-keyword': new RuntimeMarker('VAR_KEYWORD'),
}
/** As `param.KEYWORD_ONLY`, each parameter has the names of all kinds. */
const kindNames = Object.values(kinds).map((kind) => [kind.name, kind as Value] as const)
const kindOf = (category: string): RuntimeMarker => kinds[category] ?? empty

/** The function behind a callable, through `functools.wraps`, and how many parameters are bound already. */
function functionBehind(interp: Interpreter, value: Value): { fn: FunctionObject; bound: number } | null {
  const callable = interp.settle(value)
  if (callable instanceof FunctionObject) {
    const wrapped = callable.attributes.get('__wrapped__')
    return wrapped ? functionBehind(interp, wrapped) : { fn: callable, bound: 0 }
  }
  if (callable instanceof Descriptor) return functionBehind(interp, callable.callable)
  const inner =
    callable instanceof BoundMethod
      ? callable.callable
      : callable instanceof ClassObject
        ? callable.find('__init__')
        : callable instanceof InstanceObject
          ? callable.cls.find('__call__')
          : undefined
  const found = inner && functionBehind(interp, inner)
  return found ? { fn: found.fn, bound: found.bound + 1 } : null
}

/** `inspect.unwrap`: the function that `functools.wraps` noted, of anything else the thing itself. */
function unwrapped(interp: Interpreter, value: Value): Value {
  const callable = interp.settle(value)
  return callable instanceof FunctionObject ? (functionBehind(interp, callable)?.fn ?? callable) : callable
}

function signatureOf(interp: Interpreter, value: Value): Value {
  const found = functionBehind(interp, value)
  if (!found) return interp.unknown('a signature')
  const { fn, bound } = found
  const parameters = fn.definition.params.slice(bound).map(({ name, category, annotation }) => {
    const attributes = new Map<string, Value>([
      ...kindNames,
      ['name', str(name)],
      ['default', fn.defaults.get(name) ?? empty],
      ['kind', kindOf(category)],
      ['empty', empty],
      ['annotation', annotation ? typeOfAnnotation(interp, fn.scope, annotation) : empty],
    ])
    return [
      `s:${name}`,
      { key: str(name), value: new RecordObject('parameter', attributes) as Value },
    ] as const
  })
  return new RecordObject(
    'signature',
    new Map<string, Value>([
      ['parameters', dict(parameters.map(([key, entry]) => [key, entry]))],
      ['return_annotation', unknown('an annotation')],
    ]),
  )
}

/** `inspect.getfullargspec`: a named tuple that is mostly indexed. */
function argumentsOf(interp: Interpreter, value: Value): Value {
  const callable = interp.settle(value)
  const found = functionBehind(interp, callable)
  if (!found) return interp.unknown('the arguments of a function')
  const { params } = found.fn.definition
  const of = (...categories: string[]) => params.filter((p) => categories.includes(p.category))
  const names = (parameters: typeof params): Value => list(parameters.map((p) => str(p.name)))
  const nameOf = ([one]: typeof params): Value => (one ? str(one.name) : none)
  const defaults = (parameters: typeof params): [string, Value][] =>
    parameters.flatMap(({ name }): [string, Value][] => {
      const value = found.fn.defaults.get(name)
      return value ? [[name, value]] : []
    })
  const positional = of('positional-only', 'normal')
  const keywords = of('keyword-only')
  const own = defaults(positional).map(([, v]) => v)
  const others = defaults(keywords).map(([k, v]): [string, DictEntry] => [
    `s:${k}`,
    { key: str(k), value: v },
  ])
  const parts: readonly (readonly [string, Value])[] = [
    ['args', names(positional)],
    ['varargs', nameOf(of('var-positional'))],
    ['varkw', nameOf(of('var-keyword'))],
    ['defaults', own.length > 0 ? tuple(own) : none],
    ['kwonlyargs', names(keywords)],
    ['kwonlydefaults', others.length > 0 ? dict(others) : none],
    ['annotations', unknown('annotations')],
  ]
  return tuple(
    parts.map(([, value]) => value),
    parts.map(([name]) => name),
  )
}

/** The kinds of value that are of one built-in type of that name. */
const plainKinds = ['int', 'float', 'bool', 'complex', 'str', 'tuple', 'list']

/** `type(value)` */
export function typeOf(interp: Interpreter, value: Value | undefined): Value {
  if (value instanceof InstanceObject) return value.cls
  if (value?.kind === 'none') return noneType
  if (value instanceof FunctionObject) return functionType
  if (value?.kind === 'tuple' && value.cls) return value.cls
  const isSpecial =
    (value?.kind === 'tuple' && value.isSize) || (value?.kind === 'list' && (value.isSet || value.isDeque))
  if (value && !isSpecial && plainKinds.includes(value.kind))
    return interp.builtin(value.kind) ?? unknown('a type')
  const isPlainDict = value?.kind === 'dict' && interp.isConcrete && !value.isOfInstance && !value.factory
  if (isPlainDict && !value.state.get('isKind')) return interp.builtin('dict') ?? unknown('a type')
  return value?.kind === 'tensor' && !value.isParameter ? tensorType('Tensor') : unknown('a type')
}

const noneType = new NativeType(
  'NoneType',
  (v) => (v.kind === 'unknown' || v.kind === 'union' ? null : v.kind === 'none'),
  null,
)
const moduleType = new NativeType(
  'module',
  (v) => v instanceof ModuleObject || v instanceof NativeModule,
  null,
)
/** What a generator gives may stand as a tuple or a sequence; an instance is one by its `send`. */
export const generatorType = new NativeType(
  'generator',
  (v) => {
    if (v instanceof InstanceObject) return v.cls.hasUnknownBase || v.cls.find('send') ? null : false
    return ['unknown', 'union', 'tuple', 'sequence', 'object'].includes(v.kind) ? null : false
  },
  null,
)
const generatorFunction = new NativeType(
  'generator function',
  (v) => v instanceof FunctionObject && v.definition.kind === 'FunctionDef' && isGenerator(v.definition),
  null,
)

/** `inspect.isfunction` and its kin are `isinstance` with these types. */
const testedTypes: Readonly<Record<string, (interp: Interpreter) => Value>> = {
  isfunction: () => functionType,
  ismethod: () => methodType,
  isroutine: () => tuple([functionType, methodType]),
  isclass: (interp) => interp.builtin('type') ?? none,
  ismodule: () => moduleType,
  isgeneratorfunction: () => generatorFunction,
}

/** `inspect.name` */
export function inspectAttribute(_: Interpreter, name: string): Value | undefined {
  switch (name) {
    case 'signature':
      return new NativeFunction(name, ({ positional: [callable] }, interp) =>
        callable ? signatureOf(interp, callable) : unknown(name),
      )
    case 'getfullargspec':
      return new NativeFunction(name, ({ positional: [callable] }, interp) =>
        callable ? argumentsOf(interp, callable) : unknown(name),
      )
    case 'get_annotations':
      return getAnnotations
    case 'getsource':
      return new NativeFunction(name, ({ positional: [of = none] }, interp) => {
        const module = interp.settle(of)
        const text = module instanceof ModuleObject ? module.text : null
        return text === null ? interp.unknown('the source of a value') : str(text)
      })
    case 'Parameter': {
      const named = Object.values(kinds).map((kind) => [kind.name, kind] as const)
      return new RecordObject(name, new Map<string, Value>([...named, ['empty', empty]]))
    }
    case '_empty':
      return empty
    case 'unwrap':
      return new NativeFunction(name, ({ positional: [callable] }, interp) =>
        callable ? unwrapped(interp, callable) : unknown(name),
      )
    default: {
      const typeIn = testedTypes[name]
      return typeIn
        ? new NativeFunction(name, ({ positional: [value = none] }, interp) =>
            bool(isInstance(interp, value, typeIn(interp))),
          )
        : unknown(`inspect.${name}`)
    }
  }
}

/** `fn.__code__`: the parameters' names and their number. */
export class CodeObject extends RecordObject {
  constructor(readonly fn: FunctionObject) {
    const { params } = fn.definition
    const places = ['var-positional', 'var-keyword']
    const named = params.filter((p) => !places.includes(p.category))
    const collecting = places.flatMap((place) => params.filter((p) => p.category === place))
    const counted = named.filter((p) => p.category !== 'keyword-only')
    const attributes = new Map<string, Value>([
      ['co_varnames', tuple([...named, ...collecting].map((p) => str(p.name)))],
      ['co_argcount', int(counted.length)],
    ])
    super('code', attributes)
  }
}

/** `types.FunctionType`: called with the code of a function it makes another of the same text and scope. */
const functionType = new NativeType(
  'function',
  (value) =>
    // What is followed without its text may have one.
    value.kind === 'unknown' ||
    value.kind === 'union' ||
    value instanceof NativeFunction ||
    value instanceof OpFunction
      ? null
      : value instanceof FunctionObject,
  ({ positional: [code = none] }, interp) => {
    const given = interp.settle(code)
    if (!(given instanceof CodeObject)) return interp.unknown('a function made of code')
    const { name, definition, scope, defaults, owner } = given.fn
    const copy = new FunctionObject(name, definition, scope, defaults)
    copy.owner = owner
    return copy
  },
)

/** `types.MethodType`: a function bound to an instance. */
const methodType = new NativeType(
  'method',
  (value) => (value.kind === 'unknown' || value.kind === 'union' ? null : value instanceof BoundMethod),
  ({ positional: [fn = none, self = none] }) => new BoundMethod(self, fn),
)

/** What `types` has besides its classes in Python. */
export function typesAttribute(_: Interpreter, name: string): Value | undefined {
  if (name === 'MethodType') return methodType
  if (name === 'GeneratorType') return generatorType
  if (name === 'MappingProxyType')
    return new NativeFunction(name, ({ positional: [mapping = none] }) => mapping)
  if (name === 'NoneType') return noneType
  return name === 'FunctionType' || name === 'LambdaType' ? functionType : unknown(`types.${name}`)
}
