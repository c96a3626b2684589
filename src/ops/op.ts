// The mechanism of operation rules: an entry is a signature, where it is found, and a rule.

import type { Assumption, Verdict } from '../dims/facts'
import type { Dim } from '../dims/dim'
import { type NameSource, printDim } from '../dims/print'
import { dtypeBytes, type DType } from '../tensors/dtype'
import { type Shape, scalar, type ShapeFacts, shapeOf } from '../tensors/shape'
import { type Layout, makeTensor, type Tensor } from '../tensors/tensor'
import { bool, float, int, none, str, type Value, unknown } from '../trace/values'
import { type OpParameter, parseSignature, type Signature } from './signature'

/** What a rule may ask of the interpreter. */
export interface OpEnvironment {
  readonly facts: ShapeFacts
  readonly names: NameSource
  /** The value as a tensor; an unknown value becomes one. Null if it is something else. */
  asTensor(value: Value): Tensor | null
  /** The value as an integer; an unknown value becomes one. Null if it is something else. */
  asInt(value: Value): Dim | null
  /** A sequence of ints as a shape (with a gap where its length is not known), or null. */
  asSize(value: Value): Shape | null
  /** The items of a tuple or list, or null where they are not known one by one. */
  itemsOf(value: Value): readonly Value[] | null
  /** What a refined unknown or a union turned out to be. */
  settle(value: Value): Value
  report(severity: 'error' | 'warning', code: string, message: string): void
  /** Tells the trace that this call rests on an assumption. */
  noteAssumption(assumption: Assumption): void
}

export type Rule = (c: OpCall) => Value

export interface Op {
  readonly signature: Signature
  readonly rule: Rule
  /** True for `add_`: the result is the first argument, which must keep its shape. */
  readonly isInPlace: boolean
}

/** Where an op is found: `torch`, `F` (torch.nn.functional), `method` of a tensor, `inplace` method with `_`, a module. */
export type OpPlace =
  | 'torch' | 'F' | 'method' | 'inplace' | 'linalg' | 'fft' | 'special' | 'einops' | 'math' | 'numpy'

/** One op: its signature, its places separated by spaces, its rule. */
export type OpEntry = readonly [signature: string, places: string, rule: Rule]

/** Every op under `place.name`, for example `torch.softmax` and `method.softmax`. */
export function indexOps(families: readonly (readonly OpEntry[])[]): Map<string, Op> {
  const index = new Map<string, Op>()
  for (const family of families)
    for (const [text, places, rule] of family) {
      const signature = parseSignature(text)
      for (const place of places.split(' '))
        if (place === 'inplace') index.set(`method.${signature.name}_`, { signature, rule, isInPlace: true })
        else index.set(`${place}.${signature.name}`, { signature, rule, isInPlace: false })
    }
  return index
}

/** A rule's result when its inputs are wrong: the problem is reported, the value is not known. */
export const failed = (): Value => unknown('the operation is not valid')

/** One call of an operation, with its arguments bound and of the declared types. */
export class OpCall {
  constructor(
    readonly env: OpEnvironment,
    readonly op: Op,
    readonly bound: ReadonlyMap<string, unknown>,
    /** True if an input's shape is a guess, so that nothing may be reported. */
    readonly isGuess: boolean,
  ) {}

  get facts(): ShapeFacts {
    return this.env.facts
  }
  get name(): string {
    return this.op.signature.name
  }

  // The binder has checked the types, so these casts hold for parameters declared accordingly.

  tensor(name: string): Tensor {
    const tensor = this.bound.get(name) as Tensor
    const shape = this.facts.resolve(tensor.shape)
    return shape === tensor.shape ? tensor : { ...tensor, shape }
  }
  tensorOrNone(name: string): Tensor | null {
    return this.bound.get(name) ? this.tensor(name) : null
  }
  /** A `Tensors` parameter. */
  tensors(name: string): readonly Tensor[] {
    return (this.bound.get(name) as readonly Tensor[]).map(t => ({ ...t, shape: this.facts.resolve(t.shape) }))
  }
  int(name: string): Dim {
    return this.facts.dims.resolve(this.bound.get(name) as Dim)
  }
  intOrNone(name: string): Dim | null {
    return this.bound.get(name) ? this.int(name) : null
  }
  /** An `ints` parameter; with a gap where its length is not known. */
  ints(name: string): Shape {
    return this.facts.resolve(this.bound.get(name) as Shape)
  }
  intsOrNone(name: string): Shape | null {
    return this.bound.get(name) ? this.ints(name) : null
  }
  /** Null where it is not known. */
  bool(name: string): boolean | null {
    return this.bound.get(name) as boolean | null
  }
  float(name: string): number | null {
    return this.bound.get(name) as number | null
  }
  str(name: string): string | null {
    return this.bound.get(name) as string | null
  }
  /** Undefined where none was given; null where it is not known. */
  dtype(name: string): DType | null | undefined {
    return this.bound.get(name) as DType | null | undefined
  }
  value(name: string): Value {
    return this.bound.get(name) as Value
  }
  isGiven(name: string): boolean {
    const value = this.bound.get(name)
    return value !== undefined && value !== null && value !== none
  }

