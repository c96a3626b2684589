// The functions and methods of a file, each analysed on its own, kept over edits while nothing they read changes.

import type { Write } from '../dims/trail'
import { askedRanks } from '../syntax/asked-ranks'
import type { ClassDef, FunctionDef, Lambda, ModuleTree, Statement } from '../syntax/tree'
import { openShape } from '../tensors/shape'
import { makeTensor } from '../tensors/tensor'
import { none, type Value } from '../trace/values'
import { genericInstance } from './classes'
import { forgetDefaultTexts, withoutTextErrors } from './default-texts'
import { Globals } from './dependencies'
import { genericArgument, runFunction } from './functions'
import { habitualTensor, hasHabit } from './habits'
import type { Interpreter } from './interpreter'
import type { ModuleLoader } from './modules'
import { stateKey } from './mutable-state'
import { isOfUnknownRank, type OpenNotes, openNotes, withAssumed } from './notation/assumed'
import {
  BoundMethod,
  ClassObject,
  Descriptor,
  FunctionObject,
  InstanceObject,
  type ModuleObject,
} from './objects'
import { type Run, runOf } from './run'
import { typedNamesKey, typedNamesOf } from './typed-names'

const genericBudget = 250_000

/** One function or method, or a class's constructor, to run on its own. */
interface Root {
  readonly definition: FunctionDef | Lambda | ClassDef
  readonly fn: FunctionObject | null
  /** What `self` is: the class's instance, the class, or nothing. */
  readonly self: 'instance' | 'class' | 'none'
}
/** A class's instance as its constructor left it, with all that was written then. */
interface MadeInstance {
  readonly instance: InstanceObject | null
  /** What the class's methods set on it. */
  readonly stateKey: string
  readonly writes: readonly Write[]
}
/** The roots that share an instance, or a lone function. */
interface Group {
  readonly cls: ClassObject | null
  readonly roots: readonly Root[]
}

export class Definitions {
  readonly #groups: readonly Group[]
  readonly #alive: ReadonlySet<object>
  readonly #fresh: Map<object, Run> = new Map()
  readonly #stale: Map<object, Run> = new Map()
  readonly #instances: Map<ClassObject, MadeInstance>

  constructor(
    readonly interp: Interpreter,
    readonly module: ModuleObject,
    tree: ModuleTree,
    loader: ModuleLoader,
    /** The last analysis of the file, whose runs are kept as far as they hold. */
    previous: Definitions | null,
  ) {
    const typedNames = typedNamesOf(tree)
    const isTypedAlike = previous && typedNamesKey(previous.interp.typedNames) === typedNamesKey(typedNames)
    interp.typedNames = typedNames
    const cache = (isTypedAlike ? previous.cache : null) ?? new Map<object, Run>()
    this.#instances = isTypedAlike && previous.interp === interp ? previous.#instances : new Map()
    this.#groups = groupsOf(module)
    const alive = unitsOf(tree.body)
    this.#alive = alive
    const globals = new Globals(module)
    const isCurrent = (run: Run): boolean =>
      [...run.started].every((d) => !everUnit.has(d) || alive.has(d)) &&
      run.reads.areCurrent(globals, (p) => loader.current(p))
    for (const { cls, roots } of this.#groups) {
      // Methods run on the instance that the constructor makes: what it depends on, they depend on.
      let init: 'fresh' | 'stale' | 'edited' = 'fresh'
      for (const [i, { definition }] of roots.entries()) {
        const known = cache.get(definition)
        const made = cls && i === 0 ? this.#instances.get(cls) : undefined
        const isMadeAlike = !cls || !made || made.stateKey === stateKey(interp, cls)
        const own = !known || !isMadeAlike ? 'edited' : isCurrent(known) ? 'fresh' : 'stale'
        if (cls && i === 0) {
          init = own
          if (own !== 'fresh') this.#instances.delete(cls)
        }
        if (!known || init === 'edited') continue
        ;(own === 'fresh' && init === 'fresh' ? this.#fresh : this.#stale).set(definition, known)
      }
    }
  }

  /** Runs only the definitions that are wanted. */
  *runSome(isWanted: (definition: Root['definition']) => boolean): Generator<void> {
    yield* this.#run(isWanted)
  }
  /** Runs what is new: the functions that were edited, first those that are urgent at the time. */
  *runEdited(isUrgent?: (definition: Root['definition']) => boolean): Generator<void> {
    yield* this.#run((definition) => !this.#fresh.has(definition) && !this.#stale.has(definition), isUrgent)
  }
  /** Runs what is old but read something that changed. */
  *runStale(): Generator<void> {
    yield* this.#run((definition) => !this.#fresh.has(definition))
    this.#stale.clear()
  }
  /** True if each of some definitions has a run, of its text as it is now. */
  haveRun(isMeant: (definition: Root['definition']) => boolean): boolean {
    return this.#groups.every(({ roots }) =>
      roots.every(
        ({ definition }) =>
          !isMeant(definition) || this.#fresh.has(definition) || this.#stale.has(definition),
      ),
    )
  }

