// Operators: chains are flattened by loops and put together again with Python's own precedence.

import { type Context, MAX_DEPTH } from './context'
import { expression, named } from './expressions'
import type { RawNode } from './grammar'
import type { BinaryOperator, CompareOperator, Expression } from './tree'

const PRECEDENCE: Record<BinaryOperator, number> = {
  '|': 1,
  '^': 2,
  '&': 3,
  '<<': 4,
  '>>': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '//': 6,
  '%': 6,
  '@': 6,
  '**': 7,
}

/** Converts the operator nodes of the grammar: arithmetic, comparisons, `and`, `or`, `not`, `await`. */
export function operation(c: Context, raw: RawNode): Expression {
  const { start, end, kids } = raw
  const last = kids[kids.length - 1]
  switch (raw.type) {
    case 'boolean_operator':
      return boolean(c, raw)
    case 'comparison_operator':
      return comparison(c, raw)
    case 'not_operator':
      return c.add({ kind: 'UnaryOp', start, end, op: 'not', operand: expression(c, last) })
    case 'unary_operator':
      return unary(c, raw)
    case 'await':
      // the grammar binds `await a ** b` as `await (a ** b)`
      if (kids[0] && last?.type === 'binary_operator' && last.kids[0]) {
        const left = last.kids[0]
        const lifted = { ...raw, end: left.end, kids: [kids[0], left] }
        return binary(c, { ...last, start, kids: [lifted, ...last.kids.slice(1)] })
      }
      return c.add({ kind: 'Await', start, end, value: expression(c, last) })
    default:
      return binary(c, raw)
  }
}

function unary(c: Context, raw: RawNode): Expression {
  const { start, end, kids } = raw
  const operand = expression(c, kids[1])
  // a repair put a `~` for a star that the grammar does not know
  if (c.text[start] === '*') return c.add({ kind: 'Starred', start, end, value: operand })
  const sign = kids[0]?.type
  return c.add({ kind: 'UnaryOp', start, end, op: sign === '-' || sign === '+' ? sign : '~', operand })
}

interface Operand {
  node: Expression
  start: number
  end: number
}
interface Operator {
  op: BinaryOperator
  start: number
}

/** The grammar gives `&` and `^` each other's precedence, so its nesting is not relied on. */
function binary(c: Context, raw: RawNode): Expression {
  const leaves: RawNode[] = []
  const operators: Operator[] = []
  const pending: RawNode[] = [raw]
  for (let at = pending.pop(); at; at = pending.pop()) {
    const [left, op, right] = at.kids
    if ((at.type === 'binary_operator' || at.type === 'union_type') && left && op && right) {
      pending.push(right, op, left)
    } else if (!at.named && at.type in PRECEDENCE) {
      operators.push({ op: at.type as BinaryOperator, start: at.start })
    } else {
      leaves.push(at)
    }
  }
  if (leaves.length !== operators.length + 1 || leaves.length > MAX_DEPTH) {
    c.problem(raw.start, raw.start + 1, 'this expression is too long to be analysed')
    return c.broken(
      raw.start,
      raw.end,
      leaves.map((leaf) => expression(c, leaf)),
    )
  }
  const operands = leaves.map(
    (leaf): Operand => ({ node: expression(c, leaf), start: leaf.start, end: leaf.end }),
  )
  return assemble(c, operands, operators)
}

/** Operator precedence with two stacks; `**` binds to the right. */
function assemble(c: Context, operands: Operand[], operators: Operator[]): Expression {
  const values: Operand[] = []
  const waiting: Operator[] = []
  const reduce = () => {
    const operator = waiting.pop()
    const right = values.pop()
    const left = values.pop()
    if (!operator || !left || !right) return
    const { start } = left
    const { end } = right
    const node = c.add({
      kind: 'BinOp' as const,
      start,
      end,
      left: left.node,
      op: operator.op,
      right: right.node,
      opStart: operator.start,
    })
    values.push({ node, start, end })
  }
  operands.forEach((operand, i) => {
    values.push(operand)
    const next = operators[i]
    if (!next) return
    const level = PRECEDENCE[next.op]
    for (let top = waiting.at(-1); top; top = waiting.at(-1)) {
      if (PRECEDENCE[top.op] < level || (PRECEDENCE[top.op] === level && next.op === '**')) break
      reduce()
    }
    waiting.push(next)
  })
  while (waiting.length > 0) reduce()
  return values[0]?.node ?? c.broken(0, 0)
}

function boolean(c: Context, raw: RawNode): Expression {
  const op = raw.kids[1]?.type === 'and' ? 'and' : 'or'
  const parts: RawNode[] = []
  let at: RawNode = raw
  // nested to the left: `a or b or c` is `(a or b) or c`
  while (at.type === 'boolean_operator' && at.kids[1]?.type === op && at.kids[0] && at.kids[2]) {
    parts.push(at.kids[2])
    at = at.kids[0]
  }
  parts.push(at)
  if (at === raw)
    return c.broken(
      raw.start,
      raw.end,
      named(raw).map((kid) => expression(c, kid)),
    )
  const values = parts.reverse().map((part) => expression(c, part))
  return c.add({ kind: 'BoolOp', start: raw.start, end: raw.end, op, values })
}

function comparison(c: Context, raw: RawNode): Expression {
  const ops: CompareOperator[] = []
  const parts: Expression[] = []
  for (const kid of raw.kids) {
    if (kid.named) parts.push(expression(c, kid))
    else ops.push((kid.type === '<>' ? '!=' : kid.type) as CompareOperator)
  }
  const [left, ...comparators] = parts
  if (!left || comparators.length !== ops.length) return c.broken(raw.start, raw.end, parts)
  return c.add({ kind: 'Compare', start: raw.start, end: raw.end, left, ops, comparators })
}
