// The files that the command line names: folders listed, texts read, and what cannot be read in one line each.

import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { decodePython } from '../node/decode'
import { largestFile } from '../node/disk'

/** A file to look at. */
export interface Input {
  /** As given, or below the folder that was given. */
  readonly shown: string
  /** Absolute, with `/` between its parts. */
  readonly path: string
  readonly text: string
}

export interface Inputs {
  readonly files: readonly Input[]
  /** One line each, with the file's name. */
  readonly problems: readonly string[]
}

/** Absolute, with `/` between its parts on every system, as the analyser writes paths. */
export const absolute = (path: string): string => resolve(path).replaceAll('\\', '/')

/** Reads what the paths name, each file once, in order. */
export function readInputs(paths: readonly string[]): Inputs {
  const files: Input[] = []
  const problems: string[] = []
  const seen = new Set<string>()
  for (const shown of paths.flatMap((path) => listed(path, problems))) {
    const path = absolute(shown)
    if (seen.has(path)) continue
    seen.add(path)
    const read = readSource(shown)
    if ('text' in read) files.push({ shown, path, text: read.text })
    else problems.push(cannotRead(shown, read.problem))
  }
  return { files, problems }
}

const cannotRead = (shown: string, why: string): string => `shapescope: cannot read ${shown}: ${why}`

/** The path itself, or the Python files below it where it is a folder. */
function listed(path: string, problems: string[]): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path]
    const files = pythonBelow(path, problems)
    if (files.length === 0) problems.push(cannotRead(path, 'the folder holds no .py file'))
    return files
  } catch (problem) {
    problems.push(cannotRead(path, reasonOf(problem)))
    return []
  }
}

/** Every `.py` below a folder but for hidden folders, caches and virtual environments; links are not followed. */
function pythonBelow(folder: string, problems: string[]): string[] {
  const found: string[] = []
  let entries: ReturnType<typeof namesIn>
  try {
    entries = namesIn(folder)
  } catch (problem) {
    problems.push(cannotRead(folder, reasonOf(problem)))
    return found
  }
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      if (!isLeftOut(entry.name, path)) found.push(...pythonBelow(path, problems))
    } else if (entry.name.endsWith('.py') && (entry.isFile() || isLinkToFile(path))) found.push(path)
  }
  return found
}

const namesIn = (folder: string) =>
  readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))

function isLeftOut(name: string, path: string): boolean {
  if (name.startsWith('.') || name === '__pycache__' || name === 'node_modules') return true
  return statSync(join(path, 'pyvenv.cfg'), { throwIfNoEntry: false }) !== undefined
}

function isLinkToFile(path: string): boolean {
  try {
    return statSync(realpathSync(path)).isFile()
  } catch {
    return true // a link that leads nowhere is named as a file that cannot be read
  }
}

function readSource(path: string): ReturnType<typeof decodePython> {
  try {
    const stats = statSync(path)
    if (!stats.isFile()) return { problem: 'it is no file' }
    const megabytes = (size: number): string => `${(size / 1024 / 1024).toFixed(1)} MB`
    if (stats.size > largestFile)
      return { problem: `it is too large (${megabytes(stats.size)}, the limit is ${megabytes(largestFile)})` }
    return decodePython(readFileSync(path))
  } catch (problem) {
    return { problem: reasonOf(problem) }
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'there is no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
}

/** An error of the file system in words. */
export function reasonOf(problem: unknown): string {
  const code = problem instanceof Error && 'code' in problem ? String(problem.code) : ''
  return reasons[code] ?? (problem instanceof Error ? problem.message : String(problem))
}
