// Finding and running the modules that a program imports, from an injected file system.

import { readLazily } from '../syntax/lazy'
import { str, type Value } from '../trace/values'
import { DataFiles, DataReads } from './data/files'
import { nameIn } from './data/paths'
import type { Interpreter } from './interpreter'
import { ModuleObject } from './objects'
import { PendingBody } from './pending'
import { importedPart, preludeModule } from './prelude'

/** What the loader needs of the outside: the texts of files by absolute path. */
export interface SourceFiles {
  text(path: string): string | null
  isFile(path: string): boolean
  isFolder(path: string): boolean
  /** The names in a folder, in order; null where there is no such folder. */
  names?(path: string): readonly string[] | null
}

export const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0))

/** An imported module, with the text that it runs from. */
interface SharedModule {
  readonly module: ModuleObject
  readonly text: string
  /** The modules that it imports and the data that it reads, whose change makes it stale. */
  readonly imports: Set<string>
  readonly data: DataReads
}

/** Imported modules, kept over runs until their text changes. */
export class SharedModules {
  readonly #modules = new Map<string, SharedModule>()

  /**
   * The module of a path, if neither its text nor that of a module it imports has changed. `current`
   * holds the paths that are known to be unchanged, and gets those that are found so.
   */
  get(path: string, files: SourceFiles, current: Set<string>): ModuleObject | null {
    const checked = new Set<string>()
    const isCurrent = (path: string): boolean => {
      if (current.has(path) || checked.has(path)) return true
      const known = this.#modules.get(path)
      if (!known || files.text(path) !== known.text || !known.data.areCurrent(files)) return false
      checked.add(path)
      return [...known.imports].every(isCurrent)
    }
    if (!isCurrent(path)) return null
    for (const other of checked) current.add(other)
    return this.#modules.get(path)?.module ?? null
  }
  add(module: ModuleObject, text: string): void {
    this.#modules.set(module.path, { module, text, imports: new Set(), data: new DataReads() })
  }
  noteImport(from: string, path: string): void {
    this.#modules.get(from)?.imports.add(path)
  }
  noteData(path: string, reads: DataReads): void {
    this.#modules.get(path)?.data.absorb(reads)
  }
}

export interface ModuleSource {
  /** Of the modules that were asked for it, whether they begin with an import that fails. */
  readonly broken: Map<ModuleObject, boolean>
  /** The module of a dotted name, run on first import; null if it is not found. */
  load(name: string, from: ModuleObject, importer: Interpreter): Value | null
  /** True where a dotted name is that of a compiled module, or of a folder that is a package without a file of its own. */
  isCompiled(name: string, from: ModuleObject): boolean
  /** The part of the prelude that stands for a module of torch, or null. */
  prelude(name: string): ModuleObject | null
  /** Asks the files that are read as data for something, on which then depends what runs. */
  askData<T>(importer: Interpreter, ask: (files: DataFiles, reads: DataReads) => T): T | null
  /** True for what its user wrote: the analysed file, what is beside it, and what shares a search path with it. */
  isOwn(module: ModuleObject): boolean
}

/** Finds modules for one analysis; each runs as its names are asked for. */
export class ModuleLoader implements ModuleSource {
  readonly broken = new Map<ModuleObject, boolean>()
  readonly #modules = new Map<string, ModuleObject>()
  readonly #current = new Set<string>()
  /** The files that are found beside the analysed one, not in a search path. */
  readonly #ownFiles = new Set<string>()
  #data: DataFiles | null = null
  /** The search paths that the analysed file lies in. */
  #projects: readonly string[] = []
  constructor(
    readonly files: SourceFiles,
    /** Folders that hold importable modules, in order. */
    readonly roots: readonly string[],
    readonly shared: SharedModules,
    /** True if the analysed file's own modules run whole when they are imported, as Python does it. */
    readonly runsOwnModules: boolean,
  ) {}

  prelude(name: string): ModuleObject | null {
    return preludeModule(name)
  }

  load(name: string, from: ModuleObject, importer: Interpreter): Value | null {
    if (from.isPrelude) return importedPart(name)
    const known = this.#modules.get(name)
    const module = known ?? this.#found(name, from)
    if (!module) return null
    // What a run imports the run depends on, what a module's body imports the module.
    if (importer.mainPath === '') this.shared.noteImport(from.path, module.path)
    else importer.reads.dependOn(module)
    if (!known && this.runsOwnModules && this.#ownFiles.has(module.path)) module.pending?.runAll(importer)
    return module
  }

  #found(name: string, from: ModuleObject): ModuleObject | null {
    const path = this.#find(name, from)
    const text = path === null ? null : this.files.text(path)
    return path === null || text === null ? null : this.#imported(name, path, text)
  }

  #imported(name: string, path: string, text: string): ModuleObject {
    const known = this.shared.get(path, this.files, this.#current)
    if (known) {
      this.#modules.set(name, known)
      return known
    }
    const module = this.#add(name, path, name)
    module.isLoaded = true
    module.pending = new PendingBody(module, readLazily(text))
    module.text = text
    this.shared.add(module, text)
    this.#current.add(path)
    return module
  }

