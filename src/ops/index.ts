// Every operation that is known, under `place.name`.

import { activationOps } from './activations'
import { calculusOps } from './calculus'
import { gatherOps } from './gather'
import { paddingOps } from './padding'
import { windowOps } from './windows'
import { attributeOps } from './attributes'
import { castingOps } from './casting'
import { creationOps } from './creation'
import { elementwiseOps } from './elementwise'
import { expandingOps } from './expanding'
import { indexingOps } from './indexing'
import { joiningOps } from './joining'
import { nnFamilies } from './nn-families'
import { indexOps, type Op } from './op'
import { orderingOps } from './ordering'
import { reductionOps } from './reductions'
import { splittingOps } from './splitting'
import { viewOps } from './views'

export const operations: ReadonlyMap<string, Op> = indexOps([
  activationOps,
  calculusOps,
  gatherOps,
  paddingOps,
  windowOps,
  attributeOps,
  castingOps,
  creationOps,
  elementwiseOps,
  expandingOps,
  indexingOps,
  joiningOps,
  orderingOps,
  reductionOps,
  splittingOps,
  viewOps,
  ...nnFamilies,
])
