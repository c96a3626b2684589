// Which part of a heatmap shows and which cell is read; heatmaps that stand for comparison share one view.

import { useCallback, useMemo, useState } from 'preact/hooks'
import { type Cell, type Extent, refitted, type Window, whole } from './window'

export interface View {
  readonly window: Window
  /** The cell under the pointer, or the one that keys chose. */
  readonly cell: Cell | null
  show(window: Window): void
  point(cell: Cell | null): void
}

/** All of a matrix at first, and again when its size changes. */
export function useView(rows: number, columns: number): View {
  const extent = useMemo<Extent>(() => ({ rows, columns }), [rows, columns])
  const [seen, setSeen] = useState({ extent, window: whole(extent) })
  const [cell, point] = useState<Cell | null>(null)
  const window = useMemo(() => refitted(seen.window, seen.extent, extent), [seen, extent])
  const show = useCallback((next: Window) => setSeen({ extent, window: next }), [extent])
  return useMemo(() => ({ window, cell, show, point }), [window, cell, show])
}
