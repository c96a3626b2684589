// Conditions: what they are worth, and what is known on the side where they hold.

import { constant, type Dim, floorDivide, fresh, modulo, multiply, soleAtom, subtract } from '../dims/dim'
import { rankSubject } from '../syntax/asked-ranks'
import type { Compare, Expression } from '../syntax/tree'
import { printShape } from '../tensors/print'
import { dimsOf, openShape, shapeOf } from '../tensors/shape'
import { makeTensor } from '../tensors/tensor'
import { int, none, type Value } from '../trace/values'
import { compareValues } from './arithmetic'
import { callMethod } from './attributes'
import { lengthOf } from './containers'
import { bitsOf } from './enums'
import { evaluate, evaluateCompare } from './expressions'
import type { Interpreter } from './interpreter'
import { InstanceObject, NativeType } from './objects'
import { assignName, readName } from './scopes'

export interface Condition {
  /** Null where it is not known whether it holds. */
  truth: boolean | null
  /** True if it compares what a caller chose with a text or a member of an enum: `mode == 'same'`. */
  isChoice?: boolean
  /** Teaches what is known where the condition holds, and where it does not. */
  whenTrue: () => void
  whenFalse: () => void
}

const nothing = (): void => {}
const decided = (truth: boolean | null): Condition => ({ truth, whenTrue: nothing, whenFalse: nothing })

/** Runs both sides of a condition that is not decided, each knowing what it says there. */
export function bothSides<T, R>(
  interp: Interpreter,
  condition: Condition,
  [onTrue, onFalse]: readonly [() => T, () => T],
  fork: (interp: Interpreter, paths: readonly (() => T)[]) => R,
): R {
  const side = (learn: () => void, run: () => T) => (): T => {
    learn()
    return run()
  }
  const isCallers = condition.isChoice && !interp.isConcrete && interp.stack.length > 1
  if (isCallers) interp.choices++
  try {
    return fork(interp, [side(condition.whenTrue, onTrue), side(condition.whenFalse, onFalse)])
  } finally {
    if (isCallers) interp.choices--
  }
}

export function evaluateCondition(interp: Interpreter, node: Expression): Condition {
  interp.step()
  switch (node.kind) {
    case 'UnaryOp':
      if (node.op === 'not') {
        const inner = evaluateCondition(interp, node.operand)
        return {
          ...inner,
          truth: inner.truth === null ? null : !inner.truth,
          whenTrue: inner.whenFalse,
          whenFalse: inner.whenTrue,
        }
      }
      break
    case 'BoolOp':
      return shortCircuit(interp, node.op, node.values)
    case 'Compare':
      if (node.ops.length === 1) return comparison(interp, node)
      break
    case 'Call':
      if (
        (node.func.kind === 'Name' ? node.func.id : node.func.kind === 'Attribute' && node.func.attr) ===
        'isinstance'
      )
        return instanceTest(interp, node)
      break
    case 'BinOp':
      // `if d % h:` — where it does not hold, h divides d.
      if (node.op === '%') {
        const value = evaluate(interp, node)
        return { truth: truthOf(interp, value), whenTrue: nothing, whenFalse: () => learnZero(interp, value) }
      }
      break
    default:
  }
  const value = evaluate(interp, node)
  checkTruth(interp, node, value)
  const truth = truthOf(interp, value)
  if (truth !== null) return decided(truth)
  return { truth, whenTrue: () => narrow(interp, node, value, (v) => v.kind !== 'none'), whenFalse: nothing }
}

/** Python asks a tensor for its truth, which only a single element has. */
function checkTruth(interp: Interpreter, node: Expression, value: Value): void {
  const tensor = interp.settle(value)
  if (tensor.kind !== 'tensor' || tensor.assumed) return
  const shape = interp.facts.resolve(tensor.shape)
  if (!dimsOf(shape)?.some((d) => d.value !== null && d.value !== 1)) return
  interp.at(node)
  interp.report(
    'error',
    'truth-of-many',
    `a tensor ${printShape(shape, interp.names)} is asked whether it is true; use .any() or .all()`,
  )
}

