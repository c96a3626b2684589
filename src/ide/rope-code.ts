// RoPE in code: expressions that compute θ, with the dim, base and layout that the text itself tells.

import type { Expression, FunctionDef, ModuleTree, Node, Statement } from '../syntax/tree'
import { walk } from '../syntax/walk'
import type { RopeCode } from './api'

/** Each `base ** (torch.arange(0, dim, 2) / dim)`, however it is written around that, in files that turn pairs. */
export function ropeCodeOf(tree: ModuleTree): RopeCode[] {
  const layouts = layoutsOf(tree)
  // sinusoidal tables have the same θ, and turn nothing
  if (layouts.size === 0) return []
  const [layout] = layouts
  const found: RopeCode[] = []
  const search = (node: Node, scopes: readonly Scope[]): void => {
    walk(node, (inner) => {
      if (inner !== node && inner.kind === 'FunctionDef') {
        search(inner, [scopeOf(inner), ...scopes])
        return false
      }
      const dim = inner.kind === 'BinOp' && inner.op === '**' ? steppedTo(inner.right, scopes) : null
      if (!dim || inner.kind !== 'BinOp') return true
      const values: RopeCode['values'] = {}
      const [head, base] = [numberOf(dim, scopes), numberOf(inner.left, scopes)]
      if (head !== null && head >= 2 && head % 2 === 0) values.head_dim = head
      if (base !== null && base > 0) values.rope_theta = base
      if (layout && layouts.size === 1) values.layout = layout
      found.push({ start: inner.start, end: inner.end, values })
      return false
    })
  }
  const module = new Map<string, Expression | null>()
  for (const statement of tree.body) assigned(statement, module)
  for (const statement of tree.body) {
    if (statement.kind === 'FunctionDef') search(statement, [scopeOf(statement), module])
    else search(statement, [module])
  }
  return found
}

type Layout = NonNullable<RopeCode['values']['layout']>

/** The one expression that a name stands for; null where there are several. */
type Scope = Map<string, Expression | null>

function scopeOf(definition: FunctionDef): Scope {
  const scope: Scope = new Map()
  for (const { name, default: usual } of definition.params) scope.set(name, usual)
  walk(definition, (node) => {
    if (node !== definition && node.kind === 'FunctionDef') return false
    assigned(node, scope)
    return true
  })
  return scope
}

function assigned(node: Node | Statement, scope: Scope): void {
  const [targets, value] =
    node.kind === 'Assign'
      ? [node.targets, node.value]
      : node.kind === 'AnnAssign'
        ? [[node.target], node.value]
        : node.kind === 'AugAssign' || node.kind === 'For'
          ? [[node.target], null]
          : [[], null]
  for (const target of targets) assign(target, value, scope)
}

function assign(target: Expression, value: Expression | null, scope: Scope): void {
  if (target.kind === 'Name') scope.set(target.id, scope.has(target.id) ? null : value)
  else if (target.kind === 'Tuple' || target.kind === 'List')
    for (const part of target.elts) assign(part, null, scope)
}

/** A number, or a name that stands for one: a constant, or a parameter by its default. */
function numberOf(expression: Expression, scopes: readonly Scope[], depth = 8): number | null {
  if (expression.kind === 'Number') return expression.imaginary ? null : expression.value
  if (expression.kind !== 'Name' || depth === 0) return null
  const at = scopes.findIndex((scope) => scope.has(expression.id))
  const value = scopes[at]?.get(expression.id)
  if (!value) return null
  // a default such as `dim=dim` means the name around the function
  const isOuter = value.kind === 'Name' && value.id === expression.id
  return numberOf(value, scopes.slice(isOuter ? at + 1 : at), depth - 1)
}

/** `dim` of an `arange(0, dim, 2)` within an expression, or within what its names stand for. */
function steppedTo(expression: Expression, scopes: readonly Scope[], depth = 3): Expression | null {
  let found: Expression | null = null
  walk(expression, (node) => {
    if (found) return false
    if (node.kind === 'Name' && depth > 0) {
      const value = scopes.find((scope) => scope.has(node.id))?.get(node.id)
      if (value) found = steppedTo(value, scopes, depth - 1)
    }
    if (node.kind !== 'Call' || nameOf(node.func) !== 'arange') return true
    const [from, to, step] = node.args
    if (!to || !isNumber(from, 0) || !isNumber(step, 2)) return true
    found = to
    return false
  })
  return found
}

/** How the file turns pairs: told by how it puts them together; none for files that turn nothing. */
function layoutsOf(tree: ModuleTree): Set<Layout> {
  const seen = new Set<Layout>()
  walk(tree, (node) => {
    if (node.kind !== 'Call') return true
    const name = nameOf(node.func)
    if (name === 'view_as_complex') seen.add('complex')
    const [parts] = node.args
    if (!isTurned(parts)) return true
    if (['cat', 'concat', 'concatenate'].includes(name)) seen.add('half-split')
    if (name === 'stack') seen.add('interleaved')
    return true
  })
  return seen
}

/** `(-b, a)`, or `(a·c − b·s, a·s + b·c)`. */
function isTurned(parts: Expression | undefined): boolean {
  if (parts?.kind !== 'Tuple' && parts?.kind !== 'List') return false
  const [first, second, ...others] = parts.elts
  if (!first || !second || others.length > 0) return false
  if (first.kind === 'UnaryOp') return first.op === '-'
  return isSumOfProducts(first, '-') && isSumOfProducts(second, '+')
}

const isSumOfProducts = (expression: Expression, op: '+' | '-'): boolean =>
  expression.kind === 'BinOp' &&
  expression.op === op &&
  [expression.left, expression.right].every((part) => part.kind === 'BinOp' && part.op === '*')

const nameOf = (called: Expression): string =>
  called.kind === 'Attribute' ? called.attr : called.kind === 'Name' ? called.id : ''

const isNumber = (expression: Expression | undefined, value: number): boolean =>
  expression?.kind === 'Number' && expression.value === value
