// Draws a matrix into pixels: each pixel takes the value of the cell under its middle.

import { pixel, type Theme } from './colours'
import type { Matrix } from './matrix'
import type { Window } from './window'

/** The picture of a window, `width` × `height` pixels. */
export function picture(
  matrix: Matrix,
  window: Window,
  width: number,
  height: number,
  theme: Theme,
): ImageData {
  const image = new ImageData(width, height)
  const pixels = new Uint32Array(image.data.buffer)
  const colours = colouring(matrix, theme)
  const rows = cellsUnder(window.top, window.height, height, matrix.rows)
  const columns = cellsUnder(window.left, window.width, width, matrix.columns)
  const paint = matrix.curve
    ? alongDiagonals(matrix.curve, matrix.rows, columns, colours)
    : cellByCell(matrix, columns, colours)
  for (let y = 0; y < height; y++) {
    const start = y * width
    if (y > 0 && rows[y] === rows[y - 1]) pixels.copyWithin(start, start - width, start)
    else paint(pixels, start, rows[y] ?? 0)
  }
  return image
}

/** Fills a row of pixels from `start` on with the colours of a row of cells. */
type Paint = (pixels: Uint32Array, start: number, row: number) => void

function cellByCell(matrix: Matrix, columns: Int32Array, colours: Colours): Paint {
  const values = new Float64Array(columns.length)
  return (pixels, start, row) => {
    if (matrix.shade) matrix.shade(row, columns, values)
    else readEach(matrix, row, columns, values)
    colour(values, colours, pixels, start)
  }
}

/** Each cell once, where several pixels show it. */
function readEach(matrix: Matrix, row: number, columns: Int32Array, values: Float64Array): void {
  for (let x = 0; x < columns.length; x++) {
    const column = columns[x] ?? 0
    values[x] = x > 0 && column === columns[x - 1] ? (values[x - 1] ?? 0) : matrix.at(row, column)
  }
}

/** Where all cells of a diagonal are alike, a colour is found once for each diagonal. */
function alongDiagonals(
  curve: ArrayLike<number>,
  rows: number,
  columns: Int32Array,
  colours: Colours,
): Paint {
  const diagonals = new Uint32Array(curve.length)
  colour(curve, colours, diagonals, 0)
  return (pixels, start, row) => {
    const diagonal = rows - 1 - row
    for (let x = 0; x < columns.length; x++) pixels[start + x] = diagonals[diagonal + (columns[x] ?? 0)] ?? 0
  }
}

/** The colours of values from `low` on, each 1/`scale` wide. */
interface Colours {
  readonly table: Uint32Array
  readonly empty: number
  readonly low: number
  readonly scale: number
}

function colouring(matrix: Matrix, theme: Theme): Colours {
  const [low, high] = matrix.range
  return {
    table: theme.tables[matrix.colours],
    empty: pixel(theme.empty),
    low,
    scale: 255.999 / (high - low),
  }
}

function colour(values: ArrayLike<number>, colours: Colours, into: Uint32Array, start: number): void {
  const { table, empty, low, scale } = colours
  for (let at = 0; at < values.length; at++) {
    const place = ((values[at] ?? 0) - low) * scale
    // a comparison with NaN is false
    const index = place >= 255 ? 255 : place >= 0 ? place | 0 : place < 0 ? 0 : -1
    into[start + at] = index < 0 ? empty : (table[index] ?? empty)
  }
}

/** For each pixel of a side the cell under its middle. */
const cellsUnder = (from: number, size: number, pixels: number, cells: number): Int32Array =>
  Int32Array.from({ length: pixels }, (_, at) =>
    Math.min(cells - 1, Math.floor(from + ((at + 0.5) * size) / pixels)),
  )
