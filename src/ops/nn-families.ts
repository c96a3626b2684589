// The families of operations that layers are made of.

import { attentionOps } from './attention'
import { convolutionOps } from './convolution'
import { einopsOps } from './einops'
import { einsumOps } from './einsum'
import { embeddingOps } from './embedding'
import { fftOps } from './fft'
import { linalgOps } from './linalg'
import { linalgNormOps } from './linalg-norms'
import { linearOps } from './linear'
import { lossOps } from './losses'
import { matmulOps } from './matmul'
import { normOps } from './norms'
import type { OpEntry } from './op'
import { poolingOps } from './pooling'
import { similarityOps } from './similarity'
import { solverOps } from './solvers'
import { visionOps } from './vision'

export const nnFamilies: readonly (readonly OpEntry[])[] = [
  attentionOps,
  convolutionOps,
  einopsOps,
  einsumOps,
  embeddingOps,
  fftOps,
  linalgNormOps,
  linalgOps,
  linearOps,
  lossOps,
  matmulOps,
  normOps,
  poolingOps,
  similarityOps,
  solverOps,
  visionOps,
]
