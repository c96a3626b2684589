// Layers as the interpreter runs them from the prelude, against what torch.nn gives.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { analyseProgram } from '../../src/interpreter/analysis'
import { parseModule } from '../../src/syntax/parse'
import type { Value } from '../../src/trace/values'
import { isRowMajor } from '../ops/replay'
import { load } from '../syntax/support'

type Outcome =
  | null
  | boolean
  | number
  | Outcome[]
  | { t: [shape: number[], dtype: string, strides: number[] | null] }
interface Line {
  program: string
  out?: Outcome
  error?: string
}

const lines = readFileSync('test/golden/layers.jsonl', 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as Line)

interface Result {
  line: Line
  value: Value | null
  problems: string[]
}

const nothing = { text: () => null, isFile: () => false, isFolder: () => false }

function run(program: string): { value: Value | null; problems: string[] } {
  const tree = parseModule(`import torch\nfrom torch import nn\n${program}`)
  const found = analyseProgram('/layers.py', tree, { files: nothing, searchPaths: [] })
  const target = found.events.findLast(
    (e) => e.kind === 'target' && e.name === 'y' && e.frame.name === '<module>',
  )
  return {
    value: target?.value ?? null,
    problems: found.problems.filter((p) => p.severity === 'error').map((p) => `${p.code}: ${p.message}`),
  }
}

/** How a value differs from what torch gave; `open` where it is less than known. */
function difference(value: Value, out: Outcome): string | null {
  if (Array.isArray(out)) {
    if (value.kind === 'unknown') return 'open'
    if (value.kind !== 'tuple' || value.items.length !== out.length)
      return `a ${value.kind} of another length`
    const found = out.map((o, i) => difference(value.items[i] as Value, o)).filter((d) => d !== null)
    return found.find((d) => d !== 'open') ?? found[0] ?? null
  }
  if (out === null) return value.kind === 'none' ? null : `${value.kind} in place of None`
  if (typeof out !== 'object') return null
  if (value.kind !== 'tensor') return value.kind === 'unknown' || value.kind === 'union' ? 'open' : value.kind
  const [shape, dtype, strides] = out.t
  if (value.shape.gap) return 'open'
  const sizes = value.shape.lead.map((d) => d.value)
  if (sizes.length !== shape.length || sizes.some((n, i) => n !== null && n !== shape[i]))
    return `[${sizes}] in place of [${shape}]`
  if (sizes.includes(null)) return 'open'
  if (value.dtype !== null && value.dtype !== dtype) return `${value.dtype} in place of ${dtype}`
  if (value.layout === 'contiguous' && !isRowMajor(shape, strides))
    return `contiguous in place of strides ${strides}`
  return null
}

describe('layers as torch.nn has them', () => {
  let refused: Result[] = []
  let accepted: Result[] = []
  before(async () => {
    await load()
    const results = lines.map((line) => ({ line, ...run(line.program) }))
    refused = results.filter((r) => r.line.error)
    accepted = results.filter((r) => !r.line.error)
  })

  it('gives what torch gives, or says that it does not know', () => {
    const wrong = accepted.flatMap(({ line, value, problems }) => {
      if (problems.length > 0) return [`${line.program}${problems[0]}`]
      const found = value && line.out !== undefined ? difference(value, line.out) : 'no value'
      return found === null || found === 'open' ? [] : [`${line.program}${found}`]
    })
    assert.deepEqual(wrong, [])
  })

  it('knows nearly all of it', () => {
    const open = accepted.filter(
      ({ value, line }) => !value || difference(value, line.out ?? null) === 'open',
    )
    assert.ok(
      open.length <= accepted.length / 50,
      open
        .slice(0, 20)
        .map((r) => r.line.program)
        .join('\n'),
    )
  })

  it('refuses what torch refuses: by a problem, or by a raise that ends the program', () => {
    const missed = refused.filter((r) => r.problems.length === 0 && r.value !== null)
    assert.ok(
      missed.length <= refused.length / 20,
      missed
        .slice(0, 20)
        .map((r) => `${r.line.program}${r.line.error}`)
        .join('\n'),
    )
  })
})
