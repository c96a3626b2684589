// WebGPU through TensorFlow.js.

import { backend } from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-webgpu'
import { TensorFlowTensors } from '../../src/compute/tensorflow'
import { activate } from './activate'
import type { Backend } from './backend'

interface AdapterInfo {
  readonly vendor?: string
  readonly architecture?: string
  readonly description?: string
  readonly isFallbackAdapter?: boolean
}

/** What of the browser's WebGPU is asked here. */
interface Gpu {
  requestAdapter(): Promise<{ readonly info?: AdapterInfo; readonly isFallbackAdapter?: boolean } | null>
}

interface Device {
  readonly lost: Promise<{ readonly message: string }>
}

export async function start(): Promise<Backend> {
  const { gpu } = navigator as { gpu?: Gpu }
  if (!gpu) throw new Error('this browser has no WebGPU')
  const adapter = await gpu.requestAdapter()
  if (!adapter) throw new Error('WebGPU finds no adapter')
  await activate('webgpu')
  const { device } = backend() as unknown as { device: Device }
  const info = adapter.info ?? {}
  const called = info.description || info.architecture || info.vendor || 'an unnamed adapter'
  const isSoftware =
    info.isFallbackAdapter === true ||
    adapter.isFallbackAdapter === true ||
    /swiftshader|llvmpipe|software/i.test(`${info.vendor} ${info.architecture} ${info.description}`)
  const title = isSoftware ? `WebGPU in software (${called})` : `WebGPU (${called})`
  const lost = device.lost.then(({ message }) => message || 'the device is gone')
  return { name: 'webgpu', title, isSoftware, tensors: new TensorFlowTensors(title), lost }
}
