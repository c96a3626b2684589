// Runs in a browser: computes recorded attention maps on a backend of the page, and hands back their numbers.

import { linearAttention, type Mask, softmaxAttention } from '../../src/compute'
import { encodingKind, normals } from '../../src/encodings'
import { startBackend } from '../../webview/backends/backend'

/** A case of attention.json, without what PyTorch found. */
export interface MapCase {
  readonly encoding: string
  readonly values: Record<string, unknown>
  readonly mask: Mask
  readonly form: 'softmax' | 'linear'
}

export interface Maps {
  readonly title: string
  readonly maps: readonly { readonly scores: number[]; readonly weights: number[] }[]
}

const [heads, length, dim] = [2, 8, 16]

async function computeMaps(name: 'webgpu' | 'webgl' | 'wasm' | 'cpu', cases: MapCase[]): Promise<Maps> {
  const { title, tensors: t } = await startBackend(name, null)
  const maps: { scores: number[]; weights: number[] }[] = []
  for (const { encoding: id, values, mask, form } of cases) {
    const made = encodingKind(id)?.create(values)
    if (!made?.ok) throw new Error(`${id} cannot be made`)
    const [q, k] = [normals(1, heads * length * dim), normals(2, heads * length * dim)]
    const input = { encoding: made.value, heads, length, q, k, mask }
    const map = (form === 'linear' ? linearAttention : softmaxAttention)(t, input)
    const all = { top: 0, bottom: length, left: 0, right: length }
    const scores = Array.from(await t.read(map.scores(all)))
    const weights = Array.from(await t.read(map.weights(all, map.normaliser(0, length))))
    maps.push({ scores, weights })
    map.free()
  }
  return { title, maps }
}

Object.assign(globalThis, { computeMaps })
