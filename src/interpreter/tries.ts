// `try`: the body runs, and the handler that catches what it raised or may have raised.

import { birthsNow } from '../dims/trail'
import type { Try } from '../syntax/tree'
import { walk } from '../syntax/walk'
import type { Code } from '../trace/codes'
import { none, type Value } from '../trace/values'
import { fork, type Outcome, resolvedWrites, type TryBody } from './branch'
import { handledNames, isCaughtBy } from './exceptions'
import type { Interpreter } from './interpreter'
import { assignName } from './scopes'
import { PythonRaise } from './signals'
import { runBlock } from './statements'
import { resolveTrace, traceMark } from './trace-marks'

export function runTry(interp: Interpreter, node: Try): Outcome {
  const names = node.handlers.flatMap((h) => handledNames(h.type))
  const before = interp.problems.length
  const outcome = runGuarded(interp, {
    names,
    catchesImport: names.some((name) =>
      ['', 'ImportError', 'ModuleNotFoundError', 'Exception'].includes(name),
    ),
    run: () => runBlock(interp, node.body),
    afterBody: () => dropHandled(interp, node, before),
    handles: (exception) => handlerOf(interp, node, exception) !== undefined,
    handle: (exception) => runHandler(interp, node, exception),
    goOn: (ofBody) => (ofBody === 'next' ? runCaught(interp, () => runBlock(interp, node.orelse)) : ofBody),
  })
  const last = runBlock(interp, node.finalbody)
  return last === 'next' ? outcome : last
}

/** A body whose exceptions something handles. */
export interface Guarded {
  /** The names of the types that are handled; '' for everything. */
  readonly names: readonly string[]
  readonly catchesImport: boolean
  readonly run: () => Outcome
  readonly afterBody: () => void
  readonly handles: (exception: Value) => boolean
  readonly handle: (exception: Value) => Outcome
  /** What follows a body that raised nothing. */
  readonly goOn: (ofBody: Outcome) => Outcome
}

/** Runs a body, and what handles that which it raised or may have raised. */
export function runGuarded(interp: Interpreter, guarded: Guarded): Outcome {
  const birth = birthsNow()
  const trace = traceMark(interp)
  const { outcome: ofBody, mark, raises } = runBody(interp, guarded)
  if (ofBody === 'raise') return guarded.handle(interp.raised)
  const caught = raises.filter(({ exception }) => guarded.handles(exception))
  if (caught.length === 0) return guarded.goOn(ofBody)
  // Whether the body raises is not known: what follows runs on the join of both.
  const { activation } = interp
  const writes = resolvedWrites(interp, mark)
  const returned = activation?.returnValue ? interp.resolved(activation.returnValue) : null
  resolveTrace(interp, trace)
  interp.trail.undo(mark)
  const through = (): Outcome => {
    interp.trail.redo(writes)
    if (activation && ofBody === 'return') activation.returnValue = returned
    return guarded.goOn(ofBody)
  }
  const raised = caught.map(({ writes, exception }) => (): Outcome => {
    interp.trail.redo(writes)
    return guarded.handle(exception)
  })
  return fork(interp, [through, ...raised], birth)
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

function runBody(
  interp: Interpreter,
  { names, catchesImport, run, afterBody }: Guarded,
): TryBody & { readonly outcome: Outcome } {
  interp.importGuards += catchesImport ? 1 : 0
  const body: TryBody = { names, mark: interp.trail.mark(), raises: [] }
  interp.tries.push(body)
  try {
    return { ...body, outcome: runCaught(interp, run) }
  } finally {
    interp.tries.pop()
    afterBody()
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
