// Tensors as plain arrays, in fp64 or rounded to fp32: the reference that needs no GPU.

import { broadcast, sizeOf } from './shapes'
import type { Binary, Tensor, Tensors, Unary } from './tensors'

type Numbers = Float32Array | Float64Array

export interface PlainTensor extends Tensor {
  readonly values: Numbers
}

const binaries: Record<Binary, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  minimum: Math.min,
  maximum: Math.max,
}

const unaries: Record<Unary, (x: number) => number> = { exp: Math.exp }

export class PlainTensors implements Tensors<PlainTensor> {
  readonly name: string

  constructor(private readonly precision: 'f32' | 'f64' = 'f64') {
    this.name = `plain arrays in ${precision === 'f32' ? 'fp32' : 'fp64'}`
  }

  tensor(values: ArrayLike<number>, shape: readonly number[]): PlainTensor {
    if (values.length !== sizeOf(shape))
      throw new Error(`${values.length} values do not fill [${shape.join(', ')}]`)
    return { values: this.#from(values), shape }
  }

  indices(values: ArrayLike<number>): PlainTensor {
    return { values: Float64Array.from(values), shape: [values.length] }
  }

  read(x: PlainTensor): Promise<ArrayLike<number>> {
    return Promise.resolve(x.values)
  }

  reshape(x: PlainTensor, shape: readonly number[]): PlainTensor {
    return this.tensor(x.values, shape)
  }

  binary(operation: Binary, a: PlainTensor, b: PlainTensor): PlainTensor {
    const combine = binaries[operation]
    const shape = broadcast(a.shape, b.shape)
    const [left, right] = [placesIn(a.shape, shape), placesIn(b.shape, shape)]
    const values = this.#empty(sizeOf(shape))
    for (let at = 0; at < values.length; at++)
      values[at] = combine(a.values[left(at)] ?? Number.NaN, b.values[right(at)] ?? Number.NaN)
    return { values, shape }
  }

  unary(operation: Unary, x: PlainTensor): PlainTensor {
    return { values: this.#from(x.values, unaries[operation]), shape: x.shape }
  }

  products(a: PlainTensor, b: PlainTensor): PlainTensor {
    const [rows = 1, dim = 1] = a.shape.slice(-2)
    const [columns = 1, other] = b.shape.slice(-2)
    if (dim !== other) throw new Error(`rows of ${dim} do not meet rows of ${other}`)
    const leading = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2))
    const [left, right] = [placesIn(a.shape.slice(0, -2), leading), placesIn(b.shape.slice(0, -2), leading)]
    const count = sizeOf(leading)
    const values = this.#empty(count * rows * columns)
    for (let batch = 0; batch < count; batch++) {
      for (let row = 0; row < rows; row++) {
        const from = (left(batch) * rows + row) * dim
        for (let column = 0; column < columns; column++) {
          const to = (right(batch) * columns + column) * dim
          let sum = 0
          for (let m = 0; m < dim; m++) sum += (a.values[from + m] ?? 0) * (b.values[to + m] ?? 0)
          values[(batch * rows + row) * columns + column] = sum
        }
      }
    }
    return { values, shape: [...leading, rows, columns] }
  }

  gather(x: PlainTensor, indices: PlainTensor, axis: number): PlainTensor {
    const size = x.shape[axis] ?? 1
    const inner = sizeOf(x.shape.slice(axis + 1))
    const outer = sizeOf(x.shape.slice(0, axis))
    const picked = indices.values.length
    const values = this.#empty(outer * picked * inner)
    for (let o = 0; o < outer; o++)
      for (let p = 0; p < picked; p++) {
        const from = (o * size + (indices.values[p] ?? 0)) * inner
        values.set(x.values.subarray(from, from + inner), (o * picked + p) * inner)
      }
    return { values, shape: [...x.shape.slice(0, axis), picked, ...x.shape.slice(axis + 1)] }
  }

  sum(x: PlainTensor): PlainTensor {
    return this.#reduced(x, 0, binaries.add)
  }

  max(x: PlainTensor): PlainTensor {
    return this.#reduced(x, -Infinity, binaries.maximum)
  }

  softmax(x: PlainTensor): PlainTensor {
    const raised = this.unary('exp', this.binary('subtract', x, this.max(x)))
    return this.binary('divide', raised, this.sum(raised))
  }

  scope<R>(work: () => R): R {
    return work()
  }

  /** The garbage collector does it. */
  free(): void {}

  #reduced(x: PlainTensor, start: number, combine: (a: number, b: number) => number): PlainTensor {
    const size = x.shape.at(-1) ?? 1
    const values = this.#empty(x.values.length / size)
    for (let at = 0; at < values.length; at++) {
      let reduced = start
      for (let m = at * size; m < (at + 1) * size; m++) reduced = combine(reduced, x.values[m] ?? Number.NaN)
      values[at] = reduced
    }
    return { values, shape: [...x.shape.slice(0, -1), 1] }
  }

  #from(values: ArrayLike<number>, change: (value: number) => number = (value) => value): Numbers {
    return this.precision === 'f32' ? Float32Array.from(values, change) : Float64Array.from(values, change)
  }

  #empty(size: number): Numbers {
    return this.precision === 'f32' ? new Float32Array(size) : new Float64Array(size)
  }
}

/** Where an element of the broadcast shape lies in a tensor of shape `own`. */
function placesIn(own: readonly number[], shape: readonly number[]): (at: number) => number {
  if (sizeOf(own) === sizeOf(shape)) return (at) => at
  const strides = shape.map((_, axis) => {
    const at = axis - shape.length + own.length
    return (own[at] ?? 1) === 1 ? 0 : sizeOf(own.slice(at + 1))
  })
  return (at) => {
    let [rest, place] = [at, 0]
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const size = shape[axis] ?? 1
      place += (rest % size) * (strides[axis] ?? 0)
      rest = Math.floor(rest / size)
    }
    return place
  }
}
