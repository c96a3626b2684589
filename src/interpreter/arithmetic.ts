// Python's binary and unary operators on ints, floats, strings, sequences and tensors.

import { add, constant, type Dim, floorDivide, modulo, multiply, subtract } from '../dims/dim'
import { operations } from '../ops/index'
import { callOp } from '../ops/op'
import type { Shape } from '../tensors/shape'
import {
  bool,
  float,
  int,
  list,
  numberOf,
  type SequenceValue,
  sequence,
  someFloat,
  str,
  tuple,
  Unknown,
  unknown,
  type Value,
} from '../trace/values'
import { merged } from './dict-making'
import { asIndex } from './indices'
import type { Interpreter } from './interpreter'
import { joinAll } from './join'
import { BoundMethod, ClassObject, InstanceObject, NativeType, plainValue, RecordObject } from './objects'
import { orderOf } from './ordering'
import { combineSets, compareSets } from './sets'
import { percentFormat } from './text'

/** The op that an operator between tensors stands for. */
const tensorOperators: Record<string, string> = {
  '+': 'torch.add',
  '-': 'torch.sub',
  '*': 'torch.mul',
  '/': 'torch.div',
  '//': 'torch.floor_divide',
  '%': 'torch.remainder',
  '**': 'torch.pow',
  '@': 'torch.matmul',
  '&': 'torch.bitwise_and',
  '|': 'torch.bitwise_or',
  '^': 'torch.bitwise_xor',
  '<<': 'torch.bitwise_left_shift',
  '>>': 'torch.bitwise_right_shift',
  '==': 'torch.eq',
  '!=': 'torch.ne',
  '<': 'torch.lt',
  '<=': 'torch.le',
  '>': 'torch.gt',
  '>=': 'torch.ge',
}
const inPlaceOperators: Record<string, string> = {
  '+': 'method.add_',
  '-': 'method.sub_',
  '*': 'method.mul_',
  '/': 'method.div_',
}

/** `left op right` on settled values. */
export function arithmetic(interp: Interpreter, op: string, left: Value, right: Value): Value {
  if (left.kind === 'tensor' || right.kind === 'tensor') return tensorArithmetic(interp, op, left, right)
  if (left.kind === 'unknown' || right.kind === 'unknown' || left.kind === 'union' || right.kind === 'union')
    return unknownArithmetic(interp, op, left, right)
  if (left.kind === 'bool' && right.kind === 'bool' && '|&^'.includes(op))
    return bool(combineBools(op, left.value, right.value))
  const [x, y] = [asIntDim(left), asIntDim(right)]
  if (x && y) return intArithmetic(interp, op, x, y)
  if (isNumeric(left) && isNumeric(right)) {
    if (left.kind === 'complex' || right.kind === 'complex') return { kind: 'complex' }
    return floatArithmetic(op, numberOf(left), numberOf(right))
  }
  return sequenceArithmetic(interp, op, left, right)
}

/** `|`, `&` and `^` of bools are bools; null where that is not known. */
function combineBools(op: string, a: boolean | null, b: boolean | null): boolean | null {
  if (op === '^') return a === null || b === null ? null : a !== b
  const decides = op === '|'
  return a === decides || b === decides ? decides : a === null || b === null ? null : !decides
}

const isNumeric = (v: Value): boolean => ['int', 'float', 'bool', 'complex'].includes(v.kind)

function asIntDim(v: Value): Dim | null {
  if (v.kind === 'int') return v.dim
  return v.kind === 'bool' && v.value !== null ? constant(v.value ? 1 : 0) : null
}

export function tensorArithmetic(
  interp: Interpreter,
  op: string,
  left: Value,
  right: Value,
  inPlace = false,
): Value {
  const name = (inPlace ? inPlaceOperators[op] : undefined) ?? tensorOperators[op]
  const entry = name ? operations.get(name) : undefined
  if (!entry) return unknown(`${op} on tensors is not known`)
  // In `[x] * 3` and the like the tensor is not the operand that decides.
  const other = left.kind === 'tensor' ? right.kind : left.kind
  if (op === '*' && ['list', 'str', 'tuple'].includes(other))
    return sequenceArithmetic(interp, op, left, right)
  if (['list', 'str', 'dict'].includes(other)) return unknown(`${op} with a ${other}`)
  return callOp(entry, { positional: [left, right], keywords: new Map(), isOpen: false }, interp)
}

