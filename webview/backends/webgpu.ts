// WebGPU through TensorFlow.js.

import { backend } from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-webgpu'
import { TensorFlowTensors } from '../../src/compute/tensorflow'
import { activate } from './activate'
import { webgpuAdapter } from './adapters'
import type { Backend } from './backend'

interface Device {
  readonly lost: Promise<{ readonly message: string }>
}

export async function start(): Promise<Backend> {
  const { called, isSoftware } = await webgpuAdapter()
  await activate('webgpu')
  const { device } = backend() as unknown as { device: Device }
  const title = isSoftware ? `WebGPU in software (${called})` : `WebGPU (${called})`
  const lost = device.lost.then(({ message }) => message || 'the device is gone')
  return { name: 'webgpu', title, isSoftware, tensors: new TensorFlowTensors(title), lost }
}
