// `with`: what is entered, the body, and what is left behind; the body of a `@contextmanager` runs around it.

import type { Arguments } from '../ops/op'
import type { Expression, Node, With } from '../syntax/tree'
import { none, type Value } from '../trace/values'
import { callMethod } from './attributes'
import type { Outcome } from './branch'
import { callValueWith } from './calls'
import { truthOf } from './conditions'
import { elementOf, iterableItems } from './containers'
import { lastName } from './decorators'
import { evaluate } from './expressions'
import { contains } from './functions'
import type { Interpreter } from './interpreter'
import {
  AutocastContext,
  FunctionObject,
  InstanceObject,
  IteratorObject,
  NativeFunction,
  NativeMethod,
  RuntimeException,
} from './objects'
import { forgive } from './options'
import { OutOfBudget, PythonRaise } from './signals'
import { assignTarget, runBlock } from './statements'
import { runCaught, runGuarded } from './tries'

/** What `@contextmanager` makes of a function: called, it gives a context. */
export class ContextFunction extends NativeMethod {
  constructor(readonly callable: Value) {
    super('contextmanager', (args) => new ContextObject(callable, args))
  }
}

/** A call of such a function, which runs where the context is entered. As a decorator it is entered at each call. */
class ContextObject extends NativeFunction {
  constructor(
    readonly callable: Value,
    readonly args: Arguments,
  ) {
    super('context', (given, interp) => {
      const enteredIn = interp.prelude('shapescope.contextlib')?.lookup('entered_in', interp) ?? none
      const positional = [this, ...given.positional]
      return callValueWith(interp, enteredIn, { ...given, positional })
    })
  }
}

/** `__enter__` and `__exit__` of a context, called by name: there all of its function runs at once. */
export function contextMethod(owner: Value, name: string): Value | undefined {
  if (!(owner instanceof ContextObject)) return undefined
  if (name === '__exit__') return new NativeFunction(name, () => none)
  if (name !== '__enter__') return undefined
  return new NativeFunction(name, (_, interp) =>
    firstOf(interp, callValueWith(interp, owner.callable, owner.args)),
  )
}

/** The first of what a generator yields. */
function firstOf(interp: Interpreter, generator: Value): Value {
  const settled = interp.settle(generator)
  return settled instanceof IteratorObject
    ? (iterableItems(interp, settled)?.[0] ?? elementOf(interp, settled)?.element ?? none)
    : generator
}

/** Runs a `with` statement from one of its contexts on. */
export function runWith(interp: Interpreter, node: With, from = 0): Outcome {
  const item = node.items[from]
  if (!item) return runBlock(interp, node.body)
  if (isMeantToFail(item.context)) return runFailing(interp, () => runWith(interp, node, from + 1))
  const manager = interp.settle(evaluate(interp, item.context))
  const enter = (entered: Value): Outcome => {
    if (item.target) assignTarget(interp, item.target, entered)
    return runWith(interp, node, from + 1)
  }
  if (manager instanceof ContextObject) return runAround(interp, manager, enter)
  if (manager instanceof InstanceObject) return runEntered(interp, manager, enter, item.target !== null)
  if (manager.kind === 'device') interp.devices.note(manager)
  const outer = interp.autocast
  if (manager instanceof AutocastContext) interp.autocast = manager.autocast
  try {
    return enter(firstOf(interp, manager))
  } finally {
    interp.autocast = outer
  }
}

/** True for `pytest.raises(…)` and `self.assertRaises(…)`. */
const isMeantToFail = (context: Expression): boolean =>
  context.kind === 'Call' && /^(?:raises|assertRaises(?:Regex)?)$/.test(lastName(context) ?? '')

/** A body that is meant to fail: no problem in it is one, and it goes on behind. */
function runFailing(interp: Interpreter, body: () => Outcome): Outcome {
  interp.choices++
  try {
    const outcome = runCaught(interp, body)
    return outcome === 'raise' ? 'next' : outcome
  } finally {
    interp.choices--
  }
}

