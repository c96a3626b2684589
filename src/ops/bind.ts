// Arguments of a call to an op: which overload they fit, and each as the value of its declared type.

import { constant, type Dim, fresh } from '../dims/dim'
import { categoryOf, type DType } from '../tensors/dtype'
import { openShape, type Shape, scalar, shapeOf } from '../tensors/shape'
import { makeTensor } from '../tensors/tensor'
import { bool, float, int, isLikelyNumber, none, str, type Value } from '../trace/values'
import { defaultDType } from './defaults'
import type { Arguments, Op, OpEnvironment, Operand } from './op'
import type { OpParameter, ParameterType } from './signature'
import { floating } from './small-values'

export interface BoundOp {
  readonly op: Op
  readonly bound: ReadonlyMap<string, unknown>
}

/** Where an argument comes from: a value, the rest of the positional ones, or nothing (its default). */
type Given = Value | readonly Value[] | ReadonlyMap<string, Value> | undefined
type Arrangement = ReadonlyMap<OpParameter, Given>

/**
 * The first overload that the arguments surely fit; else the only one that they may fit. Null where
 * there is none or where what is not known yet decides between several.
 */
export function bindOverloads(overloads: readonly Op[], args: Arguments, env: OpEnvironment): BoundOp | null {
  const possible: [Op, Arrangement][] = []
  for (const op of overloads) {
    const arranged = arrange(op.signature.parameters, args)
    if (!arranged) continue
    const fit = overloads.length === 1 ? 'maybe' : fitOf(arranged, env)
    if (fit === 'yes') return complete(op, arranged, args, env)
    if (fit === 'maybe') possible.push([op, arranged])
  }
  const [only] = possible
  return only && possible.length === 1 ? complete(only[0], only[1], args, env) : null
}

/** Keywords that never change a shape or a dtype; `out` is seen to by `callOp`. */
const neutralKeywords = new Set([
  ...['out', 'device', 'layout', 'requires_grad', 'pin_memory', 'memory_format', 'generator', 'names'],
  ...['non_blocking', 'copy', '_stacklevel', 'stable'],
])
/** Names that NumPy has for a parameter, which PyTorch takes too. */
const synonyms: Record<string, readonly string[]> = {
  dim: ['axis'],
  keepdim: ['keepdims'],
  input: ['self', 'x', 'a'],
  other: ['x2', 'exponent'],
}

/** Which argument goes to which parameter, or null if the call does not fit the signature. */
function arrange(parameters: readonly OpParameter[], args: Arguments): Arrangement | null {
  const arranged = new Map<OpParameter, Given>()
  const used = new Set<string>()
  let next = 0
  for (const parameter of parameters) {
    if (parameter.isKeywords) {
      arranged.set(parameter, new Map([...args.keywords].filter(([key]) => !used.has(key))))
      return next < args.positional.length || args.isOpen ? null : arranged
    }
    const key = [parameter.name, ...(synonyms[parameter.name] ?? [])].find((name) => args.keywords.has(name))
    if (parameter.isVariadic && key === undefined) {
      // Sizes and dims one by one are at least one: `x.view()` is refused.
      if (parameter.type === 'ints' && next === args.positional.length) return null
      arranged.set(parameter, args.positional.slice(next))
      next = args.positional.length
    } else if (!parameter.isKeywordOnly && !parameter.isVariadic && next < args.positional.length) {
      arranged.set(parameter, args.positional[next++])
    } else if (key !== undefined) {
      used.add(key)
      arranged.set(parameter, args.keywords.get(key))
    } else {
      if (parameter.default === null || args.isOpen) return null
      arranged.set(parameter, undefined)
    }
  }
  if (next < args.positional.length) return null
  for (const key of args.keywords.keys()) if (!used.has(key) && !neutralKeywords.has(key)) return null
  return arranged
}

type Fit = 'yes' | 'maybe' | 'no'
const weakest = (fits: readonly Fit[]): Fit =>
  fits.includes('no') ? 'no' : fits.includes('maybe') ? 'maybe' : 'yes'

const isList = (given: Given): given is readonly Value[] => Array.isArray(given)
const isKeywords = (given: Given): given is ReadonlyMap<string, Value> => given instanceof Map

