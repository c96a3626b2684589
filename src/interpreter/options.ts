// What is done with a value that is one of several: each is tried, and what fails for some only is not certain to fail.

import type { UnionValue, Value } from '../trace/values'
import type { Interpreter } from './interpreter'
import { joinAll } from './join'

/** Does the same with each option but None, and joins what comes out. */
export function ofEachOption(interp: Interpreter, value: UnionValue, body: (option: Value) => Value): Value {
  const start = interp.problems.length
  const ends: number[] = []
  const results = value.options
    .filter((option) => option.kind !== 'none')
    .map((option) => {
      const result = body(option)
      ends.push(interp.problems.length)
      return result
    })
  weaken(interp, start, ends)
  return joinAll(interp.facts, results)
}

/** Takes the problems back that some options had and others had not; `ends` is where each option's problems end. */
export function weaken(interp: Interpreter, start: number, ends: readonly number[]): void {
  const hasErrors = ends.map((end, i) =>
    interp.problems.slice(ends[i - 1] ?? start, end).some((p) => p.severity === 'error'),
  )
  if (hasErrors.every(Boolean)) return
  const kept = interp.problems.splice(start).filter((p) => p.severity !== 'error')
  interp.problems.push(...kept)
}
