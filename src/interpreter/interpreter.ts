// The state of one abstract run and the services that all its parts share.

import { constant, type Dim, fresh, ofAtom, product, Sym } from '../dims/dim'
import { type Assumption, Facts } from '../dims/facts'
import type { NameSource } from '../dims/print'
import { Trail } from '../dims/trail'
import type { Autocast } from '../ops/autocast'
import { Devices } from '../ops/devices'
import { type Arguments, type Batches, callOp, type Op, type OpCall, type OpEnvironment } from '../ops/op'
import { typedTensors } from '../ops/tensor-names'
import type { Expression, Node } from '../syntax/tree'
import { type DType, pythonDTypes } from '../tensors/dtype'
import { openShape, type Shape, ShapeFacts, scalar, shapeKey, shapeOf } from '../tensors/shape'
import { makeTensor, type Tensor } from '../tensors/tensor'
import type { Code } from '../trace/codes'
import type {
  AssumptionEvent,
  Frame,
  Gap,
  NodeKind,
  Place,
  Problem,
  Severity,
  TraceEvent,
} from '../trace/trace'
import { int, list, none, sizeValue, type TupleValue, Unknown, type Value } from '../trace/values'
import type { Activation } from './activation'
import { noteView } from './aliases'
import { fromAnnotation } from './annotations'
import { arithmetic } from './arithmetic'
import type { TryBody } from './branch'
import { builtins } from './builtins'
import { callValueWith } from './calls'
import { iterableItems } from './containers'
import { decoratorSteps } from './decorators'
import { Reads } from './dependencies'
import { ForeignCalls } from './foreign'
import { isArrayNumber } from './instance-tests'
import { joinAll } from './join'
import type { KeptResults } from './kept-results'
import { haveSameData, isDense, noteMaking } from './makings'
import type { ModuleSource } from './modules'
import { nameByPattern } from './naming'
import { namesBy } from './notation/names'
import { Notebook } from './notation/notebook'
import {
  type ClassObject,
  type FunctionObject,
  InstanceObject,
  isArray,
  type ModuleObject,
  NativeType,
  plainValue,
  type Scope,
} from './objects'
import { comparedTensor } from './operators'
import { eitherInt } from './options'
import { relatedPlaces } from './related'
import { LeftOff, OutOfBudget } from './signals'
import { Suspicions } from './suspicions'
import type { TypedNames } from './typed-names'

export type { Activation, Exit, LoopExits } from './activation'

/** Going through so many facts counts as a step. */
const factsAStep = 4
/** So many steps are done before it is asked whether anybody waits. */
const stepsUnasked = 500

export class Interpreter implements OpEnvironment {
  readonly trail = new Trail()
  readonly facts = new ShapeFacts(new Facts(this.trail))
  readonly refinements = this.trail.factMap(new Map<Unknown, Value>())
  /** A rank that is not known, as the symbol that `x.dim()` gave for it. */
  readonly ranks = new Map<string, Shape>()
  readonly names: NameSource = namesBy((symbol) => this.dims.naming(symbol))

