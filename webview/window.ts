// The part of a heatmap that shows: which cells, how it zooms and pans, and which cell lies under a pixel.

import type { Matrix } from './matrix'

/** In cells; fractions are parts of cells. */
export interface Window {
  readonly top: number
  readonly left: number
  readonly height: number
  readonly width: number
}

export interface Cell {
  readonly row: number
  readonly column: number
}

export type Extent = Pick<Matrix, 'rows' | 'columns'>

export const whole = ({ rows, columns }: Extent): Window => ({
  top: 0,
  left: 0,
  height: rows,
  width: columns,
})

/** The first row and column of a window that have values. */
export function firstCell({ step = 1 }: Pick<Matrix, 'step'>, { top, left }: Window): [number, number] {
  return [Math.ceil(Math.floor(top) / step) * step, Math.ceil(Math.floor(left) / step) * step]
}

/** Never smaller than some cells, never beyond the matrix. */
const fewest = 4

function kept({ top, left, height, width }: Window, { rows, columns }: Extent): Window {
  const fit = (size: number, most: number): number => Math.min(most, Math.max(Math.min(fewest, most), size))
  const [h, w] = [fit(height, rows), fit(width, columns)]
  const place = (at: number, size: number, most: number): number => Math.min(most - size, Math.max(0, at))
  return { top: place(top, h, rows), left: place(left, w, columns), height: h, width: w }
}

/** Zooms by a factor, above 1 to see more; the cell's place in the picture stays. */
export function zoomed(window: Window, extent: Extent, factor: number, about: Cell): Window {
  const up = (about.row + 0.5 - window.top) / window.height
  const across = (about.column + 0.5 - window.left) / window.width
  const height = Math.min(extent.rows, Math.max(fewest, window.height * factor))
  const width = Math.min(extent.columns, Math.max(fewest, window.width * factor))
  const top = about.row + 0.5 - up * height
  return kept({ top, left: about.column + 0.5 - across * width, height, width }, extent)
}

export const panned = (window: Window, extent: Extent, rows: number, columns: number): Window =>
  kept({ ...window, top: window.top + rows, left: window.left + columns }, extent)

/** The window moved so that a cell is in it. */
export function revealed(window: Window, extent: Extent, { row, column }: Cell): Window {
  const shift = (at: number, from: number, size: number): number =>
    at < from ? at - from : at + 1 > from + size ? at + 1 - from - size : 0
  return panned(
    window,
    extent,
    shift(row, window.top, window.height),
    shift(column, window.left, window.width),
  )
}

/** The same window where it lies within another matrix of the same size; all of it otherwise. */
export const refitted = (window: Window, before: Extent, extent: Extent): Window =>
  before.rows === extent.rows && before.columns === extent.columns ? window : whole(extent)

/** Round steps for about so many ticks, of at least `least`. */
export function ticks(from: number, size: number, about: number, least = 1): number[] {
  const rough = size / Math.max(1, about)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(least, [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? rough)
  const first = Math.ceil(from / step) * step
  const found: number[] = []
  for (let at = first; at < from + size; at += step) found.push(at)
  return found
}
