// How code turns the pairs of a head: told by how it puts them together again.

import type { Expression, ModuleTree } from '../syntax/tree'
import { walk } from '../syntax/walk'

export type Layout = 'half-split' | 'interleaved' | 'complex'

const joins = new Set(['cat', 'concat', 'concatenate'])

/** All that a file does; none for files that turn nothing. */
export function layoutsOf(tree: ModuleTree): Set<Layout> {
  const seen = new Set<Layout>()
  const sums = turnedNames(tree)
  walk(tree, (node) => {
    if (node.kind === 'Assign' && node.targets.some(isEveryOther) && isTurnedPart(node.value))
      seen.add('interleaved')
    if (node.kind !== 'Call') return true
    const name = nameOf(node.func)
    if (name === 'view_as_complex') seen.add('complex')
    const [parts] = node.args
    if (!isTurned(parts, sums)) return true
    if (joins.has(name)) seen.add('half-split')
    if (name === 'stack') seen.add('interleaved')
    return true
  })
  return seen
}

/** Names of `a·c − b·s` and `a·s + b·c`. */
function turnedNames(tree: ModuleTree): Set<string> {
  const names = new Set<string>()
  walk(tree, (node) => {
    if (node.kind === 'Assign' && isTurnedPart(node.value))
      for (const target of node.targets) if (target.kind === 'Name') names.add(target.id)
    return true
  })
  return names
}

/** `(-b, a)`, or `(a·c − b·s, a·s + b·c)`, or names of those. */
function isTurned(parts: Expression | undefined, sums: ReadonlySet<string>): boolean {
  if (parts?.kind !== 'Tuple' && parts?.kind !== 'List') return false
  const [first, second, ...others] = parts.elts
  if (!first || !second || others.length > 0) return false
  if (first.kind === 'UnaryOp') return first.op === '-'
  return [first, second].every((part) => isTurnedPart(part) || (part.kind === 'Name' && sums.has(part.id)))
}

/** A sum or difference of two products. */
const isTurnedPart = (expression: Expression): boolean =>
  expression.kind === 'BinOp' &&
  (expression.op === '+' || expression.op === '-') &&
  [expression.left, expression.right].every((part) => part.kind === 'BinOp' && part.op === '*')

/** `x[..., ::2]` or `x[..., 1::2]`. */
export function isEveryOther(target: Expression): boolean {
  if (target.kind !== 'Subscript') return false
  const last = target.slice.kind === 'Tuple' ? target.slice.elts.at(-1) : target.slice
  return last?.kind === 'Slice' && last.step?.kind === 'Number' && last.step.value === 2
}

const nameOf = (called: Expression): string =>
  called.kind === 'Attribute' ? called.attr : called.kind === 'Name' ? called.id : ''
