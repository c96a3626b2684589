// The process of the backend node-gpu: TensorFlow's native library, asked by messages of its parent.

import { createRequire } from 'node:module'
import { join } from 'node:path'
import util from 'node:util'
import { backend, getBackend } from '@tensorflow/tfjs-core'
import { TensorServer } from '../compute'
import { TensorFlowTensors } from '../compute/tensorflow'
import { type ComputeReply, readComputeRequest } from '../protocol/computing'

const packageName = '@tensorflow/tfjs-node-gpu'

/** What of the package's backend is asked here. */
interface NativeBackend {
  readonly isUsingGpuDevice: boolean
  readonly binding: { readonly TF_Version: string }
}

interface Loaded {
  readonly server: TensorServer<ReturnType<TensorFlowTensors['tensor']>>
  readonly ready: ComputeReply
}

/** Looks beside this program, or in the folder that it is started with. */
function load(folder: string | undefined): Loaded {
  const require = createRequire(folder ? join(folder, 'package.json') : import.meta.url)
  // the package calls what Node 23 has no more
  const patched = util as unknown as { isNullOrUndefined?: (value: unknown) => boolean }
  patched.isNullOrUndefined ??= (value) => value === null || value === undefined
  // it registers itself with the TensorFlow.js of this bundle, which is one for the whole process
  require(packageName)
  const { isUsingGpuDevice, binding } = backend() as unknown as NativeBackend
  const title = `TensorFlow ${binding.TF_Version} (${isUsingGpuDevice ? 'GPU' : 'CPU, it found no GPU'})`
  return {
    server: new TensorServer(new TensorFlowTensors(getBackend())),
    ready: { kind: 'ready', title, isSoftware: !isUsingGpuDevice },
  }
}

/** Why it cannot be loaded, with the way out. */
function absence(problem: unknown): string {
  const why = problem instanceof Error ? problem.message : String(problem)
  if (why.includes(`Cannot find module '${packageName}'`))
    return `${packageName} is not installed: install it in a folder, link it there with link-tensorflow, and name the folder in shapescope.compute.nodeGpuFolder (see the read-me)`
  if (why.includes('native addon module'))
    return `${packageName} has no native library: link-tensorflow links it with the TensorFlow of a Python (see the read-me)`
  return `${packageName} cannot be loaded: ${why.split('\n')[0]}; link-tensorflow links it anew (see the read-me)`
}

let loaded: Loaded | null = null

async function reply(sent: unknown): Promise<ComputeReply | null> {
  const request = readComputeRequest(sent)
  if (request?.kind === 'start') {
    try {
      loaded ??= load(process.argv[2])
      loaded.server.clear()
      return loaded.ready
    } catch (problem) {
      return { kind: 'absent', why: absence(problem) }
    }
  }
  if (!request || !loaded) return null
  return loaded.server.read(request)
}

/** One after the other, so that what comes after `ready` belongs to what was asked after `start`. */
let turn = Promise.resolve()

process.on('message', (sent) => {
  turn = turn.then(async () => {
    const answer = await reply(sent)
    if (answer) process.send?.(answer)
  })
})
