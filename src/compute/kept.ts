// Tensors that are made once and kept on a backend while there is room: placed keys, masks, indices.

import type { Tensor, Tensors } from './tensors'

/** The most numbers that are kept: 64 MiB in fp32. */
const roomFor = 2 ** 24

/** One tile needs a few of them at once, which are never given up for each other. */
const fewest = 12

export class Kept<T extends Tensor> {
  /** From the one that was used longest ago. */
  readonly #tensors = new Map<string, T>()
  #numbers = 0

  constructor(private readonly t: Tensors<T>) {}

  /** May not be asked inside a scope, which would free what is made. */
  get(key: string, make: () => T): T {
    const known = this.#tensors.get(key)
    if (known) {
      this.#tensors.delete(key)
      this.#tensors.set(key, known)
      return known
    }
    const made = this.t.scope(make)
    this.#tensors.set(key, made)
    this.#numbers += sizeOf(made)
    for (const [oldest, tensor] of this.#tensors) {
      if (this.#numbers <= roomFor || this.#tensors.size <= fewest) break
      this.#tensors.delete(oldest)
      this.#numbers -= sizeOf(tensor)
      this.t.free(tensor)
    }
    return made
  }

  free(): void {
    this.t.free(...this.#tensors.values())
    this.#tensors.clear()
    this.#numbers = 0
  }
}

const sizeOf = ({ shape }: Tensor): number => shape.reduce((product, size) => product * size, 1)
