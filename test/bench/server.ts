// The real server, timed from outside: its cold start, keystrokes, and what it holds in memory.

import { execFileSync } from 'node:child_process'
import type { Range } from 'vscode-languageserver-protocol/node'
import { Client } from '../server/client'

const keystrokes = 60

export interface ServerTimes {
  /** From the start of the process to the hints of a screenful, in the middle of the file, in milliseconds. */
  readonly screen: number
  /** From the start of the process to all hints of the file. */
  readonly cold: number
  /** From each change to the fresh hints of a screenful around it, in milliseconds. */
  readonly times: number[]
  readonly hints: number
  /** Resident memory at the end, in megabytes. */
  readonly resident: number
}

/** The value that a share of all lies below. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

/** Opens a text in a new server and types in it. */
export async function serverTimes(
  uri: string,
  text: string,
  searchPaths: readonly string[],
): Promise<ServerTimes> {
  const started = performance.now()
  const client = await Client.start({ settings: { searchPaths } })
  await client.open(uri, text)
  const lines = text.split('\n')
  await client.hints(uri, screenAround(lines.length >> 1))
  const screen = performance.now() - started
  const hints = (await client.hints(uri)).length
  const cold = performance.now() - started
  const places = lines.flatMap((line, at) => (/^ {8}\w+ = .*\)$/.test(line) ? [at] : []))
  const times: number[] = []
  for (let stroke = 0; stroke < keystrokes; stroke++) {
    // a blank typed inside a call and taken away again, in one function after another
    const line = places[Math.floor(((stroke >> 1) * places.length) / (keystrokes / 2))] ?? 0
    const character = (lines[line]?.length ?? 1) - 1
    const start = { line, character }
    const end = { line, character: character + (stroke & 1) }
    const begun = performance.now()
    await client.change(uri, { start, end }, stroke & 1 ? '' : ' ')
    await client.hints(uri, screenAround(line))
    times.push(performance.now() - begun)
    await new Promise((done) => setTimeout(done, 20))
  }
  const resident = residentMegabytes(client.pid)
  await client.stop()
  return { screen, cold, times, hints, resident }
}

/** What an editor shows at once. */
const screenAround = (line: number): Range => ({
  start: { line: Math.max(0, line - 25), character: 0 },
  end: { line: line + 25, character: 0 },
})

/** What the system says that a process holds in memory; not known on Windows. */
function residentMegabytes(pid: number): number {
  try {
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', `${pid}`], { encoding: 'utf8' })) / 1024
  } catch {
    return Number.NaN
  }
}
