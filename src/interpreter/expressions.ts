// Evaluating expressions.

import type { BinOp, Expression, FString } from '../syntax/tree'
import {
  bool,
  dict,
  ellipsis,
  float,
  int,
  list,
  none,
  sequence,
  someBool,
  str,
  tuple,
  Unknown,
  unknown,
  type Value,
} from '../trace/values'
import { arithmetic, compareValues, concatenateSizes, unaryArithmetic } from './arithmetic'
import { getAttribute } from './attributes'
import { forkValues } from './branch'
import { evaluateCall } from './calls'
import { dictComprehension, generate } from './comprehensions'
import { bothSides, couldBeNone, evaluateCondition, truthOf } from './conditions'
import { elementOf, iterableItems, keyOf, plainContainer } from './containers'
import { isOpenText } from './default-texts'
import { enterAll, enterNew } from './dict-entries'
import { rivalsOf } from './dict-keys'
import { mappingOf } from './dict-making'
import { makeFunction } from './functions'
import type { Interpreter } from './interpreter'
import { joinAll } from './join'
import { noteExpression } from './notation/notebook'
import { plainValue } from './objects'
import { applyBinary, asSetting, comparisonMethods, unaryMethod } from './operators'
import { entryOf } from './registries'
import { readName } from './scopes'
import { setOf, someSet } from './sets'
import { assignTarget } from './statements'
import { subscript } from './subscripts'
import { formatted } from './text'
import { evaluateYield } from './yields'

export function evaluate(interp: Interpreter, node: Expression): Value {
  const value = evaluatePlain(interp, node)
  if (node.notes) noteExpression(interp, node, value)
  return value
}

function evaluatePlain(interp: Interpreter, node: Expression): Value {
  interp.step()
  switch (node.kind) {
    case 'Name': {
      const value =
        readName(interp, node.id) ?? interp.unknown(`the name ${node.id} is not defined here`, node.id, node)
      interp.emit('name', node, node.id, value)
      return value
    }
    case 'Number':
      if (node.imaginary) return { kind: 'complex' }
      return node.isFloat ? float(node.value) : int(node.value)
    case 'String':
      return node.isBytes ? unknown('bytes') : str(node.value)
    case 'FString':
      return formatString(interp, node)
    case 'Constant':
      return node.value === null ? none : node.value === 'ellipsis' ? ellipsis : bool(node.value)
    case 'Attribute': {
      const owner = evaluate(interp, node.value)
      interp.at(node)
      const value = getAttribute(interp, owner, node.attr)
      interp.emit('attribute', node, node.attr, value)
      return value
    }
    case 'Subscript': {
      const container = evaluate(interp, node.value)
      const index = evaluate(interp, node.slice)
      interp.at(node)
      const value = subscript(interp, container, index)
      interp.emit('subscript', node, null, value, { name: '[]', inputs: [container, index] })
      return value
    }
    case 'Slice':
      return {
        kind: 'slice',
        lower: node.lower ? evaluate(interp, node.lower) : none,
        upper: node.upper ? evaluate(interp, node.upper) : none,
        step: node.step ? evaluate(interp, node.step) : none,
      }
    case 'Call':
      return evaluateCall(interp, node)
    case 'BinOp':
      return evaluateBinOp(interp, node)
    case 'UnaryOp': {
      if (node.op === 'not') {
        const { truth } = evaluateCondition(interp, node.operand)
        return bool(truth === null ? null : !truth)
      }
      const operand = interp.settle(evaluate(interp, node.operand))
      interp.at(node)
      return unaryMethod(interp, node.op, operand) ?? unaryArithmetic(interp, node.op, plainValue(operand))
    }
    case 'BoolOp':
      return evaluateBoolOp(interp, node.op, node.values)
    case 'Compare':
      return evaluateComparisons(interp, node)
    case 'IfExp': {
      const condition = evaluateCondition(interp, node.test)
      if (condition.truth !== null) return evaluate(interp, condition.truth ? node.body : node.orelse)
      const sides = [() => evaluate(interp, node.body), () => evaluate(interp, node.orelse)] as const
      return bothSides(interp, condition, sides, forkValues)
    }
    case 'Lambda':
      return makeFunction(interp, node, '<lambda>')
    case 'Tuple':
      return evaluateItems(interp, node.elts, 'tuple')
    case 'List':
      return evaluateItems(interp, node.elts, 'list')
    case 'Set': {
      const items = evaluateItems(interp, node.elts, 'tuple')
      return items.kind === 'tuple' ? setOf(interp, items.items) : someSet(unknown('a starred item'))
    }
    case 'Dict':
      return evaluateDict(interp, node.keys, node.values)
    case 'ListComp':
    case 'SetComp':
    case 'GeneratorExp':
      return generate(interp, node)
    case 'DictComp':
      return dictComprehension(interp, node.generators, node.key, node.value)
    case 'NamedExpr': {
      const value = evaluate(interp, node.value)
      assignTarget(interp, node.target, value)
      return value
    }
    case 'Await':
      return evaluate(interp, node.value)
    case 'Yield':
    case 'YieldFrom':
      return evaluateYield(interp, node)
    case 'Starred':
      evaluate(interp, node.value)
      return unknown('a starred expression')
    case 'ErrorExpr':
      for (const child of node.children) evaluate(interp, child)
      return unknown('the syntax is not understood')
  }
}