  /** The runs as far as they are up to date; the others as they last were. */
  get runs(): { fresh: Run[]; stale: Run[] } {
    const fresh: Run[] = []
    const stale: Run[] = []
    for (const { roots } of this.#groups)
      for (const { definition } of roots) {
        const run = this.#fresh.get(definition)
        const old = this.#stale.get(definition)
        if (run) fresh.push(run)
        else if (old) stale.push(old)
      }
    return { fresh, stale }
  }

  /** True if a function of a module or class body stands in the text as it is now. */
  isAlive(definition: object): boolean {
    return this.#alive.has(definition)
  }

  /** All runs by definition, for the next analysis. */
  get cache(): Map<object, Run> {
    return new Map([...this.#stale, ...this.#fresh])
  }

  *#run(
    isWanted: (definition: Root['definition']) => boolean,
    isUrgent: (definition: Root['definition']) => boolean = () => false,
  ): Generator<void> {
    const areUrgent = (roots: readonly Root[]): boolean => roots.some((r) => isUrgent(r.definition))
    const waiting = new Map<Group, Root[]>()
    for (const group of this.#groups) {
      const wanted = group.roots.filter((r) => isWanted(r.definition))
      if (wanted.length > 0) waiting.set(group, wanted)
    }
    while (waiting.size > 0) {
      const groups = [...waiting]
      const next = groups.find(([, roots]) => areUrgent(roots)) ?? groups[0]
      if (!next) return
      const [group, roots] = next
      // A group is left for later once others are more urgent.
      const goesOn = (): boolean => areUrgent(roots) || ![...waiting.values()].some(areUrgent)
      yield* this.#runGroup(group, roots, isUrgent, goesOn)
      if (roots.length === 0) waiting.delete(group)
    }
  }

  /** Runs roots of one group on the instance that they share, and takes away those that it ran. */
  *#runGroup(
    { cls, roots: [init] }: Group,
    wanted: Root[],
    isUrgent: (definition: Root['definition']) => boolean,
    goesOn: () => boolean,
  ): Generator<void> {
    const { interp } = this
    const mark = interp.trail.mark()
    let instance: InstanceObject | null = null
    forgetDefaultTexts(interp)
    const isInitWanted = init !== undefined && wanted[0] === init
    const made = cls && !isInitWanted ? this.#instances.get(cls) : undefined
    if (made) {
      interp.trail.redo(made.writes)
      instance = made.instance
    } else if (cls) {
      const name = `${cls.name}.__init__`
      const once = (): Run =>
        runOf(interp, 'generic', name, init?.definition ?? null, genericBudget, () => {
          instance = genericInstance(interp, cls)
        })
      const run = once()
      const [own, writes] = [instance, interp.trail.since(mark)]
      const again = (): Run => {
        interp.trail.undo(mark)
        const other = once()
        interp.trail.undo(mark)
        interp.trail.redo(writes)
        instance = own
        return other
      }
      if (init && isInitWanted) this.#keep(init, withoutTextErrors(interp, run, again))
      this.#instances.set(cls, { instance, stateKey: stateKey(interp, cls), writes })
      yield
    }
    if (cls && isInitWanted) wanted.shift()
    while (wanted.length > 0) {
      const urgent = wanted.findIndex((r) => isUrgent(r.definition))
      const [root] = wanted.splice(Math.max(urgent, 0), 1)
      if (!root?.fn) continue
      const self =
        root.self === 'instance'
          ? (instance ?? (cls && new InstanceObject(cls)))
          : root.self === 'class'
            ? cls
            : null
      this.#keep(root, this.#runFunction(root.fn, self, cls))
      yield
      if (!goesOn()) break
    }
    interp.trail.undo(mark)
  }

  #keep(root: Root, run: Run): void {
    this.#fresh.set(root.definition, run)
    this.#stale.delete(root.definition)
  }

