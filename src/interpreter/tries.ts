// `try`: the body runs; a handler runs where the body raises for certain.

import type { Try } from '../syntax/tree'
import type { Outcome } from './branch'
import { lastName } from './decorators'
import { type Interpreter, PythonRaise } from './interpreter'
import { assignName } from './scopes'
import { runBlock } from './statements'

export function runTry(interp: Interpreter, node: Try): Outcome {
  const catchesImport = node.handlers.some(
    h => !h.type || ['ImportError', 'ModuleNotFoundError', 'Exception'].includes(lastName(h.type) ?? ''),
  )
  interp.importGuards += catchesImport ? 1 : 0
  let outcome: Outcome
  try {
    outcome = runBlock(interp, node.body)
  } catch (error) {
    if (!(error instanceof PythonRaise)) throw error
    outcome = 'raise'
  } finally {
    interp.importGuards -= catchesImport ? 1 : 0
  }
  if (outcome === 'raise') {
    const [handler] = node.handlers
    if (handler) {
      if (handler.name) assignName(interp, handler.name, interp.unknown('an exception', handler.name))
      outcome = runBlock(interp, handler.body)
    }
  } else if (outcome === 'next') outcome = runBlock(interp, node.orelse)
  const last = runBlock(interp, node.finalbody)
  return last === 'next' ? outcome : last
}
