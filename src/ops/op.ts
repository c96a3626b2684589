// The mechanism of operation rules: an entry is a signature, where it is found, and a rule.

import type { Dim } from '../dims/dim'
import type { Assumption, Verdict } from '../dims/facts'
import { type NameSource, printDim } from '../dims/print'
import type { DType } from '../tensors/dtype'
import { printShape } from '../tensors/print'
import { dimsOf, type Shape, type ShapeFacts, shapeKey } from '../tensors/shape'
import { type Assumed, bothAssumed, type Layout, makeTensor, stridesOf, type Tensor } from '../tensors/tensor'
import type { Code } from '../trace/codes'
import { none, unknown, type Value } from '../trace/values'
import { type Autocast, withAutocast } from './autocast'
import { bindOverloads } from './bind'
import type { Devices } from './devices'
import { orItself } from './same-tensor'
import { parseSignature, type Signature } from './signature'
import { heldBy } from './small-values'

/** Whether layers over space are taken to get a batch where that is open, whether it was, and whether one got none. */
export interface Batches {
  readonly areAssumed: boolean
  areOpen: boolean
  areMissing: boolean
}

/** What a rule may ask of the interpreter. */
export interface OpEnvironment {
  readonly facts: ShapeFacts
  readonly names: NameSource
  /** True where the values are those of a real run; else numbers may be defaults that callers replace. */
  readonly isConcrete: boolean
  /** False where a path that was not followed could have left something else. */
  isDecided?(): boolean
  /** True where the code that calls is the user's. */
  readonly isRecording?: boolean
  /** What `torch.autocast` does, where the call is inside one. */
  readonly autocast: Autocast | null
  readonly devices: Devices
  readonly batches: Batches
  /** The value as a tensor; an unknown value becomes one. Null if it is something else. */
  asTensor(value: Value): Tensor | null
  /** True for a number of NumPy's, which counts as one of Python's. */
  isArrayNumber(value: Value): boolean
  /** The value as an integer; an unknown value becomes one. Null if it is something else. */
  asInt(value: Value): Dim | null
  /** A sequence of ints as a shape (with a gap where its length is not known), or null. */
  asSize(value: Value): Shape | null
  /** The items of a tuple or list, or null where they are not known one by one. */
  itemsOf(value: Value): readonly Value[] | null
  /** The dtype that a value names, as Python's own `bool`, `int` and `float` do too; undefined if it names none. */
  dtypeOf(value: Value): DType | null | undefined
  /** What a refined unknown or a union turned out to be. */
  settle(value: Value): Value
  report(severity: 'error' | 'warning', code: Code, message: string): void
  /** Told of each call that was done, for warnings about what is not refused. */
  noteOperation?(c: OpCall, result: Value, args: Arguments): void
  /** Whether all elements of two tensors are the same; null where that is not known. */
  haveSameData?(a: Tensor, b: Tensor): boolean | null
  /** True for a tensor that is surely not sparse. */
  isDense?(tensor: Tensor): boolean
  /** Tells the trace that this call rests on an assumption. */
  noteAssumption(assumption: Assumption): void
  /** The pattern of an operation has names for dims; they count where the code gives none. */
  suggestNames(dims: readonly (readonly [name: string, dim: Dim])[]): void
  /** The floor division with a remainder that gave a number, if the code did one. */
  inexactQuotient(quotient: number): { dividend: number; divisor: number } | null
}

export type Rule = (c: OpCall) => Value

export interface Op {
  readonly signature: Signature
  readonly rule: Rule
  /** True for `add_`: the result is the first argument, which must keep its shape. */
  readonly isInPlace: boolean
  /** The other overloads of the name, each with a rule of its own. */
  readonly overloads: readonly Op[]
}

/**
 * Where an op is found: `torch`, `F` (torch.nn.functional), `method` of a tensor, `inplace` method and
 * function with `_`, `attribute` of a tensor, `init` (torch.nn.init), a module.
 */
