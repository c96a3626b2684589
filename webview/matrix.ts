// What a heatmap shows: values by row and column, asked for one by one, so that none is ever held whole.

import {
  angle,
  cosSin,
  type Encoding,
  positionCurve,
  positionScore,
  positionVector,
  rounding,
} from '../src/encodings'
import type { ColourMap } from './colours'

export interface Matrix {
  /** For people, and for the names of files. */
  readonly title: string
  readonly rows: number
  readonly columns: number
  readonly rowName: string
  readonly columnName: string
  readonly colours: ColourMap
  /** The values of the first and the last colour. */
  readonly range: readonly [number, number]
  /** What the range leaves out, such as `1 % of the values`; nothing if left out. */
  readonly clipped?: string
  /** Only the rows and columns that it divides have values; 1 if left out. */
  readonly step?: number
  /** Why some cells have no value. */
  readonly missing?: string
  /** Where values depend on column − row alone: entry rows − 1 + (column − row). */
  readonly curve?: ArrayLike<number>
  /** NaN for what is masked or not known yet. Rows are asked for in order where all are. */
  at(row: number, column: number): number
  /** What is drawn at some cells of a row, where that may be the values of cells nearby; `at` if left out. */
  shade?(row: number, columns: Int32Array, values: Float64Array): void
}

/** cos, sin or the angle within a turn over position × pair; null for encodings that do not turn. */
export function rotationMatrix(
  { rotation, precision }: Encoding,
  quantity: 'cos' | 'sin' | 'angle',
  length: number,
): Matrix | null {
  if (!rotation) return null
  const round = rounding(precision)
  const pairs = rotation.theta.length
  let row = -1
  let values: Float64Array = new Float64Array(0)
  const valuesAt = (position: number): Float64Array => {
    if (quantity !== 'angle') return cosSin(rotation, [position], round)[quantity]
    return Float64Array.from({ length: pairs }, (_, pair) => {
      const turned = angle(rotation, position, pair, round) % (2 * Math.PI)
      return turned < 0 ? turned + 2 * Math.PI : turned
    })
  }
  const most = rotation.attentionFactor
  return {
    title: quantity === 'angle' ? 'angle within a turn, in radians' : quantity,
    rows: length,
    columns: pairs,
    rowName: 'position',
    columnName: 'pair',
    colours: quantity === 'angle' ? 'cyclic' : 'diverging',
    range: quantity === 'angle' ? [0, 2 * Math.PI] : [-most, most],
    at(position, pair) {
      if (position !== row) {
        values = valuesAt(position)
        row = position
      }
      return values[pair] ?? Number.NaN
    },
  }
}

/** The position-only map: a look-up in a curve where it depends on i − j alone, else computed value by value. */
export function positionMatrix(encoding: Encoding, head: number, length: number): Matrix {
  const shared = {
    title: 'position-only map',
    rows: length,
    columns: length,
    rowName: 'i',
    columnName: 'j',
    colours: 'diverging' as const,
  }
  const curve = positionCurve(encoding, head, length)
  if (curve) {
    return {
      ...shared,
      range: symmetric(curve),
      curve,
      at: (i, j) => curve[length - 1 + j - i] ?? Number.NaN,
    }
  }
  const at = productsOf(encoding) ?? ((i: number, j: number) => positionScore(encoding, head, i, j))
  const step = Math.max(1, Math.floor(length / 48))
  const sampled: number[] = []
  for (let i = 0; i < length; i += step) for (let j = 0; j < length; j += step) sampled.push(at(i, j))
  return { ...shared, range: symmetric(sampled), at }
}

/** Products of vectors that are made once for each position that shows. */
function productsOf(encoding: Encoding): ((i: number, j: number) => number) | null {
  if (encoding.relative || encoding.bias) return null
  const queries = new Map<number, Float64Array>()
  const keys = new Map<number, Float64Array>()
  const vector = (known: Map<number, Float64Array>, side: 'query' | 'key', p: number): Float64Array => {
    const found = known.get(p)
    if (found) return found
    // the rows of one picture; a page that is scrolled far starts afresh
    if (known.size > 8192) known.clear()
    const made = positionVector(encoding, side, p)
    known.set(p, made)
    return made
  }
  return (i, j) => {
    const [q, k] = [vector(queries, 'query', i), vector(keys, 'key', j)]
    let sum = 0
    for (let m = 0; m < q.length; m++) sum += (q[m] ?? 0) * (k[m] ?? 0)
    return sum
  }
}

/** The first minus the second, where both have values; null where they do not lie over each other. */
export function difference(a: Matrix, b: Matrix): Matrix | null {
  if (a.rows !== b.rows || a.columns !== b.columns) return null
  const { title, rows, columns, rowName, columnName } = a
  const step = Math.max(a.step ?? 1, b.step ?? 1)
  const shared = {
    title: `difference of ${title}`,
    rows,
    columns,
    rowName,
    columnName,
    colours: 'diverging' as const,
    step,
    ...(a.missing ? { missing: a.missing } : {}),
  }
  const at = (i: number, j: number): number => a.at(i, j) - b.at(i, j)
  const [x, y] = [a.curve, b.curve]
  if (x && y) {
    const curve = Float64Array.from(x, (value, index) => value - (y[index] ?? Number.NaN))
    return { ...shared, range: symmetric(curve), curve, at }
  }
  const drawn = (i: number, j: number): number => at(i - (i % step), j - (j % step))
  const shade: Matrix['shade'] = (i, columns, values) => {
    for (let x = 0; x < columns.length; x++) values[x] = drawn(i, columns[x] ?? 0)
  }
  const sampled: number[] = []
  const steps = [Math.max(1, Math.floor(rows / 128)), Math.max(1, Math.floor(columns / 128))] as const
  for (let i = 0; i < rows; i += steps[0])
    for (let j = 0; j < columns; j += steps[1]) sampled.push(drawn(i, j))
  const most = usualMost(sampled)
  // Where there is no difference, none is beyond the last colour.
  if (!a.clipped || most === 0) return { ...shared, range: symmetric(sampled), at, shade }
  return { ...shared, range: [-most, most], clipped: a.clipped, at, shade }
}

/** What 99 in 100 absolute values are below, of a sample: a causal map's first rows would leave all others dark. */
export function usualMost(values: ArrayLike<number>): number {
  const step = Math.max(1, Math.floor(values.length / 4096))
  const sample: number[] = []
  for (let at = 0; at < values.length; at += step) {
    const value = Math.abs(values[at] ?? 0)
    // what is masked counts for nothing
    if (value > 0 && value < 1e29) sample.push(value)
  }
  sample.sort((a, b) => a - b)
  return sample[Math.floor(sample.length * 0.99)] ?? 0
}

/** From −m to m for the greatest absolute value m, so that 0 is the neutral colour. */
export function symmetric(values: Iterable<number>): [number, number] {
  let most = 0
  for (const value of values) if (Math.abs(value) > most) most = Math.abs(value)
  return most === 0 || !Number.isFinite(most) ? [-1, 1] : [-most, most]
}

/** The text of a value, to so many significant digits. */
export function numberText(value: number, digits = 6): string {
  if (Number.isNaN(value)) return 'none'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞'
  const isPlain = value === 0 || (Math.abs(value) >= 1e-4 && Math.abs(value) < 1e7)
  return (isPlain ? String(Number(value.toPrecision(digits))) : value.toExponential(digits - 1)).replace(
    '-',
    '−',
  )
}
