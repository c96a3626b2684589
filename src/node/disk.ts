// The files on disk as the analyser sees them, remembered until somebody says that one changed.

import { readdirSync, readFileSync, type Stats, statSync } from 'node:fs'
import type { FileSystem } from '../ide/api'
import { decodePython } from './decode'

/** Larger files are data or generated tables; parsing them would only make the editor wait. */
export const largestFile = 4 * 1024 * 1024

type Kind = 'file' | 'folder' | 'nothing'

export class DiskFiles implements FileSystem {
  private readonly texts = new Map<string, string | null>()
  private readonly kinds = new Map<string, Kind>()
  private readonly lists = new Map<string, readonly string[] | null>()
  /** All paths that were ever asked for. */
  private readonly asked = new Set<string>()

  read(path: string): string | null {
    this.asked.add(path)
    let text = this.texts.get(path)
    if (text === undefined) {
      text = readText(path)
      this.texts.set(path, text)
    }
    return text
  }

  isFile(path: string): boolean {
    return this.kindOf(path) === 'file'
  }

  isFolder(path: string): boolean {
    return this.kindOf(path) === 'folder'
  }

  names(path: string): readonly string[] | null {
    let names = this.lists.get(path)
    if (names === undefined) {
      names = namesIn(path)
      this.lists.set(path, names)
    }
    return names
  }

  /** True if an answer told of this path, also that there is nothing. */
  wasAsked(path: string): boolean {
    return this.asked.has(path) || this.lists.has(folderOf(path))
  }

  /** Forgets one file's text, and which paths exist, since a file may have appeared or gone. */
  forget(path: string): void {
    this.texts.delete(path)
    this.lists.delete(folderOf(path))
    this.kinds.clear()
  }

  private kindOf(path: string): Kind {
    this.asked.add(path)
    let kind = this.kinds.get(path)
    if (kind === undefined) {
      const stats = statOf(path)
      kind = stats?.isFile() ? 'file' : stats?.isDirectory() ? 'folder' : 'nothing'
      this.kinds.set(path, kind)
    }
    return kind
  }
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'))

function namesIn(path: string): readonly string[] | null {
  try {
    return readdirSync(path).sort()
  } catch {
    return null // no folder, or none that may be read
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined // a folder on the way may not be entered, or is no folder
  }
}

function readText(path: string): string | null {
  const stats = statOf(path)
  if (!stats?.isFile() || stats.size > largestFile) return null
  try {
    const decoded = decodePython(readFileSync(path))
    return 'text' in decoded ? decoded.text : null
  } catch {
    return null
  }
}
