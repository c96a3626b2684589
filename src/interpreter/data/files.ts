// Files that programs read as data: where they may lie, what they hold, and what a run has asked of them.

import type { SourceFiles } from '../modules'
import { isAbsolute, normalised } from './paths'

/** A question about the file system, `text` and `kind` of a path, by which its answer is held. */
type Question = `${'text' | 'kind'} ${string}`

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
  return files.isFile(path) ? 'file' : files.isFolder(path) ? 'folder' : null
}

/** Longer ones are not settings. */
const longest = 1_000_000

/** What a file holds, or why that is not known. */
export type Content = { readonly text: string } | { readonly problem: string }

/** The files below the folder of a program and the search paths; of others nothing is asked. */
export class DataFiles {
  constructor(
    readonly files: SourceFiles,
    /** The folders that a program may be started in, and the search paths. */
    readonly starts: readonly string[],
    readonly roots: readonly string[],
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

  /** The paths that a path may mean: a relative one counts from where the program was started. */
  #candidates(path: string, reads: DataReads): string[] {
    const given = isAbsolute(path) ? [path] : this.starts.map((start) => `${start}/${path}`)
    return given
      .filter((at) => foldersLeft(at).every((folder) => this.#ask(`kind ${folder}`, reads) === 'folder'))
      .map(normalised)
      .filter((at) => this.roots.some((root) => at === root || at.startsWith(`${root}/`)))
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