/**
 * With an operand that is not known: `//` and `%` are for ints, the others wait until it is known.
 */
function unknownArithmetic(interp: Interpreter, op: string, left: Value, right: Value): Value {
  if (op === '//' || op === '%') {
    const other = left.kind === 'unknown' ? right : left
    if (other.kind === 'int' || other.kind === 'unknown') {
      const [x, y] = [interp.asInt(left), interp.asInt(right)]
      if (x && y) return intArithmetic(interp, op, x, y)
    }
  }
  return new Unknown(null, `an operand of ${op} is not known`, { deferred: { op, left, right } })
}

/** Longer terms are taken as numbers of which nothing is known: each turn of a loop makes them longer still. */
const longestTerm = 1_000

function intArithmetic(interp: Interpreter, op: string, a: Dim, b: Dim): Value {
  const value = exactInt(interp, op, a, b)
  return value.kind === 'int' && value.dim.key.length > longestTerm ? int(interp.freshInt()) : value
}

const exactForAll = new Set(['+', '-', '*', '**', '/'])

function exactInt(interp: Interpreter, op: string, a: Dim, b: Dim): Value {
  const [left, right] = [interp.dims.resolve(a), interp.dims.resolve(b)]
  const [x, y] = [left.value, right.value]
  // Larger numbers are not exact here, as their remainders and bits would show.
  if (!exactForAll.has(op) && ![x, y].every((n) => n === null || Number.isSafeInteger(n)))
    return int(interp.freshInt())
  switch (op) {
    case '+':
      return int(add(left, right))
    case '-':
      return int(subtract(left, right))
    case '*':
      return int(multiply(left, right))
    case '//': {
      const quotient = int(interp.dims.resolve(floorDivide(left, right)))
      const value = quotient.dim.value
      if (x !== null && y && value !== null && x % y !== 0)
        interp.inexactQuotients.set(value, { dividend: x, divisor: y })
      return quotient
    }
    case '%':
      return int(interp.dims.resolve(modulo(left, right)))
    case '**': {
      if (y !== null && y >= 0 && y <= 8 && Number.isInteger(y)) {
        let power = constant(1)
        for (let i = 0; i < y; i++) power = multiply(power, left)
        return int(power)
      }
      if (x !== null && y !== null) return y >= 0 ? int(x ** y) : float(x ** y)
      return someFloat
    }
    case '/':
      return x !== null && y ? float(x / y) : someFloat
    default:
      if (x === null || y === null) return int(interp.freshInt())
      if (op === '&') return int(Number(BigInt(x) & BigInt(y)))
      if (op === '|') return int(Number(BigInt(x) | BigInt(y)))
      if (op === '^') return int(Number(BigInt(x) ^ BigInt(y)))
      if (op === '<<') return int(x * 2 ** y)
      if (op === '>>') return int(Math.floor(x / 2 ** y))
      return unknown(`${op} on ints`)
  }
}

function floatArithmetic(op: string, x: number | null, y: number | null): Value {
  if (x === null || y === null) return someFloat
  switch (op) {
    case '+':
      return float(x + y)
    case '-':
      return float(x - y)
    case '*':
      return float(x * y)
    case '/':
      return float(y === 0 ? null : x / y)
    case '//':
      return float(y === 0 ? null : Math.floor(x / y))
    case '%':
      return float(y === 0 ? null : x - y * Math.floor(x / y))
    case '**':
      return float(x ** y)
    default:
      return someFloat
  }
}

/** Longer ones are not followed item by item: a loop that doubles them would fill the memory. */
export const longestSequence = 10_000
const longestString = 100_000

