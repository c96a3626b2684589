// What other folders use of the encodings.

export { catalogue, encodingKind } from './catalogue'
export type { ConfigNote } from './config/fields'
export { type ConfigReading, type ConfigResult, type LayerEncoding, readConfig } from './config/read'
export { decayBound, decayCurve } from './decay'
export { betaOf, type Digit, digitsOf } from './digits'
export {
  type Band,
  type Effects,
  type Encoding,
  type EncodingKind,
  type Family,
  type Frequencies,
  type Layout,
  type Precision,
  type RelativeTable,
  type Rotation,
  type Round,
  rounding,
} from './encoding'
export { type FrequencyRow, frequencyCells, frequencyColumns, frequencyTable } from './frequency-table'
export {
  integer,
  lengthOptions,
  longest,
  type NumberParameter,
  type Parameter,
  type Parameters,
  type Problem,
  problemWith,
  type Result,
  type Value,
} from './parameters'
export { positionCurve, positionScore, positionVector } from './position-map'
export { normals, seedOf, uniform } from './random'
export { checkRelative, type RelativeCheck } from './relative-check'
export { angle, type CosSin, cosSin, growthAt, pairOfColumn, partners, type Side } from './rotation'
export { placed, score } from './scores'
