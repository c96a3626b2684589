// `try`: the body runs, and the handler that catches what it raised or may have raised.

import { birthsNow } from '../dims/trail'
import type { Try } from '../syntax/tree'
import { walk } from '../syntax/walk'
import type { Code } from '../trace/codes'
import { none, type Value } from '../trace/values'
import { fork, type Outcome, resolvedWrites, type TryBody } from './branch'
import { lastName } from './decorators'
import { handledNames, isCaughtBy } from './exceptions'
import type { Interpreter } from './interpreter'
import { assignName } from './scopes'
import { PythonRaise } from './signals'
import { runBlock } from './statements'
import { resolveTrace, traceMark } from './trace-marks'

export function runTry(interp: Interpreter, node: Try): Outcome {
  const birth = birthsNow()
  const trace = traceMark(interp)
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
    resolveTrace(interp, trace)
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
  const before = interp.problems.length
  interp.tries.push(body)
  try {
    return { ...body, outcome: runCaught(interp, () => runBlock(interp, node.body)) }
  } finally {
    interp.tries.pop()
    dropHandled(interp, node, before)
    interp.importGuards -= catchesImport ? 1 : 0
  }
}

type Handler = Try['handlers'][number]

/** What PyTorch and Python raise for a problem; a RuntimeError for most. */
const raisedFor: Partial<Record<Code, string>> = {
  'annotation-mismatch': '',
  'call-mismatch': 'TypeError',
  'dim-out-of-range': 'IndexError',
  'index-mismatch': 'IndexError',
  'index-out-of-range': 'IndexError',
  'too-many-indices': 'IndexError',
  'unpack-mismatch': 'ValueError',
}

/** An error in the body for which a handler asks by name, and goes on, is none. */
function dropHandled(interp: Interpreter, node: Try, before: number): void {
  if (interp.problems.length === before) return
  const names = node.handlers.filter(goesOn).flatMap((h) => (h.type ? handledNames(h.type) : []))
  const isHandled = (code: Code): boolean => names.includes(raisedFor[code] ?? 'RuntimeError')
  const kept = interp.problems.slice(before).filter((p) => p.severity !== 'error' || !isHandled(p.code))
  if (names.length > 0) interp.problems.splice(before, Number.POSITIVE_INFINITY, ...kept)
}

function goesOn({ body }: Handler): boolean {
  let raises = false
  for (const statement of body)
    walk(statement, (inner) => {
      raises ||= inner.kind === 'Raise'
    })
  return !raises
}

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
