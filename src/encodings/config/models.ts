// What transformers assumes where a config leaves a key out, by model type; recorded from its classes.

import type { Layout } from '../encoding'
import type { JsonObject } from './json'
import recorded from './models.json'

export interface ModelDefaults {
  /** The default rope_parameters, which may be nested by layer type. */
  readonly rope?: JsonObject
  /** A fixed size of heads, or one for each layer type. */
  readonly head_dim?: number | Readonly<Record<string, number>>
  readonly hidden_size?: number
  readonly num_attention_heads?: number
  readonly max_position_embeddings?: number
  /** Every so many layers there is one without RoPE. */
  readonly no_rope_layer_interval?: number
  readonly layout?: Layout
  /** True if the default RoPE turns the whole head, whatever partial_rotary_factor says. */
  readonly ignores_partial?: boolean
  /** True if the model orders its frequencies in a way of its own. */
  readonly has_own_order?: boolean
  /** How a vision model shares its frequencies out to rows and columns. */
  readonly axial?: 'pixtral' | 'dinov3' | 'spatial' | 'columns-first' | 'alternating'
  /** True if its attention multiplies scores by (0.1·mscale_all_dim·ln s + 1)² under a scaling. */
  readonly scales_scores?: boolean
  /** True if a vision model pairs dimensions within each half of the head. */
  readonly halves?: boolean
  /** How its code shares pairs out among time, height and width where the config does not say. */
  readonly mrope_section?: readonly number[]
  /** True if its code deals those pairs out in turn. */
  readonly mrope_interleaved?: boolean
  /** True if height and width come before time in its M-RoPE. */
  readonly spatial_first?: boolean
  /** The model type of the text part. */
  readonly text?: string
}

const models: Readonly<Record<string, ModelDefaults>> = recorded as Record<string, ModelDefaults>

/** Nothing is assumed for a type that transformers does not know. */
export const defaultsOf = (modelType: string | undefined): ModelDefaults =>
  (modelType !== undefined && Object.hasOwn(models, modelType) ? models[modelType] : undefined) ?? {}
