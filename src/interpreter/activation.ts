// A running function or module body, and the paths that left it or a loop in it.

import type { Write } from '../dims/trail'
import type { Frame } from '../trace/trace'
import type { Value } from '../trace/values'
import type { FunctionObject, Scope } from './objects'
import type { TraceMark } from './trace-marks'

/** One path out of a function or loop: what it wrote and what it gives back. */
export interface Exit {
  readonly writes: readonly Write[]
  readonly value: Value
}

/** A running function or module body. */
export interface Activation {
  readonly frame: Frame
  readonly scope: Scope
  readonly callable: FunctionObject | null
  /** The first positional argument, for `super()`. */
  readonly self: Value | null
  /** The trail's mark at its start, and that point in time for the birth of maps. */
  readonly mark: number
  readonly birth: number
  readonly exits: Exit[]
  /** Where the trace stood when a path first left early; later events are of the other paths. */
  splitAt: TraceMark | null
  returnValue: Value | null
  /** The values of `yield`, where the function is a generator; open if their number is not known. */
  readonly yields: Value[]
  isYieldOpen: boolean
  /** What runs where it first yields: the body of a `with`. */
  around: ((yielded: Value) => void) | null
  /** The function that a `with` calls next, and what is to run where that yields. */
  entering: { readonly definition: object; readonly run: (yielded: Value) => void } | null
  /** True behind an assertion that does not hold: what comes then never runs. */
  isRefuted: boolean
  /** The innermost loop's paths out. */
  loop: LoopExits | null
  /** How many undecided branches it was started in. */
  readonly forks: number
  /** True behind an undecided branch of its own. */
  hasForked: boolean
}

export interface LoopExits {
  readonly mark: number
  readonly birth: number
  readonly breaks: Exit[]
  readonly continues: Exit[]
}
