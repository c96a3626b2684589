// Loops: unrolled where the items are known, else run until nothing changes any more.

import { constant, type Dim, Sym } from '../dims/dim'
import { birthsNow } from '../dims/trail'
import type { For, Statement, While } from '../syntax/tree'
import type { PossibleItem, Value } from '../trace/values'
import { applyJoined, fork, type Outcome, recordExit, resolvedWrites } from './branch'
import { evaluateCondition } from './conditions'
import { anyItem, iterableItems, possibleItems } from './containers'
import { evaluate } from './expressions'
import { contains } from './functions'
import type { Interpreter, LoopExits } from './interpreter'
import { advance } from './iterators'
import { Pace } from './pace'
import { PythonRaise } from './signals'
import { assignTarget, runBlock } from './statements'
import { cutTrace, traceMark } from './trace-marks'
import { seenByTurns, widen } from './widening'

export function runFor(interp: Interpreter, node: For): Outcome {
  const iterable = interp.settle(evaluate(interp, node.iter))
  const items = iterableItems(interp, iterable)
  if (!items) {
    const possible = node.body.some(mayBreak) ? null : possibleItems(interp, iterable)
    return possible ? runPossible(interp, node, possible) : runForAny(interp, node, iterable)
  }
  const pace = new Pace(interp, items.length)
  for (const [i, item] of items.entries()) {
    if (pace.isTooSlow()) return runForAny(interp, node, iterable, constant(items.length - i))
    advance(interp, iterable, 1)
    const ended = runOnce(interp, node.body, () => assignTarget(interp, node.target, item))
    if (ended === 'break') return 'next'
    if (ended !== 'next') return ended
  }
  return runBlock(interp, node.orelse)
}

/** The turns of a loop over items of which some need not be there. */
function runPossible(interp: Interpreter, node: For, items: readonly PossibleItem[]): Outcome {
  for (const { value, isOptional } of items) {
    const turn = (): Outcome => runOnce(interp, node.body, () => assignTarget(interp, node.target, value))
    const ended = isOptional ? fork(interp, [() => 'next', turn]) : turn()
    if (ended !== 'next') return ended
  }
  return runBlock(interp, node.orelse)
}

const mayBreak = (statement: Statement): boolean => contains(statement, ({ kind }) => kind === 'Break')

/** The turns of a loop for whichever items they are, of which `left` are to come. */
function runForAny(interp: Interpreter, node: For, iterable: Value, left: Dim | null = null): Outcome {
  const { element, length } = anyItem(interp, iterable, node.iter)
  const bindTarget = (): void => assignTarget(interp, node.target, element)
  const outcome = runUntilStable(interp, node, bindTarget, left ?? length)
  return outcome === 'next' ? runBlock(interp, node.orelse) : outcome
}

/** So many turns that may have returned are followed one by one: what each of them leaves is kept until the end. */
const mostReturningTurns = 32

export function runWhile(interp: Interpreter, node: While): Outcome {
  const exits = interp.activation?.exits ?? []
  let returning = 0
  for (let count = 0; count < 2048 && returning < mostReturningTurns; count++) {
    const exitsBefore = exits.length
    const condition = evaluateCondition(interp, node.test)
    if (condition.truth === false) return runBlock(interp, node.orelse)
    if (condition.truth === null) break
    const turn = runTurn(interp, node.body, () => {})
    if (turn.breaks.length > 0) return afterBreaks(interp, node, turn, turnsAhead(interp))
    const ended = joinTurn(interp, turn)
    if (ended === 'break') return 'next'
    if (ended !== 'next') return ended
    if (exits.length > exitsBefore) returning++
  }
  return runUndecided(interp, node, turnsAhead(interp))
}

/** So many turns of a loop that may end after each are followed one by one. */
const undecidedTurns = 12
/** The share of the work that is left which they may take. */
const undecidedShare = 0.25

/** How many undecided turns may follow, and up to which step. */
interface TurnsAhead {
  readonly count: number
  readonly steps: number
}

const turnsAhead = (interp: Interpreter): TurnsAhead => ({
  count: interp.isConcrete && interp.forks === 0 ? undecidedTurns : 0,
  steps: interp.steps + undecidedShare * (interp.budget - interp.steps),
})

/** A loop of which it is not known whether it goes on: each turn is followed beside the path that ends before it. */
function runUndecided(interp: Interpreter, node: While, ahead: TurnsAhead): Outcome {
  const isFar = ahead.count === 0 || interp.steps > ahead.steps
  const others = (): Outcome =>
    runUntilStable(interp, node, () => evaluateCondition(interp, node.test).whenTrue(), null)
  if (isFar && !interp.isConcrete) return others()
  const condition = evaluateCondition(interp, node.test)
  if (condition.truth === false) return runBlock(interp, node.orelse)
  if (isFar) return others()
  const goOn = (): Outcome => {
    const turn = runTurn(interp, node.body, condition.whenTrue)
    return afterBreaks(interp, node, turn, { ...ahead, count: ahead.count - 1 })
  }
  if (condition.truth === true) return goOn()
  const end = (): Outcome => {
    condition.whenFalse()
    return runBlock(interp, node.orelse)
  }
  return fork(interp, [end, goOn])
}

