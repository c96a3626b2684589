// A heatmap that reads exact values under the pointer or by keys, zooms, pans, turns into a table, and exports.

import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { cssColour, type Theme } from './colours'
import { picture } from './draw'
import { Exports } from './exports'
import { type Matrix, numberText } from './matrix'
import { Table } from './table'
import { useView, type View } from './view'
import { type Cell, panned, revealed, ticks, type Window, whole, zoomed } from './window'

interface Props {
  readonly matrix: Matrix
  readonly theme: Theme
  /** At most so high, in CSS pixels; a map with as many rows as columns is square. */
  readonly height: number
  /** Shared with other heatmaps of that size; its own if left out. */
  readonly view?: View
  /** Told the part that shows and its width in pixels, for what is computed only where it shows. */
  readonly onWindow?: (window: Window, pixels: number) => void
}

export function Heatmap({ matrix, theme, height: most, view, onWindow }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [width, setWidth] = useState(0)
  const own = useView(matrix.rows, matrix.columns)
  const { window, cell, show, point } = view ?? own
  const [isTable, setTable] = useState(false)
  const drag = useRef<{ x: number; y: number; window: Window } | null>(null)
  const hint = useId()
  const isSquare = matrix.rows === matrix.columns
  const height = isSquare && width > 0 ? Math.min(most, width) : most
  const step = matrix.step ?? 1
  const density = globalThis.devicePixelRatio || 1

  useLayoutEffect(() => {
    const element = canvas.current
    if (!element) return
    const observer = new ResizeObserver(() => setWidth(element.clientWidth))
    observer.observe(element)
    setWidth(element.clientWidth)
    return () => observer.disconnect()
  }, [isTable])

  useLayoutEffect(() => {
    const element = canvas.current
    if (!element || width === 0) return
    element.width = Math.round(width * density)
    element.height = Math.round(height * density)
    element
      .getContext('2d')
      ?.putImageData(picture(matrix, window, element.width, element.height, theme), 0, 0)
  }, [matrix, window, width, height, density, theme, isTable])

  useLayoutEffect(() => {
    if (width > 0) onWindow?.(window, Math.round(width * density))
  }, [onWindow, window, width, density])

  const cellAt = (event: MouseEvent): Cell => {
    const box = canvas.current?.getBoundingClientRect() ?? { left: 0, top: 0, width: 1, height: 1 }
    const part = (at: number, size: number): number => Math.min(0.999999, Math.max(0, at / size))
    return {
      row: Math.floor(window.top + part(event.clientY - box.top, box.height) * window.height),
      column: Math.floor(window.left + part(event.clientX - box.left, box.width) * window.width),
    }
  }
  const middle = (): Cell => ({
    row: Math.floor(window.top + window.height / 2),
    column: Math.floor(window.left + window.width / 2),
  })
  const zoom = (factor: number, about = cell ?? middle()): void => show(zoomed(window, matrix, factor, about))

  const onKeyDown = (event: KeyboardEvent): void => {
    const stride = step * (event.shiftKey ? 10 : 1)
    const moves: Record<string, readonly [number, number]> = {
      ArrowUp: [-stride, 0],
      ArrowDown: [stride, 0],
      ArrowLeft: [0, -stride],
      ArrowRight: [0, stride],
    }
    const move = moves[event.key]
    if (move) {
      const from = cell ?? middle()
      const clamp = (at: number, most: number): number => Math.min(most - 1, Math.max(0, at))
      const next = {
        row: clamp(from.row + (cell ? move[0] : 0), matrix.rows),
        column: clamp(from.column + (cell ? move[1] : 0), matrix.columns),
      }
      point(next)
      show(revealed(window, matrix, next))
    } else if (event.key === '+' || event.key === '=') zoom(1 / 1.5)
    else if (event.key === '-') zoom(1.5)
    else if (event.key === '0') show(whole(matrix))
    else return
    event.preventDefault()
  }
  const onWheel = (event: WheelEvent): void => {
    // a plain wheel scrolls the page
    if (!event.ctrlKey && !event.metaKey) return
    event.preventDefault()
    zoom(event.deltaY > 0 ? 1.25 : 0.8, cellAt(event))
  }
  const onPointerMove = (event: PointerEvent): void => {
    point(cellAt(event))
    if (!drag.current) return
    const perRow = drag.current.window.height / height
    const perColumn = drag.current.window.width / Math.max(1, width)
    show(
      panned(
        drag.current.window,
        matrix,
        (drag.current.y - event.clientY) * perRow,
        (drag.current.x - event.clientX) * perColumn,
      ),
    )
  }
  const snapped = cell && { row: cell.row - (cell.row % step), column: cell.column - (cell.column % step) }
  const shown = snapped && snapped.row < matrix.rows && snapped.column < matrix.columns ? snapped : null
  const percent = (at: number, from: number, size: number): string => `${((at - from) / size) * 100}%`
  const valueAt = ({ row, column }: Cell): string => {
    const value = matrix.at(row, column)
    return Number.isNaN(value) ? (matrix.missing ?? 'none') : numberText(value, 8)
  }
  const reading = shown
    ? `${matrix.rowName} ${shown.row}, ${matrix.columnName} ${shown.column}: ${valueAt(shown)}`
    : 'Point at a cell, or use the arrow keys, to read its value.'

  return (
    <section class="heatmap" style={isSquare ? { maxWidth: `${most + 48}px` } : {}} aria-label={matrix.title}>
      <div class="bar">
        <h3 title={matrix.title}>{matrix.title}</h3>
        <span class="spring" />
        <button
          type="button"
          class="quiet"
          title="Zoom in (+)"
          aria-label="Zoom in"
          onClick={() => zoom(1 / 1.5)}
        >
          +
        </button>
        <button
          type="button"
          class="quiet"
          title="Zoom out (−)"
          aria-label="Zoom out"
          onClick={() => zoom(1.5)}
        >
          −
        </button>
        <button type="button" class="quiet" title="Show all (0)" onClick={() => show(whole(matrix))}>
          All
        </button>
        <button type="button" class="quiet" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
          Table
        </button>
        <Exports matrix={matrix} window={window} theme={theme} />
      </div>
      {isTable ? (
        <Table matrix={matrix} window={window} height={height} />
      ) : (
        <div class="plot">
          <span class="axis down" aria-hidden="true">
            {ticks(window.top, window.height, height / 40).map((at) => (
              <span key={at} style={{ top: percent(at + 0.5, window.top, window.height) }}>
                {at}
              </span>
            ))}
          </span>
          <div class="frame" style={{ height: `${height}px` }}>
            <canvas
              ref={canvas}
              role="application"
              aria-roledescription="heatmap"
              aria-label={`${matrix.title}, ${matrix.rows} ${matrix.rowName} by ${matrix.columns} ${matrix.columnName}`}
              aria-describedby={hint}
              tabIndex={0}
              onKeyDown={onKeyDown}
              onWheel={onWheel}
              onPointerMove={onPointerMove}
              onPointerLeave={() => !drag.current && point(null)}
              onPointerDown={(event) => {
                event.currentTarget.setPointerCapture(event.pointerId)
                drag.current = { x: event.clientX, y: event.clientY, window }
              }}
              onPointerUp={() => (drag.current = null)}
              onDblClick={() => show(whole(matrix))}
            />
            {shown && (
              <>
                <i
                  class="hair across"
                  style={{
                    top: percent(shown.row, window.top, window.height),
                    height: `max(1px, ${(100 * step) / window.height}%)`,
                  }}
                />
                <i
                  class="hair down"
                  style={{
                    left: percent(shown.column, window.left, window.width),
                    width: `max(1px, ${(100 * step) / window.width}%)`,
                  }}
                />
              </>
            )}
          </div>
          <span class="axis along" aria-hidden="true">
            {ticks(window.left, window.width, width / 60).map((at) => (
              <span key={at} style={{ left: percent(at + 0.5, window.left, window.width) }}>
                {at}
              </span>
            ))}
          </span>
        </div>
      )}
      <div class="below">
        <Legend matrix={matrix} theme={theme} />
        <output id={hint} class="reading">
          {reading}
        </output>
        {step > 1 && (
          <span class="note">
            {`Every ${ordinal(step)} ${matrix.rowName} and ${matrix.columnName} is drawn; zoom in for all.`}
          </span>
        )}
      </div>
    </section>
  )
}

function Legend({ matrix, theme }: { matrix: Matrix; theme: Theme }) {
  const table = theme.tables[matrix.colours]
  const stops = Array.from({ length: 9 }, (_, at) => cssColour(table, at / 8)).join(', ')
  const [low, high] = matrix.range
  return (
    <span class="legend" aria-hidden="true">
      {numberText(low, 3)}
      <i style={{ background: `linear-gradient(to right, ${stops})` }} />
      {numberText(high, 3)}
      {matrix.clipped && <span title="They take the last colour.">{`${matrix.clipped} beyond`}</span>}
    </span>
  )
}

const ordinal = (count: number): string =>
  `${count}${count % 100 > 10 && count % 100 < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th')}`
