// The tensor operations on whichever backend of TensorFlow.js is active.

import * as tf from '@tensorflow/tfjs-core'
import type { Binary, Tensors, Unary } from './tensors'

const binaries: Record<Binary, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor> = {
  add: tf.add,
  subtract: tf.sub,
  multiply: tf.mul,
  divide: tf.div,
  minimum: tf.minimum,
  maximum: tf.maximum,
}

const unaries: Record<Unary, (x: tf.Tensor) => tf.Tensor> = { exp: tf.exp }

/** All in fp32, as GPUs compute. */
export class TensorFlowTensors implements Tensors<tf.Tensor> {
  constructor(readonly name: string) {}

  tensor(values: ArrayLike<number>, shape: readonly number[]): tf.Tensor {
    return tf.tensor(new Float32Array(values), [...shape], 'float32')
  }

  indices(values: ArrayLike<number>): tf.Tensor {
    return tf.tensor1d(new Int32Array(values), 'int32')
  }

  read(x: tf.Tensor): Promise<ArrayLike<number>> {
    return x.data()
  }

  reshape(x: tf.Tensor, shape: readonly number[]): tf.Tensor {
    return tf.reshape(x, [...shape])
  }

  binary(operation: Binary, a: tf.Tensor, b: tf.Tensor): tf.Tensor {
    return binaries[operation](a, b)
  }

  unary(operation: Unary, x: tf.Tensor): tf.Tensor {
    return unaries[operation](x)
  }

  products(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
    // a second operand that is transposed beforehand is multiplied up to ten times as fast
    const axes = b.shape.map((_, axis) => axis)
    return tf.matMul(a, tf.transpose(b, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]))
  }

  gather(x: tf.Tensor, indices: tf.Tensor, axis: number): tf.Tensor {
    return tf.gather(x, indices as tf.Tensor1D, axis)
  }

  sum(x: tf.Tensor): tf.Tensor {
    return tf.sum(x, -1, true)
  }

  max(x: tf.Tensor): tf.Tensor {
    return tf.max(x, -1, true)
  }

  softmax(x: tf.Tensor): tf.Tensor {
    return tf.softmax(x, -1)
  }

  /** TensorFlow.js keeps what a tidy scope returns, found in arrays and objects. */
  scope<R>(work: () => R): R {
    return tf.tidy(work as () => tf.TensorContainer) as R
  }

  free(...tensors: readonly tf.Tensor[]): void {
    tf.dispose([...tensors])
  }
}
