// Holds what each function of a recorded file shows on its own, with no program, against what PyTorch had there.

import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { ParsedFiles, searchPathsFor } from '../../src/cli/files'
import { rangeOf } from '../../src/cli/json'
import { nodesOf } from '../../src/ide/nodes'
import { unknownsOf } from '../../src/ide/unknowns'
import { analyse } from '../../src/interpreter/analysis'
import { LineIndex } from '../../src/syntax/lines'
import {
  fitsAlone,
  type Recorded,
  type RecordedNode,
  type RecordedTensor,
  recordedText,
  type TracedTensor,
  tracedText,
} from './comparison'

/**
 * fits: each tensor that PyTorch had is one of those shown.
 * contradicted: one that PyTorch had is none of those shown.
 * silent: nothing is shown.
 */
export interface AloneResult {
  readonly name: string
  readonly fits: number
  readonly contradicted: number
  readonly silent: number
  readonly details: string[]
}

/** The nodes of each recorded file, those of several programs together; `folder` holds the programs themselves. */
export function recordedFiles(
  records: readonly Recorded[],
  searchPaths: readonly string[],
  folder: string,
): Map<string, RecordedNode[]> {
  const files = new Map<string, Map<string, RecordedNode>>()
  for (const { file, nodes } of records.flatMap((r) => r.files)) {
    const path = [...searchPaths, folder].map((p) => resolve(p, file)).find((p) => existsSync(p))
    if (!path) continue
    const known = files.get(path) ?? new Map<string, RecordedNode>()
    files.set(path, known)
    for (const node of nodes) {
      const key = node.slice(0, 5).join(' ')
      const [line, column, endLine, endColumn, kind, name, tensors] = node
      const all: RecordedTensor[] = [...(known.get(key)?.[6] ?? []), ...tensors]
      known.set(key, [line, column, endLine, endColumn, kind, name, all])
    }
  }
  return new Map([...files].map(([path, nodes]) => [path, [...nodes.values()]]))
}

/** Analyses a file as the editor does where no program is chosen; lists the silent nodes too if asked. */
export function compareAlone(
  path: string,
  recorded: readonly RecordedNode[],
  searchPaths: readonly string[],
  listsSilent: boolean,
): AloneResult {
  const text = readFileSync(path, 'utf8')
  const files = new ParsedFiles([{ shown: path, path, text }])
  const tree = files.tree(path)
  const lines = new LineIndex(text)
  const paths = searchPathsFor(
    path,
    searchPaths.map((p) => resolve(p)),
  )
  const around = { files, searchPaths: paths, records: (other: string): boolean => other === path }
  const runs = tree ? analyse(path, tree, around).filter((run) => run.kind === 'generic') : []
  const shown = new Map<string, readonly TracedTensor[]>(
    nodesOf(runs, path).map(({ place, kind, tensors }) => [
      `${rangeOf(lines, place.start, place.end).join(' ')} ${kind}`,
      tensors,
    ]),
  )
  const counts = { fits: 0, contradicted: 0, silent: 0 }
  const details: string[] = []
  const source = text.split('\n')
  const causes = unknownsOf(runs, path)
  const reasonsOf = (line: number): string =>
    [...new Set(causes.filter((c) => rangeOf(lines, c.start, c.end)[0] === line).map((c) => c.reason))].join(
      '; ',
    )
  for (const node of recorded) {
    const [line, column, , , kind, , tensors] = node
    const own = shown.get(node.slice(0, 5).join(' ')) ?? []
    const missed = tensors.find((r) => !own.some((t) => fitsAlone(r, t)))
    if (own.length === 0) {
      counts.silent++
      const [first] = tensors
      if (listsSilent && first)
        details.push(
          `  ${path}:${line}:${column} ${kind}  PyTorch ${recordedText(first)}, silent  ${source[line - 1]?.trim() ?? ''}  (${reasonsOf(line)})`,
        )
    } else if (!missed) counts.fits++
    else {
      counts.contradicted++
      const code = source[line - 1]?.trim() ?? ''
      details.push(
        `  ${path}:${line}:${column} ${kind}  PyTorch ${recordedText(missed)}, shown ${own.map(tracedText).join(' | ')}  ${code}`,
      )
    }
  }
  return { name: path, ...counts, details }
}
