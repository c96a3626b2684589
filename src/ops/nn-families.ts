// The families of operations that layers are made of.

import { attentionOps } from './attention'
import { einsumOps } from './einsum'
import { embeddingOps } from './embedding'
import { linearOps } from './linear'
import { matmulOps } from './matmul'
import { normOps } from './norms'
import type { OpEntry } from './op'

export const nnFamilies: readonly (readonly OpEntry[])[] = [
  attentionOps, einsumOps, embeddingOps, linearOps, matmulOps, normOps,
]
