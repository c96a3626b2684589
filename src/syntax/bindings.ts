// The names that a statement of a module binds or changes, found without running it.

import type { Expression, If, Node, Statement } from './tree'
import { childrenOf } from './walk'

/** Methods that change what they are called on. */
const mutators = new Set(
  'add append clear extend insert pop popitem register remove setdefault sort update'.split(' '),
)

/** The name that an attribute, a subscript or a call of it starts from: `x` of `x.a[0]`. */
function rootName(node: Expression): string | null {
  switch (node.kind) {
    case 'Name':
      return node.id
    case 'Attribute':
    case 'Subscript':
      return rootName(node.value)
    default:
      return null
  }
}

/** The single targets in one: `a`, `b` and `c.d` of `a, (*b, c.d)`. */
export const targetsIn = (target: Expression): readonly Expression[] => {
  if (target.kind === 'Tuple' || target.kind === 'List') return target.elts.flatMap(targetsIn)
  return target.kind === 'Starred' ? targetsIn(target.value) : [target]
}

/** The names that a statement binds, or whose values it may change; a star import's are not among them. */
export function touchedNames(statement: Statement): Set<string> {
  const names = new Set<string>()
  visit(statement, names)
  return names
}

function visit(node: Node, names: Set<string>): void {
  const add = (target: Expression): void => {
    for (const single of targetsIn(target)) {
      const root = rootName(single)
      if (root !== null) names.add(root)
    }
  }
  switch (node.kind) {
    case 'FunctionDef':
    case 'ClassDef':
      names.add(node.name)
      return
    case 'Lambda':
      return
    case 'Import':
      for (const { name, asname } of node.names) names.add(asname ?? name.split('.')[0] ?? name)
      return
    case 'ImportFrom':
      for (const { name, asname } of node.names) if (name !== '*') names.add(asname ?? name)
      return
    case 'Assign':
    case 'Delete':
      node.targets.forEach(add)
      break
    case 'AugAssign':
    case 'AnnAssign':
    case 'For':
      add(node.target)
      break
    case 'With':
      for (const { target } of node.items) if (target) add(target)
      break
    case 'NamedExpr':
      add(node.target)
      break
    case 'TypeAlias':
      names.add(node.name)
      break
    case 'MatchCapture':
    case 'MatchStar':
      if (node.name !== null) names.add(node.name)
      break
    case 'Expr':
      // A call that stands alone is there for what it does to its receiver or its arguments.
      if (node.value.kind === 'Call') {
        if (node.value.func.kind === 'Attribute') add(node.value.func)
        for (const argument of node.value.args) if (argument.kind === 'Name') add(argument)
      }
      break
    case 'Call':
      if (node.func.kind === 'Attribute' && mutators.has(node.func.attr)) add(node.func)
      break
    default:
  }
  for (const child of childrenOf(node)) visit(child, names)
}

/** True for `if TYPE_CHECKING:`, also with `or …`, whose imports name what a lazily filled module has. */
export const isTypeChecking = (statement: Statement): statement is If =>
  statement.kind === 'If' && saysTypeChecking(statement.test)

const saysTypeChecking = (test: Expression): boolean =>
  (test.kind === 'Name' && test.id === 'TYPE_CHECKING') ||
  (test.kind === 'Attribute' && test.attr === 'TYPE_CHECKING') ||
  (test.kind === 'BoolOp' && test.op === 'or' && test.values.some(saysTypeChecking))