/** `and` and `or`: later operands are looked at with what the earlier ones taught. */
function shortCircuit(interp: Interpreter, op: 'and' | 'or', values: readonly Expression[]): Condition {
  const isAnd = op === 'and'
  const parts: Condition[] = []
  const narrowed = interp.narrowed.length
  let mark = interp.trail.mark()
  let truth: boolean | null = isAnd
  for (const value of values) {
    const part = evaluateCondition(interp, value)
    // What evaluating the first operand taught holds in any case.
    if (parts.length === 0) mark = interp.trail.mark()
    if (part.truth === !isAnd) {
      if (parts.every((p) => p.truth !== null)) return part
      truth = !isAnd
      parts.push(part)
      break
    }
    if (part.truth === null) {
      truth = null
      ;(isAnd ? part.whenTrue : part.whenFalse)()
    }
    parts.push(part)
  }
  // On the other side they may be there too, where another operand does not hold.
  const isOneOfMany = parts.filter((p) => p.truth === null).length > 1
  interp.narrowed.length = narrowed
  const learnt = interp.trail.since(mark)
  if (parts.some((p) => p.truth === null)) interp.trail.undo(mark)
  const all = (side: 'whenTrue' | 'whenFalse') => (): void => {
    interp.trail.redo(learnt)
    const narrowed = interp.narrowed.length
    for (const part of parts) if (part.truth === null) part[side]()
    if (isOneOfMany) interp.narrowed.length = narrowed
  }
  // The other side is known only where a single operand decides it.
  const open = parts.filter((p) => p.truth === null)
  const single = (side: 'whenTrue' | 'whenFalse') => (open.length === 1 && open[0] ? open[0][side] : nothing)
  const isChoice = open.some((p) => p.isChoice)
  return isAnd
    ? { truth, isChoice, whenTrue: all('whenTrue'), whenFalse: single('whenFalse') }
    : { truth, isChoice, whenTrue: single('whenTrue'), whenFalse: all('whenFalse') }
}

function comparison(interp: Interpreter, node: Compare): Condition {
  const [op] = node.ops
  const [right] = node.comparators
  if (!op || !right) return decided(null)
  if (op === 'is' || op === 'is not') {
    const [a, b] = [evaluate(interp, node.left), evaluate(interp, right)]
    if (b.kind === 'none') return noneTest(interp, node.left, a, op === 'is')
    const same = identical(interp, a, b)
    return decided(same === null ? null : same === (op === 'is'))
  }
  const [left, other] = [interp.settle(evaluate(interp, node.left)), interp.settle(evaluate(interp, right))]
  const value = evaluateCompare(interp, op, left, other)
  checkTruth(interp, node, value)
  const truth = truthOf(interp, value)
  if (truth !== null) return decided(truth)
  const learn = (op: string) => (): void => {
    learnComparison(interp, op, left, other)
    const subject = rankSubject(node.left)
    if (subject && other.kind === 'int' && other.dim.value !== null)
      narrowRank(interp, subject, op, other.dim.value)
  }
  return {
    truth,
    isChoice: isChoice(op, left, other, node.left.kind === 'Name'),
    whenTrue: learn(op),
    whenFalse: learn(opposite[op] ?? ''),
  }
}

/** Keeps of a variable's tensors those with a number of dims that passes a test. */
function narrowRank(interp: Interpreter, subject: Expression, op: string, wanted: number): void {
  const value = subject.kind === 'Name' ? readName(interp, subject.id) : undefined
  if (value?.kind === 'tensor' && value.assumed === 'rank') {
    const rank = dimsOf(interp.facts.resolve(value.shape))?.length
    // Where a test holds that the assumed rank fails, it was assumed wrongly.
    if (rank !== undefined && compareValues(interp, op, int(rank), int(wanted)) === false) {
      const shape = op === '==' ? shapeOf(Array.from({ length: wanted }, () => fresh())) : openShape()
      setNarrowed(interp, subject, makeTensor(shape, value.dtype, null))
    }
  }
  if (value?.kind !== 'union') return
  const options = value.options.filter((option) => {
    const tensor = interp.settle(option)
    const shape = tensor.kind === 'tensor' ? interp.facts.resolve(tensor.shape) : null
    if (!shape) return true
    if (shape.gap && op === '==') interp.facts.learnAskedRank(shape, wanted)
    return shape.gap !== null || compareValues(interp, op, int(shape.lead.length), int(wanted)) !== false
  })
  const [only] = options
  if (only) setNarrowed(interp, subject, options.length === 1 ? only : { ...value, options })
}

/** True for a text, a member of an enum, or an attribute that may be one. */
const isOption = (value: Value): boolean =>
  value.kind === 'str' || value.kind === 'object' || (value.kind === 'unknown' && value.isAttribute)

const mayBeOption = (value: Value): boolean =>
  value.kind === 'union'
    ? value.options.every(mayBeOption)
    : value.kind === 'unknown' || value.kind === 'none' || isOption(value)

/** True for `mode == 'same'`, `kind == Kind.A` and `mode in ('a', 'b')`, where a variable is compared. */
function isChoice(op: string, left: Value, right: Value, isVariable: boolean): boolean {
  if (op === 'in' || op === 'not in')
    return mayBeOption(left) && right.kind === 'tuple' && right.items.every(isOption)
  const isOpen = right.kind === 'unknown' ? isVariable && mayBeOption(left) : mayBeOption(left)
  return (op === '==' || op === '!=') && isOpen && isOption(right)
}

const opposite: Record<string, string> = {
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
  '==': '!=',
  '!=': '==',
}

