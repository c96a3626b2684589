// Texts that parameters and options have by default: a caller may give another, so that no error hangs on a choice by one or on its parts.

import type { Problem } from '../trace/trace'
import type { Value } from '../trace/values'
import type { Interpreter } from './interpreter'
import { keyOf } from './notation/assumed'
import type { Run } from './run'

interface DefaultTexts {
  /** The default texts that a function's own run took, and its instance's constructor. */
  readonly taken: Set<string>
  /** True in a run in which no comparison with one of them is decided, and none is taken apart. */
  areOpen: boolean
}

const known = new WeakMap<Interpreter, DefaultTexts>()

const textsOf = (interp: Interpreter): DefaultTexts => {
  let texts = known.get(interp)
  if (!texts) known.set(interp, (texts = { taken: new Set(), areOpen: false }))
  return texts
}

/** Notes that a run goes on with the default text of a parameter or of an option. */
export const noteDefaultText = (interp: Interpreter, text: string): void => {
  textsOf(interp).taken.add(text)
}

/** Begins a run in which the default texts that another took are open. */
export const openTextsOf = (interp: Interpreter, other: Interpreter): void => {
  known.set(interp, { taken: textsOf(other).taken, areOpen: true })
}

/** Begins the runs on one instance, or of one function. */
export const forgetDefaultTexts = (interp: Interpreter): void => textsOf(interp).taken.clear()

/** True for a text that is a default, or a part of one, where these are open. */
export function isOpenText(interp: Interpreter, value: Value): boolean {
  const { taken, areOpen } = textsOf(interp)
  if (!areOpen || value.kind !== 'str' || !value.value) return false
  const { value: text } = value
  return [...taken].some((whole) => whole.includes(text))
}

/** What another text could make go away: an error, or a comment that does not hold for the default. */
const mayHangOnText = ({ severity, code }: Problem): boolean =>
  severity === 'error' || code === 'stale-comment'

/**
 * A run without those problems that it has only because of a branch that a default text decides, or of what stands
 * in it: `again` is the same run, in which none does. As a whole it counts (`mode='reflect'`). Most runs have none,
 * and cost nothing more.
 */
export function withoutTextErrors(interp: Interpreter, run: Run, again: () => Run): Run {
  const texts = textsOf(interp)
  if (texts.taken.size === 0 || run.isCut || !run.problems.some(mayHangOnText)) return run
  texts.areOpen = true
  try {
    const other = again()
    const others = new Set(other.problems.map(keyOf))
    const problems = run.problems.filter((p) => !mayHangOnText(p) || others.has(keyOf(p)))
    if (other.isCut) return run
    // A program ends where it fails: the other goes on from there.
    const countOf = (all: readonly Problem[]): number => all.filter((p) => p.severity === 'error').length
    const goesOn = run.kind === 'program' && countOf(problems) < countOf(run.problems)
    return goesOn ? other : { ...run, problems }
  } finally {
    texts.areOpen = false
  }
}