  /** The path of the file that is analysed. */
  mainPath = ''
  /** The words that the program was started with, as `sys.argv` has them; null where nothing is known of them. */
  commandLine: readonly string[] | null = null
  /** Where each symbol first got its name. */
  readonly origins = new Map<Sym, { module: string; place: Place }>()
  events: TraceEvent[] = []
  reads = new Reads('')
  problems: Problem[] = []
  assumptions: AssumptionEvent[] = []
  gaps: Gap[] = []
  /** What shape comments and docstrings say of the values of this run. */
  readonly notes = new Notebook()
  activation: Activation | null = null
  /** The running functions, outermost first. */
  readonly stack: Activation[] = []
  /** The scopes of the module bodies that are running. */
  readonly bodies: Scope[] = []
  /** True where a program is followed from its first line, so that its values are those of a real run. */
  isConcrete = false
  /** True where a program is followed through all that it imports. */
  isProgram = false
  /** True if all that the run writes is taken back at its end, so that it may also change torch's own classes. */
  isTakenBack = false
  decoratorSteps = decoratorSteps.usual
  /** Functions that `def` statements made, in order, so that those that are never called can be looked at. */
  definedFunctions: FunctionObject[] = []
  /** Classes that `class` statements made. */
  definedClasses: ClassObject[] = []
  /** The definitions of functions that ran. */
  startedDefinitions = new Set<object>()
  /** The values that the path which runs got by ruling None out. */
  narrowed: Value[] = []
  /** The names of attributes that the code has set on tensors itself. */
  readonly ownTensorNames = new Set<string>()
  /** The number of enclosing `try` statements that handle a missing import. */
  importGuards = 0
  /** The `try` statements whose bodies run, outermost first. */
  readonly tries: TryBody[] = []
  /** The turns under way of loops whose number of turns is not known: when they began, and the newest symbol then. */
  readonly turns: { readonly birth: number; readonly symbols: number }[] = []
  /** What the innermost `with torch.autocast(…)` does. */
  autocast: Autocast | null = null
  /** Whether tensors of this run may lie elsewhere than on the processor. */
  readonly devices = new Devices()
  batches: Batches = { areAssumed: false, areOpen: false, areMissing: false }
  /** What was raised last. */
  raised: Value = none
  readonly foreign = new ForeignCalls()
  keptResults: KeptResults = new Map()
  /** How many undecided branches the path that runs is in. */
  forks = 0
  /** How many undecided choices among options the calls are in, and bodies that are meant to fail. */
  choices = 0
  /** True for the files whose nodes are kept. */
  records: (path: string) => boolean = () => true
  /** How many generic instances are being made inside one another. */
  genericDepth = 0
  /** The place in the user's code that runs now, and its frame. */
  place: Place | null = null
  placeFrame: Frame | null = null
  depth = 0
  /** Counted steps; the run stops at `budget`, so that the same file always gives the same answer. */
  steps = 0
  budget = 4_000_000
  /** The steps that count for no limit which `inSteps` set. */
  uncounted = 0
  /** True where a run that has done so many steps gives way to something else; asked now and then. */
  givesWay: (steps: number) => boolean = () => false
  askedAt = 0
  /** What the annotations of the file that is analysed say of names. */
  typedNames: TypedNames = new Map()

  constructor(public modules: ModuleSource) {}
  prelude(name: string): ModuleObject | null {
    return this.modules.prelude(name)
  }
  callOp(op: Op, args: Arguments): Value {
    return callOp(op, args, this)
  }
  callValue(callee: Value, args: Arguments): Value {
    return callValueWith(this, callee, args)
  }
  dtypeOf(value: Value): DType | null | undefined {
    const settled = this.settle(value)
    if (settled.kind === 'dtype') return settled.dtype
    return settled instanceof NativeType
      ? (pythonDTypes[settled.name] ?? typedTensors[settled.name])
      : undefined
  }
  builtin(name: string): Value | undefined {
    return builtins().get(name)
  }
  /** What a parameter of this annotation is, or null where the annotation does not tell. */
  fromAnnotation(scope: Scope, annotation: Expression, name: string): Value | null {
    return fromAnnotation(this, scope, annotation, name)
  }
  joinAll(values: readonly Value[]): Value {
    return joinAll(this.facts, values)
  }
  listOf(items: readonly Value[]): Value {
    return list(items)
  }
  constantDim(value: number): Dim {
    return constant(value)
  }
  productOf(dims: readonly Dim[]): Dim {
    return this.dims.resolve(product(dims))
  }
  /** An integer that the code names. */
  namedInt(name: string, place: Place | null = this.place, isUsuallyOne = false): Value {
    const dim = ofAtom(new Sym(name, 0, 2, Infinity, isUsuallyOne))
    this.noteOrigin(dim, place)
    return int(dim)
  }
  noteOrigin(dim: Dim, place: Place | null): void {
    const { symbol } = dim
    const module = this.activation?.frame.module ?? this.placeFrame?.module
    if (symbol && place && module && this.isRecording && !this.origins.has(symbol))
      this.origins.set(symbol, { module, place })
  }
  /** Unpacking a tensor into so many names teaches the size of its first dim. */
  teachLength(tensor: Tensor, count: number, isAtLeast: boolean): void {
    const first = this.facts.at(tensor.shape, 0)
    if (!isAtLeast && first && first !== 'out-of-range' && first.value === null)
      this.dims.unify(first, constant(count))
  }

