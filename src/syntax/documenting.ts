// Which functions write a docstring for what they are given and do nothing else to it, as many decorators do.

import type { Expression, FunctionDef, Node } from './tree'
import { childrenOf } from './walk'

const known = new WeakMap<FunctionDef, boolean>()

/** True for a function that gives its first parameter a docstring and gives it back, and keeps it nowhere. */
export function documents(definition: FunctionDef): boolean {
  let answer = known.get(definition)
  if (answer === undefined) known.set(definition, (answer = readDocuments(definition)))
  return answer
}

function readDocuments({ params: [first], body }: FunctionDef): boolean {
  if (!first || first.category.startsWith('var') || body.at(-1)?.kind !== 'Return') return false
  const { name } = first
  const isIt = (node: Expression | null): boolean => node?.kind === 'Name' && node.id === name
  let setsText = false
  const isSetting = (target: Expression, value: Expression | null): boolean => {
    if (target.kind === 'Attribute' && isIt(target.value)) {
      const isText = target.attr === '__doc__'
      setsText ||= isText
      return isText
    }
    return target.kind === 'Name' ? !isIt(target) : !mentions(target, name) && !isIt(value)
  }
  const isHarmless = (node: Node): boolean => {
    switch (node.kind) {
      case 'FunctionDef':
      case 'ClassDef':
      case 'Lambda':
      case 'Global':
      case 'Nonlocal':
      case 'Delete':
      case 'Yield':
      case 'YieldFrom':
        return false
      case 'Return':
        return isIt(node.value)
      case 'Assign':
        return node.targets.every((target) => isSetting(target, node.value))
      case 'AugAssign':
      case 'AnnAssign':
        return isSetting(node.target, node.value)
      case 'For':
      case 'NamedExpr':
        return !mentions(node.target, name)
      case 'Expr':
        return !mentions(node.value, name)
      default:
        return true
    }
  }
  const isHarmlessWhole = (node: Node): boolean => isHarmless(node) && childrenOf(node).every(isHarmlessWhole)
  return body.every(isHarmlessWhole) && setsText
}

const mentions = (node: Node, name: string): boolean =>
  (node.kind === 'Name' && node.id === name) || childrenOf(node).some((child) => mentions(child, name))