function sequenceArithmetic(interp: Interpreter, op: string, left: Value, right: Value): Value {
  if (op === '%' && left.kind === 'str') return str(percentFormat(interp, left.value, right))
  if (op === '+' && left.kind === 'str' && right.kind === 'str')
    return str(
      left.value !== null && right.value !== null && left.value.length + right.value.length <= longestString
        ? left.value + right.value
        : null,
    )
  if (op === '*' && (left.kind === 'str' || right.kind === 'str')) {
    const [text, times] =
      left.kind === 'str' ? [left.value, right] : right.kind === 'str' ? [right.value, left] : [null, left]
    const by = countOf(interp, times)
    const count = by.kind === 'int' ? by.dim.value : null
    return str(
      text === null || count === null || count * text.length > longestString
        ? null
        : text.repeat(Math.max(count, 0)),
    )
  }
  // A list with one of these operators is the view of a dict's keys.
  if (left.kind === 'list' && (left.isSet || '|&-^'.includes(op)))
    return combineSets(interp, op, left, right) ?? unknown(`${op} on sets`)
  if (op === '+') return concatenate(interp, left, right)
  if (op === '*') return repeat(interp, left, right)
  if (op === '|' && left.kind === 'dict' && right.kind === 'dict') return merged(interp, left, right)
  if (op === '|' && isType(left) && isType(right)) return tuple([left, right])
  return unknown(`${op} on ${left.kind} and ${right.kind}`)
}

/** True for what a union of types is made of: `isinstance` takes one as it takes a tuple. */
const isType = (value: Value): boolean =>
  value instanceof ClassObject ||
  value instanceof NativeType ||
  value.kind === 'none' ||
  (value.kind === 'tuple' && value.items.length > 0 && value.items.every(isType))

function concatenate(interp: Interpreter, left: Value, right: Value): Value {
  const [a, b] = [interp.itemsOf(left), interp.itemsOf(right)]
  if (a && b && a.length + b.length > longestSequence) return unknown('a sequence of very many items')
  if (a && b) return left.kind === 'list' ? list([...a, ...b]) : tuple([...a, ...b])
  if (left.kind === 'size' || right.kind === 'size') {
    const joined = concatenateSizes(interp.asSize(left), interp.asSize(right))
    if (joined) return { kind: 'size', shape: joined }
  }
  return addSequences(interp, left, right) ?? unknown('sequences of unknown length are added')
}

/** Two lists, or two tuples, of which one has an unknown number of items. */
function addSequences(interp: Interpreter, left: Value, right: Value): Value | null {
  if ((left.kind === 'list') !== (right.kind === 'list')) return null
  const resolved = (value: Value): Value => interp.resolved(value)
  const [a, b] = [left, right].map((value): SequenceValue | null => {
    const items = interp.itemsOf(value)
    if (items) return sequence(joinAll(interp.facts, items.map(resolved)), constant(items.length))
    const some = value.kind === 'list' ? value.slots.get('items') : value
    return some && 'kind' in some && some.kind === 'sequence' ? some : null
  })
  if (!a || !b) return null
  const elements = [a, b].filter((s) => s.length?.value !== 0).map((s) => resolved(s.element))
  const all = sequence(joinAll(interp.facts, elements), a.length && b.length && add(a.length, b.length))
  return left.kind === 'list' ? list(all) : all
}

/** Two sizes one after the other, where at most one has a gap. */
export function concatenateSizes(a: Shape | null, b: Shape | null): Shape | null {
  if (!a || !b || (a.gap && b.gap)) return null
  if (a.gap) return { lead: a.lead, gap: a.gap, trail: [...a.trail, ...b.lead] }
  return { lead: [...a.lead, ...b.lead], gap: b.gap, trail: b.trail }
}

/** How often a sequence is repeated. Arrays of NumPy take `*` for themselves. */
const countOf = (interp: Interpreter, value: Value): Value =>
  value.kind === 'object' ? value : asIndex(interp, value)

