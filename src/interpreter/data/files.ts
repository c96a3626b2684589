// Files that programs read as data: where they may lie, what they hold, and what a run has asked of them.

import type { SourceFiles } from '../modules'
import { fileNamePattern } from './file-names'
import { isAbsolute, normalised } from './paths'

/** A question about the file system: the `text` or `kind` of a path, or the `list` of a folder's names. */
type Question = `${'text' | 'kind' | 'list'} ${string}`

/** What runs have asked of the file system, with its answers then. */
export class DataReads {
  readonly #answers = new Map<Question, string | null>()

  note(question: Question, answer: string | null): void {
    this.#answers.set(question, answer)
  }
  absorb(other: DataReads): void {
    for (const [question, answer] of other.#answers) this.note(question, answer)
  }
  /** True if all answers would be the same now. */
  areCurrent(files: SourceFiles): boolean {
    for (const [question, answer] of this.#answers) if (answerOf(files, question) !== answer) return false
    return true
  }
}

function answerOf(files: SourceFiles, question: Question): string | null {
  const path = question.slice(5)
  if (question.startsWith('text')) return files.isFile(path) ? files.text(path) : null
  if (question.startsWith('list')) return files.names?.(path)?.join('\n') ?? null
  return files.isFile(path) ? 'file' : files.isFolder(path) ? 'folder' : null
}

/** Longer ones are not settings. */
const longest = 1_000_000
/** Where there are more folders than these, nothing is looked for. */
const mostFolders = 1000

/** What a file holds, or why that is not known. */
export type Content = { readonly text: string } | { readonly problem: string }

/** The files below the folder of a program and the search paths; of others nothing is asked. */
export class DataFiles {
  constructor(
    readonly files: SourceFiles,
    /** The folders that a program may be started in, and the search paths. */
    readonly starts: readonly string[],
    readonly roots: readonly string[],
    /** Of those, where the user's own files are; the others are installed, and stay as they are. */
    readonly own: readonly string[],
  ) {}

  read(path: string, reads: DataReads): Content {
    const [found, ...others] = this.#candidates(path, reads).filter(
      (at) => this.#ask(`kind ${at}`, reads) === 'file',
    )
    if (found === undefined)
      return { problem: `there is no file ${path} below the workspace or a search path` }
    if (others.length > 0) return { problem: `which ${path} is read depends on the folder of the process` }
    const text = this.#ask(`text ${found}`, reads)
    if (text === null) return { problem: `${path} is no text` }
    if (text.length > longest) return { problem: `${path} is too large` }
    return { text: text.replaceAll(/\r\n?/g, '\n') }
  }

  /** Null where there is nothing yet, or where it is not known. */
  kindOf(path: string, reads: DataReads): 'file' | 'folder' | null {
    const kinds = this.#candidates(path, reads).map((at) => this.#ask(`kind ${at}`, reads))
    const found = new Set(kinds.filter((kind) => kind !== null))
    const [kind] = found
    return found.size === 1 && (kind === 'file' || kind === 'folder') ? kind : null
  }

  /**
   * The one path that an absolute pattern finds, or none where all that is there is installed; null where it is not
   * known. Of several the order depends on the system.
   */
  matching(pattern: string, withHidden: boolean, reads: DataReads): readonly string[] | null {
    const parts = pattern.split('/')
    const first = parts.findIndex((part) => /[*?[]/.test(part))
    const folder = (first < 0 ? parts.slice(0, -1) : parts.slice(0, first)).join('/')
    const rest = first < 0 ? parts.slice(-1) : parts.slice(first)
    const root = this.#rootOf(folder)
    if (!isAbsolute(pattern) || root === null || pattern !== normalised(pattern)) return null
    const search = new Search((question) => this.#ask(question, reads), withHidden)
    const found = search.below(folder, rest)
    if (!found || found.length > 1) return null
    return found.length === 0 && this.own.includes(root) ? null : found
  }

  /** The innermost root that a path lies in. */
  #rootOf(path: string): string | null {
    const around = this.roots.filter((root) => path === root || path.startsWith(`${root}/`))
    return around.sort((a, b) => b.length - a.length)[0] ?? null
  }

  /** The paths that a path may mean: a relative one counts from where the program was started. */
  #candidates(path: string, reads: DataReads): string[] {
    const given = isAbsolute(path) ? [path] : this.starts.map((start) => `${start}/${path}`)
    return given
      .filter((at) => foldersLeft(at).every((folder) => this.#ask(`kind ${folder}`, reads) === 'folder'))
      .map(normalised)
      .filter((at) => this.#rootOf(at) !== null)
  }

  #ask(question: Question, reads: DataReads): string | null {
    const answer = answerOf(this.files, question)
    reads.note(question, answer)
    return answer
  }
}

/** The folders that a path goes out of again by `..`. */
function foldersLeft(path: string): string[] {
  const parts = path.split('/')
  return parts.flatMap((part, i) => (part === '..' ? normalised(parts.slice(0, i).join('/')) : []))
}

/** Looks through folders for what a pattern means. */
class Search {
  #folders = 0

  constructor(
    readonly ask: (question: Question) => string | null,
    readonly withHidden: boolean,
  ) {}

  /** The paths below a folder that the parts of a pattern lead to; null where there are too many, or it cannot be listed. */
  below(folder: string, [part, ...rest]: readonly string[]): string[] | null {
    if (part === undefined) return [folder]
    if (++this.#folders > mostFolders) return null
    const kind = this.ask(`kind ${folder}`)
    const listed = kind === 'folder' ? this.ask(`list ${folder}`) : ''
    if (listed === null) return null
    const found: string[] = []
    const isAnyDepth = part === '**'
    const pattern = isAnyDepth ? null : fileNamePattern(part)
    if (isAnyDepth) {
      const here = rest.length > 0 ? this.below(folder, rest) : null
      if (!here) return null
      found.push(...here)
    }
    for (const name of listed.split('\n')) {
      const isHidden = name.startsWith('.') && !part.startsWith('.') && !this.withHidden
      if (name === '' || isHidden || pattern?.test(name) === false) continue
      const path = `${folder}/${name}`
      if (isAnyDepth && this.ask(`kind ${path}`) !== 'folder') continue
      const inside = this.below(path, isAnyDepth ? [part, ...rest] : rest)
      if (!inside) return null
      found.push(...inside)
    }
    return found
  }
}
