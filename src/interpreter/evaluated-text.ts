// `eval` of a text that is known: an expression that means what it would where `eval` is called.

import type { Arguments } from '../ops/op'
import { parseModule } from '../syntax/parse'
import type { Expression } from '../syntax/tree'
import { none, type Value } from '../trace/values'
import { evaluate } from './expressions'
import type { Interpreter } from './interpreter'

/** Longer texts are programs. */
const longest = 2000

const parsed = new Map<string, Expression | null>()

function expressionOf(text: string): Expression | null {
  const known = parsed.get(text)
  if (known !== undefined) return known
  const { body, problems } = parseModule(`(${text.trim()}\n)`)
  const [statement] = body
  const expression =
    problems.length === 0 && body.length === 1 && statement?.kind === 'Expr' ? statement.value : null
  if (parsed.size > 1000) parsed.clear()
  parsed.set(text, expression)
  return expression
}

/** `eval(text)`; its nodes lie in no file, so that nothing is told of them, neither shapes nor problems. */
export function evaluateText(interp: Interpreter, { positional, keywords }: Arguments): Value {
  const text = interp.settle(positional[0] ?? none)
  const isElsewhere = positional.length > 1 || keywords.size > 0
  const known = text.kind === 'str' && !isElsewhere && text.value !== null && text.value.length <= longest
  const node = known && text.value ? expressionOf(text.value) : null
  if (!node) return interp.unknown('what eval makes of a text')
  const [events, problems, { place, placeFrame }] = [interp.events.length, interp.problems.length, interp]
  try {
    return evaluate(interp, node)
  } finally {
    interp.events.length = events
    interp.problems.length = problems
    Object.assign(interp, { place, placeFrame })
  }
}
