// `npm run bench`: how long a cold analysis and a keystroke take, and what the server weighs; with `-- FILE… [--search-path DIR]` on those files.

import { readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import type { FileSystem, Workspace } from '../../src/ide/api'
import { createWorkspace } from '../../src/ide/workspace'
import { loadGrammar } from '../../src/syntax/grammar'
import { programOf } from './program'
import { quantile, serverTimes } from './server'

const sizes = [100, 500, 2000]
const coldRuns = 9
const path = '/bench/model.py'
const noFiles: FileSystem = { read: () => null, isFile: () => false, isFolder: () => false }

function analysed(text: string): Workspace {
  const workspace = createWorkspace(noFiles, { searchPaths: [] })
  workspace.setText(path, text)
  const work = workspace.update(path)
  while (!work.next().done);
  return workspace
}

/** A new workspace sees the text for the first time; the code is warm, as in a server that runs. */
function coldAnalysis(text: string): number {
  const times = Array.from({ length: coldRuns }, () => {
    const begun = performance.now()
    analysed(text)
    return performance.now() - begun
  })
  return quantile(times, 0.5)
}

function heapMegabytes(): number {
  for (let round = 0; round < 3; round++) globalThis.gc?.()
  return process.memoryUsage().heapUsed / 2 ** 20
}

/** What the analysis of a text keeps on the heap. */
function keptMegabytes(text: string): number {
  const before = heapMegabytes()
  const workspace = analysed(text)
  const kept = heapMegabytes() - before
  workspace.close(path)
  return kept
}

type Row = Record<string, string | number>

/** Programs that are made up, of several sizes, in a process that is warm. */
async function madeUp(): Promise<Row[]> {
  await loadGrammar(readFileSync('dist/web-tree-sitter.wasm'), readFileSync('dist/tree-sitter-python.wasm'))
  for (let warm = 0; warm < 3; warm++) coldAnalysis(programOf(500))
  const rows: Row[] = []
  for (const size of sizes) {
    const text = programOf(size)
    const cold = coldAnalysis(text)
    const heap = quantile(
      [1, 2, 3].map(() => keptMegabytes(text)),
      0.5,
    )
    const { times, hints, resident } = await serverTimes('file:///bench/model.py', text, [])
    rows.push({
      lines: text.split('\n').length - 1,
      hints,
      'cold (ms)': cold.toFixed(1),
      'keystroke, median (ms)': quantile(times, 0.5).toFixed(1),
      'keystroke, 95 % (ms)': quantile(times, 0.95).toFixed(1),
      'analysis on heap (MB)': heap.toFixed(1),
      'server RSS (MB)': resident.toFixed(0),
    })
  }
  return rows
}

/** Files on disk with all that they import, each in a server of its own. */
async function onDisk(files: readonly string[], searchPaths: readonly string[]): Promise<Row[]> {
  const rows: Row[] = []
  for (const file of files) {
    const text = readFileSync(file, 'utf8')
    const uri = pathToFileURL(resolve(file)).href
    const { screen, cold, times, hints, resident } = await serverTimes(uri, text, searchPaths)
    rows.push({
      file: basename(file),
      lines: text.split('\n').length - 1,
      hints,
      'cold start to a screenful (ms)': screen.toFixed(0),
      'to the whole file (ms)': cold.toFixed(0),
      'keystroke, median (ms)': quantile(times, 0.5).toFixed(1),
      'keystroke, 95 % (ms)': quantile(times, 0.95).toFixed(1),
      'server RSS (MB)': resident.toFixed(0),
    })
  }
  return rows
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'search-path': { type: 'string', multiple: true, default: [] } },
})
const rows = positionals.length > 0 ? await onDisk(positionals, values['search-path']) : await madeUp()
const heads = Object.keys(rows[0] ?? {})
const widths = heads.map((head) => Math.max(head.length, ...rows.map((row) => String(row[head]).length)))
const line = (cells: (string | number | undefined)[]) =>
  cells.map((cell, at) => String(cell).padStart(widths[at] ?? 0)).join('  ')
console.log(line(heads))
for (const row of rows) console.log(line(heads.map((head) => row[head])))