function evaluateBinOp(interp: Interpreter, node: BinOp): Value {
  const left = evaluate(interp, node.left)
  const right = evaluate(interp, node.right)
  interp.at(node)
  const value = applyBinary(
    interp,
    node.op,
    asSetting(interp, node.left, left),
    asSetting(interp, node.right, right),
  )
  interp.emit('binop', node, null, value, { name: node.op, inputs: [left, right] })
  return value
}

function evaluateBoolOp(interp: Interpreter, op: 'and' | 'or', values: readonly Expression[]): Value {
  const [head, ...rest] = values
  if (!head) return none
  const condition = rest.length > 0 ? evaluateOperand(interp, head) : null
  if (!condition) return evaluate(interp, head)
  const decides = op === 'or'
  if (condition.truth === decides) return condition.value
  const others = (): Value => evaluateBoolOp(interp, op, rest)
  if (condition.truth !== null) return others()
  return forkValues(interp, [
    () => {
      if (decides) condition.whenTrue()
      else condition.whenFalse()
      // Where the first operand decides it is true (`or`) or false (`and`), so it is not None for `or`.
      if (condition.value.kind === 'bool') return bool(decides)
      return decides ? interp.settle(condition.value) : condition.value
    },
    () => {
      if (decides) condition.whenFalse()
      else condition.whenTrue()
      return others()
    },
  ])
}

/** An operand of `and`/`or` with both its value and what it says as a condition. */
function evaluateOperand(interp: Interpreter, node: Expression) {
  if (node.kind === 'Compare' || (node.kind === 'UnaryOp' && node.op === 'not') || node.kind === 'BoolOp') {
    const condition = evaluateCondition(interp, node)
    return { ...condition, value: bool(condition.truth) as Value }
  }
  const value = evaluate(interp, node)
  const nothing = (): void => {}
  return { truth: truthOf(interp, value), whenTrue: nothing, whenFalse: nothing, value }
}

function evaluateComparisons(interp: Interpreter, node: Extract<Expression, { kind: 'Compare' }>): Value {
  let left = evaluate(interp, node.left)
  let result: Value = bool(true)
  node.ops.forEach((op, i) => {
    const comparator = node.comparators[i]
    if (!comparator) return
    const right = evaluate(interp, comparator)
    interp.at(node)
    const one = evaluateCompare(interp, op, left, right)
    if (i === 0) result = one
    else if (result.kind === 'bool' && one.kind === 'bool')
      result = bool(
        result.value === false || one.value === false ? false : result.value === null ? null : one.value,
      )
    else result = someBool
    left = right
  })
  return result
}

/** One comparison: a bool, or a tensor where tensors are compared. */
export function evaluateCompare(interp: Interpreter, op: string, leftValue: Value, rightValue: Value): Value {
  if (op === 'is' || op === 'is not') {
    if (rightValue.kind === 'none' || leftValue.kind === 'none') {
      const could = couldBeNone(interp, leftValue.kind === 'none' ? rightValue : leftValue)
      return bool(could === 'maybe' ? null : (could === 'yes') === (op === 'is'))
    }
    const [a, b] = [interp.settle(leftValue), interp.settle(rightValue)]
    const same = a.kind === 'object' && b.kind === 'object' ? a === b : compareValues(interp, '==', a, b)
    return bool(same === null ? null : same === (op === 'is'))
  }
  const [ownLeft, ownRight] = [interp.settle(leftValue), interp.settle(rightValue)]
  const own = comparisonMethods(interp, op, ownLeft, ownRight)
  if (own) return own
  const [left, right] = [plainValue(ownLeft), plainValue(ownRight)]
  if (isOpenText(interp, left) || isOpenText(interp, right)) return someBool
  if (op === 'in' || op === 'not in') {
    const contained = contains(interp, left, right)
    return bool(contained === null ? null : contained === (op === 'in'))
  }
  if (left.kind === 'tensor' || right.kind === 'tensor') {
    if ([left.kind, right.kind].some((k) => k === 'none' || k === 'str')) return bool(op === '!=')
    return arithmetic(interp, op, left, right)
  }
  const truth = compareValues(interp, op, left, right)
  if (truth === null && (left.kind === 'unknown' || right.kind === 'unknown'))
    return maybeTensorComparison(op, left, right)
  return bool(truth)
}