  /**
   * A function on its own. Where its code leaves ranks open, comments, docstrings and naming habits are
   * taken as true in another run, which counts unless it refutes something.
   */
  #runFunction(fn: FunctionObject, self: Value | null, cls: ClassObject | null): Run {
    const { interp } = this
    const mark = interp.trail.mark()
    let bound = new Map<string, Value>()
    const once = (assumptions: Assumptions, by: () => Value | null = () => self): Run => {
      interp.notes.assumed = assumptions.notes
      interp.batches = { areAssumed: assumptions.batches, areOpen: false, areMissing: false }
      return runOf(interp, 'generic', fn.name, fn.definition, genericBudget, () => {
        bound = runGeneric(interp, fn, by(), assumptions)
      })
    }
    const run = once(nothingAssumed)
    const { areOpen } = interp.batches
    const noted = openNotes(interp, fn.definition)
    const isHabitual = (name: string, value: Value): boolean =>
      hasHabit(name) && isOfUnknownRank(interp, value) && !askedRanks(fn.definition).has(name)
    const habits = new Set([...bound].filter(([n, v]) => isHabitual(n, v)).map(([n]) => n))
    interp.trail.undo(mark)
    const isOnInstance = cls !== null && self instanceof InstanceObject
    const first = withoutTextErrors(interp, run, () => {
      const other = once(nothingAssumed, () => (isOnInstance ? genericInstance(interp, cls) : self))
      interp.trail.undo(mark)
      return other
    })
    for (const assumptions of assumptionsOf(noted, habits, areOpen)) {
      const second = once(assumptions)
      interp.trail.undo(mark)
      // A batch that only an assumption denies speaks against it.
      const run = areOpen && interp.batches.areMissing ? null : withAssumed(first, second)
      if (run) return run
    }
    return first
  }
}

/** What a run takes as true: notes, those of them that are about its parameters, and habitual parameters. */
interface Assumptions extends OpenNotes {
  readonly habits: ReadonlySet<string>
  /** True if layers over space are taken to get a batch, where that is open. */
  readonly batches: boolean
}
const nothingAssumed: Assumptions = {
  notes: new Set(),
  parameters: new Set(),
  habits: new Set(),
  batches: false,
}

/** The assumptions to try in turn: all, then those of the function's author, then those of the field. */
function assumptionsOf(noted: OpenNotes, habits: ReadonlySet<string>, batches: boolean): Assumptions[] {
  const tries: Assumptions[] = []
  const hasNotes = noted.notes.size > 0
  const all = { ...noted, habits, batches }
  if (batches && (hasNotes || habits.size > 0)) tries.push(all)
  if (hasNotes && habits.size > 0) tries.push({ ...all, batches: false })
  if (hasNotes && batches) tries.push({ ...all, habits: new Set() })
  if (hasNotes) tries.push({ ...nothingAssumed, ...noted })
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
  // Inner functions that nothing called are looked at on their own.
  for (const inner of interp.definedFunctions.slice(defined))
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

/** The function as it is written, behind descriptors and decorators. */
const unwrap = (value: Value): Value =>
  value instanceof Descriptor || value instanceof BoundMethod
    ? unwrap(value.callable)
    : value instanceof FunctionObject
      ? value.undecorated
      : value

/** The functions and classes that a module defines itself. */
function groupsOf(module: ModuleObject): Group[] {
  const groups: Group[] = []
  for (const value of new Set(module.globals.values())) {
    const target = unwrap(value)
    if (target instanceof FunctionObject && target.scope.module === module)
      groups.push({ cls: null, roots: [{ definition: target.definition, fn: target, self: 'none' }] })
    else if (target instanceof ClassObject && target.module === module)
      groups.push({ cls: target, roots: rootsOf(target) })
  }
  return groups
}

/** A class's constructor first, then its other methods. */
function rootsOf(cls: ClassObject): Root[] {
  const init = unwrap(cls.attributes.get('__init__') ?? none)
  const roots: Root[] = [
    { definition: init instanceof FunctionObject ? init.definition : cls.definition, fn: null, self: 'none' },
  ]
  for (const [name, value] of cls.attributes) {
    const fn = unwrap(value)
    if (name === '__init__' || !(fn instanceof FunctionObject) || fn.definition.kind === 'Lambda') continue
    const role = value instanceof Descriptor ? value.role : 'property'
    roots.push({
      definition: fn.definition,
      fn,
      self: role === 'static' ? 'none' : role === 'class' ? 'class' : 'instance',
    })
  }
  return roots
}

/** Every definition that was ever a unit of some tree: one that is no longer in its tree was edited. */
const everUnit = new WeakSet<object>()

/** The functions, and docstrings of classes, that stand in a module or class body, also under `if`, `try` and `with`. */
function unitsOf(body: readonly Statement[], found = new Set<object>()): Set<object> {
  for (const statement of body) {
    switch (statement.kind) {
      case 'FunctionDef':
        found.add(statement)
        everUnit.add(statement)
        break
      case 'ClassDef': {
        const [first] = statement.body
        if (statement.docstring !== null && first) {
          found.add(first)
          everUnit.add(first)
        }
        unitsOf(statement.body, found)
        break
      }
      case 'With':
        unitsOf(statement.body, found)
        break
      case 'If':
        unitsOf(statement.body, found)
        unitsOf(statement.orelse, found)
        break
      case 'Try':
        for (const part of [
          statement.body,
          statement.orelse,
          statement.finalbody,
          ...statement.handlers.map((h) => h.body),
        ])
          unitsOf(part, found)
        break
      default:
    }
  }
  return found
}