function repeat(interp: Interpreter, left: Value, right: Value): Value {
  const [first, second] = [countOf(interp, left), countOf(interp, right)]
  const [items, count] =
    second.kind === 'int' ? [left, second.dim] : first.kind === 'int' ? [right, first.dim] : [left, null]
  const known = interp.itemsOf(items)
  if (!known || !count) return unknown('a sequence is repeated')
  const times = interp.dims.resolve(count).value
  if (times !== null && times * known.length <= longestSequence) {
    const repeated = Array.from({ length: Math.max(times, 0) }, () => known).flat()
    return items.kind === 'list' ? list(repeated) : tuple(repeated)
  }
  const [only] = known
  if (known.length !== 1 || !only) return unknown('a sequence is repeated')
  const some = sequence(only, count)
  return items.kind === 'list' ? list(some) : some
}

/** `-x`, `+x`, `~x` on a settled value. */
export function unaryArithmetic(interp: Interpreter, op: '-' | '+' | '~', value: Value): Value {
  if (value.kind === 'tensor') {
    const entry = operations.get(
      op === '-' ? 'torch.neg' : op === '~' ? 'torch.bitwise_not' : 'torch.positive',
    )
    return entry
      ? callOp(entry, { positional: [value], keywords: new Map(), isOpen: false }, interp)
      : unknown(op)
  }
  if (value.kind === 'float')
    return float(value.value === null ? null : op === '-' ? -value.value : value.value)
  const dim = asIntDim(value)
  if (dim)
    return op === '-'
      ? int(subtract(constant(0), dim))
      : op === '~'
        ? int(subtract(constant(-1), dim))
        : value
  if (value.kind === 'unknown' && op === '-')
    return new Unknown(null, 'its operand is not known', {
      deferred: { op: '-', left: int(0), right: value },
    })
  return unknown(`${op} on ${value.kind}`)
}

/** A comparison of two settled values; null where it cannot be told. */
export function compareValues(interp: Interpreter, op: string, one: Value, other: Value): boolean | null {
  const [left, right] = [plainValue(one), plainValue(other)]
  const [x, y] = [asIntDim(left), asIntDim(right)]
  if (x && y) return compareInts(interp, op, x, y)
  const [m, n] = [numberOf(left), numberOf(right)]
  if (m !== null && n !== null) return compareNumbers(op, m, n)
  if (left.kind === 'list' && right.kind === 'list' && (left.isSet || right.isSet))
    return compareSets(interp, op, left, right)
  if (op !== '==' && op !== '!=') {
    const order = orderOf(interp, left, right)
    return order === null ? null : compareNumbers(op, order, 0)
  }
  const equal = equalValues(interp, left, right)
  return equal === null ? null : equal === (op === '==')
}

function compareInts(interp: Interpreter, op: string, x: Dim, y: Dim): boolean | null {
  const { dims } = interp
  switch (op) {
    case '<=':
      return dims.atMost(x, y)
    case '>=':
      return dims.atMost(y, x)
    case '<':
      return not(dims.atMost(y, x) ?? isBelow(interp, x, y))
    case '>':
      return not(dims.atMost(x, y) ?? isBelow(interp, y, x))
    default: {
      const verdict = dims.equal(x, y).kind
      const equal = verdict === 'proven' ? true : verdict === 'refuted' ? false : null
      return op === '==' ? equal : not(equal)
    }
  }
}

/**
 * False where x is at most y and, as a size that is 0 in no usual run, not equal to it: x is not at least y then. A
 * function's own run has settings of which 0 turns something off.
 */
const isBelow = ({ dims, isConcrete }: Interpreter, x: Dim, y: Dim): false | null =>
  isConcrete && dims.atMost(x, y) && dims.equal(x, y).kind === 'refuted' ? false : null

const not = (v: boolean | null): boolean | null => (v === null ? null : !v)

function compareNumbers(op: string, x: number, y: number): boolean {
  if (op === '<') return x < y
  if (op === '<=') return x <= y
  if (op === '>') return x > y
  if (op === '>=') return x >= y
  return op === '==' ? x === y : x !== y
}