/** The body between `__enter__` and `__exit__`. */
function runEntered(
  interp: Interpreter,
  manager: InstanceObject,
  enter: (entered: Value) => Outcome,
  isNamed: boolean,
): Outcome {
  const isKnown = manager.cls.find('__enter__') !== undefined
  const entered = isKnown || isNamed ? callMethod(interp, manager, '__enter__', []) : none
  const exit = manager.cls.find('__exit__')
  if (!exit) return enter(entered)
  const leave = (...how: readonly Value[]): Value => callMethod(interp, manager, '__exit__', how)
  const run = (): Outcome => enter(entered)
  const isHandler = mayHandle(exit)
  const handle = (raised: Value): Outcome => {
    const exception = raised.kind === 'object' ? raised : interp.unknown('an exception')
    const answer = leave(typeOf(interp, exception), exception, interp.unknown('a traceback'))
    interp.raised = raised
    return isHandler && truthOf(interp, answer) !== false ? 'next' : 'raise'
  }
  const goOn = (outcome: Outcome): Outcome => {
    if (outcome !== 'exited') leave(none, none, none)
    return outcome
  }
  if (!isHandler) {
    const outcome = runCaught(interp, run)
    return outcome === 'raise' ? handle(interp.raised) : goOn(outcome)
  }
  const problems = interp.problems.length
  // What fails in the body may be meant to.
  const afterBody = (): void => forgive(interp, problems)
  return runGuarded(interp, {
    names: [''],
    catchesImport: true,
    run,
    afterBody,
    handles: () => true,
    handle,
    goOn,
  })
}

/** The class of an exception, as `__exit__` gets it. */
const typeOf = (interp: Interpreter, exception: Value): Value =>
  exception instanceof RuntimeException
    ? (interp.builtin(exception.type) ?? none)
    : exception instanceof InstanceObject
      ? exception.cls
      : interp.unknown('the class of an exception')

/** True if an `__exit__` may return True, with which it handles what was raised. */
const mayHandle = (exit: Value): boolean =>
  exit instanceof FunctionObject &&
  exit.definition.kind === 'FunctionDef' &&
  exit.definition.body.some((statement) => contains(statement, returnsSomething))

const returnsSomething = (node: Node): boolean =>
  node.kind === 'Return' && node.value !== null && !(node.value.kind === 'Constant' && !node.value.value)

/** The body where the context's function yields; after it, where that is not reached for certain. */
function runAround(
  interp: Interpreter,
  { callable, args }: ContextObject,
  enter: (entered: Value) => Outcome,
): Outcome {
  const [fn, caller, depth, base] = [
    interp.settle(callable),
    interp.activation,
    interp.depth,
    interp.stack.length,
  ]
  const steps = new StepsApart(interp)
  let outcome: Outcome | null = null
  const run = (entered: Value): void => {
    const [inner, innerDepth, running] = [interp.activation, interp.depth, interp.stack.splice(base)]
    const [place, placeFrame] = [interp.place, interp.placeFrame]
    interp.activation = caller
    interp.depth = depth
    // An exception that the function handles ends here.
    outcome = 'next'
    try {
      const ended = steps.apart(() => enter(entered))
      if (ended === 'raise') throw new PythonRaise(interp.raised)
      outcome = ended
    } finally {
      interp.activation = inner
      interp.depth = innerDepth
      interp.stack.push(...running)
      interp.place = place
      interp.placeFrame = placeFrame
    }
  }
  // Where not all is followed, what another module does is followed for few steps only.
  const isFollowed = fn instanceof FunctionObject && (interp.isConcrete || fn.scope.module.pending === null)
  if (isFollowed && caller) caller.entering = { definition: fn.definition, run }
  const generator = steps.around(() => callValueWith(interp, fn, args))
  if (caller) caller.entering = null
  // A function that took too many steps is taken back, and with it what the body did.
  if (outcome && !(interp.settle(generator) instanceof IteratorObject)) throw new OutOfBudget()
  return outcome ?? enter(firstOf(interp, generator))
}

/** The steps of a body that runs within a function count where that function is called, and for none of its own limits. */
class StepsApart {
  readonly #budget: number
  readonly #uncounted: number
  readonly #around: number | null
  #taken = 0

  constructor(readonly interp: Interpreter) {
    this.#budget = interp.budget
    this.#uncounted = interp.uncounted
    this.#around = interp.foreign.around
  }

  /** The function. */
  around<T>(body: () => T): T {
    const { interp } = this
    try {
      return body()
    } finally {
      interp.uncounted -= this.#taken
      interp.budget = this.#outer
      interp.foreign.around = this.#around
    }
  }

  /** The body. */
  apart<T>(body: () => T): T {
    const { interp } = this
    const { budget, steps, uncounted } = interp
    const { around } = interp.foreign
    interp.budget = this.#outer
    interp.foreign.around = this.#around
    try {
      return body()
    } finally {
      const taken = interp.steps - steps
      this.#taken = taken - (interp.uncounted - uncounted)
      interp.budget = budget + taken
      interp.uncounted += this.#taken
      interp.foreign.around = around
    }
  }

  /** The budget where the function was called, with what counts for no limit there since then. */
  get #outer(): number {
    return this.#budget + this.interp.uncounted - this.#uncounted
  }
}
