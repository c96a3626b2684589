// A matrix as a table: rows and columns are made only where they show.

import { useState } from 'preact/hooks'
import { type Matrix, numberText } from './matrix'
import { firstCell, type Window } from './window'

const rowHeight = 22
const columnWidth = 92
const spare = 4

/** The window's cells, from its first row and column on. */
export function Table({ matrix, window, height }: { matrix: Matrix; window: Window; height: number }) {
  const [scroll, setScroll] = useState({ top: 0, left: 0, width: 1200 })
  const [top, left] = firstCell(matrix, window)
  const step = matrix.step ?? 1
  const count = (from: number, to: number, most: number): number =>
    Math.min(most, Math.ceil((to - from) / step))
  // a browser's element is at most some 16 million pixels high
  const rows = count(top, Math.min(matrix.rows, window.top + window.height), 500_000)
  const columns = count(left, Math.min(matrix.columns, window.left + window.width), 100_000)
  const range = (at: number, size: number, unit: number, count: number): number[] => {
    const from = Math.max(0, Math.floor(at / unit) - spare)
    const to = Math.min(count, Math.ceil((at + size) / unit) + spare)
    return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index)
  }
  const shownRows = range(scroll.top, height, rowHeight, rows)
  const shownColumns = range(scroll.left, scroll.width, columnWidth, columns)
  const before = (shownColumns[0] ?? 0) * columnWidth
  const after = (columns - 1 - (shownColumns.at(-1) ?? -1)) * columnWidth
  return (
    <section
      class="cells"
      style={{ height: `${height}px` }}
      tabIndex={0}
      aria-label={`${matrix.title} as a table`}
      onScroll={({ currentTarget: { scrollTop, scrollLeft, clientWidth } }) =>
        setScroll({ top: scrollTop, left: scrollLeft, width: clientWidth })
      }
    >
      <table aria-rowcount={rows} aria-colcount={columns}>
        <thead>
          <tr>
            <th scope="col">{`${matrix.rowName} \\ ${matrix.columnName}`}</th>
            <th class="gap" style={{ minWidth: `${before}px` }} />
            {shownColumns.map((column) => (
              <th key={column} scope="col">
                {left + column * step}
              </th>
            ))}
            <th class="gap" style={{ minWidth: `${after}px` }} />
          </tr>
        </thead>
        <tbody>
          <tr style={{ height: `${(shownRows[0] ?? 0) * rowHeight}px` }} />
          {shownRows.map((row) => (
            <tr key={row}>
              <th scope="row">{top + row * step}</th>
              <td class="gap" />
              {shownColumns.map((column) => (
                <td key={column}>{numberText(matrix.at(top + row * step, left + column * step))}</td>
              ))}
            </tr>
          ))}
          <tr style={{ height: `${(rows - 1 - (shownRows.at(-1) ?? -1)) * rowHeight}px` }} />
        </tbody>
      </table>
    </section>
  )
}
