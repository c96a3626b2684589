// How much of the work that is left the turns of a loop take.

import type { Interpreter } from './interpreter'

/** Tells of a loop whose turns are followed one by one whether there is enough work left for all of them. */
export class Pace {
  #turns = 0
  #last: number
  constructor(
    private readonly interp: Interpreter,
    private readonly total: number,
  ) {
    this.#last = interp.steps
  }

  /** True before a turn from which on the rest, each as costly as the turn before, would take more than is left. */
  isTooSlow(): boolean {
    const { steps, budget } = this.interp
    const cost = steps - this.#last
    this.#last = steps
    // The first turn brings in what all use.
    return this.#turns++ > 1 && cost * (this.total - this.#turns + 1) > budget - steps
  }
}
