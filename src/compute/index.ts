// What other folders use of the computation.

export { type ArrayResult, type NumberArray, readArrayFile, readArrayText } from './arrays'
export {
  type AttentionInput,
  type AttentionMap,
  type AttentionSource,
  isSeen,
  linearAttention,
  type Mask,
  type Normaliser,
  softmaxAttention,
} from './attention'
export { type DimOrder, dimOrders, type GivenHeads, type GivenResult, pairGiven } from './given'
export { Head, type HeadRequest, ofHead, randomHead, type Watch } from './head'
export { rotationTables } from './placing'
export { PlainTensors } from './plain'
export { positionTile } from './positions'
export { RemoteTensors } from './remote'
export { TensorServer } from './serving'
export { columnsOf, countOf, positionsOf, rowsOf, type Span, type Tile } from './span'
export type { Binary, Tensor, Tensors, Unary } from './tensors'
