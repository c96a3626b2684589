// A function on its own, with nothing known of its callers: as its code tells, and with what is assumed where that leaves ranks open.

import { askedRanks } from '../syntax/asked-ranks'
import { openShape } from '../tensors/shape'
import { makeTensor } from '../tensors/tensor'
import { none, type Value } from '../trace/values'
import { genericInstance } from './classes'
import { withoutTextErrors } from './default-texts'
import { genericArgument, runFunction } from './functions'
import { habitualTensor, hasHabit } from './habits'
import type { Interpreter } from './interpreter'
import { generaliseAround, openBetween } from './mutable-state'
import { isOfUnknownRank, openNotes, withAssumed } from './notation/assumed'
import type { ShapeNote } from './notation/comment'
import { type ClassObject, type FunctionObject, InstanceObject } from './objects'
import { type Run, runOf } from './run'
import { openFilled } from './unfollowed'

export const genericBudget = 250_000

/** A function, and what `self` is in it. */
export interface Callee {
  readonly fn: FunctionObject
  readonly self: Value | null
  readonly cls: ClassObject | null
}

/** What a run takes as true: notes, those of them that are about its parameters, and habitual parameters. */
interface Assumptions {
  readonly notes: Pick<ReadonlySet<ShapeNote>, 'has'>
  readonly parameters: ReadonlySet<string>
  readonly habits: ReadonlySet<string>
  /** True if layers over space are taken to get a batch, where that is open. */
  readonly batches: boolean
}
interface Known extends Assumptions {
  readonly notes: ReadonlySet<ShapeNote>
}

const nothingAssumed: Known = {
  notes: new Set(),
  parameters: new Set(),
  habits: new Set(),
  batches: false,
}

/** What held of a function, to begin with when its text is edited. */
export interface Held extends Known {
  /** The codes of the problems that its code has. */
  readonly codes: ReadonlySet<string>
}

/** A run of a function, and what was assumed in it; null for nothing. */
export interface Outcome {
  readonly run: Run
  readonly held: Held | null
}

/**
 * Where a function's code leaves ranks open, comments, docstrings and naming habits are taken as true in
 * another run, which counts unless it refutes something. With what held before an edit, that run comes
 * first, and is given out early: its shapes are those in the end if all that held still does.
 */
export function* runAlone(
  interp: Interpreter,
  { fn, self, cls }: Callee,
  before: Held | null,
): Generator<Run, Outcome> {
  const mark = interp.trail.mark()
  let bound = new Map<string, Value>()
  const once = (assumptions: Assumptions, by: () => Value | null = () => self): Pass => {
    const batches = { areAssumed: assumptions.batches, areOpen: false, areMissing: false }
    interp.notes.assumed = assumptions.notes
    interp.batches = batches
    const run = runOf(interp, 'generic', fn.name, fn.definition, genericBudget, () => {
      bound = runGeneric(interp, fn, by(), assumptions)
    })
    return { run, batches }
  }
  const early = before && runEarly(before, once)
  interp.trail.undo(mark)
  if (early?.isLikely) yield early.run

  const { run, batches } = once(nothingAssumed)
  const noted = openNotes(interp, fn.definition)
  const isHabitual = (name: string, value: Value): boolean =>
    hasHabit(name) && isOfUnknownRank(interp, value) && !askedRanks(fn.definition).has(name)
  const habits = new Set([...bound].filter(([n, v]) => isHabitual(n, v)).map(([n]) => n))
  interp.trail.undo(mark)
  const isOnInstance = cls !== null && self instanceof InstanceObject
  const first = withoutTextErrors(interp, run, () => {
    const other = once(nothingAssumed, () => (isOnInstance ? genericInstance(interp, cls) : self))
    interp.trail.undo(mark)
    return other.run
  })
  const codes = new Set(first.problems.map(({ code }) => code))
  for (const assumed of assumptionsOf({ ...noted, habits, batches: batches.areOpen })) {
    const second = early && areAlike(early.assumed, assumed) ? early : once(assumed)
    interp.trail.undo(mark)
    // A batch that only an assumption denies speaks against it.
    const run = batches.areOpen && second.batches.areMissing ? null : withAssumed(first, second.run)
    if (run) return { run, held: { ...assumed, codes } }
  }
  return { run: first, held: null }
}