function fitOf(arranged: Arrangement, env: OpEnvironment): Fit {
  const fits: Fit[] = []
  for (const [{ type }, given] of arranged) {
    if (given === undefined || isKeywords(given)) continue
    if (!isList(given)) fits.push(fitOfValue(env.settle(given), type, env))
    else {
      const [only] = given
      const single = only && given.length === 1 ? fitOfValue(env.settle(only), type, env) : 'no'
      const element = type === 'ints' ? 'int' : 'Tensor'
      fits.push(single !== 'no' ? single : weakest(given.map((v) => fitOfValue(env.settle(v), element, env))))
    }
  }
  return weakest(fits)
}

/** Whether a value has a type, without refining a value that is not known. */
function fitOfValue(value: Value, type: ParameterType, env: OpEnvironment): Fit {
  if (type === 'any' || type === 'any?') return 'yes'
  if (value.kind === 'unknown' || value.kind === 'union' || value.kind === 'object') return 'maybe'
  if (value.kind === 'none') return type.endsWith('?') ? 'yes' : 'no'
  const yes = (...kinds: Value['kind'][]): Fit => (kinds.includes(value.kind) ? 'yes' : 'no')
  const each = (element: ParameterType): Fit => {
    if (value.kind === 'sequence') return fitOfValue(value.element, element, env)
    const items = value.kind === 'tuple' || value.kind === 'list' ? env.itemsOf(value) : null
    if (items) return weakest(items.map((v) => fitOfValue(env.settle(v), element, env)))
    return value.kind === 'list' ? 'maybe' : 'no'
  }
  switch (type) {
    case 'Tensor':
    case 'Tensor?':
      return yes('tensor')
    case 'operand':
    case 'operand?':
      return yes('tensor', 'int', 'float', 'bool', 'complex')
    case 'Tensors':
      return each('Tensor')
    case 'int':
    case 'int?':
      return value.kind === 'tensor' ? 'maybe' : yes('int')
    case 'ints':
    case 'ints?':
      return yes('int', 'size', 'range') === 'yes' ? 'yes' : each('int')
    case 'bool':
      return yes('bool')
    case 'float':
      return value.kind === 'tensor' ? 'maybe' : yes('float', 'int', 'bool')
    case 'str':
    case 'str?':
      return yes('str')
    case 'dtype?':
      return yes('dtype')
  }
}

function complete(op: Op, arranged: Arrangement, args: Arguments, env: OpEnvironment): BoundOp | null {
  const bound = new Map<string, unknown>()
  for (const [parameter, given] of arranged) {
    const { name, type } = parameter
    let value: unknown
    if (given === undefined) value = coerce(literal(parameter.default ?? 'None'), type, env)
    else if (isKeywords(given)) value = given
    else if (isList(given)) value = args.isOpen ? openVariadic(given, type, env) : variadic(given, type, env)
    else value = coerce(given, type, env)
    if (value === refused) return null
    bound.set(name, value)
  }
  return { op, bound }
}

/** The remaining positional arguments, or the one sequence that stands for them. */
function variadic(rest: readonly Value[], type: ParameterType, env: OpEnvironment): unknown {
  if (type === 'any') return rest.map((v) => env.settle(v))
  if (type === 'ints') return variadicSize(rest, env) ?? refused
  const [only] = rest
  const single = rest.length === 1 && only ? env.settle(only) : null
  const items = single && single.kind !== 'tensor' ? (env.itemsOf(single) ?? rest) : rest
  const tensors = items.map((v) => env.asTensor(v))
  return tensors.includes(null) ? refused : tensors
}

/** What is known of arguments that end in a star of unknown length: of sizes, the first ones. */
function openVariadic(rest: readonly Value[], type: ParameterType, env: OpEnvironment): unknown {
  const lead = type === 'ints' ? rest.map((v) => env.asInt(v)) : [null]
  return lead.includes(null) ? refused : { ...openShape(), lead }
}

function variadicSize(rest: readonly Value[], env: OpEnvironment): Shape | null {
  const [only] = rest
  if (rest.length === 1 && only) {
    const settled = env.settle(only)
    // It may be one size or the whole tuple of them.
    if (settled.kind === 'unknown') return openShape()
    if (settled.kind !== 'int') return env.asSize(settled)
  }
  const dims = rest.map((v) => env.asInt(v) ?? (mayBeInt(v, env) ? fresh() : null))
  return dims.some((d) => d === null) ? null : shapeOf(dims as Dim[])
}

