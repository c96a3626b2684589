// Edits that may mend a problem, from its code and its syntax; which of them do is found by trying.

import type { Call, Expression, ModuleTree, Node, Statement } from '../syntax/tree'
import { nodeAt, walk } from '../syntax/walk'
import type { Diagnostic, Edit, Fix } from './api'

export interface Candidate extends Fix {
  /** True if nothing else is likely to be meant. */
  readonly isPreferred: boolean
}

/** What may mend a diagnostic, the best first. */
export function candidatesFor(tree: ModuleTree, diagnostic: Diagnostic): Candidate[] {
  const around = nodeAt(tree, diagnostic.start).filter(({ end }) => end >= diagnostic.end)
  const node = around.findLast(({ start, end }) => start === diagnostic.start && end === diagnostic.end)
  if (!node) return []
  const place: Problem = { node, around, text: tree.text, tree, diagnostic }
  return (makers[diagnostic.code] ?? []).flatMap((make) => make(place))
}

interface Problem {
  /** What is underlined. */
  readonly node: Node
  /** The nodes around it, outermost first, itself last. */
  readonly around: readonly Node[]
  readonly text: string
  readonly tree: ModuleTree
  readonly diagnostic: Diagnostic
}

const makers: Readonly<Record<string, readonly ((problem: Problem) => Candidate[])[]>> = {
  'illegal-view': [reshapeForView, contiguousForView],
  'matmul-mismatch': [transposedOperand],
  'size-coincidence': [transposedOperand],
  'broadcast-mismatch': [keptDims],
  'suspicious-broadcast': [keptDims, squeezedPrediction],
  'suspicious-softmax': [summedDim],
  'loss-broadcast': [squeezedPrediction],
  'loss-mismatch': [squeezedPrediction],
  'write-to-expanded': [clonedTarget],
  'dim-out-of-range': [lastDim],
}

const insert = (at: number, newText: string): Edit => ({ start: at, end: at, newText })

/** Method calls can follow these without parentheses. */
const primaries = new Set(['Name', 'Attribute', 'Call', 'Subscript'])

/** The edits that call a method on an expression. */
function followedBy(expression: Expression, call: string): Edit[] {
  return primaries.has(expression.kind)
    ? [insert(expression.end, call)]
    : [insert(expression.start, '('), insert(expression.end, `)${call}`)]
}

function textOf({ text }: Problem, { start, end }: Expression): string {
  const written = text.slice(start, end).replace(/\s+/g, ' ')
  return written.length > 30 ? 'this' : written
}

const asCall = (node: Node): Call | null => (node.kind === 'Call' ? node : null)
const keyword = (call: Call, name: string): Expression | null =>
  call.keywords.find(({ arg }) => arg === name)?.value ?? null

/** The method call that a problem underlines: `q.view(…)`. */
function methodCall({ node }: Problem) {
  const func = asCall(node)?.func
  return func?.kind === 'Attribute' ? func : null
}

function reshapeForView(problem: Problem): Candidate[] {
  const method = methodCall(problem)
  const other = method && { view: 'reshape', view_as: 'reshape_as' }[method.attr]
  if (!method || !other) return []
  const edits = [{ start: method.attrStart, end: method.attrEnd, newText: other }]
  return [{ title: `Use ${other}, which copies where a view cannot be made`, edits, isPreferred: true }]
}

function contiguousForView(problem: Problem): Candidate[] {
  const method = methodCall(problem)
  if (!method?.attr.startsWith('view')) return []
  const dot = problem.text.lastIndexOf('.', method.attrStart)
  return [
    {
      title: `Insert .contiguous() before ${method.attr}`,
      edits: [insert(dot, '.contiguous()')],
      isPreferred: false,
    },
  ]
}

const products = new Set(['matmul', 'bmm', 'mm', 'baddbmm'])

/** The second factor of a matrix product, which attention has transposed. */
function transposedOperand(problem: Problem): Candidate[] {
  const factor = secondFactor(problem.node)
  if (!factor) return []
  const given = factor.kind === 'Call' && factor.func.kind === 'Attribute' ? factor : null
  const isTransposed = given?.func.kind === 'Attribute' && given.func.attr === 'transpose'
  const [first, last] = [given?.args[0], given?.args.at(-1)]
  if (isTransposed && first && last) {
    const edits = [{ start: first.start, end: last.end, newText: '-2, -1' }]
    return [{ title: 'Transpose the last two dims: transpose(-2, -1)', edits, isPreferred: true }]
  }
  return [
    {
      title: `Transpose the last two dims of ${textOf(problem, factor)}`,
      edits: followedBy(factor, '.transpose(-2, -1)'),
      isPreferred: true,
    },
  ]
}

function secondFactor(node: Node): Expression | null {
  if (node.kind === 'BinOp') return node.op === '@' ? node.right : null
  const call = asCall(node)
  if (call?.func.kind !== 'Attribute' || !products.has(call.func.attr)) return null
  const named = keyword(call, 'other') ?? keyword(call, 'mat2')
  return named ?? call.args.at(-1) ?? null
}

/** Functions that take `keepdim`. */
const reductions = new Set(
  'sum mean amax amin max min std var median prod logsumexp norm argmax argmin any all nansum nanmean'.split(
    ' ',
  ),
)