  isCompiled(name: string, from: ModuleObject): boolean {
    const relative = name.replaceAll('.', '/')
    return [packageRoot(from), ...this.roots].some(
      (root) =>
        this.files.isFolder(`${root}/${relative}`) ||
        compiledEndings.some((ending) => this.files.isFile(`${root}/${relative}${ending}`)),
    )
  }

  askData<T>(importer: Interpreter, ask: (files: DataFiles, reads: DataReads) => T): T | null {
    if (!this.#data) return null
    const reads = new DataReads()
    const answer = ask(this.#data, reads)
    importer.reads.data.absorb(reads)
    const running = [...importer.bodies, ...importer.stack.map(({ scope }) => scope)]
    for (const path of new Set(running.map(({ module }) => module.path))) this.shared.noteData(path, reads)
    return answer
  }

  isOwn({ path }: ModuleObject): boolean {
    return this.#ownFiles.has(path) || this.#projects.some((root) => path.startsWith(`${root}/`))
  }

  /** Begins another analysis of the same file: true if all that was imported is what it was. */
  renew(): boolean {
    this.#current.clear()
    this.broken.clear()
    return [...this.#modules.values()].every(
      ({ path, pending }) => pending === null || this.current(path) !== null,
    )
  }

  /** The imported module of a path if it is still what an earlier analysis saw. */
  current(path: string): ModuleObject | null {
    return this.shared.get(path, this.files, this.#current)
  }

  /** Registers the analysed file's module before its body runs. */
  addMain(name: string, path: string, runAs: string): ModuleObject {
    this.#ownFiles.add(path)
    this.#projects = this.roots.filter((root) => path.startsWith(`${root}/`))
    const main = this.#add(name, path, runAs || name)
    const folder = folderOf(path)
    const starts = [folder, ...this.#foldersAround(folder), ...this.#projects]
    const own = [packageRoot(main), ...this.#projects]
    this.#data = new DataFiles(this.files, [...new Set(starts)], [...own, ...this.roots], own)
    return main
  }

  #add(name: string, path: string, runAs: string): ModuleObject {
    const module = new ModuleObject(name, path, false)
    module.globals.set('__name__', str(runAs))
    module.globals.set('__file__', str(path))
    this.#modules.set(name, module)
    return module
  }

  /** The file of a dotted name: below the folder of the importing package's root, then the search paths. */
  #find(name: string, from: ModuleObject): string | null {
    const relative = name.replaceAll('.', '/')
    const isOwn = this.#ownFiles.has(from.path)
    const beside = packageRoot(from)
    const around = isOwn ? this.#foldersAround(beside) : []
    for (const root of [beside, ...this.roots, ...around]) {
      const base = `${root}/${relative}`
      const path = [`${base}.py`, `${base}/__init__.py`].find((p) => this.files.isFile(p))
      if (path === undefined) continue
      if (isOwn && (root === beside || around.includes(root))) this.#ownFiles.add(path)
      return path
    }
    return null
  }

  /** The folders between a folder and the search path that it lies in: a program may be started in any of them. */
  #foldersAround(folder: string): string[] {
    const root = this.roots.find((root) => folder.startsWith(`${root}/`))
    const folders: string[] = []
    for (let at = folderOf(folder); root !== undefined && at.length > root.length; at = folderOf(at))
      folders.push(at)
    return folders
  }
}

/** How the files of compiled modules end, by version and system. Source: importlib.machinery.EXTENSION_SUFFIXES. */
const compiledEndings = ['.so', '.pyd', '.abi3.so'].concat(
  Array.from({ length: 8 }, (_, i) => `3${i + 8}`).flatMap((version) => [
    ...['x86_64-linux-gnu', 'aarch64-linux-gnu', 'darwin'].map(
      (system) => `.cpython-${version}-${system}.so`,
    ),
    `.cp${version}-win_amd64.pyd`,
  ]),
)

/** The folder that a module's dotted name starts in. */
function packageRoot(module: ModuleObject): string {
  let folder = folderOf(module.path)
  const isPackage = nameIn(module.path) === '__init__.py'
  const ups = module.name.split('.').length - (isPackage ? 0 : 1)
  for (let i = 0; i < ups; i++) folder = folderOf(folder)
  return folder
}

/** The dotted name of a file, from the folders above it that are packages. */
export function moduleNameOf(path: string, files: SourceFiles): string {
  const isPackage = nameIn(path) === '__init__.py'
  const parts = isPackage ? [] : [nameIn(path).replace(/\.py$/, '')]
  for (
    let folder = folderOf(path);
    folder !== '' && files.isFile(`${folder}/__init__.py`);
    folder = folderOf(folder)
  )
    parts.unshift(nameIn(folder))
  return parts.join('.') || nameIn(folderOf(path))
}