export type OpPlace =
  | 'torch'
  | 'F'
  | 'method'
  | 'inplace'
  | 'attribute'
  | 'init'
  | 'linalg'
  | 'fft'
  | 'special'
  | 'masked'
  | 'signal'
  | 'einops'
  | 'math'

/** One op: its signature, its places separated by spaces, its rule. */
export type OpEntry = readonly [signature: string, places: string, rule: Rule]

/** Every op under `place.name`, such as `torch.softmax` and `method.softmax`; equal names are overloads. */
export function indexOps(families: readonly (readonly OpEntry[])[]): Map<string, Op> {
  const overloads = new Map<string, Op[]>()
  for (const family of families)
    for (const [text, places, rule] of family) {
      const signature = parseSignature(text)
      for (const place of places.split(' ')) {
        const isInPlace = place === 'inplace'
        const op = { signature, rule, isInPlace, overloads: [] }
        const { name } = signature
        for (const key of isInPlace ? [`method.${name}_`, `torch.${name}_`] : [`${place}.${name}`]) {
          const others = overloads.get(key)
          if (others) others.push(op)
          else overloads.set(key, [op])
        }
      }
    }
  const index = new Map<string, Op>()
  for (const [key, [first, ...others]] of overloads)
    if (first) index.set(key, { ...first, overloads: others })
  return index
}

/** A Python number as the 0-d tensor that it acts as; its dtype promotes only by category. */
export interface Operand extends Tensor {
  readonly isPythonNumber?: true
}

/** A rule's result when its inputs are wrong: the problem is reported, the value is not known. */
export const failed = (): Value => unknown('the operation is not valid')

/** Leaves a rule early with a result; thrown by `OpCall.refuse` and `OpCall.stop`, caught by `callOp`. */
class Stop {
  constructor(readonly value: Value) {}
}

/** One call of an operation, with its arguments bound and of the declared types. */
export class OpCall {
  constructor(
    readonly env: OpEnvironment,
    readonly op: Op,
    readonly bound: ReadonlyMap<string, unknown>,
    /** What is assumed of the inputs. */
    readonly assumed: Assumed,
  ) {
    this.#isOfStranger = isStranger(this.facts, bound.get('input') as Value | undefined)
  }
  /** True if an input's shape is a guess, so that nothing may be reported. */
  get isGuess(): boolean {
    return this.assumed !== false
  }
  /** True where nothing was known of what it is called on: that need not be a tensor. */
  readonly #isOfStranger: boolean

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
    return (this.bound.get(name) as readonly Tensor[]).map((t) => ({
      ...t,
      shape: this.facts.resolve(t.shape),
    }))
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
  /** The values of a `*rest: any` parameter. */
  rest(name: string): readonly Value[] {
    return this.bound.get(name) as readonly Value[]
  }
  /** The keyword arguments of a `**axes: any` parameter, in order. */
  keywords(name: string): ReadonlyMap<string, Value> {
    return this.bound.get(name) as ReadonlyMap<string, Value>
  }
  isGiven(name: string): boolean {
    const value = this.bound.get(name)
    return value !== undefined && value !== null && value !== none
  }

