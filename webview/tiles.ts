// A head's attention map that is computed where it shows, tile by tile, as finely as its pixels can tell.

import {
  Head,
  type HeadRequest,
  isSeen,
  type Mask,
  type Tensor,
  type Tensors,
  type Tile,
} from '../src/compute'
import { type Matrix, usualMost } from './matrix'
import type { Window } from './window'

export type Stage = 'scores' | 'masked' | 'weights'

/** Rows and columns of values in a tile. */
const side = 128

/** Tiles of a step that are held: 32 MiB. Those that came first are given up, and computed again where they show. */
const mostTiles = 512

/** The power of two at which a pixel has at least one value, and fewer than four. */
export const stepFor = (cells: number, pixels: number): number =>
  2 ** Math.max(0, Math.floor(Math.log2(cells / Math.max(1, pixels))))

/** Every change is told: a tile that came, the end of the work, a fault of the backend. */
export class HeadTiles {
  readonly #head: Head<Tensor>
  /** By step, then by place. */
  readonly #levels = new Map<number, Map<number, ArrayLike<number>>>()
  #step = 1
  #waiting: Tile[] = []
  #current: Tile | null = null
  #isCurrentWanted = false
  #isDisposed = false
  #isRunning = false
  #most = 0
  #computed = 0
  /** The keys of the tile under way that were passed over so far. */
  passed = 0
  problem: string | null = null

  constructor(
    tensors: Tensors<Tensor>,
    private readonly request: HeadRequest,
    private readonly stage: Stage,
    private readonly changed: () => void,
  ) {
    this.#head = new Head(tensors, request)
  }

