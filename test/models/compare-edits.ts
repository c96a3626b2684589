// Analyses edited model files, each with the program that runs it and on its own, and holds what is
// flagged against what PyTorch refused.

import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ParsedFiles, searchPathsFor } from '../../src/cli/files'
import type { Diagnostic } from '../../src/ide/api'
import { diagnosticsOf } from '../../src/ide/diagnostics'
import { analyse, analyseProgram, type Run } from '../../src/interpreter/analysis'
import { LineIndex } from '../../src/syntax/lines'

/** One edit, as record_edits.py writes it; offsets count characters. */
interface Edit {
  readonly kind: string
  readonly offset: number
  readonly length: number
  readonly new: string
}
interface RefusedEdit extends Edit {
  readonly exception: string
  readonly message: string
  /** Where PyTorch raised, as a line of the edited file. */
  readonly line: number
  /** The innermost place outside PyTorch, which may be in another file of the package. */
  readonly raised: readonly [file: string, line: number]
}
export interface RecordedEdits {
  readonly file: string
  readonly sha256: string
  readonly refused: readonly RefusedEdit[]
  readonly accepted: readonly Edit[]
}

export interface EditResult {
  readonly name: string
  readonly refused: number
  readonly onLine: number
  readonly elsewhere: number
  /** Refused edits that the file's own analysis flags, on the line and anywhere. */
  readonly alone: number
  readonly aloneAnywhere: number
  readonly accepted: number
  readonly falseErrors: number
  readonly details: string[]
}

interface Flagged {
  readonly file: string
  readonly first: number
  readonly last: number
  readonly text: string
}

export const readEdits = (path: string): RecordedEdits =>
  JSON.parse(readFileSync(path, 'utf8')) as RecordedEdits

export function compareEdits(
  name: string,
  entry: string,
  recorded: RecordedEdits,
  searchPaths: readonly string[],
  analysesAlone: boolean,
): EditResult {
  const folders = searchPaths.map((p) => resolve(p))
  const path = folders.map((folder) => join(folder, recorded.file)).find((p) => existsSync(p))
  if (path === undefined) throw new Error(`${recorded.file} is in no search path`)
  const characters = [...readFileSync(path, 'utf8')]
  const details: string[] = []
  if (digest(characters.join('')) !== recorded.sha256)
    details.push(`  ${recorded.file}: not the version that was recorded`)
  const original = new Set(analysesAlone ? errorsAlone(path, characters.join(''), folders).map(keyOf) : [])
  let [onLine, elsewhere, alone, aloneAnywhere, falseErrors] = [0, 0, 0, 0, 0]
  for (const edit of recorded.refused) {
    const text = edited(characters, edit)
    const errors = errorsOf(resolve(entry), path, text, folders)
    const isRight = errors.some((e) => isAt(e, recorded.file, edit))
    if (isRight) onLine++
    else {
      if (errors.length > 0) elsewhere++
      const verdict = errors.length > 0 ? 'elsewhere' : 'missed'
      details.push(`  ${verdict.padEnd(9)} ${describe(characters, edit)}`)
      details.push(`            line ${edit.line} (${edit.raised.join(':')}): ${edit.message}`)
      for (const e of errors.slice(0, 3)) details.push(`            ${e.file}:${e.first} ${e.text}`)
    }
    if (analysesAlone) {
      const found = errorsAlone(path, text, folders).filter((e) => !original.has(keyOf(e)))
      if (found.some((e) => isAt(e, recorded.file, edit))) alone++
      if (found.length > 0) aloneAnywhere++
    }
  }
  for (const edit of recorded.accepted) {
    const errors = errorsOf(resolve(entry), path, edited(characters, edit), folders)
    falseErrors += errors.length
    for (const e of errors) {
      details.push(`  false     ${describe(characters, edit)}`)
      details.push(`            ${e.file}:${e.first} ${e.text}`)
    }
  }
  return {
    name,
    refused: recorded.refused.length,
    onLine,
    elsewhere,
    alone,
    aloneAnywhere,
    accepted: recorded.accepted.length,
    falseErrors,
    details,
  }
}

/** The errors of a program that runs the edited file. */
function errorsOf(entry: string, path: string, text: string, folders: readonly string[]): Flagged[] {
  const files = filesWith(entry, path, text)
  const tree = files.tree(entry)
  if (!tree) throw new Error(`${entry} cannot be read`)
  const run = analyseProgram(entry, tree, { files, searchPaths: searchPathsFor(entry, folders) })
  const modules = new Set([entry, ...run.events.map((e) => e.frame.module)])
  return [...modules].flatMap((module) => errorsIn([run], module, files))
}

/** The errors that an editor shows in the edited file when nothing else is known. */
function errorsAlone(path: string, text: string, folders: readonly string[]): Flagged[] {
  const files = filesWith(path, path, text)
  const tree = files.tree(path)
  if (!tree) return []
  const runs = analyse(path, tree, { files, searchPaths: searchPathsFor(path, folders) })
  return errorsIn(runs, path, files)
}

const filesWith = (entry: string, path: string, text: string): ParsedFiles =>
  new ParsedFiles([
    { shown: entry, path: entry, text: entry === path ? text : readFileSync(entry, 'utf8') },
    { shown: path, path, text },
  ])

function errorsIn(runs: readonly Run[], path: string, files: ParsedFiles): Flagged[] {
  const tree = files.tree(path)
  if (!tree) return []
  const lines = new LineIndex(tree.text)
  return diagnosticsOf(runs, tree, path)
    .filter((d) => d.severity === 'error')
    .map((d: Diagnostic) => ({
      file: path,
      first: lines.lineAt(d.start) + 1,
      last: lines.lineAt(d.end) + 1,
      text: `[${d.code}] ${d.message}`,
    }))
}

/** True where PyTorch raised: its innermost place outside PyTorch, or the line that led there. */
function isAt({ file, first, last }: Flagged, editedFile: string, { line, raised }: RefusedEdit): boolean {
  const covers = (name: string, at: number): boolean => file.endsWith(name) && first <= at && at <= last
  return covers(editedFile, line) || covers(...raised)
}

const keyOf = ({ text }: Flagged): string => text

function edited(characters: readonly string[], { offset, length, new: changed }: Edit): string {
  return characters.slice(0, offset).join('') + changed + characters.slice(offset + length).join('')
}

function describe(characters: readonly string[], { kind, offset, length, new: changed }: Edit): string {
  const line = characters.slice(0, offset).filter((c) => c === '\n').length + 1
  return `${kind} in line ${line}: «${characters.slice(offset, offset + length).join('')}» → «${changed}»`
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)