  /** Reports an error (a warning if asked) and gives the unknown value that stands for the result. */
  fail(code: Code, message: string, severity: 'error' | 'warning' = 'error'): Value {
    if (!this.isGuess && !this.#isOfStranger) this.env.report(severity, code, message)
    return failed()
  }
  /** Reports an error and ends the rule. */
  refuse(code: Code, message: string): never {
    throw new Stop(this.fail(code, message))
  }
  /** Ends the rule with a result, where nothing more can be told. */
  stop(value: Value = unknown(`the result of ${this.name} cannot be told`)): never {
    throw new Stop(value)
  }
  warn(code: Code, message: string): void {
    if (!this.isGuess) this.env.report('warning', code, message)
  }

  /** Makes two dims equal where that is needed. False if they cannot be, which the caller reports. */
  unify(a: Dim, b: Dim): boolean {
    const verdict = this.facts.dims.unify(a, b)
    if (verdict.kind === 'apart') this.#warnOfCoincidence(this.showDim(a), this.showDim(b))
    return this.settleVerdict(verdict)
  }
  /**
   * Makes the shapes of two operands one where that is needed; where one is assumed, the other learns no
   * rank from it. False if they cannot be one, which the caller reports.
   */
  alike(a: Shape, b: Shape): boolean {
    const isOpen = [a, b].some((shape) => this.facts.resolve(shape).gap !== null)
    return (this.assumed === 'rank' && isOpen) || this.facts.unify(a, b)
  }
  #warnOfCoincidence(left: string, right: string): void {
    // A size without a name may be what the other one is.
    if (left.includes('?') || right.includes('?')) return
    this.warn(
      'size-coincidence',
      `${this.name}: this fits only where ${left} equals ${right}, which are different sizes in this code`,
    )
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
        `${this.name}: dim ${index} is out of range for ${this.show(known)}, which has ` +
          `${known.lead.length} dims (${-rank} to ${rank - 1} are allowed)`,
      )
      return 'failed'
    }
    return index < 0 ? index + rank : index
  }
}

function isStranger(facts: ShapeFacts, input: Value | undefined): boolean {
  if (input?.kind !== 'tensor' || input.dtype !== null) return false
  const { lead, gap, trail } = facts.resolve(input.shape)
  return gap !== null && lead.length + trail.length === 0
}

export interface Arguments {
  readonly positional: readonly Value[]
  readonly keywords: ReadonlyMap<string, Value>
  /** True if a `*args` or `**kwargs` of unknown content was passed too. */
  readonly isOpen: boolean
  /** True where that was `**kwargs` alone. */
  readonly hasAllPositional?: boolean
  /** True where `**kwargs` has what only some of the paths that lead here set. */
  readonly isTentative?: boolean
  /** True where `*args` was a shape that is assumed: there may be fewer or more. */
  readonly isGuess?: boolean
}

/** Calls an operation: chooses the overload, binds and checks the arguments, applies the rule. */
export function callOp(op: Op, args: Arguments, env: OpEnvironment): Value {
  const chosen = bindOverloads([op, ...op.overloads], args, env)
  if (!chosen) return unknown(`the arguments of ${op.signature.name} are not understood`)
  const { bound } = chosen
  const isOfGuess = args.isGuess || args.positional.some(isGuessedShape)
  let assumed: Assumed = isOfGuess ? 'rank' : false
  for (const value of bound.values()) assumed = bothAssumed(assumed, assumedOf(value))
  const c = new OpCall(env, chosen.op, bound, assumed)
  const result = applyRule(c)
  const out = args.keywords.get('out')
  const device = args.keywords.get('device')
  if (device) env.devices.note(env.settle(device))
  if (c.op.isInPlace) return inPlaceResult(c, result)
  const marked = withAutocast(
    c,
    assumed ? markGuess(result, !isOfGuess && tellsRank.has(c.name) ? 'sizes' : assumed) : result,
  )
  env.noteOperation?.(c, marked, args)
  if (out && marked.kind === 'tensor') return writtenTo(env.settle(out), marked, env.facts)
  return orItself(c, marked, args)
}

/** The operations whose arguments say how many dims the result has. */
const tellsRank = new Set(['view', 'reshape', 'permute'])

const isGuessedShape = (value: Value): boolean =>
  value.kind === 'tuple' && value.isSize === true && (value.isGuess ?? value.isOfGuess) === true

/** Sequences of tensors are seldom nested, and a list may hold itself. */
const deepest = 3

/** What is assumed of a tensor, or of those that a sequence holds. */
function assumedOf(bound: unknown, depth = 0): Assumed {
  if (depth > deepest) return false
  if (Array.isArray(bound)) {
    let assumed: Assumed = false
    for (const item of bound) assumed = bothAssumed(assumed, assumedOf(item, depth + 1))
    return assumed
  }
  if (typeof bound !== 'object' || bound === null || !('kind' in bound)) return false
  const value = bound as Value
  switch (value.kind) {
    case 'tensor':
      return value.assumed
    case 'tuple':
      return assumedOf(value.items, depth)
    case 'list':
      return assumedOf(value.slots.get('items'), depth)
    // Numbers that an annotation tells of may be lists of numbers.
    case 'int':
      return value.isAnnotated ? 'rank' : false
    case 'sequence':
      return value.isAnnotated && value.element.kind === 'int' ? 'rank' : assumedOf(value.element, depth + 1)
    default:
      return false
  }
}

