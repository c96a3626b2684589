// WebGL through TensorFlow.js.

import { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import { backend, env } from '@tensorflow/tfjs-core'
import { TensorFlowTensors } from '../../src/compute/tensorflow'
import { activate } from './activate'
import { webglAdapter } from './adapters'
import type { Backend } from './backend'

export async function start(): Promise<Backend> {
  await activate('webgl')
  const active = backend()
  if (!(active instanceof MathBackendWebGL)) throw new Error('another backend came instead')
  if (!env().getBool('WEBGL_RENDER_FLOAT32_ENABLED')) throw new Error('it computes in 16 bits only here')
  const { gl } = active.gpgpu
  const { called, isSoftware } = webglAdapter(gl)
  const title = isSoftware ? `WebGL in software (${called})` : `WebGL (${called})`
  const lost = new Promise<string>((settle) =>
    gl.canvas.addEventListener('webglcontextlost', () => settle('the WebGL context is gone'), { once: true }),
  )
  return { name: 'webgl', title, isSoftware, tensors: new TensorFlowTensors(title), lost }
}