  /** Reports an error (a warning if asked) and gives the unknown value that stands for the result. */
  fail(code: string, message: string, severity: 'error' | 'warning' = 'error'): Value {
    if (!this.isGuess) this.env.report(severity, code, message)
    return failed()
  }
  warn(code: string, message: string): void {
    if (!this.isGuess) this.env.report('warning', code, message)
  }

  /** Makes two dims equal where that is needed. False if they cannot be, which the caller reports. */
  unify(a: Dim, b: Dim): boolean {
    return this.settleVerdict(this.facts.dims.unify(a, b))
  }
  settleVerdict(verdict: Verdict): boolean {
    if (verdict.kind === 'assumed') this.env.noteAssumption(verdict.assumption)
    return verdict.kind !== 'refuted'
  }

  showDim(d: Dim): string {
    return printDim(this.facts.dims.resolve(d), this.env.names)
  }
  /** `[B, 8, S, D]` */
  show(shape: Shape): string {
    return printShape(this.facts.resolve(shape), this.env.names)
  }

  /** The index from 0 of a dim given as Python counts. Reports it where it is out of range. */
  axis(shape: Shape, dim: Dim, extra = 0): number | null | 'failed' {
    const known = this.facts.resolve(shape)
    const index = dim.value
    if (index === null) return null
    if (known.gap) return index >= 0 && index < known.lead.length ? index : null
    const rank = known.lead.length + extra
    if (rank === 0 && (index === 0 || index === -1)) return 0
    if (index >= rank || index < -rank) {
      this.fail(
        'dim-out-of-range',
        `${this.name}: dim ${index} is out of range for ${this.show(known)}, which has ${known.lead.length} dims (${-rank} to ${rank - 1} are allowed)`,
      )
      return 'failed'
    }
    return index < 0 ? index + rank : index
  }
}

export function printShape(shape: Shape, names: NameSource): string {
  const parts = shape.lead.map(d => printDim(d, names))
  if (shape.gap) parts.push('...', ...shape.trail.map(d => printDim(d, names)))
  return `[${parts.join(', ')}]`
}

export interface Arguments {
  readonly positional: readonly Value[]
  readonly keywords: ReadonlyMap<string, Value>
  /** True if a `*args` or `**kwargs` of unknown content was passed too. */
  readonly isOpen: boolean
}

/** Calls an operation: binds and checks the arguments, applies the rule. */
export function callOp(op: Op, args: Arguments, env: OpEnvironment): Value {
  const bound = bind(op.signature.parameters, args, env)
  if (!bound) return unknown(`the arguments of ${op.signature.name} are not understood`)
  const inputs = [...bound.values()].flatMap(v => (isTensor(v) ? [v] : Array.isArray(v) ? v.filter(isTensor) : []))
  const isGuess = inputs.some(t => t.assumed)
  const c = new OpCall(env, op, bound, isGuess)
  const result = op.rule(c)
  if (op.isInPlace) return inPlaceResult(c, result)
  return isGuess ? markGuess(result) : result
}

const isTensor = (v: unknown): v is Tensor => typeof v === 'object' && v !== null && (v as Tensor).kind === 'tensor'

const markGuess = (value: Value): Value => {
  if (value.kind === 'tensor') return value.assumed ? value : { ...value, assumed: true }
  return value.kind === 'tuple' ? { ...value, items: value.items.map(markGuess) } : value
}

/** An in-place op gives back its first argument, which cannot grow to the result's shape. */
function inPlaceResult(c: OpCall, result: Value): Value {
  const [first] = c.op.signature.parameters
  const self = first ? c.tensor(first.name) : null
  if (!self || result.kind !== 'tensor') return self ?? result
  const [own, wanted] = [self.shape, c.facts.resolve(result.shape)]
  if (!own.gap && !wanted.gap) {
    const differs =
      own.lead.length !== wanted.lead.length ||
      own.lead.some((d, i) => {
        const other = wanted.lead[i]
        return other && d.value !== null && other.value !== null && d.value !== other.value
      })
    if (differs && !result.assumed)
      c.fail(
        'inplace-shape',
        `${c.name}_: the tensor is ${c.show(own)} and would have to become ${c.show(wanted)}; in-place operations cannot change a shape`,
      )
  }
  return { ...self, values: null }
}

