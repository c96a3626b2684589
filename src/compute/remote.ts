// Tensors that another process holds: operations are noted here, and sent when values are read.

import type { Command, ComputeReply, ComputeRequest } from '../protocol/computing'
import { broadcast } from './shapes'
import type { Binary, Tensor, Tensors, Unary } from './tensors'

export interface RemoteTensor extends Tensor {
  readonly id: number
}

interface Reading {
  readonly resolve: (values: ArrayLike<number>) => void
  readonly reject: (problem: Error) => void
}

/** One message goes out for each `read`, with all that was asked for since the last. */
export class RemoteTensors implements Tensors<RemoteTensor> {
  readonly #readings = new Map<number, Reading>()
  #commands: Command[] = []
  #last = 0
  /** What was made in the scopes that are open, the innermost last. */
  readonly #scopes: RemoteTensor[][] = []
  #lost: Error | null = null

  constructor(
    readonly name: string,
    private readonly send: (request: ComputeRequest) => void,
  ) {}

  /** Takes a reply of the other side. */
  receive(reply: ComputeReply): void {
    if (reply.kind === 'lost') {
      this.#lost = new Error(reply.why)
      for (const { reject } of this.#readings.values()) reject(this.#lost)
      this.#readings.clear()
    } else if (reply.kind === 'values' || reply.kind === 'problem') {
      const reading = this.#readings.get(reply.id)
      this.#readings.delete(reply.id)
      if (reply.kind === 'values') reading?.resolve(reply.values)
      else reading?.reject(new Error(reply.why))
    }
  }

  tensor(values: ArrayLike<number>, shape: readonly number[]): RemoteTensor {
    return this.#made(shape, (into) => ({ op: 'tensor', into, values: Float32Array.from(values), shape }))
  }

  indices(values: ArrayLike<number>): RemoteTensor {
    return this.#made([values.length], (into) => ({ op: 'indices', into, values: Int32Array.from(values) }))
  }

  read(x: RemoteTensor): Promise<ArrayLike<number>> {
    if (this.#lost) return Promise.reject(this.#lost)
    const id = ++this.#last
    const commands = this.#commands
    this.#commands = []
    return new Promise((resolve, reject) => {
      this.#readings.set(id, { resolve, reject })
      this.send({ kind: 'read', id, commands, of: x.id })
    })
  }

  reshape(x: RemoteTensor, shape: readonly number[]): RemoteTensor {
    return this.#made(shape, (into) => ({ op: 'reshape', into, x: x.id, shape }))
  }

  binary(operation: Binary, a: RemoteTensor, b: RemoteTensor): RemoteTensor {
    const shape = broadcast(a.shape, b.shape)
    return this.#made(shape, (into) => ({ op: operation, into, a: a.id, b: b.id }))
  }

  unary(operation: Unary, x: RemoteTensor): RemoteTensor {
    return this.#made(x.shape, (into) => ({ op: operation, into, x: x.id }))
  }

  products(a: RemoteTensor, b: RemoteTensor): RemoteTensor {
    const leading = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2))
    const shape = [...leading, a.shape.at(-2) ?? 1, b.shape.at(-2) ?? 1]
    return this.#made(shape, (into) => ({ op: 'products', into, a: a.id, b: b.id }))
  }

  gather(x: RemoteTensor, indices: RemoteTensor, axis: number): RemoteTensor {
    const shape = [...x.shape.slice(0, axis), indices.shape[0] ?? 0, ...x.shape.slice(axis + 1)]
    return this.#made(shape, (into) => ({ op: 'gather', into, x: x.id, indices: indices.id, axis }))
  }

  sum(x: RemoteTensor): RemoteTensor {
    return this.#made([...x.shape.slice(0, -1), 1], (into) => ({ op: 'sum', into, x: x.id }))
  }

  max(x: RemoteTensor): RemoteTensor {
    return this.#made([...x.shape.slice(0, -1), 1], (into) => ({ op: 'max', into, x: x.id }))
  }

  softmax(x: RemoteTensor): RemoteTensor {
    return this.#made(x.shape, (into) => ({ op: 'softmax', into, x: x.id }))
  }

  scope<R>(work: () => R): R {
    const made: RemoteTensor[] = []
    this.#scopes.push(made)
    try {
      const result = work()
      const kept = new Set<unknown>(isObject(result) ? [result, ...Object.values(result)] : [])
      this.free(...made.filter((tensor) => !kept.has(tensor)))
      // what a scope returns belongs to the one around it
      this.#scopes.at(-2)?.push(...made.filter((tensor) => kept.has(tensor)))
      return result
    } finally {
      this.#scopes.pop()
    }
  }

  free(...tensors: readonly RemoteTensor[]): void {
    if (tensors.length > 0) this.#commands.push({ op: 'free', tensors: tensors.map(({ id }) => id) })
  }

  #made(shape: readonly number[], command: (into: number) => Command): RemoteTensor {
    const made = { id: ++this.#last, shape }
    this.#commands.push(command(made.id))
    this.#scopes.at(-1)?.push(made)
    return made
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