/** What follows a turn: the paths that broke out of it end the loop, the others go on with it. */
function afterBreaks(interp: Interpreter, node: While, turn: Turn, ahead: TurnsAhead): Outcome {
  const { breaks } = turn
  if (breaks.length === 0 || turn.outcome === 'break') {
    const ended = joinTurn(interp, turn)
    return ended === 'next' ? runUndecided(interp, node, ahead) : ended === 'break' ? 'next' : ended
  }
  const others = { ...turn, breaks: [], writes: resolvedWrites(interp, turn.mark) }
  interp.trail.undo(turn.mark)
  const end = breaks.map(({ writes }) => (): Outcome => {
    interp.trail.redo(writes)
    return 'next'
  })
  const goOn = (): Outcome => {
    interp.trail.redo(others.writes)
    return afterBreaks(interp, node, others, ahead)
  }
  return fork(interp, [...end, goOn], turn.birth)
}

/** One turn of a loop's body, with the paths that left it and how the others ended. */
interface Turn extends LoopExits {
  readonly outcome: Outcome
}

function runTurn(interp: Interpreter, body: readonly Statement[], begin: () => void): Turn {
  const { activation } = interp
  const exits: LoopExits = { mark: interp.trail.mark(), birth: birthsNow(), breaks: [], continues: [] }
  if (!activation) return { ...exits, outcome: 'next' }
  const outer = activation.loop
  activation.loop = exits
  try {
    begin()
    return { ...exits, outcome: runBlock(interp, body) }
  } catch (error) {
    // Paths that went on or broke out before are left.
    if (!(error instanceof PythonRaise) || exits.breaks.length + exits.continues.length === 0) throw error
    return { ...exits, outcome: 'raise' }
  } finally {
    activation.loop = outer
  }
}

/** One turn whose paths go on together. `next` also after `continue`; paths that `break` are joined in. */
const runOnce = (interp: Interpreter, body: readonly Statement[], begin: () => void): Outcome =>
  joinTurn(interp, runTurn(interp, body, begin))

/** Joins the paths of one turn: those that fell through or continued, and those that broke out. */
function joinTurn(interp: Interpreter, { outcome, ...exits }: Turn): Outcome {
  if (exits.breaks.length === 0 && exits.continues.length === 0)
    return outcome === 'continue' ? 'next' : outcome
  const goesOn = outcome === 'next' || outcome === 'continue'
  const paths = [...exits.breaks, ...exits.continues].map((e) => e.writes)
  if (goesOn || outcome === 'break') paths.push(resolvedWrites(interp, exits.mark))
  interp.trail.undo(exits.mark)
  applyJoined(interp, paths, exits.birth)
  return !goesOn && exits.continues.length === 0 ? 'break' : 'next'
}

/**
 * A loop whose number of turns is not known. The body runs on the join of the states before and
 * after it until the join no longer changes; what it taught in the first turn stays known, since
 * code is written for loops that run.
 */
function runUntilStable(
  interp: Interpreter,
  loop: For | While,
  begin: () => void,
  length: Dim | null,
): Outcome {
  const widened = new Set<string>()
  const isSeen = seenByTurns(interp, loop)
  if (interp.activation) interp.activation.isYieldOpen = true
  for (let turn = 0; turn < 6; turn++) {
    const mark = interp.trail.mark()
    const birth = birthsNow()
    const trace = traceMark(interp)
    const problemsMark = interp.problems.length
    const outcome = asAnyTurn(interp, () => runLoopBody(interp, loop.body, begin), birth)
    if (outcome !== 'next' && outcome !== 'break') return outcome === 'raise' ? 'next' : outcome
    const changed = widen(interp, { mark, birth, length, widened, isSeen, turn })
    if (!changed || turn === 5) return 'next'
    // The events of a turn on a state that is not general enough are taken back.
    cutTrace(interp, trace)
    interp.problems.length = problemsMark
  }
  return 'next'
}

/** Runs what stands for any turn of a loop. */
export function asAnyTurn<T>(interp: Interpreter, turn: () => T, birth = birthsNow()): T {
  interp.turns.push({ birth, symbols: Sym.newest })
  try {
    return turn()
  } finally {
    interp.turns.pop()
  }
}

function runLoopBody(interp: Interpreter, body: readonly Statement[], begin: () => void): Outcome {
  const { activation } = interp
  if (!activation) return 'next'
  let ended = 'next' as Outcome
  fork(interp, [
    () => {
      ended = runOnce(interp, body, begin)
      if (ended === 'return') {
        recordExit(interp, activation, 'return')
        ended = 'next'
        return 'exited'
      }
      return ended === 'break' ? 'next' : ended
    },
  ])
  return ended === 'exited' ? 'next' : ended
}