function bind(parameters: readonly OpParameter[], args: Arguments, env: OpEnvironment): Map<string, unknown> | null {
  const bound = new Map<string, unknown>()
  let next = 0
  const used = new Set<string>(['out'])
  for (const parameter of parameters) {
    let value: Value | undefined
    if (parameter.isVariadic) {
      const rest = args.positional.slice(next)
      next = args.positional.length
      const keyword = args.keywords.get(parameter.name)
      if (keyword) used.add(parameter.name)
      const size = keyword ? env.asSize(keyword) : variadicSize(rest, env)
      if (parameter.type === 'ints') {
        if (!size || (args.isOpen && rest.length === 0)) return null
        bound.set(parameter.name, size)
      } else {
        const [only] = rest
        const items = rest.length === 1 && only ? (env.itemsOf(env.settle(only)) ?? rest) : rest
        const tensors = items.map(v => env.asTensor(v))
        if (tensors.some(t => t === null)) return null
        bound.set(parameter.name, tensors)
      }
      continue
    }
    if (!parameter.isKeywordOnly && next < args.positional.length) value = args.positional[next++]
    else {
      value = args.keywords.get(parameter.name) ?? synonym(parameter.name, args.keywords)
      used.add(parameter.name)
    }
    if (value === undefined) {
      if (parameter.default === null || args.isOpen) return null
      bound.set(parameter.name, coerce(literal(parameter.default), parameter.type, env))
      continue
    }
    const coerced = coerce(value, parameter.type, env)
    if (coerced === refused) return null
    bound.set(parameter.name, coerced)
  }
  return next < args.positional.length ? null : bound
}

/** PyTorch takes NumPy's names for some parameters. */
function synonym(name: string, keywords: ReadonlyMap<string, Value>): Value | undefined {
  if (name === 'dim') return keywords.get('axis')
  if (name === 'keepdim') return keywords.get('keepdims')
  if (name === 'input') return keywords.get('x') ?? keywords.get('self')
  return undefined
}

function variadicSize(rest: readonly Value[], env: OpEnvironment): Shape | null {
  const [only] = rest
  if (rest.length === 1 && only) {
    const settled = env.settle(only)
    if (settled.kind !== 'int' && settled.kind !== 'unknown') return env.asSize(settled)
  }
  const dims = rest.map(v => env.asInt(v))
  return dims.some(d => d === null) ? null : shapeOf(dims as Dim[])
}

function literal(text: string): Value {
  if (text === 'None') return none
  if (text === 'True' || text === 'False') return bool(text === 'True')
  if (/^-?\d+$/.test(text)) return int(Number(text))
  if (/^-?[\d.e-]+$/.test(text)) return float(Number(text))
  return str(text.replace(/^['"]|['"]$/g, ''))
}

const refused = Symbol('refused')

function coerce(value: Value, type: OpParameter['type'], env: OpEnvironment): unknown {
  const settled = env.settle(value)
  if (type.endsWith('?')) {
    if (settled.kind === 'none') return type === 'dtype?' ? undefined : null
  }
  switch (type) {
    case 'Tensor':
    case 'Tensor?':
      return env.asTensor(settled) ?? refused
    case 'operand':
      return asOperand(settled, env) ?? refused
    case 'Tensors': {
      const items = env.itemsOf(settled)
      const tensors = items?.map(v => env.asTensor(v))
      return tensors && !tensors.includes(null) ? tensors : refused
    }
    case 'int':
    case 'int?':
      return env.asInt(settled) ?? refused
    case 'ints':
    case 'ints?': {
      if (settled.kind === 'int') return shapeOf([settled.dim])
      return env.asSize(settled) ?? refused
    }
    case 'bool':
      return settled.kind === 'bool' ? settled.value : settled.kind === 'none' ? false : null
    case 'float':
      return settled.kind === 'float' ? settled.value : settled.kind === 'int' ? settled.dim.value : null
    case 'str':
    case 'str?':
      return settled.kind === 'str' ? settled.value : null
    case 'dtype?':
      return settled.kind === 'dtype' ? settled.dtype : null
    case 'any':
      return settled
  }
}

/** A Python number as the 0-d tensor that it acts as; its dtype promotes only by category. */
export interface Operand extends Tensor {
  readonly isPythonNumber?: true
}
function asOperand(value: Value, env: OpEnvironment): Operand | null {
  const number = (dtype: DType): Operand => ({ ...makeTensor(scalar, dtype), isPythonNumber: true })
  switch (value.kind) {
    case 'int':
      return { ...number('int64'), values: [value.dim] }
    case 'float':
      return number('float32')
    case 'bool':
      return number('bool')
    case 'complex':
      return number('complex64')
    case 'unknown':
      // It may be a tensor or a number: the shape is open, which broadcasting treats as a guess.
      return { ...makeTensor({ lead: [], gap: null, trail: [] }, null), assumed: true, isPythonNumber: true }
    default:
      return env.asTensor(value)
  }
}

/** A tensor of the given shape; dense unless a layout is given. */
export const result = (shape: Shape, dtype: DType | null, layout: Layout = 'contiguous'): Tensor =>
  makeTensor(shape, dtype, layout)

/** The number of bytes of an element, or null. */
export const elementBytes = (dtype: DType | null): number | null => (dtype ? dtypeBytes[dtype] : null)
