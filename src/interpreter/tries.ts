// `try`: the body runs; where it raises for certain, the handler runs that catches what it raised.

import type { Try } from '../syntax/tree'
import { none } from '../trace/values'
import type { Outcome } from './branch'
import { lastName } from './decorators'
import { handledNames, isCaughtBy } from './exceptions'
import { type Interpreter, PythonRaise } from './interpreter'
import { assignName } from './scopes'
import { runBlock } from './statements'

export function runTry(interp: Interpreter, node: Try): Outcome {
  let outcome = runBody(interp, node)
  if (outcome === 'raise') {
    const handler = node.handlers.find((h) => isCaughtBy(interp, h.type, interp.raised) !== false)
    if (handler) {
      const exception =
        interp.raised.kind === 'object' ? interp.raised : interp.unknown('an exception', handler.name)
      if (handler.name) assignName(interp, handler.name, exception)
      outcome = runCaught(interp, () => runBlock(interp, handler.body))
    }
  } else if (outcome === 'next') outcome = runCaught(interp, () => runBlock(interp, node.orelse))
  const last = runBlock(interp, node.finalbody)
  return last === 'next' ? outcome : last
}

function runBody(interp: Interpreter, node: Try): Outcome {
  const catchesImport = node.handlers.some(
    (h) => !h.type || ['ImportError', 'ModuleNotFoundError', 'Exception'].includes(lastName(h.type) ?? ''),
  )
  interp.importGuards += catchesImport ? 1 : 0
  interp.handled.push(node.handlers.flatMap((h) => handledNames(h.type)))
  try {
    return runCaught(interp, () => runBlock(interp, node.body))
  } finally {
    interp.handled.pop()
    interp.importGuards -= catchesImport ? 1 : 0
  }
}

/** What is raised on the way out of a call ends a block like a `raise` in it. */
function runCaught(interp: Interpreter, body: () => Outcome): Outcome {
  interp.raised = none
  try {
    return body()
  } catch (error) {
    if (!(error instanceof PythonRaise)) throw error
    interp.raised = error.exception
    return 'raise'
  }
}
