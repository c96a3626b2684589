// The disk as the analyser reads it: parsed files, each parsed once, and where imports are looked for.

import { dirname, join } from 'node:path'
import type { SourceFiles } from '../interpreter/modules'
import { DiskFiles } from '../node/disk'
import { sitePackages } from '../node/environments'
import { parseModule } from '../syntax/parse'
import type { ModuleTree } from '../syntax/tree'
import type { Input } from './inputs'

export class ParsedFiles implements SourceFiles {
  readonly #trees = new Map<string, ModuleTree | null>()
  readonly #disk = new DiskFiles()
  readonly #given: ReadonlyMap<string, string>

  constructor(inputs: readonly Input[]) {
    this.#given = new Map(inputs.map(({ path, text }) => [path, text]))
  }

  text(path: string): string | null {
    return this.#given.get(path) ?? this.#disk.read(path)
  }
  tree(path: string): ModuleTree | null {
    let tree = this.#trees.get(path)
    if (tree === undefined) {
      const text = this.text(path)
      tree = text === null ? null : parseModule(text)
      this.#trees.set(path, tree)
    }
    return tree
  }

  isFile(path: string): boolean {
    return this.#given.has(path) || this.#disk.isFile(path)
  }

  isFolder(path: string): boolean {
    return this.#disk.isFolder(path)
  }

  names(path: string): readonly string[] | null {
    return this.#disk.names(path)
  }
}

/** The folders to search for a file's imports, strongest first; its own folder is searched in any case. */
export function searchPathsFor(path: string, wanted: readonly string[]): string[] {
  const environments = [join(dirname(path), '.venv')]
  if (process.env.VIRTUAL_ENV) environments.push(process.env.VIRTUAL_ENV)
  const installed = environments.flatMap(sitePackages).map((folder) => folder.replaceAll('\\', '/'))
  return [...new Set([...wanted, ...installed])]
}
