// Rows and columns of a map that a tile covers, each or every so many.

/** The positions `from`, `from + step`, … before `to`. */
export interface Span {
  readonly from: number
  readonly to: number
  readonly step: number
}

/**
 * Rows from `top` to before `bottom`, columns from `left` to before `right`; every so many of them
 * where there is a step, for maps that are looked at from afar.
 */
export interface Tile {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
  readonly rowStep?: number
  readonly columnStep?: number
}

export const rowsOf = ({ top, bottom, rowStep = 1 }: Tile): Span => ({
  from: top,
  to: bottom,
  step: rowStep,
})

export const columnsOf = ({ left, right, columnStep = 1 }: Tile): Span => ({
  from: left,
  to: right,
  step: columnStep,
})

export const countOf = ({ from, to, step }: Span): number => Math.max(0, Math.ceil((to - from) / step))

export const positionsOf = (span: Span): number[] =>
  Array.from({ length: countOf(span) }, (_, at) => span.from + at * span.step)
