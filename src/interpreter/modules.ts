// Finding and running the modules that a program imports, from an injected file system.

import type { ModuleTree } from '../syntax/tree'
import { str, type Value } from '../trace/values'
import { Interpreter, type ModuleSource, OutOfBudget } from './interpreter'
import { ModuleObject } from './objects'
import { preludeModule } from './prelude'

/** What the loader needs of the outside: parsed files by absolute path. */
export interface SourceFiles {
  tree(path: string): ModuleTree | null
  isFile(path: string): boolean
  isFolder(path: string): boolean
}

const moduleBudget = 500_000

export const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0))
const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** A module that was run, with the tree that it was run from. */
interface SharedModule {
  readonly module: ModuleObject
  readonly tree: ModuleTree
  /** The modules that it imports, whose change makes it stale. */
  readonly imports: ReadonlySet<string>
}

/** Imported modules, kept over runs until their text changes. */
export class SharedModules {
  readonly #modules = new Map<string, SharedModule>()

  /** The module of a path, if neither its text nor that of a module it imports has changed. */
  get(path: string, files: SourceFiles, checking: Set<string> = new Set()): SharedModule | null {
    const known = this.#modules.get(path)
    if (!known || files.tree(path) !== known.tree) return null
    checking.add(path)
    for (const other of known.imports)
      if (!checking.has(other) && !this.get(other, files, checking)) return null
    return known
  }
  set(path: string, shared: SharedModule): void {
    this.#modules.set(path, shared)
  }
}

/** Finds modules for one run and runs those that are not known yet, each in an interpreter of its own. */
export class ModuleLoader implements ModuleSource {
  readonly modules = new Map<string, ModuleObject>()
  /** The run that imports; what an imported module's body does is part of its trace. */
  interp: Interpreter | null = null
  #importing: Set<string> = new Set()
  constructor(
    readonly files: SourceFiles,
    /** Folders that hold importable modules, in order. */
    readonly roots: readonly string[],
    readonly shared: SharedModules = new SharedModules(),
  ) {}

  prelude(name: string): ModuleObject | null {
    return preludeModule(name)
  }

  load(name: string, from: ModuleObject): Value | null {
    if (from.isPrelude) return name.startsWith('prelude.') ? preludeModule(name) : null
    const known = this.modules.get(name)
    if (known) return known
    const path = this.#find(name, from)
    if (path === null) return null
    this.#importing.add(path)
    const tree = this.files.tree(path)
    const shared = this.shared.get(path, this.files)
    if (shared) {
      this.modules.set(name, shared.module)
      return shared.module
    }
    return tree && this.interp ? this.#run(name, path, tree, this.interp) : null
  }

  #run(name: string, path: string, tree: ModuleTree, importer: Interpreter): ModuleObject {
    const module = this.add(name, path, '')
    const outer = this.#importing
    this.#importing = new Set()
    const interp = new Interpreter(this)
    interp.isConcrete = importer.isConcrete
    interp.budget = moduleBudget
    this.interp = interp
    try {
      interp.runModule(module, tree.body)
    } catch (error) {
      if (!(error instanceof OutOfBudget)) throw error
    } finally {
      this.interp = importer
      this.shared.set(path, { module, tree, imports: this.#importing })
      this.#importing = outer
    }
    interp.resolveEvents(0)
    for (const event of interp.events) importer.events.push(event)
    importer.problems.push(...interp.problems)
    return module
  }

  /** Registers a module before its body runs. */
  add(name: string, path: string, runAs: string): ModuleObject {
    const module = new ModuleObject(name, path, false)
    module.globals.set('__name__', str(runAs || name))
    module.globals.set('__file__', str(path))
    this.modules.set(name, module)
    return module
  }

  /** The file of a dotted name: below the folder of the importing package's root, then the search paths. */
  #find(name: string, from: ModuleObject): string | null {
    const relative = name.replaceAll('.', '/')
    for (const root of [packageRoot(from), ...this.roots]) {
      const base = `${root}/${relative}`
      if (this.files.isFile(`${base}.py`)) return `${base}.py`
      if (this.files.isFile(`${base}/__init__.py`)) return `${base}/__init__.py`
    }
    return null
  }
}

/** The folder that a module's dotted name starts in. */
function packageRoot(module: ModuleObject): string {
  let folder = folderOf(module.path)
  const isPackage = baseName(module.path) === '__init__.py'
  const ups = module.name.split('.').length - (isPackage ? 0 : 1)
  for (let i = 0; i < ups; i++) folder = folderOf(folder)
  return folder
}

/** The dotted name of a file, from the folders above it that are packages. */
export function moduleNameOf(path: string, files: SourceFiles): string {
  const isPackage = baseName(path) === '__init__.py'
  const parts = isPackage ? [] : [baseName(path).replace(/\.py$/, '')]
  for (
    let folder = folderOf(path);
    folder !== '' && files.isFile(`${folder}/__init__.py`);
    folder = folderOf(folder)
  )
    parts.unshift(baseName(folder))
  return parts.join('.') || baseName(folderOf(path))
}
