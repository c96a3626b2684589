// `try`: the body runs, and the handler that catches what it raised or may have raised.

import { birthsNow } from '../dims/trail'
import type { Try } from '../syntax/tree'
import { none, type Value } from '../trace/values'
import { fork, type Outcome, resolvedWrites, type TryBody } from './branch'
import { lastName } from './decorators'
import { handledNames, isCaughtBy } from './exceptions'
import { type Interpreter, PythonRaise } from './interpreter'
import { assignName } from './scopes'
import { runBlock } from './statements'

export function runTry(interp: Interpreter, node: Try): Outcome {
  const birth = birthsNow()
  const eventsMark = interp.events.length
  const { outcome: ofBody, mark, raises } = runBody(interp, node)
  const caught =
    ofBody === 'raise' ? [] : raises.filter(({ exception }) => handlerOf(interp, node, exception))
  let outcome: Outcome
  if (caught.length === 0) outcome = runRest(interp, node, ofBody)
  else {
    // Whether the body raises is not known: what follows runs on the join of both.
    const { activation } = interp
    const writes = resolvedWrites(interp, mark)
    const returned = activation?.returnValue ? interp.resolved(activation.returnValue) : null
    interp.resolveEvents(eventsMark)
    interp.trail.undo(mark)
    const through = (): Outcome => {
      interp.trail.redo(writes)
      if (activation && ofBody === 'return') activation.returnValue = returned
      return runRest(interp, node, ofBody)
    }
    const raised = caught.map(({ writes, exception }) => (): Outcome => {
      interp.trail.redo(writes)
      return runHandler(interp, node, exception)
    })
    outcome = fork(interp, [through, ...raised], birth)
  }
  const last = runBlock(interp, node.finalbody)
  return last === 'next' ? outcome : last
}

/** What comes after the body: the handler of what it raised, or `else`. */
function runRest(interp: Interpreter, node: Try, ofBody: Outcome): Outcome {
  if (ofBody === 'raise') return runHandler(interp, node, interp.raised)
  return ofBody === 'next' ? runCaught(interp, () => runBlock(interp, node.orelse)) : ofBody
}

const handlerOf = (interp: Interpreter, node: Try, exception: Value): Handler | undefined =>
  node.handlers.find((h) => isCaughtBy(interp, h.type, exception) !== false)

function runHandler(interp: Interpreter, node: Try, raised: Value): Outcome {
  const handler = handlerOf(interp, node, raised)
  if (!handler) return 'raise'
  const exception = raised.kind === 'object' ? raised : interp.unknown('an exception', handler.name)
  if (handler.name) assignName(interp, handler.name, exception)
  return runCaught(interp, () => runBlock(interp, handler.body))
}

function runBody(interp: Interpreter, node: Try): TryBody & { readonly outcome: Outcome } {
  const catchesImport = node.handlers.some(
    (h) => !h.type || ['ImportError', 'ModuleNotFoundError', 'Exception'].includes(lastName(h.type) ?? ''),
  )
  interp.importGuards += catchesImport ? 1 : 0
  const names = node.handlers.flatMap((h) => handledNames(h.type))
  const body: TryBody = { names, mark: interp.trail.mark(), raises: [] }
  interp.tries.push(body)
  try {
    return { ...body, outcome: runCaught(interp, () => runBlock(interp, node.body)) }
  } finally {
    interp.tries.pop()
    interp.importGuards -= catchesImport ? 1 : 0
  }
}

type Handler = Try['handlers'][number]

/** What is raised on the way out of a call ends a block like a `raise` in it. */
export function runCaught(interp: Interpreter, body: () => Outcome): Outcome {
  interp.raised = none
  try {
    return body()
  } catch (error) {
    if (!(error instanceof PythonRaise)) throw error
    interp.raised = error.exception
    return 'raise'
  }
}
