// What other folders use of the computation.

export {
  type AttentionInput,
  type AttentionMap,
  isSeen,
  linearAttention,
  type Mask,
  type Normaliser,
  softmaxAttention,
  type Tile,
} from './attention'
export { Head, type HeadRequest, ofHead, randomHead } from './head'
export { rotationTables } from './placing'
export { PlainTensors } from './plain'
export { positionTile } from './positions'
export { RemoteTensors } from './remote'
export { TensorServer } from './serving'
export type { Binary, Tensor, Tensors, Unary } from './tensors'
