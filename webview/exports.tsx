// The buttons that export what shows, as PNG, SVG and CSV; the extension asks where to.

import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { FileContent } from '../src/protocol/visualiser'
import type { Theme } from './colours'
import { picture } from './draw'
import { type Matrix, numberText } from './matrix'
import { firstCell, ticks, type Window } from './window'

export interface Outlet {
  copy(text: string, what: string): void
  save(file: string, content: FileContent): void
  /** Copies a link that opens the page with this state. */
  link(state: string): void
}

export const OutletContext = createContext<Outlet>({ copy() {}, save() {}, link() {} })

/** The most pixels a side, and the most cells of a CSV. */
const sharpest = 2048
const mostCells = 4_000_000

export function Exports({ matrix, window, theme }: { matrix: Matrix; window: Window; theme: Theme }) {
  const outlet = useContext(OutletContext)
  const name = fileName(matrix.title)
  const cells = (Math.ceil(window.height) * Math.ceil(window.width)) / (matrix.step ?? 1) ** 2
  return (
    <>
      <button
        type="button"
        class="quiet"
        title="Save what shows as a picture"
        onClick={() => outlet.save(`${name}.png`, { encoding: 'base64', data: pngOf(matrix, window, theme) })}
      >
        PNG
      </button>
      <button
        type="button"
        class="quiet"
        title="Save what shows with its axes"
        onClick={() => outlet.save(`${name}.svg`, { encoding: 'text', data: svgOf(matrix, window, theme) })}
      >
        SVG
      </button>
      <button
        type="button"
        class="quiet"
        disabled={cells > mostCells}
        title={cells > mostCells ? 'Zoom in to at most 4 million cells' : 'Save the values of what shows'}
        onClick={() => outlet.save(`${name}.csv`, { encoding: 'text', data: csvOf(matrix, window) })}
      >
        CSV
      </button>
    </>
  )
}

export const fileName = (title: string): string => title.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '')

/** At least one pixel a cell where that is possible, as base64. */
function pngOf(matrix: Matrix, window: Window, theme: Theme): string {
  const side = (cells: number): number =>
    Math.min(sharpest, Math.max(1, Math.ceil(512 / cells)) * Math.ceil(cells))
  const canvas = document.createElement('canvas')
  canvas.width = side(window.width)
  canvas.height = side(window.height)
  const image = picture(matrix, window, canvas.width, canvas.height, theme)
  canvas.getContext('2d')?.putImageData(image, 0, 0)
  return canvas.toDataURL('image/png').replace(/^data:image\/png;base64,/, '')
}

const plot = { left: 56, top: 32, width: 640, height: 640 }

/** The picture with a title, ticks and the names of the axes. */
function svgOf(matrix: Matrix, window: Window, theme: Theme): string {
  const { left, top, width, height } = plot
  const [low, high] = matrix.range
  const at = (value: number, from: number, size: number, pixels: number): string =>
    (((value + 0.5 - from) / size) * pixels).toFixed(1)
  const rows = ticks(window.top, window.height, 10).map(
    (row) =>
      `<text x="${left - 6}" y="${top + Number(at(row, window.top, window.height, height))}" text-anchor="end" dominant-baseline="middle">${row}</text>`,
  )
  const columns = ticks(window.left, window.width, 8).map(
    (column) =>
      `<text x="${left + Number(at(column, window.left, window.width, width))}" y="${top + height + 16}" text-anchor="middle">${column}</text>`,
  )
  const title = `${matrix.title}, from ${numberText(low, 3)} to ${numberText(high, 3)}`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${left + width + 24} ${top + height + 44}" font-family="sans-serif" font-size="12" fill="#555">
<text x="${left}" y="20">${title}</text>
<image x="${left}" y="${top}" width="${width}" height="${height}" preserveAspectRatio="none" style="image-rendering:pixelated" href="data:image/png;base64,${pngOf(matrix, window, theme)}"/>
${rows.join('\n')}
${columns.join('\n')}
<text x="${left + width / 2}" y="${top + height + 36}" text-anchor="middle">${matrix.columnName}</text>
<text x="14" y="${top + height / 2}" text-anchor="middle" transform="rotate(-90 14 ${top + height / 2})">${matrix.rowName}</text>
</svg>
`
}

/** Values in full precision; empty for what is masked. */
export function csvOf(matrix: Matrix, window: Window): string {
  const [top, left] = firstCell(matrix, window)
  const step = matrix.step ?? 1
  const bottom = Math.min(matrix.rows, Math.ceil(window.top + window.height))
  const right = Math.min(matrix.columns, Math.ceil(window.left + window.width))
  const columns = Array.from({ length: Math.ceil((right - left) / step) }, (_, at) => left + at * step)
  const lines = [`${matrix.rowName}\\${matrix.columnName},${columns.join(',')}`]
  for (let row = top; row < bottom; row += step) {
    const cells = columns.map((column) => {
      const value = matrix.at(row, column)
      return Number.isNaN(value) ? '' : String(value)
    })
    lines.push(`${row},${cells.join(',')}`)
  }
  return `${lines.join('\n')}\n`
}
