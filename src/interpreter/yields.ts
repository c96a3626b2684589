// `yield`: what a generator gives, and what runs where it does: the body of a `with`, or what `next` goes on with.

import type { Call, Yield } from '../syntax/tree'
import { none, tuple, unknown, type Value } from '../trace/values'
import type { Activation } from './activation'
import { evaluateCall } from './calls'
import { elementOf, iterableItems } from './containers'
import { evaluate } from './expressions'
import { isGenerator } from './functions'
import type { Interpreter } from './interpreter'
import { BoundMethod, FunctionObject, IteratorObject } from './objects'

export type Around = (yielded: Value) => void

export function evaluateYield(interp: Interpreter, node: Yield): Value {
  const { activation } = interp
  // Another path may give another value, or none.
  if (activation && interp.forks > activation.forks) activation.isYieldOpen = true
  const { value: given } = node
  // What runs at the first value runs where another generator gives it.
  const value =
    activation?.around && node.kind === 'YieldFrom' && given?.kind === 'Call'
      ? evaluateCall(interp, given, (yielded) => runBody(activation, yielded))
      : given
        ? evaluate(interp, given)
        : none
  if (!activation) return none
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

/** Has something run where the function that is called next first yields, if it is a generator of the user's own. */
export function runsAround({ activation }: Interpreter, callee: Value, run: Around): void {
  const fn = callee instanceof BoundMethod ? callee.callable : callee
  if (!activation || !(fn instanceof FunctionObject) || fn.definition.kind === 'Lambda') return
  // What another module does is followed for so many steps.
  if (fn.scope.module.pending === null && isGenerator(fn.definition))
    activation.entering = { definition: fn.definition, run }
}

/** The first value of a generator, and the end of its run. */
class FirstValue {
  constructor(readonly value: Value) {}
}

/** A generator of which `next` takes one value: its function runs until it gives one for certain. */
export function calledForOne(interp: Interpreter, node: Call): Value {
  try {
    return evaluateCall(interp, node, (yielded) => {
      throw new FirstValue(yielded)
    })
  } catch (error) {
    if (!(error instanceof FirstValue)) throw error
    return new IteratorObject(tuple([error.value]))
  }
}
