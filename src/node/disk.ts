// The files on disk as the analyser sees them, remembered until somebody says that one changed.

import { readdirSync, readFileSync, type Stats, statSync } from 'node:fs'
import { dirname } from 'node:path/posix'
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
    return remembered(this.texts, path, readText)
  }

  isFile(path: string): boolean {
    return this.kindOf(path) === 'file'
  }

  isFolder(path: string): boolean {
    return this.kindOf(path) === 'folder'
  }

  names(path: string): readonly string[] | null {
    return remembered(this.lists, path, namesIn)
  }

  /** True if an answer told of this path, also that there is nothing. */
  wasAsked(path: string): boolean {
    return this.asked.has(path) || this.lists.has(dirname(path))
  }

  /** Forgets one file's text, and which paths exist, since a file may have appeared or gone. */
  forget(path: string): void {
    this.texts.delete(path)
    this.lists.delete(dirname(path))
    this.kinds.clear()
  }

  private kindOf(path: string): Kind {
    this.asked.add(path)
    return remembered(this.kinds, path, kindAt)
  }
}

/** The answer for a path, asked for the first time only. */
function remembered<T>(known: Map<string, T>, path: string, ask: (path: string) => T): T {
  const answer = known.get(path)
  if (answer !== undefined) return answer
  const asked = ask(path)
  known.set(path, asked)
  return asked
}

function kindAt(path: string): Kind {
  const stats = statOf(path)
  return stats?.isFile() ? 'file' : stats?.isDirectory() ? 'folder' : 'nothing'
}

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
