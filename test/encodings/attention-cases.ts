// Scores and attention maps that PyTorch computed, and their comparison with those of a backend.

import {
  type AttentionInput,
  linearAttention,
  type Mask,
  softmaxAttention,
  type Tensor,
  type Tensors,
} from '../../src/compute'
import { normals } from '../../src/encodings'
import { assertNear, encodingOf, golden } from './goldens'

export interface AttentionCase {
  name: string
  encoding: string
  values: Record<string, unknown>
  mask: Mask['kind']
  form: 'softmax' | 'linear'
  scores: number[]
  weights: number[]
}

const [heads, length, dim] = [2, 8, 16]

export const attentionCases = golden<AttentionCase[]>('attention.json')

const maskOf = (kind: Mask['kind']): Mask => (kind === 'sliding' ? { kind, window: 3 } : { kind })

export const inputOf = ({ encoding, values, mask }: AttentionCase): AttentionInput => ({
  encoding: encodingOf(encoding, values),
  heads,
  length,
  q: normals(1, heads * length * dim),
  k: normals(2, heads * length * dim),
  mask: maskOf(mask),
})

/** Fails unless scores and weights are within 1e-4 of PyTorch's. */
export async function assertAttention<T extends Tensor>(t: Tensors<T>, one: AttentionCase): Promise<void> {
  const all = { top: 0, bottom: length, left: 0, right: length }
  const map = (one.form === 'linear' ? linearAttention : softmaxAttention)(t, inputOf(one))
  const scores = map.scores(all)
  assertNear(await t.read(scores), one.scores, { absolute: 1e-4 }, `${one.name}: scores`)
  const { shift, sum } = map.normaliser(0, length)
  const weights = map.weights(all, { shift, sum })
  assertNear(await t.read(weights), one.weights, { absolute: 1e-4 }, `${one.name}: weights`)
  t.free(scores, shift, sum, weights)
  map.free()
}
