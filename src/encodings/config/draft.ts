// An encoding as a config describes it, before its values are checked.

import type { EncodingKind } from '../encoding'

export interface LayerDraft {
  /** The config's own name for the layers that have it; null where all have. */
  readonly layerType: string | null
  /** The rope_type of transformers, or the kind's name where it is no RoPE. */
  readonly ropeType: string
  readonly kind: EncodingKind
  /** By the kind's parameters; undefined ones keep their default. */
  readonly values: Readonly<Record<string, unknown>>
  /** How many positions the model is made for; undefined if the config does not tell. */
  readonly context: number | undefined
}
