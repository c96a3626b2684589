// Which variables a function may get with several numbers of dims, since it asks how many there are.

import type { Expression, FunctionDef, Lambda } from './tree'
import { walk } from './walk'

const known = new WeakMap<FunctionDef | Lambda, ReadonlySet<string>>()

/** The variables whose `x.ndim`, `x.dim()` or `len(x.shape)` is compared, or kept in a variable. */
export function askedRanks(definition: FunctionDef | Lambda): ReadonlySet<string> {
  let asked = known.get(definition)
  if (!asked) known.set(definition, (asked = readAsked(definition)))
  return asked
}

function readAsked(definition: FunctionDef | Lambda): Set<string> {
  const asked = new Set<string>()
  walk(definition, (node) => {
    const parts =
      node.kind === 'Compare' ? [node.left, ...node.comparators] : node.kind === 'Assign' ? [node.value] : []
    for (const part of parts) {
      const of = rankSubject(part)
      if (of?.kind === 'Name') asked.add(of.id)
    }
  })
  return asked
}

/** What an expression is the number of dims of; null for any other. */
export function rankSubject(node: Expression): Expression | null {
  if (node.kind === 'Attribute') return node.attr === 'ndim' ? node.value : null
  if (node.kind !== 'Call') return null
  const { func } = node
  const [first] = node.args
  if (func.kind === 'Attribute' && func.attr === 'dim' && !first) return func.value
  const isLength = func.kind === 'Name' && func.id === 'len'
  return isLength && first?.kind === 'Attribute' && first.attr === 'shape' ? first.value : null
}
