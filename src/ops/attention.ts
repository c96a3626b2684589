// scaled_dot_product_attention: heads, batch dims, masks.

import type { Dim } from '../dims/dim'
import { broadcastShapes } from '../tensors/broadcast'
import { isFloating } from '../tensors/dtype'
import { dimsOf, leastRank, openShape, type Shape } from '../tensors/shape'
import { type Assumed, bothAssumed, type Tensor } from '../tensors/tensor'
import type { Value } from '../trace/values'
import { append, broadcastBatch, type Split, sameDType, splitLast } from './nn-core'
import { failed, type OpCall, type OpEntry, result } from './op'

const code = 'attention-mismatch'

/** The last two dims of query, key or value. */
function lastTwo(c: OpCall, t: Tensor, name: string): Split | null | 'failed' {
  const split = splitLast(c, t.shape, 2)
  if (split !== 'too-few') return split
  c.fail(code, `${c.name}: ${name} is ${c.show(t.shape)}, and it needs at least 2 dims (length, features)`)
  return 'failed'
}

/** True if the head dims of grouped queries and keys go together: the second divides the first. */
function headsFit(c: OpCall, queryHeads: Dim, heads: Dim, name: string): boolean {
  const divides = c.facts.dims.divides(heads, queryHeads)
  if (divides === false) {
    c.fail(
      code,
      `${c.name}: the ${c.showDim(heads)} heads of ${name} do not divide the ${c.showDim(queryHeads)} ` +
        'heads of query',
    )
    return false
  }
  if (divides === null) {
    const assumption = c.facts.dims.learnDivides(heads, queryHeads, false)
    if (assumption) c.env.noteAssumption(assumption)
  }
  return true
}

/** The batch dims (with heads) of key or value as the query sees them; null after an error. */
function batchOf(c: OpCall, query: Split, other: Split, name: string, isGrouped: boolean): Shape | null {
  if (!isGrouped) return other.rest
  const [q, k] = [splitLast(c, query.rest, 1), splitLast(c, other.rest, 1)]
  if (q === 'too-few' || k === 'too-few') {
    c.fail(
      code,
      `${c.name}: enable_gqa needs a dim of heads in query, key and value, and ${name} or query has none`,
    )
    return null
  }
  const [queryHeads] = q?.last ?? []
  const [heads] = k?.last ?? []
  if (!queryHeads || !heads || !k) return other.rest
  return headsFit(c, queryHeads, heads, name) ? append(k.rest, queryHeads) : null
}

/** Checks that a mask can be expanded to the scores' shape. */
function checkMask(c: OpCall, mask: Tensor, scores: Shape, queryDType: Tensor['dtype']): boolean {
  const { dtype } = mask
  if (dtype && queryDType && dtype !== 'bool' && dtype !== 'float32' && dtype !== queryDType) {
    const isCertain = !isFloating(dtype)
    c.fail(
      code,
      `${c.name}: attn_mask is torch.${dtype}; it must be ` +
        `bool${queryDType === 'float32' ? '' : ', float'} or the query's torch.${queryDType}`,
      isCertain ? 'error' : 'warning',
    )
    if (isCertain) return false
  }
  const known = c.facts.requireTrail(mask.shape, 2)
  if (!known) {
    c.fail(
      code,
      `${c.name}: attn_mask is ${c.show(mask.shape)}, and it needs at least 2 dims (query length, key ` +
        'length)',
    )
    return false
  }
  if (!scores.gap && leastRank(known) > scores.lead.length) {
    c.fail(code, `${c.name}: attn_mask ${c.show(known)} has more dims than the scores ${c.show(scores)}`)
    return false
  }
  const joined = broadcastShapes(scores, known, c.facts)
  const grows = joined.kind === 'clash' ? joined : growth(scores, known)
  if (!grows) return true
  c.fail(
    code,
    `${c.name}: attn_mask ${c.show(known)} does not fit the scores ${c.show(scores)}: ` +
      `in dim ${grows.index} the mask has ${c.showDim(grows.right)}, and ${c.showDim(grows.left)} or 1 ` +
      'is needed',
  )
  return false
}

/** The first dim from the end in which a mask is larger than scores of size 1. */
function growth(scores: Shape, mask: Shape): { index: number; left: Dim; right: Dim } | null {
  const [x, y] = [scores.gap ? scores.trail : scores.lead, mask.gap ? mask.trail : mask.lead]
  for (let i = 1; i <= Math.min(x.length, y.length); i++) {
    const [left, right] = [x[x.length - i], y[y.length - i]]
    if (left?.value === 1 && right && right.value !== null && right.value !== 1)
      return { index: -i, left, right }
  }
  return null
}

