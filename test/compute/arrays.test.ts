// Arrays of numbers as people paste and load them, and queries with keys.

import assert from 'node:assert/strict'
import {
  Head,
  type NumberArray,
  PlainTensors,
  pairGiven,
  readArrayFile,
  readArrayText,
} from '../../src/compute'
import { encodingKind, normals } from '../../src/encodings'

const messageOf = (text: string): string => {
  const read = readArrayText(text)
  return read.ok ? 'fine' : read.message
}

/** The bytes that numpy.save writes, after its documented format. */
function npy(descr: string, shape: readonly number[], numbers: Uint8Array, isFortran = false): Uint8Array {
  const shapeText = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`
  const order = isFortran ? 'True' : 'False'
  const header = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shapeText}, }`.padEnd(117)
  const start = [0x93, ...Buffer.from('NUMPY'), 1, 0, 118, 0]
  return Uint8Array.from([...start, ...Buffer.from(`${header}\n`), ...numbers])
}

const bytesOf = (numbers: Float32Array | Float64Array | Uint16Array): Uint8Array =>
  new Uint8Array(numbers.buffer)

function fileOf(bytes: Uint8Array): NumberArray {
  const read = readArrayFile(bytes)
  if (!read.ok) throw new Error(read.message)
  return read.value
}

describe('arrays', () => {
  it('are read from nested lists and from CSV', () => {
    const nested = readArrayText('[[[1, 2], [3, 4], [5, 6e-1]]]')
    assert.ok(nested.ok)
    assert.deepEqual(
      [nested.value.shape, [...nested.value.values]],
      [
        [1, 3, 2],
        [1, 2, 3, 4, 5, 0.6],
      ],
    )
    for (const text of ['1, 2\n3, 4\n', '1;2\r\n3;4', '1 2\n3\t4']) {
      const csv = readArrayText(text)
      assert.ok(csv.ok, text)
      assert.deepEqual(
        [csv.value.shape, [...csv.value.values]],
        [
          [2, 2],
          [1, 2, 3, 4],
        ],
      )
    }
  })

  it('are read from .npy of several kinds, by rows or by columns', () => {
    const numbers = [1.5, -2, 3, 4, 5, 6]
    const single = fileOf(npy('<f4', [2, 3], bytesOf(Float32Array.from(numbers))))
    assert.deepEqual([single.shape, [...single.values]], [[2, 3], numbers])
    assert.deepEqual([...fileOf(npy('<f8', [6], bytesOf(Float64Array.from(numbers)))).values], numbers)
    const halves = Uint16Array.of(0x3c00, 0xc000, 0x3555, 0x0001)
    assert.deepEqual([...fileOf(npy('<f2', [4], bytesOf(halves))).values].slice(0, 2), [1, -2])
    const byColumns = fileOf(npy('<f4', [2, 3], bytesOf(Float32Array.from([1, 4, 2, 5, 3, 6])), true))
    assert.deepEqual([...byColumns.values], [1, 2, 3, 4, 5, 6])
    const big = fileOf(npy('>f4', [1], Uint8Array.of(0x3f, 0x80, 0, 0)))
    assert.deepEqual([...big.values], [1])
  })

  it('say what is wrong with them', () => {
    assert.match(messageOf(''), /empty: paste nested lists/)
    assert.match(messageOf('[[1, 2], [3'), /no JSON/)
    assert.match(messageOf('[[1, 2], [3]]'), /^\[1\] has 1 entries, and the first of its kind 2/)
    assert.match(messageOf('[[1, "a"]]'), /^\[0\]\[1\] is "a": it has to be a number/)
    assert.match(messageOf('[[], []]'), /\[2, 0\], which has no numbers/)
    assert.match(messageOf('1, 2\n3'), /line 2 has 1 numbers, and line 1 has 2/)
    assert.match(messageOf('1, x'), /line 1 has "x"/)
    const objects = readArrayFile(npy('|O', [1], Uint8Array.of(0)))
    assert.ok(!objects.ok && /holds .*astype\("float32"\)/.test(objects.message))
    const short = readArrayFile(npy('<f4', [4, 4], bytesOf(Float32Array.of(1))))
    assert.ok(!short.ok && /cut off: \[4, 4\] needs 64 bytes/.test(short.message))
  })
})

describe('given queries and keys', () => {
  /** Each number tells its place. */
  const arrayOf = (...shape: number[]): NumberArray => ({
    shape,
    values: Float64Array.from({ length: shape.reduce((all, one) => all * one, 1) }, (_, at) => at),
  })
  const problem = (q: NumberArray, k: NumberArray): string => {
    const pair = pairGiven(q, k, '[B, H, S, D]', 0)
    return pair.ok ? 'fine' : pair.message
  }

  it('are refused where their shapes do not go together', () => {
    assert.match(problem(arrayOf(8, 32), arrayOf(8, 64)), /^k has 64 in dim -1, q has 32: .*head_dim/)
    assert.match(problem(arrayOf(200_000, 1), arrayOf(9, 1)), /^q has 200000 positions: give at most/)
    assert.match(problem(arrayOf(9, 1), arrayOf(200_000, 1)), /^k has 200000 positions: give at most/)
    assert.match(problem(arrayOf(8, 4, 2), arrayOf(3, 4, 2)), /^k has 3 in dim -3, q has 8: .*multiple/)
    assert.match(problem(arrayOf(4, 1, 4, 2), arrayOf(2, 1, 4, 2)), /^k has 2 in dim 0, q has 4: /)
    assert.match(problem(arrayOf(7), arrayOf(7)), /^q has the shape \[7\]: it has to be \[S, D\]/)
  })

  it('of the last positions alone have the last rows of the whole map', async () => {
    const [length, count, dim] = [9, 3, 4]
    const numbers = { query: normals(1, length * dim), key: normals(2, length * dim) }
    const made = encodingKind('rope')?.create({ head_dim: dim })
    assert.ok(made?.ok)
    const headFrom = (first: number) =>
      new Head(new PlainTensors(), {
        encoding: made.value,
        head: 0,
        length,
        queries: { count: length - first, from: first },
        seed: 0,
        mask: { kind: 'sliding', window: 4 },
        form: 'softmax',
        given: (side, _, row) => {
          const at = (row + (side === 'query' ? first : 0)) * dim
          return numbers[side].subarray(at, at + dim)
        },
      })
    const whole = await headFrom(0).weights({ top: 0, bottom: length, left: 0, right: length })
    const last = await headFrom(length - count).weights({ top: 0, bottom: count, left: 0, right: length })
    assert.deepEqual(Array.from(last), Array.from(whole).slice(-count * length))
    assert.ok(Math.abs(Array.from(last).reduce((sum, value) => sum + value, 0) - count) < 1e-12)
  })

  it('are found by head and position in both orders of dims, and heads share keys', () => {
    const plain = pairGiven(arrayOf(2, 4, 3, 2), arrayOf(2, 2, 3, 2), '[B, H, S, D]', 1)
    assert.ok(plain.ok)
    assert.deepEqual([...Array.from(plain.value.vector('query', 3, 2))], [46, 47])
    assert.deepEqual([...Array.from(plain.value.vector('key', 3, 2))], [22, 23])
    assert.deepEqual(plain.value.vector('key', 2, 2), plain.value.vector('key', 3, 2))
    const turned = pairGiven(arrayOf(3, 4, 2), arrayOf(3, 4, 2), '[B, S, H, D]', 0)
    assert.ok(turned.ok)
    const { heads, queries } = turned.value
    assert.deepEqual([heads, queries, ...Array.from(turned.value.vector('query', 1, 2))], [4, 3, 18, 19])
  })
})
