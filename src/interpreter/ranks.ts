// Ranks that are not known, as numbers that the code asks for.

import { type Dim, fresh } from '../dims/dim'
import type { Shape, ShapeFacts } from '../tensors/shape'

export class Ranks {
  readonly #shapes = new Map<string, Shape>()
  #watched: object | null = null
  #asked: Shape[] = []

  /** Notes from now on which ranks a function itself asks for. */
  watch(definition: object): void {
    this.#watched = definition
    this.#asked = []
  }

  /** The rank of a shape that has a gap, asked for by a function or a module's body. */
  ask(shape: Shape, definition: object | null): Dim {
    const rank = fresh()
    this.#shapes.set(rank.key, shape)
    if (definition === this.#watched) this.#asked.push(shape)
    return rank
  }

  /** The shape whose rank a number is. */
  shapeOf(rank: Dim): Shape | null {
    return this.#shapes.get(rank.key) ?? null
  }

  /** True if the watched function asks for the rank of a shape, so that it may get several. */
  isAsked(shape: Shape, facts: ShapeFacts): boolean {
    const { gap } = facts.resolve(shape)
    return gap !== null && this.#asked.some((s) => facts.resolve(s).gap === gap)
  }
}
