// What a backend of the page is: tensors, what it is called, and word of it being lost.

import type { Tensor, Tensors } from '../../src/compute'
import { webglAdapter, webgpuAdapter } from './adapters'
import type { ComputeLink } from './link'

/** Those of the page itself, the fastest on a GPU first. */
export const pageBackends = ['webgpu', 'webgl', 'wasm', 'cpu'] as const
export type BackendName = (typeof pageBackends)[number] | 'node-gpu'

export interface Backend {
  readonly name: BackendName
  /** For people, with the adapter: `WebGPU, software (swiftshader)`. */
  readonly title: string
  /** True if the processor does the work under the name of a GPU. */
  readonly isSoftware: boolean
  readonly tensors: Tensors<Tensor>
  /** Settles with the reason when the device is lost, and never otherwise. */
  readonly lost: Promise<string>
}

/** Each is a chunk of its own, loaded when it is tried. */
export async function startBackend(name: BackendName, link: ComputeLink | null): Promise<Backend> {
  switch (name) {
    case 'webgpu':
      return (await import('./webgpu')).start()
    case 'webgl':
      return (await import('./webgl')).start()
    case 'wasm':
      return (await import('./wasm')).start()
    case 'cpu':
      return (await import('./cpu')).start()
    case 'node-gpu':
      return (await import('./node-gpu')).start(link)
  }
}

/** Rejects where the processor stands in for a GPU: WebAssembly takes a third of the time then. */
async function expectGpu(name: BackendName): Promise<void> {
  const adapter = name === 'webgpu' ? await webgpuAdapter() : name === 'webgl' ? webglAdapter() : null
  if (adapter?.isSoftware) throw new Error('there is no GPU behind it')
}

/** Which to try, in order: the one that was asked for, and those after it if it does not work. */
export const candidates = (choice: BackendName | 'auto'): readonly BackendName[] =>
  choice === 'auto' ? pageBackends : [choice, ...pageBackends.filter((name) => name !== choice)]

export interface Started {
  readonly backend: Backend
  /** What was tried before it, and why it does not serve. */
  readonly failures: readonly { readonly name: BackendName; readonly why: string }[]
}

let turn: Promise<unknown> = Promise.resolve()

/** The first that starts. One start waits for the other, since TensorFlow.js has one active backend. */
export function firstBackend(choice: BackendName | 'auto', link: ComputeLink | null): Promise<Started> {
  const started = turn.then(() => start(choice, link))
  turn = started.catch(() => {})
  return started
}

async function start(choice: BackendName | 'auto', link: ComputeLink | null): Promise<Started> {
  const failures: { name: BackendName; why: string }[] = []
  for (const name of candidates(choice)) {
    try {
      // a GPU in software serves only who asks for it
      if (name !== choice) await expectGpu(name)
      return { backend: await startBackend(name, link), failures }
    } catch (problem) {
      failures.push({ name, why: problem instanceof Error ? problem.message : String(problem) })
    }
  }
  throw new Error(`no backend started: ${failures.map(({ name, why }) => `${name}: ${why}`).join('; ')}`)
}
