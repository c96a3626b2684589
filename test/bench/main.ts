// `npm run bench`: how long a cold analysis and a keystroke take, and what the server weighs.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { FileSystem, Workspace } from '../../src/ide/api'
import { createWorkspace } from '../../src/ide/workspace'
import { loadGrammar } from '../../src/syntax/grammar'
import { Client } from '../server/client'
import { programOf } from './program'

const sizes = [100, 500, 2000]
const keystrokes = 60
const coldRuns = 9
const path = '/bench/model.py'
const noFiles: FileSystem = { read: () => null, isFile: () => false, isFolder: () => false }

/** The value that a share of all lies below. */
function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

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

/** From the change to the fresh hints of a screenful around it, through the real server over stdio. */
async function keystrokeTimes(text: string): Promise<{ times: number[]; hints: number; resident: number }> {
  const uri = 'file:///bench/model.py'
  const client = await Client.start()
  await client.open(uri, text)
  const hints = (await client.hints(uri)).length
  const lines = text.split('\n')
  const places = lines.flatMap((line, at) => (/^ {8}\w+ = .*\)$/.test(line) ? [at] : []))
  const times: number[] = []
  for (let stroke = 0; stroke < keystrokes; stroke++) {
    // a blank typed inside a call and taken away again, in one function after another
    const line = places[Math.floor(((stroke >> 1) * places.length) / (keystrokes / 2))] ?? 0
    const character = (lines[line]?.length ?? 1) - 1
    const start = { line, character }
    const end = { line, character: character + (stroke & 1) }
    const screen = {
      start: { line: Math.max(0, line - 25), character: 0 },
      end: { line: line + 25, character: 0 },
    }
    const begun = performance.now()
    await client.change(uri, { start, end }, stroke & 1 ? '' : ' ')
    await client.hints(uri, screen)
    times.push(performance.now() - begun)
    await new Promise((done) => setTimeout(done, 20))
  }
  const resident = residentMegabytes(client.pid)
  await client.stop()
  return { times, hints, resident }
}

/** What the system says that a process holds in memory; not known on Windows. */
function residentMegabytes(pid: number): number {
  try {
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', `${pid}`], { encoding: 'utf8' })) / 1024
  } catch {
    return Number.NaN
  }
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

await loadGrammar(readFileSync('dist/web-tree-sitter.wasm'), readFileSync('dist/tree-sitter-python.wasm'))
for (let warm = 0; warm < 3; warm++) coldAnalysis(programOf(500))

const rows: Record<string, string | number>[] = []
for (const size of sizes) {
  const text = programOf(size)
  const cold = coldAnalysis(text)
  const heap = quantile(
    [1, 2, 3].map(() => keptMegabytes(text)),
    0.5,
  )
  const { times, hints, resident } = await keystrokeTimes(text)
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

const heads = Object.keys(rows[0] ?? {})
const widths = heads.map((head) => Math.max(head.length, ...rows.map((row) => String(row[head]).length)))
const line = (cells: (string | number | undefined)[]) =>
  cells.map((cell, at) => String(cell).padStart(widths[at] ?? 0)).join('  ')
console.log(line(heads))
for (const row of rows) console.log(line(heads.map((head) => row[head])))
