// Text that spells a value out as Python's own literals do.

import { parseModule } from '../syntax/parse'
import type { Expression } from '../syntax/tree'
import { bool, dict, float, int, list, none, str, tuple, type Value } from '../trace/values'
import { setItem } from './containers'
import type { Interpreter } from './interpreter'

/** Longer texts are data, in which nobody looks for a size. */
const longest = 20_000

/** What `ast.literal_eval` makes of a text; null if that is no literal. */
export function valueOfLiteral(interp: Interpreter, text: string): Value | null {
  if (text.length > longest) return null
  const { body, problems } = parseModule(`(${text.trim()}\n)`)
  const [statement] = body
  if (problems.length > 0 || body.length !== 1 || statement?.kind !== 'Expr') return null
  return spelt(interp, statement.value)
}

function spelt(interp: Interpreter, node: Expression): Value | null {
  const all = (nodes: readonly Expression[]): Value[] | null => {
    const values = nodes.map((n) => spelt(interp, n))
    return values.every((v) => v !== null) ? values : null
  }
  switch (node.kind) {
    case 'Number':
      return node.imaginary ? null : node.isFloat ? float(node.value) : int(node.value)
    case 'String':
      return node.isBytes ? null : str(node.value)
    case 'Constant':
      return node.value === null ? none : node.value === 'ellipsis' ? null : bool(node.value)
    case 'UnaryOp': {
      const operand = spelt(interp, node.operand)
      if (node.op !== '-' || !operand) return null
      if (operand.kind === 'float' && operand.value !== null) return float(-operand.value)
      return operand.kind === 'int' && operand.dim.value !== null ? int(-operand.dim.value) : null
    }
    case 'List': {
      const items = all(node.elts)
      return items && list(items)
    }
    case 'Tuple': {
      const items = all(node.elts)
      return items && tuple(items)
    }
    case 'Dict': {
      const keys = all(node.keys.flatMap((k) => k ?? []))
      const values = all(node.values)
      if (!keys || keys.length !== node.keys.length || !values) return null
      const made = dict()
      for (const [i, key] of keys.entries()) setItem(interp, made, key, values[i] ?? none)
      return made
    }
    default:
      return null
  }
}