/** `unknown == 0` may be a bool or a tensor. */
const maybeTensorComparison = (op: string, left: Value, right: Value): Value =>
  left.kind === 'str' || right.kind === 'str' || left.kind === 'none' || right.kind === 'none'
    ? someBool
    : new Unknown(null, 'an operand of a comparison is not known', { deferred: { op, left, right } })

/** `item in container`; null where it is not known. */
export function contains(interp: Interpreter, item: Value, owner: Value): boolean | null {
  const container = plainContainer(owner)
  if (container.kind === 'dict') {
    const key = keyOf(item)
    const entry = key === null ? undefined : entryOf(interp, container, key, item)
    if (entry) return entry.isOptional ? null : true
    const isOpen =
      key === null || container.state.get('isOpen') || rivalsOf(interp, container, item).length > 0
    return isOpen ? null : false
  }
  if (container.kind === 'str' && item.kind === 'str')
    return container.value === null || item.value === null ? null : container.value.includes(item.value)
  const items = iterableItems(interp, container)
  if (!items) return null
  const answers = items.map((i) =>
    compareValues(interp, '==', plainValue(interp.settle(i)), plainValue(item)),
  )
  return answers.includes(true) ? true : answers.includes(null) ? null : false
}

/** Texts that are longer are not kept. */
const longestText = 10_000

function formatString(interp: Interpreter, node: FString): Value {
  let text: string | null = ''
  let pattern = ''
  for (const part of node.parts) {
    if (typeof part === 'string') {
      if (text !== null) text += part
      pattern += part
      continue
    }
    const value = evaluate(interp, part)
    const format = node.formats.get(part)
    // An expression inside of a format was only evaluated.
    if (format === null) continue
    const piece = formatted(interp, value, format ?? '')
    text = text === null || piece === null || piece.length > longestText ? null : text + piece
    pattern += piece === null || piece.length > longestText ? '*' : piece
  }
  return text === null ? { kind: 'str', value: null, pattern } : str(text)
}

/** The items of a tuple or list display, with starred ones opened up. */
function evaluateItems(interp: Interpreter, elts: readonly Expression[], kind: 'tuple' | 'list'): Value {
  const items: Value[] = []
  const any: Value[] = []
  let open: Value | null = null
  for (const elt of elts) {
    if (elt.kind !== 'Starred') {
      const item = evaluate(interp, elt)
      any.push(item)
      if (open) open = extendSize(interp, open, tuple([item]))
      else items.push(item)
      continue
    }
    const value = interp.settle(evaluate(interp, elt.value))
    const known = iterableItems(interp, value)
    any.push(...(known ?? [elementOf(interp, value)?.element ?? unknown('a starred item')]))
    if (known && !open) items.push(...known)
    else if (open) open = extendSize(interp, open, value)
    else open = extendSize(interp, tuple(items), value)
  }
  if (open)
    return open.kind === 'size' || kind === 'tuple' ? open : list(sequence(joinAll(interp.facts, any), null))
  return kind === 'tuple' ? tuple(items) : list(items)
}

/** A tuple of ints followed by another, one of which has an unknown length. */
export function extendSize(interp: Interpreter, left: Value, right: Value): Value {
  const isSize = (v: Value): boolean => v.kind === 'size' || v.kind === 'tuple'
  if (isSize(left) && isSize(right)) {
    const joined = concatenateSizes(interp.asSize(left), interp.asSize(right))
    if (joined) return interp.settle({ kind: 'size', shape: joined })
  }
  return unknown('something of unknown length is unpacked')
}

function evaluateDict(
  interp: Interpreter,
  keys: readonly (Expression | null)[],
  values: readonly Expression[],
): Value {
  const made = dict()
  values.forEach((valueNode, i) => {
    const keyNode = keys[i]
    if (!keyNode) {
      const spread = mappingOf(interp, evaluate(interp, valueNode))
      if (spread.kind === 'dict') enterAll(interp, made, spread, true)
      else made.state.set('isOpen', true)
      return
    }
    const key = interp.settle(evaluate(interp, keyNode))
    enterNew(interp, made, key, evaluate(interp, valueNode))
  })
  return made
}