/** Whether two objects are one; of instances that is known only of members of enums, and where a program is followed exactly. */
function sameObject(interp: Interpreter, a: Value, b: Value): boolean | null {
  if (a === b) return true
  if (isMember(a) && isMember(b)) {
    const [x, y] = [a.attributes.get('value'), b.attributes.get('value')]
    if (a.cls !== b.cls) return false
    return x && y ? compareValues(interp, '==', interp.settle(x), interp.settle(y)) : null
  }
  const same = sameFields(interp, a, b)
  if (same !== null) return same
  const isOpen = areAsked(a, b) || [a, b].some((v) => v instanceof RecordObject || v instanceof BoundMethod)
  const isInstance = [a, b].some((v) => v instanceof InstanceObject)
  return isOpen || (isInstance && !interp.isConcrete) ? null : false
}

/** True where the fields of two instances or a method of their own say whether they are equal. */
const areAsked = (a: Value, b: Value): boolean => {
  const classes = [a, b].flatMap((v) => (v instanceof InstanceObject ? [v.cls] : []))
  const [first, second] = classes
  return classes.some((cls) => cls.find('__eq__')) || (first === second && first?.role === 'dataclass')
}

/** Dataclasses are equal if they are of one class and their fields are equal; null where that is not known. */
export function sameFields(interp: Interpreter, left: Value, right: Value): boolean | null {
  if (!(left instanceof InstanceObject) || !(right instanceof InstanceObject)) return null
  if (left.cls !== right.cls || left.cls.role !== 'dataclass' || left.cls.find('__eq__')) return null
  const answers = left.cls.fields.map((f) => {
    const [a, b] = [left.attributes.get(f), right.attributes.get(f)]
    return a && b ? compareValues(interp, '==', interp.settle(a), interp.settle(b)) : null
  })
  return answers.includes(false) ? false : answers.includes(null) ? null : true
}

const isMember = (value: Value): value is InstanceObject =>
  value instanceof InstanceObject && value.cls.role === 'enum'

/** Processors are all one; of the others there may be several. */
function sameDevice(a: string | null, b: string | null): boolean | null {
  if (a === null || b === null) return null
  return a === b && a !== 'cpu' ? null : a === b
}

function equalValues(interp: Interpreter, a: Value, b: Value): boolean | null {
  if (a.kind === 'unknown' || b.kind === 'unknown' || a.kind === 'union' || b.kind === 'union') return null
  if (a.kind === 'str' && b.kind === 'str') {
    const [m, n] = [a.value ?? a.unset, b.value ?? b.unset]
    return m === undefined || n === undefined ? null : m === n
  }
  if (a.kind === 'bool' && b.kind === 'bool')
    return a.value === null || b.value === null ? null : a.value === b.value
  if (a.kind === 'dtype' && b.kind === 'dtype') return a.dtype && b.dtype ? a.dtype === b.dtype : null
  if (a.kind === 'device' && b.kind === 'device') return sameDevice(a.type, b.type)
  if (a.kind === 'none' || b.kind === 'none') return a.kind === b.kind
  if (a.kind === 'object' || b.kind === 'object') return sameObject(interp, a, b)
  const kinds = ['tuple', 'list', 'str', 'dict']
  const isEither = (kind: string): boolean => kinds.includes(kind) || isNumeric({ kind } as Value)
  if (a.kind !== b.kind && isEither(a.kind) && isEither(b.kind) && !(isNumeric(a) && isNumeric(b)))
    return false
  // Tensors are compared by their elements, which are not gone through.
  if (a.kind !== b.kind || a.kind === 'dict' || a.kind === 'tensor') return null
  const [m, n] = [interp.itemsOf(a), interp.itemsOf(b)]
  if (m && n) {
    if (m.length !== n.length) return false
    let all: boolean | null = true
    m.forEach((item, i) => {
      if (item === n[i] && (item.kind === 'list' || item.kind === 'tuple')) return
      const same = compareValues(interp, '==', interp.settle(item), interp.settle(n[i] ?? item))
      if (same === false) all = false
      else if (same === null && all) all = null
    })
    return all
  }
  return null
}
