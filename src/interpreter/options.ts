// What is done with a value that is one of several: each is tried, and what fails for some only is not certain to fail.

import type { Dim } from '../dims/dim'
import type { Code } from '../trace/codes'
import type { Problem } from '../trace/trace'
import { int, someFloat, type UnionValue, type Value } from '../trace/values'
import { forkValues } from './branch'
import type { Interpreter } from './interpreter'

/** With more options than these an operation is not tried on each. */
const mostTries = 4

/** True for one of a few values, each of which an operation is tried on. */
export const isDistributed = ({ options }: UnionValue): boolean =>
  options.filter((o) => o.kind !== 'none').length <= mostTries

/** With some number for the options of which nothing is known, where another one is a number. */
export function likeOthers(interp: Interpreter, value: UnionValue): UnionValue {
  const [isFloat, isInt] = ['float', 'int'].map((kind) => value.options.some((o) => o.kind === kind))
  if (!isFloat && !isInt) return value
  const some = isFloat ? someFloat : int(interp.freshInt())
  return { ...value, options: value.options.map((o) => (o.kind === 'unknown' ? some : o)) }
}

const eitherSizes = new WeakMap<UnionValue, Dim>()

/** The size that is one of several numbers, the same each time; null for what may be something else. */
export function eitherInt(interp: Interpreter, value: Value): Dim | null {
  const settled = interp.settle(value)
  if (settled.kind !== 'union') return null
  if (!settled.options.every((option) => ['int', 'unknown'].includes(interp.settle(option).kind))) return null
  let size = eitherSizes.get(settled)
  if (!size) eitherSizes.set(settled, (size = interp.freshInt()))
  return size
}

/**
 * Does the same with each option but None, each time from the same state, and joins what comes out, with
 * `likens` as `Joiner` has it: not where the options are themselves what could not be one.
 */
export function forEachOption(
  interp: Interpreter,
  value: UnionValue,
  body: (option: Value) => Value,
  likens = true,
): Value {
  const start = interp.problems.length
  const ends: number[] = []
  const options = value.options.filter((option) => option.kind !== 'none')
  const result = forkValues(
    interp,
    options.map((option) => () => {
      try {
        return body(option)
      } finally {
        ends.push(interp.problems.length)
      }
    }),
    likens,
  )
  weaken(interp, start, ends)
  return result
}

/**
 * Takes the errors back that some options had and others had not, and the warnings of sizes that have to be equal;
 * `ends` is where each option's problems end.
 */
function weaken(interp: Interpreter, start: number, ends: readonly number[]): void {
  const ofEach = ends.map((end, i) => interp.problems.slice(ends[i - 1] ?? start, end))
  const allHave = (isMeant: (p: Problem) => boolean): boolean => ofEach.every((own) => own.some(isMeant))
  const takeBack = (isMeant: (p: Problem) => boolean): void => {
    if (!allHave(isMeant)) interp.problems.push(...interp.problems.splice(start).filter((p) => !isMeant(p)))
  }
  takeBack((p) => p.severity === 'error')
  takeBack((p) => p.code === 'size-coincidence')
}

/** Takes the errors from an index on back, all or those of a code: what led to them is not certain. */
export function forgive(interp: Interpreter, from: number, code: Code | null = null): void {
  const isKept = (p: Problem): boolean => p.severity !== 'error' || (code !== null && p.code !== code)
  const kept = interp.problems.splice(from).filter(isKept)
  interp.problems.push(...kept)
}
