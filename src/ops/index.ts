// Every operation that is known, under `place.name`.

import { activationOps } from './activations'
import { attributeOps } from './attributes'
import { calculusOps } from './calculus'
import { castingOps } from './casting'
import { comparisonOps } from './comparisons'
import { complexViewOps } from './complex-views'
import { creationOps } from './creation'
import { elementwiseOps } from './elementwise'
import { expandingOps } from './expanding'
import { factorForms } from './factor-forms'
import { gatherOps } from './gather'
import { indexingOps } from './indexing'
import { joiningOps } from './joining'
import { lowLevelOps } from './low-level'
import { maskedOps } from './masked'
import { mathematicsOps } from './mathematics'
import { matmulOps } from './matmul'
import { nnFamilies } from './nn-families'
import { indexOps, type Op } from './op'
import { orderingOps } from './ordering'
import { paddingOps } from './padding'
import { rangeOps } from './ranges'
import { reductionOps } from './reductions'
import { splittingOps } from './splitting'
import { viewOps } from './views'
import { windowOps } from './windows'

export const operations: ReadonlyMap<string, Op> = indexOps([
  activationOps,
  calculusOps,
  gatherOps,
  paddingOps,
  windowOps,
  attributeOps,
  complexViewOps,
  comparisonOps,
  maskedOps,
  mathematicsOps,
  rangeOps,
  castingOps,
  creationOps,
  elementwiseOps,
  factorForms([...elementwiseOps, ...matmulOps]),
  expandingOps,
  indexingOps,
  joiningOps,
  lowLevelOps,
  orderingOps,
  reductionOps,
  splittingOps,
  viewOps,
  ...nnFamilies,
])