/** `keepdim=True` for the reductions that the operands come from, directly or by name. */
function keptDims(problem: Problem): Candidate[] {
  return operandsOf(problem.node).flatMap((operand) => {
    const call = reductionOf(operand) ?? reductionOf(boundValue(problem, operand))
    const last = call && [...call.args, ...call.keywords].sort((a, b) => b.end - a.end)[0]
    if (!call || !last || keyword(call, 'keepdim')) return []
    const reduction = call.func.kind === 'Attribute' ? call.func.attr : 'the reduction'
    return [
      {
        title: `Keep the reduced dim of ${reduction}: keepdim=True`,
        edits: [insert(last.end, ', keepdim=True')],
        isPreferred: true,
      },
    ]
  })
}

function operandsOf(node: Node): Expression[] {
  if (node.kind === 'BinOp') return [node.left, node.right]
  if (node.kind === 'AugAssign') return [node.value]
  return node.kind === 'Call'
    ? [...node.args, ...(node.func.kind === 'Attribute' ? [node.func.value] : [])]
    : []
}

function reductionOf(expression: Expression | null): Call | null {
  if (expression?.kind === 'Subscript') return reductionOf(expression.value)
  if (expression?.kind !== 'Call' || expression.func.kind !== 'Attribute') return null
  return reductions.has(expression.func.attr) ? expression : null
}

/** What was last assigned to a name before the problem, in the same function. */
function boundValue({ around, node, tree }: Problem, name: Expression): Expression | null {
  if (name.kind !== 'Name') return null
  const scope = around.findLast(({ kind }) => kind === 'FunctionDef') ?? tree
  let value: Expression | null = null
  walk(scope, (inner) => {
    if (inner.start >= node.start) return false
    if (inner.kind === 'Assign' && inner.targets.some((t) => t.kind === 'Name' && t.id === name.id))
      value = inner.value
    return true
  })
  return value
}

/** A prediction of one column beside a target of none. */
function squeezedPrediction(problem: Problem): Candidate[] {
  return operandsOf(problem.node)
    .slice(0, 2)
    .filter(({ kind }) => kind !== 'Number')
    .map((operand) => ({
      title: `Drop the last dim of ${textOf(problem, operand)}: squeeze(-1)`,
      edits: followedBy(operand, '.squeeze(-1)'),
      isPreferred: false,
    }))
}

/** A copy before the write: `x = x.clone()` on a line of its own, or `.clone()` in a chain. */
function clonedTarget(problem: Problem): Candidate[] {
  const { node, around, text } = problem
  const target = writtenTensor(node)
  if (!target) return []
  const edits = isDotted(target) ? statementBefore(around, text, target) : followedBy(target, '.clone()')
  return edits.length > 0
    ? [{ title: `Copy ${textOf(problem, target)} before writing to it`, edits, isPreferred: true }]
    : []
}

function writtenTensor(node: Node): Expression | null {
  switch (node.kind) {
    case 'AugAssign':
      return node.target.kind === 'Subscript' ? node.target.value : node.target
    case 'Subscript':
      return node.value
    case 'Call':
      return node.func.kind === 'Attribute' ? node.func.value : null
    default:
      return null
  }
}

const isDotted = (expression: Expression): boolean =>
  expression.kind === 'Name' || (expression.kind === 'Attribute' && isDotted(expression.value))

/** A line `x = x.clone()` before the statement that writes, where that begins its line. */
function statementBefore(around: readonly Node[], text: string, target: Expression): Edit[] {
  const statement = around.findLast(isSimple)
  if (!statement) return []
  const line = text.lastIndexOf('\n', statement.start - 1) + 1
  const indent = text.slice(line, statement.start)
  const name = text.slice(target.start, target.end)
  const ending = text.includes('\r\n') ? '\r\n' : '\n'
  return /^[ \t]*$/.test(indent)
    ? [insert(statement.start, `${name} = ${name}.clone()${ending}${indent}`)]
    : []
}

const isSimple = (node: Node): node is Statement =>
  node.kind === 'Expr' || node.kind === 'Assign' || node.kind === 'AugAssign' || node.kind === 'Return'

/** Softmax along the dim that its message names. */
function summedDim({ node, diagnostic }: Problem): Candidate[] {
  const call = asCall(node)
  const dim = /dim=(-\d) is probably meant/.exec(diagnostic.message)?.[1]
  const given = call && (keyword(call, 'dim') ?? call.args.at(-1))
  if (!given || dim === undefined) return []
  return [
    {
      title: `Use dim=${dim}`,
      edits: [{ start: given.start, end: given.end, newText: dim }],
      isPreferred: true,
    },
  ]
}

/** A dim that is not there is most often meant to be the last one. */
function lastDim({ node }: Problem): Candidate[] {
  const call = asCall(node)
  if (!call) return []
  const named = keyword(call, 'dim') ?? keyword(call, 'axis')
  return (named ? [named] : call.args)
    .filter((arg) => arg.kind === 'Number' || (arg.kind === 'UnaryOp' && arg.operand.kind === 'Number'))
    .map(({ start, end }) => ({
      title: 'Use dim -1, the last one',
      edits: [{ start, end, newText: '-1' }],
      isPreferred: false,
    }))
}