function applyRule(c: OpCall): Value {
  try {
    return c.op.rule(c)
  } catch (stop) {
    if (stop instanceof Stop) return stop.value
    throw stop
  }
}

/** A result that was written into `out`: its dtype is that one's, and its layout if it need not grow. */
function writtenTo(out: Value, result: Tensor, facts: ShapeFacts): Value {
  if (out.kind === 'none') return result
  if (out.kind !== 'tensor') return { ...result, layout: null, dtype: null }
  const fits = shapeKey(facts.resolve(out.shape)) === shapeKey(facts.resolve(result.shape))
  return { ...result, layout: fits ? out.layout : null, dtype: out.dtype }
}

const markGuess = (value: Value, assumed: Assumed): Value => {
  if (value.kind === 'tensor') {
    const both = bothAssumed(value.assumed, assumed)
    return value.assumed === both ? value : { ...value, assumed: both }
  }
  return value.kind === 'tuple'
    ? { ...value, items: value.items.map((item) => markGuess(item, assumed)), isGuess: true }
    : value
}

/** An in-place op gives back its first argument, which must keep its shape and be one element a place. */
function inPlaceResult(c: OpCall, result: Value): Value {
  const [first] = c.op.signature.parameters
  const self = first ? c.tensor(first.name) : null
  if (!self || result.kind !== 'tensor') return self ?? result
  const [own, wanted] = [self.shape, c.facts.resolve(result.shape)]
  if (!own.gap && !wanted.gap && !result.assumed) {
    const differs =
      own.lead.length !== wanted.lead.length ||
      own.lead.some((d, i) => {
        const other = wanted.lead[i]
        return other && d.value !== null && other.value !== null && d.value !== other.value
      })
    if (differs)
      c.fail(
        'inplace-shape',
        `${c.name}_: the tensor is ${c.show(own)} and would have to become ${c.show(wanted)}; ` +
          `in-place operations cannot change a shape`,
      )
    else refuseExpanded(c, self)
  }
  return { ...self, values: heldBy(self.dtype, result.values) }
}

/** Writes the same whatever elements share a place, which PyTorch does without asking. */
const writesAnywhere = new Set(['zero', 'fill', 'fill_diagonal', 'triu', 'tril'])
/** Where elements share a place, PyTorch only warns that the use is deprecated (TensorAdvancedIndexing.cpp). */
const writesWithWarning = new Set(['masked_fill', 'index_fill', 'index_put'])

/** Reports a write into a tensor of which several elements are one place in memory. */
export function refuseExpanded(c: OpCall, target: Tensor): void {
  if (writesAnywhere.has(c.name)) return
  const [dims, strides] = [dimsOf(target.shape), stridesOf(target)]
  if (!dims || !strides) return
  const shared = dims.find((d, i) => strides[i]?.value === 0 && d.value !== 1 && d.value !== 0)
  if (!shared || dims.some((d) => d.value === 0)) return
  const isAllowed = writesWithWarning.has(c.name)
  const message =
    `${c.name === '__setitem__' ? 'assignment' : c.name}: ${c.show(target.shape)} was expanded, so its ${c.showDim(shared)} elements ` +
    `along that dim are one ` +
    `place in memory and ${isAllowed ? 'writing to it is deprecated' : 'cannot be written to'}; use .clone() before it`
  if (shared.value === null || isAllowed) c.warn('write-to-expanded', message)
  else c.fail('write-to-expanded', message)
}

/** A tensor of the given shape; dense unless a layout is given. */
export const result = (shape: Shape, dtype: DType | null, layout: Layout = 'contiguous'): Tensor =>
  makeTensor(shape, dtype, layout)
