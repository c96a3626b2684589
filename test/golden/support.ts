// What the golden tests share: goldens from disk, and analyses of the files that they are about.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Diagnostic } from '../../src/ide/api'
import { diagnosticsOf } from '../../src/ide/diagnostics'
import { type NodeText, nodesOf } from '../../src/ide/nodes'
import { analyse, analyseProgram, type Run } from '../../src/interpreter/analysis'
import type { SourceFiles } from '../../src/interpreter/modules'
import { LineIndex } from '../../src/syntax/lines'
import { parseModule } from '../../src/syntax/parse'

export interface GoldenTensor {
  shape: number[]
  dtype: string
  contiguous: boolean
}
export interface GoldenNode {
  range: [number, number, number, number]
  kind: string
  name: string | null
  tensors: GoldenTensor[]
}
export interface Golden {
  file: string
  nodes: GoldenNode[]
}

/** A set of programs with what PyTorch made of them. */
export interface Corpus {
  readonly name: 'samples' | 'holdout'
  /** Where the programs are. */
  readonly programs: string
  readonly goldens: string
  readonly mutants: string
}

export const corpora: readonly Corpus[] = [
  {
    name: 'samples',
    programs: 'media/samples',
    goldens: 'test/golden/samples',
    mutants: 'test/golden/mutants.json',
  },
  {
    name: 'holdout',
    programs: 'test/golden/holdout',
    goldens: 'test/golden/holdout',
    mutants: 'test/golden/holdout_mutants.json',
  },
]

export function goldensOf(corpus: Corpus): Golden[] {
  return readdirSync(corpus.goldens)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(corpus.goldens, name), 'utf8')) as Golden)
}

/** The files on disk, with one text in place of what the disk has. */
function filesWith(path: string, text: string): SourceFiles {
  const isFile = (p: string): boolean => existsSync(p) && statSync(p).isFile()
  return {
    text: (p) => (p === path ? text : readFileSync(p, 'utf8')),
    isFile,
    isFolder: (p) => existsSync(p) && statSync(p).isDirectory(),
  }
}

export interface Analysed {
  readonly path: string
  readonly text: string
  readonly runs: readonly Run[]
  readonly lines: LineIndex
  readonly diagnostics: readonly Diagnostic[]
}

/** Analyses a program, or a changed text of it: from its first line, or each function on its own. */
export function analysed(file: string, how: 'trace' | 'check', changed?: string): Analysed {
  const path = resolve(file)
  const text = changed ?? readFileSync(path, 'utf8')
  const files = filesWith(path, text)
  const tree = parseModule(text)
  const around = { files, searchPaths: [] }
  const runs = how === 'trace' ? [analyseProgram(path, tree, around)] : [...analyse(path, tree, around)]
  return { path, text, runs, lines: new LineIndex(text), diagnostics: diagnosticsOf(runs, tree, path) }
}

/** Errors and warnings, one line each. */
export const complaints = ({ diagnostics, lines }: Analysed): string[] =>
  diagnostics
    .filter((d) => d.severity === 'error' || d.severity === 'warning')
    .map((d) => `${d.severity} in line ${lines.lineAt(d.start) + 1}: [${d.code}] ${d.message}`)

/** The nodes of an analysis by range and kind, as goldens name them. */
export function nodesByKey({ runs, path, lines }: Analysed): Map<string, NodeText> {
  const at = (offset: number): string => `${lines.lineAt(offset) + 1}:${lines.characterColumn(offset)}`
  return new Map(nodesOf(runs, path).map((n) => [`${at(n.place.start)}-${at(n.place.end)} ${n.kind}`, n]))
}

export const keyOf = ({ range: [line, column, endLine, endColumn], kind }: GoldenNode): string =>
  `${line}:${column}-${endLine}:${endColumn} ${kind}`

/** The program without its `if __name__ == "__main__":` block. */
export function withoutEntry(text: string): string {
  const at = text.search(/^if __name__ == /m)
  return at < 0 ? text : text.slice(0, at)
}

export const percent = (part: number, whole: number): string =>
  `${part} of ${whole} (${whole === 0 ? 100 : ((100 * part) / whole).toFixed(1)} %)`
