// Finding and running the modules that a program imports, from an injected file system.

import type { ModuleTree } from '../syntax/tree'
import { str, type Value } from '../trace/values'
import type { Interpreter, ModuleSource } from './interpreter'
import { ModuleObject } from './objects'
import { preludeModule } from './prelude'

/** What the loader needs of the outside: parsed files by absolute path. */
export interface SourceFiles {
  tree(path: string): ModuleTree | null
  isFile(path: string): boolean
  isFolder(path: string): boolean
}

export const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0))
const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** One run's modules: each is run when it is first imported. */
export class ModuleLoader implements ModuleSource {
  readonly modules = new Map<string, ModuleObject>()
  interp: Interpreter | null = null
  constructor(
    readonly files: SourceFiles,
    /** Folders that hold importable modules, in order. */
    readonly roots: readonly string[],
  ) {}

  prelude(name: string): ModuleObject | null {
    return preludeModule(name)
  }

  load(name: string, from: ModuleObject): Value | null {
    if (from.isPrelude) return name.startsWith('prelude.') ? preludeModule(name) : null
    const known = this.modules.get(name)
    if (known) return known
    const path = this.#find(name, from)
    if (path === null || !this.interp) return null
    const tree = this.files.tree(path)
    if (!tree) return null
    const module = this.add(name, path, '')
    this.interp.runModule(module, tree.body)
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
  for (let folder = folderOf(path); folder !== '' && files.isFile(`${folder}/__init__.py`); folder = folderOf(folder))
    parts.unshift(baseName(folder))
  return parts.join('.') || baseName(folderOf(path))
}
