// The body of an imported module: each statement is run when a name that it binds is first asked for.

import { asImported } from '../dims/trail'
import { isTypeChecking, touchedNames } from '../syntax/bindings'
import type { LazyUnit } from '../syntax/lazy'
import type { Import, ImportFrom, Statement } from '../syntax/tree'
import type { Value } from '../trace/values'
import { inModule, runStatements } from './bodies'
import { decoratorSteps } from './decorators'
import { starExport, starExports, starModule } from './imports'
import { Interpreter } from './interpreter'
import type { ModuleSource } from './modules'
import type { ModuleObject } from './objects'
import { OutOfBudget } from './signals'
import { cutTrace, resolveTrace, traceMark } from './trace-marks'

const moduleBudget = 500_000

/**
 * What a module's body still has to do. Statements that bind or change one name run in their order;
 * a statement that runs sees what stands above it. So a package's import costs what is used of it.
 */
export class PendingBody {
  /** The statements of the body, those of `if TYPE_CHECKING: … else:` without their condition. */
  readonly #units: (() => readonly Statement[])[] = []
  readonly #byName = new Map<string, number[]>()
  readonly #stars = new Map<number, ImportFrom>()
  readonly #started = new Set<number>()
  /** Definitions with decorators and calls that stand alone, and the text that may name what they register. */
  readonly #registering: { index: number; text: string }[] = []
  readonly #definitions: { index: number; unit: LazyUnit }[] = []
  /** What the module declares for type checkers only: the names of a lazily filled package. */
  readonly #declared: ImportFrom[] = []
  readonly #imported = new Set<string>()
  /** The imports that stand in the body itself, without which it ends. */
  readonly required: (Import | ImportFrom)[] = []
  /** Names for which nothing is left to do. */
  readonly #settled = new Set<string>()
  /** The statement that runs; those below it are still to come. */
  #running = Number.POSITIVE_INFINITY
  readonly #interp: Interpreter

  constructor(
    readonly module: ModuleObject,
    units: readonly LazyUnit[],
  ) {
    this.#interp = new Interpreter(noModules)
    this.#interp.isConcrete = true
    this.#interp.budget = moduleBudget
    for (const unit of units)
      if (unit.names) this.#addUnit(unit, unit.names)
      else for (const statement of unit.statements()) for (const part of partsOf(statement)) this.#add(part)
  }

