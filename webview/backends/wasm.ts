// WebAssembly through TensorFlow.js; its binaries lie beside the bundle.

import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { TensorFlowTensors } from '../../src/compute/tensorflow'
import { activate, never } from './activate'
import type { Backend } from './backend'

export async function start(): Promise<Backend> {
  // this chunk lies in a folder of its own below the page's files
  setWasmPaths(new URL('../', import.meta.url).href)
  await activate('wasm')
  const title = 'WebAssembly'
  return { name: 'wasm', title, isSoftware: false, tensors: new TensorFlowTensors(title), lost: never }
}