function identical(interp: Interpreter, a: Value, b: Value): boolean | null {
  if (a.kind === 'bool' && b.kind === 'bool') return compareValues(interp, '==', a, b)
  if (a.kind === 'dtype' && b.kind === 'dtype') return compareValues(interp, '==', a, b)
  if (a.kind === 'object' && b.kind === 'object') return a === b
  if (a.kind === 'ellipsis' && b.kind === 'ellipsis') return true
  return a.kind === 'unknown' ||
    b.kind === 'unknown' ||
    a.kind === 'union' ||
    b.kind === 'union' ||
    a.kind === b.kind
    ? null
    : false
}

/** The kinds of values that may be several sizes. */
const sizeKinds = new Set<Value['kind']>(['tuple', 'size', 'list'])

/** What a comparison that holds teaches about dims. */
export function learnComparison(interp: Interpreter, op: string, left: Value, right: Value): void {
  if (op === '==' && sizeKinds.has(left.kind) && sizeKinds.has(right.kind)) {
    const [a, b] = [interp.asSize(left), interp.asSize(right)]
    const isGuess = [left, right].some((size) => size.kind === 'tuple' && size.isGuess)
    if (a && b && !isGuess) interp.facts.unify(a, b)
    return
  }
  if (
    left.kind === 'unknown' &&
    op === '==' &&
    (right.kind === 'str' || right.kind === 'int' || right.kind === 'bool')
  ) {
    interp.refine(left, right)
    return
  }
  // What is compared with a size is a number itself.
  if (left.kind === 'int' && right.kind === 'unknown' && !right.deferred) {
    const dim = interp.asInt(right)
    if (dim) learnComparison(interp, op, left, int(dim))
    return
  }
  if (left.kind !== 'int' || right.kind !== 'int') return
  const [a, b] = [interp.dims.resolve(left.dim), interp.dims.resolve(right.dim)]
  const one = constant(1)
  if (op === '==') learnEqual(interp, a, b)
  else if (op === '<=') interp.dims.learnAtMost(a, b)
  else if (op === '<') interp.dims.learnAtMost(a, subtract(b, one))
  else if (op === '>=') interp.dims.learnAtMost(b, a)
  else if (op === '>') interp.dims.learnAtMost(b, subtract(a, one))
}

function learnEqual(interp: Interpreter, a: Dim, b: Dim): void {
  for (const [rank, number] of [
    [a, b],
    [b, a],
  ] as const) {
    const shape = interp.ranks.get(rank.key)
    if (shape && number.value !== null) {
      interp.facts.learnAskedRank(shape, number.value)
      return
    }
  }
  const quotient = remainderOf(subtract(a, b))
  if (quotient) interp.dims.learnDivides(quotient.divisor, quotient.dividend, true)
  else interp.dims.unify(a, b, true)
}

function learnZero(interp: Interpreter, value: Value): void {
  const settled = interp.settle(value)
  if (settled.kind === 'int') learnEqual(interp, settled.dim, constant(0))
}

/** If a dim is `a − b·⌊a / b⌋`, then a and b. */
function remainderOf(d: Dim): { dividend: Dim; divisor: Dim } | null {
  for (const t of d.terms)
    for (const { atom } of t.factors) {
      if (atom.kind !== 'floordiv') continue
      const [dividend, divisor] = [atom.left, atom.right]
      const own = modulo(dividend, divisor)
      if (own.key === d.key) return { dividend, divisor }
      // ⌊(q·b + r) / b⌋ keeps only r under the quotient: the whole dividend is what remains.
      const rest = subtract(d, multiply(constant(-1), multiply(divisor, floorDivide(dividend, divisor))))
      if (soleAtom(rest) || rest.terms.length > 0) {
        const again = modulo(rest, divisor)
        if (again.key === d.key) return { dividend: rest, divisor }
      }
    }
  return null
}

function noneTest(interp: Interpreter, node: Expression, value: Value, isNone: boolean): Condition {
  const couldBe = couldBeNone(interp, value)
  const truth = couldBe === 'yes' ? isNone : couldBe === 'no' ? !isNone : null
  const becomesNone = (): void => setNarrowed(interp, node, none)
  const becomesSome = (): void => narrow(interp, node, value, (v) => v.kind !== 'none')
  return {
    truth,
    whenTrue: isNone ? becomesNone : becomesSome,
    whenFalse: isNone ? becomesSome : becomesNone,
  }
}

export function couldBeNone(interp: Interpreter, value: Value): 'yes' | 'no' | 'maybe' {
  if (value.kind === 'none') return 'yes'
  if (value.kind === 'union') {
    const answers = value.options.map((o) => couldBeNone(interp, o))
    return answers.every((a) => a === 'yes') ? 'yes' : answers.every((a) => a === 'no') ? 'no' : 'maybe'
  }
  if (value.kind !== 'unknown') return 'no'
  const refined = interp.refinements.get(value)
  if (value.couldBeNone && refined?.kind !== 'none') return 'maybe'
  return refined ? couldBeNone(interp, refined) : 'maybe'
}

