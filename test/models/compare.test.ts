// The comparer: what it counts as exact, partial, wrong and missing; and the sample package from end to end.

import assert from 'node:assert/strict'
import { load } from '../syntax/support'
import { compareEdits, readEdits } from './compare-edits'
import { compareProgram, readRecorded } from './compare-program'
import { judge, type RecordedTensor, type TracedTensor } from './comparison'

const recorded: RecordedTensor[] = [
  [[2, 7, 32], 'float32', true],
  [[2, 1, 32], 'float32', false],
]
const traced = (
  shape: TracedTensor['shape'],
  dtype: string | null = 'float32',
  contiguous: boolean | null = null,
): TracedTensor => ({ shape, dtype, contiguous })

describe('what a node is worth', () => {
  const cases: [string, TracedTensor[], ReturnType<typeof judge>][] = [
    ['all tensors with their shapes and dtypes', [traced([2, 7, 32]), traced([2, 1, 32])], 'exact'],
    ['a layout that agrees', [traced([2, 7, 32], 'float32', true), traced([2, 1, 32])], 'exact'],
    ['one tensor of two', [traced([2, 7, 32])], 'partial'],
    ['a name for a size', [traced([2, 7, 32]), traced([2, 'S', 32])], 'partial'],
    ['no rank', [traced(null)], 'partial'],
    ['leading dims unknown', [traced(['...', 32])], 'partial'],
    ['no dtype', [traced([2, 7, 32], null), traced([2, 1, 32])], 'partial'],
    ['nothing', [], 'missing'],
    ['another size', [traced([2, 7, 32]), traced([2, 2, 32])], 'wrong'],
    ['another rank', [traced([7, 32])], 'wrong'],
    ['more trailing dims than there are', [traced(['...', 2, 2, 7, 32])], 'wrong'],
    ['another dtype', [traced([2, 7, 32], 'int64')], 'wrong'],
    ['another layout', [traced([2, 7, 32], 'float32', false)], 'wrong'],
  ]
  for (const [title, tensors, verdict] of cases)
    it(`${title}: ${verdict}`, () => assert.equal(judge(recorded, tensors), verdict))
})

describe('the sample package against PyTorch', () => {
  before(load)
  it('edits that PyTorch refuses are flagged where it raises, others are left alone', () => {
    const [entry, edits] = ['test/models/sample/entry.py', readEdits('test/models/sample/entry.json')]
    const result = compareEdits('sample', entry, edits, ['test/models/sample'], true)
    assert.deepEqual(result.details, [])
    assert.deepEqual([result.onLine, result.falseErrors], [12, 0])
    assert.ok(result.alone > 0, 'some are flagged without the program')
  })
  it('every node is exact, and there is no error', () => {
    const result = compareProgram(
      'test/models/sample/entry.py',
      readRecorded('test/models/sample/entry.json.gz'),
      [],
      true,
    )
    assert.deepEqual(result.details, [])
    assert.ok(result.counts.exact > 40, `${result.counts.exact} nodes`)
    assert.equal(result.falseErrors, 0)
  })
})