/** True for what may be an integer, which is all that one size among others can be. */
function mayBeInt(value: Value, env: OpEnvironment): boolean {
  const settled = env.settle(value)
  const options = settled.kind === 'union' ? settled.options : [settled]
  return options.some((o) => o.kind === 'int' || o.kind === 'unknown')
}

function literal(text: string): Value {
  if (text === 'None') return none
  if (text === 'True' || text === 'False') return bool(text === 'True')
  if (/^-?\d+$/.test(text)) return int(Number(text))
  if (/^-?[\d.e-]+$/.test(text)) return float(Number(text))
  return str(text.replace(/^['"]|['"]$/g, ''))
}

const refused = Symbol('refused')

function coerce(value: Value, type: ParameterType, env: OpEnvironment): unknown {
  if (type === 'any?') return value
  const settled = env.settle(value)
  if (type.endsWith('?') && settled.kind === 'none') return type === 'dtype?' ? undefined : null
  switch (type) {
    case 'Tensor':
    case 'Tensor?':
      return env.asTensor(settled) ?? refused
    case 'operand':
    case 'operand?':
      return asOperand(settled, env) ?? refused
    case 'Tensors': {
      const items = env.itemsOf(settled)
      const tensors = items?.map((v) => env.asTensor(v))
      return tensors && !tensors.includes(null) ? tensors : refused
    }
    case 'int':
    case 'int?':
      return env.asInt(settled) ?? (isOneOf(settled, oneInt, env) ? fresh(null, -Infinity) : refused)
    case 'ints':
    case 'ints?': {
      if (settled.kind === 'int') return shapeOf([settled.dim])
      return env.asSize(settled) ?? (isOneOf(settled, someInts, env) ? openShape() : refused)
    }
    case 'bool':
      return settled.kind === 'bool' ? settled.value : settled.kind === 'none' ? false : null
    case 'float':
      return settled.kind === 'float' ? settled.value : settled.kind === 'int' ? settled.dim.value : null
    case 'str':
    case 'str?':
      return settled.kind === 'str' ? settled.value : null
    case 'dtype?':
      return env.dtypeOf(settled) ?? null
    case 'any':
      return settled
  }
}

const oneInt = ['int', 'unknown']
const someInts = [...oneInt, 'tuple', 'list', 'size']

/** True for what is one of several values, each of such a kind. */
const isOneOf = (value: Value, kinds: readonly string[], env: OpEnvironment): boolean =>
  value.kind === 'union' && value.options.every((option) => kinds.includes(env.settle(option).kind))

/** The dtypes that numbers of Python stand for, floats apart, which are as by default. */
const numberDTypes = { bool: 'bool', integer: 'int64', complex: 'complex64' } as const

/** A number or tensor as an elementwise operation takes it. */
export function asOperand(value: Value, env: OpEnvironment): Operand | null {
  const number = (dtype: DType | null): Operand => ({ ...makeTensor(scalar, dtype), isPythonNumber: true })
  switch (value.kind) {
    case 'int':
      return { ...number('int64'), values: [value.dim] }
    case 'float': {
      const known = floating(value.value)
      return { ...number(defaultDType(env)), values: known && [known] }
    }
    case 'bool':
      return { ...number('bool'), values: value.value === null ? null : [constant(value.value ? 1 : 0)] }
    case 'complex':
      return number('complex64')
    case 'unknown':
      // It may be a tensor or a number: the result is marked as a guess.
      return isLikelyNumber(value)
        ? { ...makeTensor(scalar, null), assumed: 'sizes', isPythonNumber: true }
        : { ...makeTensor(openShape(), null, null), assumed: 'sizes' }
    default: {
      const tensor = env.asTensor(value)
      if (!tensor || !env.isArrayNumber(value)) return tensor
      const category = tensor.dtype && categoryOf(tensor.dtype)
      const dtype = category === 'float' ? defaultDType(env) : category && numberDTypes[category]
      return { ...tensor, dtype, isPythonNumber: true }
    }
  }
}