/** Keeps of a value what can pass a test, where the expression is a variable or an attribute. */
function narrow(interp: Interpreter, node: Expression, value: Value, keeps: (v: Value) => boolean): void {
  if (value.kind === 'unknown' && value.couldBeNone) interp.narrowed.push(value)
  if (value.kind !== 'union') return
  const options = value.options.filter(keeps)
  const [only] = options
  if (options.length >= value.options.length || !only) return
  interp.narrowed.push(...options)
  setNarrowed(interp, node, options.length === 1 ? only : { kind: 'union', options })
}

function setNarrowed(interp: Interpreter, node: Expression, value: Value): void {
  if (node.kind === 'Name') assignName(interp, node.id, value)
  else if (node.kind === 'NamedExpr') assignName(interp, node.target.id, value)
  else if (node.kind === 'Attribute') {
    const owner = interp.settle(evaluateQuietly(interp, node.value))
    if (owner.kind === 'unknown') interp.trail.write(owner.slots, node.attr, value)
    else if (owner.kind === 'object' && 'attributes' in owner && owner.attributes instanceof Map)
      interp.trail.write(owner.attributes as Map<string, Value>, node.attr, value)
  }
}

/** Evaluates a variable or attribute again without a trace of it. */
export function evaluateQuietly(interp: Interpreter, node: Expression): Value {
  if (node.kind === 'Name') return readName(interp, node.id) ?? none
  const before = interp.events.length
  const value = evaluate(interp, node)
  interp.events.length = before
  return value
}

function instanceTest(interp: Interpreter, node: Extract<Expression, { kind: 'Call' }>): Condition {
  const value = evaluate(interp, node)
  const truth = truthOf(interp, value)
  const [subject, type] = node.args
  if (truth !== null || !subject || !type) return decided(truth)
  return {
    truth,
    whenTrue: () => {
      const target = evaluateQuietly(interp, type)
      if (!(target instanceof NativeType)) return
      const tested = evaluateQuietly(interp, subject)
      if (tested.kind === 'union')
        narrow(interp, subject, tested, (v) => target.isInstance(interp.settle(v)) !== false)
      const settled = interp.settle(tested)
      if (settled.kind !== 'unknown') return
      if (target.name === 'Tensor') interp.asTensor(settled)
      else if (target.name === 'int') interp.asInt(settled)
    },
    whenFalse: () => {
      const target = evaluateQuietly(interp, type)
      const tested = evaluateQuietly(interp, subject)
      if (target instanceof NativeType && tested.kind === 'union')
        narrow(interp, subject, tested, (v) => target.isInstance(interp.settle(v)) !== true)
    },
  }
}

/** Whether Python takes a value as true. */
export function truthOf(interp: Interpreter, value: Value): boolean | null {
  if (value.kind === 'union') {
    const truths = value.options.map((o) => truthOf(interp, o))
    return truths.every((t) => t === truths[0]) ? (truths[0] ?? null) : null
  }
  const settled = interp.settle(value)
  switch (settled.kind) {
    case 'none':
      return false
    case 'bool':
      return settled.value
    case 'int': {
      const verdict = interp.dims.equal(settled.dim, constant(0)).kind
      if (verdict === 'proven') return false
      if (verdict === 'refuted' && interp.isConcrete) return true
      return settled.dim.value !== null || interp.dims.compare(settled.dim, constant(0)) === 1 ? true : null
    }
    case 'float':
      return settled.value === null ? null : settled.value !== 0
    case 'str':
      return settled.value === null ? null : settled.value !== ''
    case 'tuple':
    case 'list':
    case 'dict':
    case 'range': {
      const length = lengthOf(interp, settled)?.value ?? null
      return length === null ? null : length > 0
    }
    case 'dtype':
    case 'device':
    case 'slice':
    case 'ellipsis':
      return true
    case 'object':
      if (!(settled instanceof InstanceObject)) return true
      if (settled.cls.find('__bool__')) return truthOf(interp, callMethod(interp, settled, '__bool__', []))
      if (settled.cls.find('__len__')) return truthOf(interp, callMethod(interp, settled, '__len__', []))
      if (settled.cls.isFlag) return bitsOf(settled) === null ? null : bitsOf(settled) !== 0
      if (settled.payload) return truthOf(interp, settled.payload)
      return settled.cls.hasUnknownBase ? null : true
    case 'tensor':
      return settled.values?.length === 1 && settled.values[0]?.value !== null
        ? settled.values[0]?.value !== 0
        : null
    default:
      return null
  }
}