/** A run, and what it found of layers over space that take images with and without a batch. */
interface Pass {
  readonly run: Run
  readonly batches: Interpreter['batches']
}

/** A run with what held before an edit, and what it took of that. */
function runEarly(before: Held, once: (assumptions: Assumptions) => Pass) {
  const texts = new Set([...before.notes].map(textOf))
  const notes = new Set<ShapeNote>()
  // Notes in the edited text are other objects of the same words.
  const has = (note: ShapeNote): boolean => {
    const isHeld = before.notes.has(note) || texts.has(textOf(note))
    if (isHeld) notes.add(note)
    return isHeld
  }
  const { run, batches } = once({ ...before, notes: { has } })
  const isLikely =
    !run.isCut && !batches.areMissing && run.problems.every(({ code }) => before.codes.has(code))
  return { run, batches, assumed: { ...before, notes }, isLikely }
}

const textOf = ({ subject, index, place }: ShapeNote): string => `${subject} ${index} ${place.text}`

const areAlike = (a: Known, b: Known): boolean =>
  a.batches === b.batches &&
  areSame(a.notes, b.notes) &&
  areSame(a.parameters, b.parameters) &&
  areSame(a.habits, b.habits)

const areSame = (a: ReadonlySet<unknown>, b: ReadonlySet<unknown>): boolean =>
  a.size === b.size && [...a].every((one) => b.has(one))

/** The assumptions to try in turn: all, then those of the function's author, then those of the field. */
function assumptionsOf(open: Known): Known[] {
  const tries: Known[] = []
  const { notes, parameters, habits, batches } = open
  const hasNotes = notes.size > 0
  if (batches && (hasNotes || habits.size > 0)) tries.push(open)
  if (hasNotes && habits.size > 0) tries.push({ ...open, batches: false })
  if (hasNotes && batches) tries.push({ ...open, habits: new Set() })
  if (hasNotes) tries.push({ ...nothingAssumed, notes, parameters })
  if (habits.size > 0) tries.push({ ...nothingAssumed, habits })
  if (batches) tries.push({ ...nothingAssumed, batches })
  return tries
}

/** Runs a function with nothing known of its callers; gives its parameters as they were at the start. */
function runGeneric(
  interp: Interpreter,
  fn: FunctionObject,
  self: Value | null,
  { parameters, habits }: Assumptions = nothingAssumed,
): Map<string, Value> {
  const bound = new Map<string, Value>()
  if (self instanceof InstanceObject) openBetween(interp, fn, self)
  fn.definition.params.forEach((parameter, i) => {
    const isSelf = i === 0 && self !== null
    const argument = isSelf ? self : genericArgument(interp, fn, parameter)
    const { name } = parameter
    if (parameters.has(name) && argument.kind === 'unknown' && argument.couldBeNone)
      bound.set(name, optionalTensor())
    else if (habits.has(name) && !parameters.has(name)) {
      const habitual = habitualTensor(name)
      bound.set(name, isOptional(argument) ? { kind: 'union', options: [habitual, none] } : habitual)
    } else bound.set(name, argument)
  })
  const defined = interp.definedFunctions.length
  runFunction(interp, fn, bound, null)
  // Inner functions that nothing called are looked at on their own, as they may be called later and in any order.
  const later = interp.definedFunctions
    .slice(defined)
    .filter(({ definition }) => !interp.startedDefinitions.has(definition))
  for (const inner of later) {
    generaliseAround(interp, inner)
    openFilled(interp, inner, new Map())
  }
  for (const inner of later)
    if (!interp.startedDefinitions.has(inner.definition)) runGeneric(interp, inner, null)
  return bound
}

/** True for a parameter that is declared to be None where its caller gives nothing. */
const isOptional = (argument: Value): boolean =>
  argument.kind === 'union'
    ? argument.options.some((o) => o.kind === 'none')
    : argument.kind === 'unknown' && argument.couldBeNone

const optionalTensor = (): Value => ({
  kind: 'union',
  options: [makeTensor(openShape(), null, null), none],
})