  get dims(): Facts {
    return this.facts.dims
  }
  step(): void {
    this.steps += 1 + Math.floor(this.dims.work / factsAStep)
    if (this.steps > this.budget) throw new OutOfBudget()
    this.dims.work %= factsAStep
    if (this.steps > this.askedAt) this.#ask()
  }
  #ask(): void {
    if (this.givesWay(this.steps)) throw new LeftOff()
    this.askedAt = this.steps + stepsUnasked
  }

  /** Does something in at most so many steps; null if they are not enough, and then nothing was done. */
  inSteps<T>(limit: number, body: () => T): T | null {
    const { budget: outer, uncounted } = this
    if (this.steps + limit >= outer) return body()
    this.budget = this.steps + limit
    const mark = this.trail.mark()
    try {
      return body()
    } catch (error) {
      if (!(error instanceof OutOfBudget)) throw error
      this.trail.undo(mark)
      return null
    } finally {
      this.budget = outer + this.uncounted - uncounted
    }
  }

  /** True where the code that runs is the user's, not the prelude's. */
  get isRecording(): boolean {
    return this.activation !== null && !this.activation.scope.module.isPrelude
  }

  emit(
    kind: NodeKind,
    place: Place,
    name: string | null,
    value: Value,
    operation: TraceEvent['operation'] = null,
  ): void {
    const { activation } = this
    if (!activation || activation.scope.module.isPrelude || value.kind === 'object') return
    if (!this.records(activation.frame.module)) return
    this.events.push({ kind, place, name, value, frame: activation.frame, operation })
  }

  /** Makes a node of the user's code the place that problems are reported at. */
  at(place: Node): void {
    const { activation } = this
    if (!activation || activation.scope.module.isPrelude) return
    this.place = place
    this.placeFrame = activation.frame
  }

  /** True where none of the functions that run came through an undecided branch. */
  readonly isDecided = (): boolean => this.stack.every(({ hasForked }) => !hasForked)
  /** True where what fails need not: under an undecided choice, or a condition of another module's function. */
  get isFarOff(): boolean {
    if (this.choices > 0 || this.placeFrame?.module === this.mainPath) return this.choices > 0
    const main = this.stack.findLast((a) => a.frame.module === this.mainPath)
    return main !== undefined && this.forks > main.forks
  }

  report(severity: Severity, code: Code, message: string): void {
    if (!this.place || !this.placeFrame || this.isFarOff) return
    if (this.activation?.scope.module.isLenient || this.stack.some((a) => a.isRefuted)) return
    const related = relatedPlaces(this, this.place as Node, this.placeFrame)
    this.problems.push({ place: this.place, frame: this.placeFrame, severity, code, message, related })
  }

  readonly haveSameData = haveSameData
  readonly isDense = isDense
  readonly #suspicions = new Suspicions(this)
  noteOperation(c: OpCall, result: Value, args: Arguments): void {
    this.#suspicions.note(c, result)
    noteView(c, result)
    noteMaking(this, c, result, args)
  }

  suggestNames(dims: readonly (readonly [name: string, dim: Dim])[]): void {
    nameByPattern(this, dims)
  }

  /** Floor divisions of numbers that left a remainder, by their quotient. */
  readonly inexactQuotients = new Map<number, { dividend: number; divisor: number }>()
  inexactQuotient(quotient: number): { dividend: number; divisor: number } | null {
    return this.inexactQuotients.get(quotient) ?? null
  }

  noteAssumption(assumption: Assumption): void {
    if (!this.place || !this.placeFrame) return
    this.assumptions.push({ place: this.place, frame: this.placeFrame, assumption })
  }

  /** An unknown value, with the place and the reason kept for whoever asks. */
  unknown(
    reason: string,
    name: string | null = null,
    place: Place | null = this.place,
    isAttribute = false,
  ): Unknown {
    if (place && this.placeFrame && this.isRecording)
      this.gaps.push({ place, frame: this.placeFrame, reason })
    return new Unknown(name, reason, { isAttribute })
  }

  /** The value with its shapes and refinements as they are known now. */
  resolved(value: Value): Value {
    switch (value.kind) {
      case 'unknown': {
        const settled = this.settle(value)
        return settled.kind === 'unknown' ? settled : this.resolved(settled)
      }
      case 'tensor': {
        const shape = this.facts.resolve(value.shape)
        const { layout } = value
        const strides = Array.isArray(layout) ? this.facts.resolveAll(layout) : layout
        return shape === value.shape && strides === layout ? value : { ...value, shape, layout: strides }
      }
      case 'int': {
        const dim = this.dims.resolve(value.dim)
        return dim === value.dim ? value : { ...value, dim }
      }
      case 'size':
        return this.settle(value)
      case 'tuple': {
        return this.#resolvedTuple(value)
      }
      case 'sequence': {
        const element = this.resolved(value.element)
        return element === value.element ? value : { ...value, element }
      }
      case 'union': {
        const options = value.options.map((o) => this.resolved(o))
        return options.every((o, i) => o === value.options[i]) ? value : { kind: 'union', options }
      }
      default:
        return value
    }
  }

  /** The tuples inside a value, each resolved once however often it is part of it. */
  #tuples: Map<TupleValue, TupleValue> | null = null

  #resolvedTuple(value: TupleValue): TupleValue {
    const known = this.#tuples?.get(value)
    if (known) return known
    const outer = this.#tuples
    this.#tuples = outer ?? new Map()
    const items = value.items.map((item) => this.resolved(item))
    const result = items.every((item, i) => item === value.items[i]) ? value : { ...value, items }
    this.#tuples.set(value, result)
    this.#tuples = outer
    return result
  }

  /** Follows refinements; a union loses its None, which would raise where a value is needed. */
  settle(value: Value): Value {
    let current = value
    for (;;) {
      if (current.kind === 'unknown') {
        const refined = this.refinements.get(current)
        if (!refined) return this.#deferred(current) ?? current
        current = refined
      } else if (current.kind === 'union') {
        const options = new Set<Value>()
        this.#collectOptions(current, options, new Set())
        const [only] = options
        return options.size === 1 && only ? only : current
      } else if (current.kind === 'size') {
        const shape = this.facts.resolve(current.shape)
        if (!shape.gap) return sizeValue(shape)
        return shape === current.shape ? current : { kind: 'size', shape }
      } else return current
    }
  }

  /** The options of a union but None, those of the unions that its options turned out to be among them. */
  #collectOptions(value: Value, into: Set<Value>, seen: Set<Value>): void {
    if (seen.has(value)) return
    seen.add(value)
    if (value.kind === 'union') for (const option of value.options) this.#collectOptions(option, into, seen)
    else if (value.kind === 'unknown') {
      const refined = this.refinements.get(value) ?? this.#deferred(value)
      if (refined) this.#collectOptions(refined, into, seen)
      else into.add(value)
    } else if (value.kind !== 'none') into.add(value.kind === 'size' ? this.settle(value) : value)
  }

  /** Arithmetic that could not be done yet, with the version of the state for which that holds. */
  readonly #stillOpen = new WeakMap<Unknown, number>()

  /** Arithmetic on unknown operands is done once they are known. */
  #deferred(value: Unknown): Value | null {
    const { deferred } = value
    if (!deferred || this.#stillOpen.get(value) === this.trail.version) return null
    this.#stillOpen.set(value, this.trail.version)
    const [left, right] = [this.settle(deferred.left), this.settle(deferred.right)]
    if ([left, right].some(({ kind }) => kind === 'unknown' || kind === 'union')) return null
    const result = arithmetic(this, deferred.op, left, right)
    if (result.kind === 'unknown') return null
    this.refine(value, result)
    return result
  }

  refine(value: Unknown, to: Value): void {
    this.trail.write(this.refinements, value, to)
  }

  asTensor(value: Value): Tensor | null {
    const settled = this.settle(value)
    if (settled.kind === 'tensor') return settled
    if (settled instanceof InstanceObject && isArray(settled)) {
      const held = settled.attributes.get('tensor')
      return held ? this.asTensor(held) : null
    }
    if (settled.kind !== 'unknown') return null
    if (settled.deferred) return comparedTensor(this, settled)
    const tensor = makeTensor(openShape(), null, null)
    this.refine(settled, tensor)
    return tensor
  }

  isArrayNumber(value: Value): boolean {
    return isArrayNumber(this, value)
  }

  asInt(value: Value): Dim | null {
    const settled = plainValue(this.settle(value))
    if (settled.kind === 'int') return settled.dim
    if (settled.kind === 'bool' && settled.value !== null) return int(settled.value ? 1 : 0).dim
    if (settled.kind === 'tensor' && settled.values?.length === 1 && !settled.dtype?.includes('float'))
      return settled.values[0] ?? null
    if (settled.kind === 'tensor') return fresh()
    if (settled instanceof InstanceObject && isArray(settled)) {
      const held = this.asTensor(settled)
      return held && this.asInt(held)
    }
    if (settled.kind !== 'unknown') return null
    if (settled.deferred) {
      const [left, right] = [this.asInt(settled.deferred.left), this.asInt(settled.deferred.right)]
      if (!left || !right) return null
      const result = arithmetic(this, settled.deferred.op, int(left), int(right))
      if (result.kind === 'float') return null
      this.refine(settled, result)
      return result.kind === 'int' ? result.dim : null
    }
    const dim = fresh(settled.name, 0, settled.name === null ? 0 : 1)
    this.noteOrigin(dim, this.place)
    this.refine(settled, int(dim))
    return dim
  }

  /** An integer of which nothing is known, not even its sign. */
  freshInt(): Dim {
    return fresh(null, -Infinity)
  }

  /** A size of which nothing is known. */
  freshSize(): Dim {
    return fresh()
  }

  /** The rank of a shape as a dim; comparing it with a number teaches the shape its rank. */
  rankSymbol(shape: Shape): Dim {
    const known = this.facts.resolve(shape)
    if (!known.gap) return constant(known.lead.length)
    const rank = fresh()
    this.ranks.set(rank.key, known)
    return rank
  }

  asSize(value: Value): Shape | null {
    const settled = this.settle(value)
    if (settled.kind === 'size') return settled.shape
    if (settled.kind === 'unknown') return openShape()
    if (settled.kind === 'tensor' && settled.values) return shapeOf(settled.values)
    if (settled.kind === 'tensor' && shapeKey(this.facts.resolve(settled.shape)) === shapeKey(scalar))
      return shapeOf([fresh()])
    if (settled.kind === 'sequence') return openShape()
    const array = settled instanceof InstanceObject && isArray(settled) ? this.asTensor(settled) : null
    if (array) return this.asSize(array)
    const items = this.itemsOf(settled)
    if (!items) return null
    const dims = items.map((item) => this.asInt(item) ?? eitherInt(this, item))
    return dims.includes(null) ? null : shapeOf(dims as Dim[])
  }

  itemsOf(value: Value): readonly Value[] | null {
    return iterableItems(this, value)
  }
}
