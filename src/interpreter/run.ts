// One run of the interpreter and what it left: events, problems, assumptions and the names of its dims.

import type { Sym } from '../dims/dim'
import type { Naming } from '../dims/facts'
import {
  type AssumptionEvent,
  anchored,
  type Gap,
  type Place,
  type Problem,
  type TraceEvent,
} from '../trace/trace'
import { Reads } from './dependencies'
import type { Interpreter } from './interpreter'
import { settleNotes } from './notation/stale'
import { OutOfBudget, PythonRaise } from './signals'
import { resolveTrace } from './trace-marks'

/** The program itself, or one function with nothing known of its callers. */
export interface Run {
  readonly kind: 'program' | 'generic'
  readonly name: string
  /** The path of the file that is analysed. */
  readonly module: string
  readonly definition: Place | null
  readonly events: readonly TraceEvent[]
  readonly problems: readonly Problem[]
  readonly assumptions: readonly AssumptionEvent[]
  readonly gaps: readonly Gap[]
  /** The names of symbols, and of dims that turned out to be products, as this run knows them. */
  readonly names: ReadonlyMap<Sym, Naming>
  readonly aliases: ReadonlyMap<string, string>
  /** Where each symbol first got its name. */
  readonly origins: ReadonlyMap<Sym, { readonly module: string; readonly place: Place }>
  /** The global names it read, and the definitions of the functions it ran. */
  readonly reads: Reads
  readonly started: ReadonlySet<object>
  /** Where comments and docstrings give shapes that a value of this run bears out. */
  readonly confirmed: ReadonlySet<Place>
  /** True if the counted work was used up before the end. */
  readonly isCut: boolean
}

/** Does one run and takes what it left in the trace. */
export function runOf(
  interp: Interpreter,
  kind: Run['kind'],
  name: string,
  definition: Place | null,
  budget: number,
  body: () => void,
): Run {
  interp.events = []
  interp.problems = []
  interp.assumptions = []
  interp.gaps = []
  interp.notes.clear()
  interp.steps = 0
  interp.budget = budget
  interp.askedAt = 0
  interp.definedFunctions = []
  interp.definedClasses = []
  interp.reads = new Reads(interp.mainPath)
  interp.dims.forgetNames()
  interp.startedDefinitions = new Set()
  interp.keptResults = new Map()
  const { depth } = interp
  const stack = interp.stack.length
  let isCut = false
  try {
    body()
  } catch (error) {
    interp.activation = null
    interp.depth = depth
    interp.stack.length = stack
    // A stack that is too deep is cut like work that is too much.
    if (error instanceof OutOfBudget || error instanceof RangeError) isCut = true
    else if (!(error instanceof PythonRaise)) throw error
  }
  resolveTrace(interp, { events: 0, notes: 0 })
  const confirmed = settleNotes(interp)
  const { names, aliases } = interp.dims.namesNow()
  return {
    kind,
    name,
    definition,
    isCut,
    confirmed,
    names,
    aliases,
    module: interp.mainPath,
    origins: interp.origins,
    reads: interp.reads,
    started: interp.startedDefinitions,
    events: interp.events,
    problems: interp.problems.map(anchored),
    assumptions: interp.assumptions,
    gaps: interp.gaps,
  }
}
