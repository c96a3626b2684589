// The other side of remote tensors: runs the commands of messages over a backend.

import type { Command, ComputeReply, ComputeRequest } from '../protocol/computing'
import type { Tensor, Tensors } from './tensors'

/** Tensors that were asked for under numbers. A fault in a request ends that request alone. */
export class TensorServer<T extends Tensor> {
  readonly #tensors = new Map<number, T>()

  constructor(private readonly t: Tensors<T>) {}

  /** How many tensors are held. */
  get size(): number {
    return this.#tensors.size
  }

  /** Forgets all tensors. */
  clear(): void {
    this.t.free(...this.#tensors.values())
    this.#tensors.clear()
  }

  async read({ id, commands, of }: Extract<ComputeRequest, { kind: 'read' }>): Promise<ComputeReply> {
    try {
      for (const command of commands) this.#run(command)
      return { kind: 'values', id, values: Float32Array.from(await this.t.read(this.#tensor(of))) }
    } catch (problem) {
      return { kind: 'problem', id, why: problem instanceof Error ? problem.message : String(problem) }
    }
  }

  #run(command: Command): void {
    if (command.op !== 'free') {
      this.#tensors.set(command.into, this.#result(command))
      return
    }
    for (const id of command.tensors) {
      const tensor = this.#tensors.get(id)
      if (tensor) this.t.free(tensor)
      this.#tensors.delete(id)
    }
  }

  #result(command: Exclude<Command, { op: 'free' }>): T {
    const { t } = this
    switch (command.op) {
      case 'tensor':
        return t.tensor(command.values, command.shape)
      case 'indices':
        return t.indices(command.values)
      case 'reshape':
        return t.reshape(this.#tensor(command.x), command.shape)
      case 'gather':
        return t.gather(this.#tensor(command.x), this.#tensor(command.indices), command.axis)
      case 'products':
        return t.products(this.#tensor(command.a), this.#tensor(command.b))
      case 'exp':
        return t.unary(command.op, this.#tensor(command.x))
      case 'sum':
      case 'max':
      case 'softmax':
        return t[command.op](this.#tensor(command.x))
      default:
        return t.binary(command.op, this.#tensor(command.a), this.#tensor(command.b))
    }
  }

  #tensor(id: number): T {
    const tensor = this.#tensors.get(id)
    if (!tensor) throw new Error(`there is no tensor ${id}`)
    return tensor
  }
}
