// The processor through TensorFlow.js, where nothing else works.

import '@tensorflow/tfjs-backend-cpu'
import { TensorFlowTensors } from '../../src/compute/tensorflow'
import { activate, never } from './activate'
import type { Backend } from './backend'

export async function start(): Promise<Backend> {
  await activate('cpu')
  const title = 'CPU (JavaScript)'
  return { name: 'cpu', title, isSoftware: false, tensors: new TensorFlowTensors(title), lost: never }
}
