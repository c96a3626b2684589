// Programs of a wanted length for the benchmark: the samples' classes and functions, over and over.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = 'media/samples'

interface Piece {
  lines: string[]
}

/** The sample's top-level functions and classes, without its entry code. */
function piecesOf(text: string): { imports: string[]; pieces: Piece[] } {
  const lines = text.split('\n')
  const end = lines.findIndex((line) => line.startsWith('if __name__'))
  const body = end < 0 ? lines : lines.slice(0, end)
  const imports = body.filter((line) => /^(import|from) /.test(line))
  const pieces: Piece[] = []
  let open: Piece | null = null
  for (const line of body) {
    const begins = /^(@|class |def )/.test(line)
    // a decorator belongs to what follows it
    if (begins && !open?.lines.every((before) => before.startsWith('@'))) {
      open = { lines: [] }
      pieces.push(open)
    }
    if (/^(import|from) /.test(line)) open = null
    open?.lines.push(line)
  }
  return { imports, pieces }
}

/** About as many lines as wanted, cut between functions; each repetition renames what it defines. */
export function programOf(wanted: number): string {
  const samples = readdirSync(folder)
    .filter((name) => name.endsWith('.py'))
    .sort(
      (a, b) => Number(b === 'rope_attention.py') - Number(a === 'rope_attention.py') || a.localeCompare(b),
    )
    .map((name) => piecesOf(readFileSync(join(folder, name), 'utf8')))
  const imports = [...new Set(samples.flatMap((sample) => sample.imports))].sort(futureFirst)
  const lines = [...imports, '']
  for (let round = 0; ; round++) {
    for (const [at, { pieces }] of samples.entries()) {
      const suffix = `_${round}_${at}`
      for (const piece of rename(pieces, suffix)) {
        if (lines.length + piece.lines.length / 2 > wanted) return `${lines.join('\n')}\n`
        lines.push('', ...piece.lines)
      }
    }
  }
}

function futureFirst(a: string, b: string): number {
  return Number(b.includes('__future__')) - Number(a.includes('__future__')) || a.localeCompare(b)
}

function rename(pieces: Piece[], suffix: string): Piece[] {
  const names = pieces.flatMap(({ lines }) =>
    lines.flatMap((line) => /^(?:class|def) (\w+)/.exec(line)?.[1] ?? []),
  )
  if (names.length === 0) return pieces
  const defined = new RegExp(`(?<![\\w.])(${names.join('|')})(?!\\w)`, 'g')
  return pieces.map(({ lines }) => ({ lines: lines.map((line) => line.replace(defined, `$1${suffix}`)) }))
}
