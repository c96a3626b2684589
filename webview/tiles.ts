// A head's attention map that is computed where it shows, tile by tile, nearest to the top first.

import { Head, type HeadRequest, isSeen, type Tensor, type Tensors, type Tile } from '../src/compute'
import type { Matrix } from './matrix'
import type { Window } from './window'

export type Stage = 'scores' | 'masked' | 'weights'

const side = 256

/** Every change is told: a tile that came, the end of the work, a fault of the backend. */
export class HeadTiles {
  readonly #head: Head<Tensor>
  readonly #tiles = new Map<string, ArrayLike<number>>()
  #waiting: Tile[] = []
  #isRunning = false
  #isStopped = false
  #most = 0
  problem: string | null = null

  constructor(
    tensors: Tensors<Tensor>,
    private readonly request: HeadRequest,
    private readonly stage: Stage,
    private readonly changed: () => void,
  ) {
    this.#head = new Head(tensors, request)
  }

  get computed(): number {
    return this.#tiles.size
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** Computes what of the window is not there yet, in place of what was waited for. */
  want({ top, left, height, width }: Window): void {
    const { length, mask } = this.request
    this.#waiting = []
    for (let row = Math.floor(top / side) * side; row < Math.min(length, top + height); row += side) {
      for (
        let column = Math.floor(left / side) * side;
        column < Math.min(length, left + width);
        column += side
      ) {
        const tile = {
          top: row,
          bottom: Math.min(row + side, length),
          left: column,
          right: Math.min(column + side, length),
        }
        const isHidden = this.stage !== 'scores' && mask.kind !== 'none' && tile.left >= tile.bottom
        if (!isHidden && !this.#tiles.has(keyOf(row, column))) this.#waiting.push(tile)
      }
    }
    void this.#run()
  }

  stop(): void {
    this.#waiting = []
    this.changed()
  }

  /** Nothing is told any more. */
  dispose(): void {
    this.#isStopped = true
    this.#waiting = []
    if (!this.#isRunning) this.#head.free()
  }

  /** As far as it is computed. */
  matrix(title: string): Matrix {
    const { length, mask, form } = this.request
    const isSigned = this.stage !== 'weights' || form === 'linear'
    const most = this.#most || 1
    const isMasked = this.stage !== 'scores'
    return {
      title,
      rows: length,
      columns: length,
      rowName: 'query',
      columnName: 'key',
      colours: isSigned ? 'diverging' : 'sequential',
      range: isSigned ? [-most, most] : [0, most],
      at: (i, j) => {
        if (isMasked && !isSeen(mask, i, j)) return Number.NaN
        const [row, column] = [Math.floor(i / side) * side, Math.floor(j / side) * side]
        const width = Math.min(side, length - column)
        return this.#tiles.get(keyOf(row, column))?.[(i - row) * width + j - column] ?? Number.NaN
      },
    }
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return
    this.#isRunning = true
    try {
      for (let tile = this.#waiting.shift(); tile; tile = this.#waiting.shift()) {
        const values = await (this.stage === 'weights' ? this.#head.weights(tile) : this.#head.scores(tile))
        if (this.#isStopped) break
        this.#tiles.set(keyOf(tile.top, tile.left), values)
        this.#most = Math.max(this.#most, usualMost(values))
        this.changed()
        // lets the page draw and read keys between two tiles
        await new Promise((done) => setTimeout(done))
      }
    } catch (problem) {
      this.problem = problem instanceof Error ? problem.message : String(problem)
      this.#waiting = []
    }
    this.#isRunning = false
    if (this.#isStopped) this.#head.free()
    else this.changed()
  }
}

const keyOf = (row: number, column: number): string => `${row} ${column}`

/** What 99 in 100 absolute values are below: a causal map's first rows would leave all others dark. */
function usualMost(values: ArrayLike<number>): number {
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
