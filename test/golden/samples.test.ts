// Every tensor of every sample, followed from the first line, against what PyTorch had there.

import assert from 'node:assert/strict'
import type { NodeText } from '../../src/ide/nodes'
import { load } from '../syntax/support'
import {
  analysed,
  complaints,
  corpora,
  type Golden,
  type GoldenNode,
  goldensOf,
  keyOf,
  nodesByKey,
  percent,
} from './support'

/** The share of the holdout's nodes that must be exact: raised when more is reached. */
const holdoutFloor = 0.99

interface Comparison {
  exact: number
  total: number
  layoutsKnown: number
  failures: string[]
}

function compare(golden: Golden, folder: string): Comparison {
  const result = analysed(`${folder}/${golden.file}`, 'trace')
  const mine = nodesByKey(result)
  const failures = complaints(result)
  let [exact, layoutsKnown] = [0, 0]
  for (const node of golden.nodes) {
    const key = keyOf(node)
    const have = mine.get(key)
    mine.delete(key)
    const wanted = textsOf(node.tensors.map((t) => `[${t.shape}] ${t.dtype}`))
    const found = textsOf(have?.tensors.map((t) => `[${t.shape ?? '...'}] ${t.dtype}`) ?? [])
    if (wanted !== found) {
      failures.push(`${key} ${node.name ?? ''}: PyTorch has ${wanted}, the analysis ${found || 'nothing'}`)
      continue
    }
    exact++
    const wrong = have ? wrongLayouts(node, have) : []
    failures.push(...wrong.map((text) => `${key} ${node.name ?? ''}: ${text}`))
    if (have?.tensors.every((t) => t.contiguous !== null)) layoutsKnown++
  }
  // Names in f-strings have no exact place in older Pythons, so that the recorder leaves them out.
  for (const [key, node] of mine) {
    const line = result.text.split('\n')[Number.parseInt(key, 10) - 1] ?? ''
    if (!/\bf['"]/.test(line)) failures.push(`${key} ${node.name ?? ''}: PyTorch has no tensor here`)
  }
  return { exact, total: golden.nodes.length, layoutsKnown, failures }
}

const textsOf = (texts: readonly string[]): string => [...new Set(texts)].sort().join(' | ')

function wrongLayouts(wanted: GoldenNode, have: NodeText): string[] {
  return have.tensors
    .filter((t) => t.contiguous !== null)
    .map((t) => `[${t.shape}] ${t.dtype} ${t.contiguous ? 'contiguous' : 'not contiguous'}`)
    .filter(
      (text) =>
        !wanted.tensors.some(
          (t) => text === `[${t.shape}] ${t.dtype} ${t.contiguous ? 'contiguous' : 'not contiguous'}`,
        ),
    )
    .map((text) => `it is never ${text}`)
}

before(load)

for (const corpus of corpora) {
  describe(`${corpus.name} from the first line`, () => {
    const all: Comparison[] = []
    for (const golden of goldensOf(corpus))
      it(golden.file, () => {
        const result = compare(golden, corpus.programs)
        all.push(result)
        if (corpus.name === 'samples' && result.failures.length > 0) assert.fail(result.failures.join('\n'))
        const floor = result.failures.filter((f) => /^(error|warning) in line|: it is never /.test(f))
        if (floor.length > 0) assert.fail(floor.join('\n'))
      })
    after(() => {
      const sum = (pick: (c: Comparison) => number): number => all.reduce((n, c) => n + pick(c), 0)
      const [exact, total] = [sum((c) => c.exact), sum((c) => c.total)]
      console.log(
        `      ${corpus.name}: ${percent(exact, total)} nodes exact, contiguity known at ${percent(
          sum((c) => c.layoutsKnown),
          exact,
        )}`,
      )
      if (corpus.name === 'holdout')
        assert.ok(exact >= holdoutFloor * total, `${exact} of ${total} are exact`)
    })
  })
}
