// The trace: what every expression was, in order, and what went wrong. All views read it.

import type { Assumption } from '../dims/facts'
import type { Code } from './codes'
import type { Value } from './values'

/** A place in a source file. It is the syntax node itself, so that it moves when the text does. */
export interface Place {
  readonly start: number
  readonly end: number
}

export type NodeKind = 'parameter' | 'target' | 'call' | 'binop' | 'subscript' | 'attribute' | 'name'

/** A function's run: who called it, and from where. */
export interface Frame {
  readonly module: string
  /** `forward`, `Attention.forward`, or `<module>`. */
  readonly name: string
  /** The function's definition, or null for a module. */
  readonly definition: Place | null
  readonly caller: Frame | null
  readonly callPlace: Place | null
}

/** The value that an expression, a parameter or a bound name had once. */
export interface TraceEvent {
  readonly kind: NodeKind
  readonly place: Place
  readonly name: string | null
  value: Value
  readonly frame: Frame
  /** For an operation: its name and its inputs. */
  readonly operation: { readonly name: string; readonly inputs: readonly Value[] } | null
}

export type Severity = 'error' | 'warning' | 'info' | 'hint'

export interface Related {
  readonly module: string
  readonly place: Place
  readonly message: string
}

/** A change of text; offsets as of the run that found the problem. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly newText: string
}

/** A safe change that mends a problem, in the file where it lies. */
export interface Fix {
  /** What it does, as a command: "Use reshape instead of view". */
  readonly title: string
  readonly edits: readonly Edit[]
}

export interface Problem {
  readonly place: Place
  readonly frame: Frame
  readonly severity: Severity
  readonly code: Code
  readonly message: string
  readonly related: readonly Related[]
  readonly fixes?: readonly Fix[]
}

/** The fixes of a problem with edits that move with its place when the text around it does. */
export function anchored(problem: Problem): Problem {
  const { place, fixes } = problem
  if (!fixes) return problem
  const origin = place.start
  const moving = ({ start, end, newText }: Edit): Edit => ({
    newText,
    get start() {
      return start + place.start - origin
    },
    get end() {
      return end + place.start - origin
    },
  })
  return { ...problem, fixes: fixes.map(({ title, edits }) => ({ title, edits: edits.map(moving) })) }
}

/** Something that the code needs to be true and does not say, with the place that needs it. */
export interface AssumptionEvent {
  readonly place: Place
  readonly frame: Frame
  readonly assumption: Assumption
}

/** Why a value is not known, and where. */
export interface Gap {
  readonly place: Place
  readonly frame: Frame
  readonly reason: string
}
