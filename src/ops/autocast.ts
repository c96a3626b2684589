// The dtypes inside `torch.autocast`: products run in a narrow one, some losses and sums in float32 (aten/src/ATen/autocast_mode.h).

import type { DType } from '../tensors/dtype'
import type { Tensor } from '../tensors/tensor'
import type { Value } from '../trace/values'
import type { OpCall } from './op'

/** What products run in: null where the device that it is for, or the dtype, is not known. */
export interface Autocast {
  readonly dtype: DType | null
}

const products = new Set(
  (
    'matmul mm bmm addmm addbmm baddbmm linear einsum tensordot chain_matmul multi_dot prelu ' +
    'conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d scaled_dot_product_attention'
  ).split(' '),
)
/** Products that only some devices run in a narrow dtype. */
const perhaps = new Set(['mv', 'addmv', 'addr', 'bilinear', 'dot'])

/** What the processor computes in float32. */
const wide = new Set(
  (
    'prod nll_loss cross_entropy mse_loss l1_loss smooth_l1_loss huber_loss kl_div binary_cross_entropy ' +
    'binary_cross_entropy_with_logits cosine_embedding_loss hinge_embedding_loss margin_ranking_loss ' +
    'multi_margin_loss multilabel_margin_loss soft_margin_loss triplet_margin_loss poisson_nll_loss ctc_loss ' +
    'avg_pool3d grid_sample cdist quantile nanquantile trace inv'
  ).split(' '),
)

const narrow: readonly (DType | null)[] = ['float16', 'bfloat16']
const isCast = (dtype: DType | null): boolean => dtype === 'float32' || narrow.includes(dtype)

/** The dtype of a product of these tensors inside an autocast; null where it is not known. */
export function productDType(
  c: OpCall,
  autocast: Autocast,
  tensors: readonly (Tensor | null)[],
): DType | null {
  const dtypes = tensors.flatMap((t) => (t ? [t.dtype] : []))
  const [first = null] = dtypes
  if (first !== null && !isCast(first) && dtypes.every((d) => d === first)) return first
  // Of several factors each two may be multiplied without a sum, which is no product of matrices.
  const isProduct = products.has(c.name) && (c.name !== 'einsum' || dtypes.length === 2)
  return isProduct && dtypes.every(isCast) ? autocast.dtype : null
}

/** The result of an operation with the dtype that it has inside an autocast. */
export function withAutocast(c: OpCall, value: Value): Value {
  const { autocast } = c.env
  if (!autocast || value.kind !== 'tensor') return value
  if (autocast.dtype === null || perhaps.has(c.name))
    return products.has(c.name) || perhaps.has(c.name) ? { ...value, dtype: null } : value
  if (c.name === 'prelu') return isCast(value.dtype) ? { ...value, dtype: autocast.dtype } : value
  return wide.has(c.name) && narrow.includes(value.dtype) ? { ...value, dtype: 'float32' } : value
}