function attention(c: OpCall): Value {
  const [query, key, value] = [c.tensor('query'), c.tensor('key'), c.tensor('value')]
  const dtype = sameDType(c, [query, key, value])
  if (dtype === false) return failed()
  const [q, k, v] = [lastTwo(c, query, 'query'), lastTwo(c, key, 'key'), lastTwo(c, value, 'value')]
  if (q === 'failed' || k === 'failed' || v === 'failed') return failed()
  const [length, features] = q?.last ?? []
  const [keyLength, keyFeatures] = k?.last ?? []
  const [valueLength, width] = v?.last ?? []
  if (features && keyFeatures && !c.unify(features, keyFeatures))
    return c.fail(
      code,
      `${c.name}: query ${c.show(query.shape)} has ${c.showDim(features)} features in its last dim and ` +
        `key ${c.show(key.shape)} has ${c.showDim(keyFeatures)}`,
    )
  if (keyLength && valueLength && !c.unify(keyLength, valueLength)) {
    const message =
      `${c.name}: key ${c.show(key.shape)} has ${c.showDim(keyLength)} positions in dim ` +
      `-2 and value ${c.show(value.shape)} has ${c.showDim(valueLength)}`
    // The fused kernel for 4 dims does not look, and reads what lies behind the shorter one.
    if (![query, key, value].every((t) => dimsOf(t.shape)?.length === 4)) return c.fail(code, message)
    c.warn(code, message)
  }
  if (!q || !k || !v || !length || !keyLength || !width)
    return result(openShape([], width ? [width] : []), dtype, null)
  const gqa = c.bool('enable_gqa')
  if (gqa === null) return result(openShape([], [length, width]), dtype, null)
  let batch: Shape = q.rest
  let assumed: Assumed = false
  for (const [other, name, whole] of [
    [k, 'key', key],
    [v, 'value', value],
  ] as const) {
    const own = batchOf(c, q, other, name, gqa)
    if (!own) return failed()
    const joined = broadcastHeads(c, batch, own, q, other, query, whole, name)
    if (!joined) return failed()
    if (name === 'key' && c.tensorOrNone('attn_mask')) {
      const mask = c.tensor('attn_mask')
      if (!joined.assumed && !checkMask(c, mask, append(joined.shape, length, keyLength), query.dtype))
        return failed()
    }
    batch = joined.shape
    assumed = bothAssumed(assumed, joined.assumed)
  }
  const out = result(c.facts.resolve(append(batch, length, width)), dtype, null)
  return assumed ? { ...out, assumed } : out
}

/** Broadcasts the batch dims; the message of a clash in the heads tells of enable_gqa. */
function broadcastHeads(
  c: OpCall,
  batch: Shape,
  own: Shape,
  query: Split,
  other: Split,
  queryTensor: Tensor,
  tensor: Tensor,
  name: string,
): { shape: Shape; assumed: Assumed } | null {
  const joined = broadcastShapes(batch, own, c.facts)
  if (joined.kind === 'fits') return joined
  const [a, b] = [c.facts.at(query.rest, -1), c.facts.at(other.rest, -1)]
  const canGroup =
    a && b && a !== 'out-of-range' && b !== 'out-of-range' && c.facts.dims.divides(b, a) === true
  if (joined.index !== -1 || !canGroup || c.bool('enable_gqa'))
    return broadcastBatch(c, code, batch, own, 2, [queryTensor.shape, tensor.shape])
  c.fail(
    code,
    `${c.name}: query ${c.show(queryTensor.shape)} has ${c.showDim(a)} heads and ${name} ` +
      `${c.show(tensor.shape)} has ${c.showDim(b)}; ` +
      'pass enable_gqa=True, or repeat the heads with .repeat_interleave',
  )
  return null
}

export const attentionOps: readonly OpEntry[] = [
  [
    'scaled_dot_product_attention(query: Tensor, key: Tensor, value: Tensor, attn_mask: Tensor? = ' +
      'None, dropout_p: float = 0.0, ' +
      'is_causal: bool = False, scale: any = None, enable_gqa: bool = False)',
    'F',
    attention,
  ],
]
