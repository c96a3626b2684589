// All encodings, in the order in which they are offered.

import { alibi } from './alibi'
import { axialRope } from './axial-rope'
import type { EncodingKind } from './encoding'
import { learned } from './learned'
import { mropes } from './mrope'
import { nope } from './nope'
import { rope } from './rope'
import { ropeDynamic } from './rope-dynamic'
import { ropeLinear } from './rope-linear'
import { ropeLlama3 } from './rope-llama3'
import { ropeLongRope } from './rope-longrope'
import { ropeNtk } from './rope-ntk'
import { ropeProportional } from './rope-proportional'
import { ropeYarn } from './rope-yarn'
import { shaw } from './shaw'
import { sinusoidal } from './sinusoidal'
import { t5Bias } from './t5-bias'
import { transformerXl } from './transformer-xl'
import { xpos } from './xpos'

export const catalogue: readonly EncodingKind[] = [
  rope,
  ropeLinear,
  ropeDynamic,
  ropeNtk,
  ropeYarn,
  ropeLongRope,
  ropeLlama3,
  ropeProportional,
  ...mropes,
  axialRope,
  xpos,
  sinusoidal,
  learned,
  transformerXl,
  shaw,
  t5Bias,
  alibi,
  nope,
]

const byId = new Map(catalogue.map((kind) => [kind.id, kind]))

/** The kind with an id; undefined for an unknown one, as an old saved state may have. */
export const encodingKind = (id: string): EncodingKind | undefined => byId.get(id)
