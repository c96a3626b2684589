// What the page loads at once, and what only when a backend is tried.

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

const folder = 'dist/webview'

export interface Bundle {
  /** Bytes of main.js with all that it imports. */
  readonly atOnce: number
  readonly later: readonly { readonly name: string; readonly bytes: number }[]
}

export function readBundle(): Bundle {
  const code = readFileSync(join(folder, 'main.js'), 'utf8')
  const chunks = readdirSync(join(folder, 'chunks')).filter((name) => name.endsWith('.js'))
  // what may be imported later stands in brackets: import("…")
  const isFirst = (name: string): boolean =>
    code.includes(`from"./chunks/${name}"`) || code.includes(`import"./chunks/${name}"`)
  const bytesOf = (name: string): number => statSync(join(folder, name)).size
  const first = ['main.js', ...chunks.filter(isFirst).map((name) => join('chunks', name))]
  return {
    atOnce: first.reduce((sum, name) => sum + bytesOf(name), 0),
    later: chunks
      .filter((name) => !isFirst(name))
      .map((name) => ({ name: name.split('-')[0] ?? name, bytes: bytesOf(join('chunks', name)) })),
  }
}
