// The tensor operations that attention maps need, over any backend: TensorFlow.js, or plain arrays.

/** A backend's tensor; only the backend looks inside. Row-major, as everywhere here. */
export interface Tensor {
  readonly shape: readonly number[]
}

/** `minimum` and `maximum` are of two tensors; `max` and `sum` below reduce one. */
export type Binary = 'add' | 'subtract' | 'multiply' | 'divide' | 'minimum' | 'maximum'
export type Unary = 'exp'

/**
 * A backend. Operations are asked for at once and may run later; `read` waits for them. Shapes that
 * do not fit are a fault of the caller, and throw.
 */
export interface Tensors<T extends Tensor> {
  /** For people: `WebGPU`, `plain arrays in fp64`. */
  readonly name: string
  tensor(values: ArrayLike<number>, shape: readonly number[]): T
  /** Whole numbers for `gather`. */
  indices(values: ArrayLike<number>): T
  /** Its values on the CPU. */
  read(x: T): Promise<ArrayLike<number>>
  reshape(x: T, shape: readonly number[]): T
  /** Elementwise with NumPy's broadcasting. */
  binary(operation: Binary, a: T, b: T): T
  unary(operation: Unary, x: T): T
  /** [.., R, D] and [.., C, D] to [.., R, C]: the products of rows with rows. Leading dims broadcast. */
  products(a: T, b: T): T
  /** Picks along an axis, with indices of one dimension. */
  gather(x: T, indices: T, axis: number): T
  /** Over the last axis, which stays with size 1. */
  sum(x: T): T
  max(x: T): T
  softmax(x: T): T
  /** Runs `work` and frees all tensors made in it, but for those that it returns, alone or in an array or object. */
  scope<R>(work: () => R): R
  free(...tensors: readonly T[]): void
}
