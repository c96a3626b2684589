// The functions and methods of a file, each analysed on its own, kept over edits while nothing they read changes.

import type { Write } from '../dims/trail'
import type { ClassDef, FunctionDef, Lambda, ModuleTree, Statement } from '../syntax/tree'
import { none, type Value } from '../trace/values'
import { genericBudget, type Held, runAlone } from './alone'
import { genericInstance } from './classes'
import { forgetDefaultTexts, withoutTextErrors } from './default-texts'
import { Globals } from './dependencies'
import type { Interpreter } from './interpreter'
import type { ModuleLoader } from './modules'
import { stateKey } from './mutable-state'
import {
  BoundMethod,
  ClassObject,
  Descriptor,
  FunctionObject,
  InstanceObject,
  type ModuleObject,
} from './objects'
import { type Run, runOf } from './run'
import { LeftOff } from './signals'
import { typedNamesKey, typedNamesOf } from './typed-names'

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
  /** Runs of what was edited with what was assumed before, until it is known whether that still holds. */
  readonly #early: Map<object, Run> = new Map()
  /** What was assumed in the last run of each function. */
  readonly #held: Map<string, Held>
  readonly #instances: Map<ClassObject, MadeInstance>

  constructor(
    readonly interp: Interpreter,
    readonly module: ModuleObject,
    tree: ModuleTree,
    loader: ModuleLoader,
    /** The last analysis of the file, whose runs are kept as far as they hold. */
    previous: Definitions | null,
  ) {
    // Where the file's body is not run again its annotations are as they were.
    const isBodyKept = previous?.interp === interp
    const before = previous?.interp.typedNames
    if (!isBodyKept) interp.typedNames = typedNamesOf(tree)
    const isTypedAlike =
      isBodyKept || (before !== undefined && typedNamesKey(before) === typedNamesKey(interp.typedNames))
    const cache = (isTypedAlike ? previous?.cache : null) ?? new Map<object, Run>()
    this.#instances = isBodyKept ? previous.#instances : new Map()
    this.#held = previous ? previous.#held : new Map()
    this.#groups = groupsOf(module)
    const alive = unitsOf(tree.body)
    this.#alive = alive
    const globals = new Globals(module)
    const modules = new Map<string, ModuleObject | null>()
    const moduleNow = (path: string): ModuleObject | null => {
      let now = modules.get(path)
      if (now === undefined) modules.set(path, (now = loader.current(path)))
      return now
    }
    const isCurrent = ({ started, reads }: Run): boolean => {
      for (const definition of started) if (everUnit.has(definition) && !alive.has(definition)) return false
      return reads.areCurrent(globals, moduleNow, loader.files)
    }
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
  /**
   * Runs what is new: the functions that were edited, first those that are urgent at the time. A run that gives way
   * is done again after a yield.
   */
  *runEdited(
    isUrgent?: (definition: Root['definition']) => boolean,
    givesWay?: (steps: number) => boolean,
  ): Generator<void> {
    const isEdited = (definition: Root['definition']): boolean =>
      !this.#fresh.has(definition) && !this.#stale.has(definition)
    yield* this.#run(isEdited, isUrgent, givesWay)
  }
  /** Runs what is old but read something that changed. */
  *runStale(givesWay?: (steps: number) => boolean): Generator<void> {
    yield* this.#run((definition) => !this.#fresh.has(definition), undefined, givesWay)
    this.#stale.clear()
  }
  /** True if each of some definitions has a run, of its text as it is now; early ones count if they are wanted. */
  haveRun(isMeant: (definition: Root['definition']) => boolean, isEarlyEnough = false): boolean {
    const hasRun = (definition: Root['definition']): boolean =>
      this.#fresh.has(definition) ||
      this.#stale.has(definition) ||
      (isEarlyEnough && this.#early.has(definition))
    return this.#groups.every(({ roots }) =>
      roots.every(({ definition }) => !isMeant(definition) || hasRun(definition)),
    )
  }

  /** The runs as far as they are up to date; the others as they last were. */
  get runs(): { fresh: Run[]; stale: Run[] } {
    const fresh: Run[] = []
    const stale: Run[] = []
    for (const { roots } of this.#groups)
      for (const { definition } of roots) {
        const run = this.#fresh.get(definition) ?? this.#early.get(definition)
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
    givesWay: (steps: number) => boolean = () => false,
  ): Generator<void> {
    this.interp.givesWay = givesWay
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
      try {
        yield* this.#runGroup(group, roots, isUrgent, goesOn)
      } catch (signal) {
        if (!(signal instanceof LeftOff)) throw signal
        yield
      }
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
    try {
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
        const next = Math.max(
          wanted.findIndex((r) => isUrgent(r.definition)),
          0,
        )
        const root = wanted[next]
        if (!root?.fn) {
          wanted.splice(next, 1)
          continue
        }
        const self =
          root.self === 'instance'
            ? (instance ?? (cls && new InstanceObject(cls)))
            : root.self === 'class'
              ? cls
              : null
        const name = `${cls?.name}.${root.fn.name}`
        const wasEdited = !this.#fresh.has(root.definition) && !this.#stale.has(root.definition)
        const held = wasEdited ? this.#held.get(name) : undefined
        const work = runAlone(interp, { fn: root.fn, self, cls }, held ?? null)
        let step = work.next()
        for (; !step.done; step = work.next()) {
          this.#early.set(root.definition, step.value)
          yield
        }
        this.#keep(root, step.value.run)
        if (step.value.held) this.#held.set(name, step.value.held)
        else this.#held.delete(name)
        wanted.splice(next, 1)
        yield
        if (!goesOn()) break
      }
    } finally {
      // Also where the work is left off.
      interp.trail.undo(mark)
    }
  }

  #keep(root: Root, run: Run): void {
    this.#fresh.set(root.definition, run)
    this.#stale.delete(root.definition)
  }
}

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
  const plainRole = isNamespace(cls) ? 'static' : 'property'
  for (const [name, value] of cls.attributes) {
    const fn = unwrap(value)
    if (name === '__init__' || !(fn instanceof FunctionObject) || fn.definition.kind === 'Lambda') continue
    const role = value instanceof Descriptor ? value.role : plainRole
    roots.push({
      definition: fn.definition,
      fn,
      self: role === 'static' ? 'none' : role === 'class' ? 'class' : 'instance',
    })
  }
  return roots
}

/** True for a class that only holds functions: none of them is for instances, which it has no constructor or base for. */
const isNamespace = ({ definition: { bases, body } }: ClassObject): boolean =>
  bases.length === 0 &&
  !body.some((s) => s.kind === 'FunctionDef' && (s.name === '__init__' || s.params[0]?.name === 'self'))

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