  #addUnit(unit: LazyUnit, names: readonly string[]): void {
    const index = this.#units.push(() => unit.statements()) - 1
    const roots = Array.from(unit.decorators.matchAll(METHOD), ([, root = '']) => root)
    this.#bind([...names, ...this.#ownOf(roots)], index)
    this.#definitions.push({ index, unit })
    if (unit.decorators) this.#registering.push({ index, text: unit.decorators })
  }

  #add(statement: Statement): void {
    if (isTypeChecking(statement)) {
      this.#declared.push(...importsIn(statement.body))
      for (const inner of statement.orelse) this.#add(inner)
      return
    }
    const only = [statement]
    const index = this.#units.push(() => only) - 1
    const names = [...touchedNames(statement)]
    if (statement.kind === 'Import' || statement.kind === 'ImportFrom') {
      for (const name of names) this.#imported.add(name)
      this.required.push(statement)
      if (statement.kind === 'ImportFrom' && statement.names.some((a) => a.name === '*'))
        this.#stars.set(index, statement)
      this.#bind(names, index)
    } else if (isSetting(statement)) this.#bind(this.#ownOf(names), index)
    else this.#bind([...names, ...this.#setUpBy(statement)], index)
    const told = textsToldBy(statement)
    if (told) this.#registering.push({ index, text: told })
  }

  /** What a call that stands alone may change through the function of this module that it calls: `_fill_registry()`. */
  #setUpBy(statement: Statement): readonly string[] {
    if (statement.kind !== 'Expr' || statement.value.kind !== 'Call' || statement.value.func.kind !== 'Name')
      return []
    const index = this.#byName.get(statement.value.func.id)?.[0] ?? -1
    const [called] = this.#units[index]?.() ?? []
    return called?.kind === 'FunctionDef' ? called.body.flatMap((inner) => [...touchedNames(inner)]) : []
  }

  /** Of the names that a statement changes, those of this module: what it sets in another is no part of what they mean here. */
  #ownOf(names: readonly string[]): readonly string[] {
    return names.filter((name) => !this.#imported.has(name))
  }

  #bind(names: readonly string[], index: number): void {
    for (const name of names) {
      const indices = this.#byName.get(name)
      if (indices) indices.push(index)
      else this.#byName.set(name, [index])
    }
  }

  /** Runs what binds a name. `interp` is the run that asks; what the body does is part of its trace. */
  demand(name: string, interp: Interpreter): void {
    if (this.#settled.has(name)) return
    const indices = this.#byName.get(name) ?? []
    const above = indices.filter((i) => i < this.#running)
    // In a cycle of imports a name may be asked for early: better now than never.
    const isEarly = above.length === 0 && !indices.some((i) => this.#started.has(i))
    for (const index of isEarly ? indices : above) this.#run(index, interp)
    // The last star import that has the name, if no statement below it binds it anew.
    const last = indices.at(-1) ?? -1
    for (const [index, node] of [...this.#stars].reverse())
      if (index > last && index < this.#running && this.#bindFromStar(index, node, name, interp)) break
    if (this.#running === Number.POSITIVE_INFINITY) this.#settled.add(name)
  }

  /**
   * Runs what binds a name here and in the modules that are imported whole; in these first, since a definition
   * that this module takes over runs with its decorators followed less far.
   */
  demandEverywhere(name: string, interp: Interpreter): void {
    for (const [index, node] of this.#stars)
      this.#within(index, interp, () => {
        starModule(this.#interp, node)?.pending?.demandRegistering(name, interp)
      })
    this.demand(name, interp)
  }

  /** Runs the definitions and calls that are told a name: they may enter something in a registry under it. */
  demandTold(name: string, interp: Interpreter): void {
    const mention = new RegExp(`\\b${name}\\b`)
    for (const { index, text } of this.#registering) if (mention.test(text)) this.#run(index, interp)
    for (const { index, unit } of this.#definitions)
      if (unit.labels().includes(name)) this.#run(index, interp)
  }

  /** Runs what binds names that contain another, whatever their case. */
  demandLike(name: string, interp: Interpreter): void {
    const wanted = plainName(name)
    for (const bound of [...this.#byName.keys()])
      if (plainName(bound).includes(wanted)) this.demand(bound, interp)
  }

  /** Runs what binds a name, with its decorators followed far enough to enter it in a registry. */
  demandRegistering(name: string, interp: Interpreter): void {
    if (!this.#byName.has(name)) return
    this.#interp.decoratorSteps = decoratorSteps.registering
    this.demand(name, interp)
    this.#interp.decoratorSteps = decoratorSteps.usual
  }

  #bindFromStar(index: number, node: ImportFrom, name: string, interp: Interpreter): boolean {
    if (this.#started.has(index)) return false
    let value: Value | undefined
    this.#within(index, interp, () => {
      value = starExport(this.#interp, node, name)
    })
    if (value !== undefined) this.module.globals.set(name, value)
    return value !== undefined
  }

  /** Brings in a name that is declared for type checkers only, as the annotations of a module or its importers mean it. */
  demandDeclared(name: string, interp: Interpreter): void {
    const { globals } = this.module
    if (this.#declared.length === 0 || globals.has(name) || name.startsWith('__')) return
    const binds = (node: ImportFrom): boolean => node.names.some((a) => (a.asname ?? a.name) === name)
    const named = this.#declared.find(binds)
    const candidates = named ? [named] : byLikeness(this.#declared, name)
    for (const node of candidates) {
      this.#within(this.#running, interp, () => {
        if (node === named) runStatements(this.#interp, this.module, namesApart(node).filter(binds))
        else {
          // Type checkers look beside the file, too.
          const value =
            starExport(this.#interp, node, name) ??
            (node.level === 0 ? starExport(this.#interp, { ...node, level: 1 }, name) : undefined)
          if (value !== undefined) globals.set(name, value)
        }
      })
      if (globals.has(name)) return
    }
  }

  /** Runs all that is left. */
  runAll(interp: Interpreter): void {
    this.#units.forEach((_, index) => {
      const node = this.#stars.get(index)
      if (!node) this.#run(index, interp)
      else if (!this.#started.has(index)) {
        this.#started.add(index)
        this.#within(index, interp, () => {
          for (const [name, value] of starExports(this.#interp, node))
            if ((this.#byName.get(name)?.at(-1) ?? -1) < index) this.module.globals.set(name, value)
        })
      }
    })
  }

  #run(index: number, interp: Interpreter): void {
    const statements = this.#units[index]
    if (!statements || this.#started.has(index)) return
    this.#started.add(index)
    this.#within(index, interp, () => runStatements(this.#interp, this.module, statements()))
  }

  /** Does something as the body's statement of that index; its trace goes to the run that asks. */
  #within(index: number, importer: Interpreter, body: () => void): void {
    const own = this.#interp
    const outer = this.#running
    const [trace, problems] = [traceMark(own), own.problems.length]
    const { modules, records, isProgram } = own
    own.modules = importer.modules
    own.records = importer.records
    own.isProgram = importer.isProgram
    this.#running = index
    // Who asks first need not be the one that the statement is for: it has the module's own budget, and no path takes it back.
    const { budget, steps } = own
    const mark = own.trail.mark()
    own.budget = moduleBudget
    try {
      asImported(() => inModule(own, this.module, body))
    } catch (error) {
      if (!(error instanceof OutOfBudget)) throw error
    } finally {
      own.trail.keep(mark)
      own.budget = Math.min(moduleBudget, budget + own.steps - steps)
      this.#running = outer
      // A module is kept longer than the analyses that ask for it.
      own.modules = modules
      own.records = records
      own.isProgram = isProgram
    }
    if (importer === own) return
    importer.devices.include(own.devices)
    resolveTrace(own, trace)
    for (const event of own.events.slice(trace.events)) importer.events.push(event)
    cutTrace(own, trace)
    for (const problem of own.problems.splice(problems)) importer.problems.push(problem)
  }
}

const plainName = (name: string): string => name.replaceAll('_', '').toLowerCase()

/** An import that brings in one name after another is as many imports, so that each costs what is used of it. */
const partsOf = (statement: Statement): readonly Statement[] =>
  statement.kind === 'Import' || statement.kind === 'ImportFrom' ? namesApart(statement) : [statement]

const namesApart = <Node extends Import | ImportFrom>(node: Node): readonly Node[] =>
  node.names.length > 1 ? node.names.map((name) => ({ ...node, names: [name] })) : [node]

const noModules: ModuleSource = {
  broken: new Map(),
  load: () => null,
  prelude: () => null,
  askData: () => null,
  isOwn: () => false,
  isCompiled: () => false,
}

/** `name.attribute = …` or `name[…] = …` */
const isSetting = (statement: Statement): boolean =>
  statement.kind === 'Assign' &&
  statement.targets.every((t) => t.kind === 'Attribute' || t.kind === 'Subscript')

/** The texts that a call which stands alone is given: `register('name', Class)`. */
function textsToldBy(statement: Statement): string {
  if (statement.kind !== 'Expr' || statement.value.kind !== 'Call') return ''
  return statement.value.args.flatMap((a) => (a.kind === 'String' ? [a.value] : [])).join(' ')
}

/** A decorator that is a method of something, which may keep what it decorates: `@registry.register('x')`. */
const METHOD = /@(\w+)(?:\.\w+)+\(/g

/** So many modules are looked through for a name that could be in any of them. */
const fewStars = 12

/** The imports of a block, also where they stand under `try` and `else`: what is there if all is installed. */
const importsIn = (body: readonly Statement[]): ImportFrom[] =>
  body.flatMap((statement) => {
    if (statement.kind === 'ImportFrom') return [statement]
    if (statement.kind === 'Try') return importsIn([...statement.body, ...statement.orelse])
    return statement.kind === 'If' ? importsIn([...statement.body, ...statement.orelse]) : []
  })

/** So many are tried that the name only shares its beginning with. */
const fewGuesses = 4

/** The star imports that are worth trying: of many, the modules that the name begins like, the likest first. */
function byLikeness(imports: readonly ImportFrom[], name: string): readonly ImportFrom[] {
  const stars = imports.filter((node) => node.names.some((a) => a.name === '*'))
  const wanted = plainName(name)
  const ranked = stars
    .map((node) => ({ node, ...likeness(node.module.split('.').at(-1) ?? '', wanted) }))
    .sort((a, b) => b.shared - a.shared)
  const whole = ranked.filter(({ isWhole }) => isWhole)
  const begun = ranked.filter(({ isWhole }) => !isWhole)
  const others =
    stars.length <= fewStars ? begun : begun.filter(({ shared }) => shared > 2).slice(0, fewGuesses)
  return [...whole, ...others].map(({ node }) => node)
}

/** How many letters a name shares with the beginning of a module's, or with its initials (`ASTModel`, `audio_spectrogram_transformer`). */
function likeness(module: string, wanted: string): { shared: number; isWhole: boolean } {
  const words = module.toLowerCase().split('_')
  const [joined, initials] = [words.join(''), words.map((word) => word.charAt(0)).join('')]
  if (joined !== '' && wanted.startsWith(joined)) return { shared: joined.length, isWhole: true }
  let shared = 0
  while (shared < joined.length && joined[shared] === wanted[shared]) shared++
  const isAbbreviated = initials.length > 2 && wanted.startsWith(initials)
  return { shared: isAbbreviated ? Math.max(shared, initials.length) : shared, isWhole: false }
}