  get #queries(): { readonly count: number; readonly from: number } {
    return this.request.queries ?? { count: this.request.length, from: 0 }
  }

  /** How many tiles are there, of all that were ever wanted. */
  get computed(): number {
    return this.#computed
  }

  get waiting(): number {
    return this.#waiting.length + (this.#current && this.#isCurrentWanted ? 1 : 0)
  }

  /** Every so many rows and columns are computed. */
  get step(): number {
    return this.#step
  }

  /** Computes what of the window is not there yet, in place of what was waited for. */
  want({ top, left, height, width }: Window, pixels: number): void {
    const { length, mask } = this.request
    const { count, from } = this.#queries
    this.#step = stepFor(width, pixels)
    this.#waiting = []
    this.#isCurrentWanted = false
    const reach = side * this.#step
    const first = (at: number): number => Math.floor(at / reach) * reach
    for (let row = first(top); row < Math.min(count, top + height); row += reach) {
      for (let column = first(left); column < Math.min(length, left + width); column += reach) {
        const tile = this.#tileAt(row, column)
        if (this.stage !== 'scores' && mask.kind !== 'none' && tile.left >= tile.bottom + from) continue
        if (this.#levels.get(this.#step)?.has(keyOf(row, column, this.#step))) continue
        if (this.#current && isSame(this.#current, tile)) this.#isCurrentWanted = true
        else this.#waiting.push(tile)
      }
    }
    void this.#run()
  }

  stop(): void {
    this.#waiting = []
    this.#isCurrentWanted = false
    this.changed()
  }

  /** Nothing is told any more. */
  dispose(): void {
    this.#isDisposed = true
    this.#isCurrentWanted = false
    this.#waiting = []
    if (!this.#isRunning) this.#head.free()
  }

  /** As far as it is computed. */
  matrix(title: string): Matrix {
    const { length, mask, form } = this.request
    const { count, from } = this.#queries
    const isSigned = this.stage !== 'weights' || form === 'linear'
    const most = this.#most || 1
    const isMasked = this.stage !== 'scores' && mask.kind !== 'none'
    const step = this.#step
    // while finer or coarser values are computed, those that are there are drawn
    const steps = [step, ...[...this.#levels.keys()].filter((one) => one !== step).sort((a, b) => a - b)]
    return {
      title,
      rows: count,
      columns: length,
      rowName: 'query',
      columnName: 'key',
      colours: isSigned ? 'diverging' : 'sequential',
      range: isSigned ? [-most, most] : [0, most],
      clipped: '1 % of the values',
      step,
      missing: isMasked ? 'masked, or not computed yet' : 'not computed yet',
      at: (i, j) =>
        i % step !== 0 || j % step !== 0 || (isMasked && !isSeen(mask, i + from, j))
          ? Number.NaN
          : this.#value(step, i, j),
      shade: (i, columns, values) => {
        values.fill(Number.NaN)
        for (const one of steps) this.#fill(one, i, columns, values, isMasked ? mask : { kind: 'none' })
      },
    }
  }

  #value(step: number, i: number, j: number): number {
    const values = Float64Array.of(Number.NaN)
    this.#fill(step, i, Int32Array.of(j), values, { kind: 'none' })
    return values[0] ?? Number.NaN
  }

  /** Fills in the values of one step where none are, of the cells at or before those that are asked for. */
  #fill(step: number, row: number, columns: Int32Array, filled: Float64Array, mask: Mask): void {
    const level = this.#levels.get(step)
    if (!level) return
    const reach = side * step
    const { length } = this.request
    // steps are powers of two, and so are tiles
    const [whole, shift] = [-step, Math.log2(step)]
    const i = row & whole
    const [after, last] = visible(mask, i + this.#queries.from, length)
    let [left, start] = [-reach, 0]
    let tile: ArrayLike<number> | undefined
    for (let x = 0; x < columns.length; x++) {
      const j = (columns[x] ?? 0) & whole
      if (j > last || j <= after || !Number.isNaN(filled[x])) continue
      if (j < left || j >= left + reach) {
        left = j & -reach
        const width = Math.ceil((Math.min(length, left + reach) - left) / step)
        start = ((i & (reach - 1)) >> shift) * width
        tile = level.get(keyOf(i, j, step))
      }
      if (tile) filled[x] = tile[start + ((j - left) >> shift)] ?? Number.NaN
    }
  }

  #tileAt(top: number, left: number): Tile {
    const { length } = this.request
    const reach = side * this.#step
    return {
      top,
      bottom: Math.min(top + reach, this.#queries.count),
      left,
      right: Math.min(left + reach, length),
      rowStep: this.#step,
      columnStep: this.#step,
    }
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return
    this.#isRunning = true
    // input that comes now puts other tiles in the place of these
    await pause()
    try {
      for (let tile = this.#waiting.shift(); tile; tile = this.#waiting.shift()) {
        await this.#compute(tile)
        if (this.#isDisposed) break
        this.changed()
        // lets the page draw and read keys between two tiles
        await pause()
      }
    } catch (problem) {
      this.problem = problem instanceof Error ? problem.message : String(problem)
      this.#waiting = []
    }
    this.#current = null
    this.#isRunning = false
    if (this.#isDisposed) this.#head.free()
    else this.changed()
  }

  async #compute(tile: Tile): Promise<void> {
    this.#current = tile
    this.#isCurrentWanted = true
    this.passed = 0
    const watch = {
      isWanted: () => this.#isCurrentWanted,
      passed: (keys: number) => {
        this.passed = keys
        this.changed()
      },
    }
    const values =
      this.stage === 'weights' ? await this.#head.weights(tile, watch) : await this.#head.scores(tile)
    this.#current = null
    if (!values) return
    const step = tile.rowStep ?? 1
    const level = this.#levels.get(step) ?? new Map<number, ArrayLike<number>>()
    this.#levels.set(step, level.set(keyOf(tile.top, tile.left, step), values))
    const [oldest] = level.size > mostTiles ? level.keys() : []
    if (oldest !== undefined) level.delete(oldest)
    this.#computed++
    this.#most = Math.max(this.#most, usualMost(values))
  }
}

/** The keys that a query sees: those after the first number, up to the second. */
const visible = (mask: Mask, i: number, length: number): readonly [number, number] =>
  mask.kind === 'none' ? [-1, length] : [mask.kind === 'sliding' ? i - mask.window : -1, i]

const pause = (): Promise<void> => new Promise((done) => setTimeout(done))

/** Below 2²⁰ tiles a side. */
const keyOf = (row: number, column: number, step: number): number =>
  Math.floor(row / (side * step)) * 2 ** 20 + Math.floor(column / (side * step))

const isSame = (a: Tile, b: Tile): boolean => a.top === b.top && a.left === b.left && a.rowStep === b.rowStep
