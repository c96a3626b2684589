// The trace: what every expression was, in order, and what went wrong. All views read it.

import type { Assumption } from '../dims/facts'
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

export interface Problem {
  readonly place: Place
  readonly frame: Frame
  readonly severity: Severity
  readonly code: string
  readonly message: string
  readonly related: readonly Related[]
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
