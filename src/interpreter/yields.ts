// `yield`: what a generator gives, and where the body of a `with` runs.

import type { Yield } from '../syntax/tree'
import { none, unknown, type Value } from '../trace/values'
import type { Activation } from './activation'
import { elementOf, iterableItems } from './containers'
import { evaluate } from './expressions'
import type { Interpreter } from './interpreter'

export function evaluateYield(interp: Interpreter, node: Yield): Value {
  const value = node.value ? evaluate(interp, node.value) : none
  const { activation } = interp
  if (!activation) return none
  // Another path may give another value, or none.
  if (interp.forks > activation.forks) activation.isYieldOpen = true
  if (node.kind === 'YieldFrom')
    activation.yields.push(
      ...(iterableItems(interp, value) ?? [elementOf(interp, value)?.element ?? unknown('yield from')]),
    )
  else {
    activation.yields.push(value)
    runBody(activation, value)
  }
  return none
}

/** Runs the body of the `with` that called a function, where it is certain that the function comes by here. */
function runBody(activation: Activation, yielded: Value): void {
  const { around } = activation
  if (!around || activation.isYieldOpen || activation.exits.length > 0) return
  activation.around = null
  around(yielded)
}
