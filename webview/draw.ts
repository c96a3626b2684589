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
  const table = theme.tables[matrix.colours]
  const empty = pixel(theme.empty)
  const [low, high] = matrix.range
  const scale = 255.999 / (high - low)
  const columns = Int32Array.from({ length: width }, (_, x) =>
    Math.min(matrix.columns - 1, Math.floor(window.left + ((x + 0.5) * window.width) / width)),
  )
  let drawn = -1
  for (let y = 0; y < height; y++) {
    const row = Math.min(matrix.rows - 1, Math.floor(window.top + ((y + 0.5) * window.height) / height))
    const start = y * width
    if (row === drawn) {
      pixels.copyWithin(start, start - width, start)
      continue
    }
    drawn = row
    let last = -1
    let colour = empty
    for (let x = 0; x < width; x++) {
      const column = columns[x] ?? 0
      if (column !== last) {
        last = column
        const value = matrix.at(row, column)
        const index = Math.floor((value - low) * scale)
        colour = Number.isNaN(value) ? empty : (table[index < 0 ? 0 : index > 255 ? 255 : index] ?? empty)
      }
      pixels[start + x] = colour
    }
  }
  return image
}
