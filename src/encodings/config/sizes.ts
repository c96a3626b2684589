// The sizes of a model that its encodings need, under the names that configs have for them.

import type { Fields } from './fields'
import type { ModelDefaults } from './models'

const hiddenKeys = ['embed_dim', 'hidden_size', 'n_embd', 'd_model', 'n_embed', 'dim']
const headKeys = ['num_attention_heads', 'n_head', 'n_heads', 'num_heads', 'encoder_attention_heads']
const lengthKeys = [
  'max_position_embeddings',
  'n_positions',
  'max_seq_len',
  'seq_length',
  'max_sequence_length',
  'n_ctx',
]

export const headsOf = (config: Fields, defaults: ModelDefaults): number | undefined =>
  config.number(...headKeys) ?? defaults.num_attention_heads

export const hiddenOf = (config: Fields, defaults: ModelDefaults): number | undefined =>
  config.number(...hiddenKeys) ?? defaults.hidden_size

/** How many positions the model is made for. */
export const contextOf = (config: Fields, defaults: ModelDefaults): number | undefined =>
  config.number(...lengthKeys) ?? defaults.max_position_embeddings

/**
 * The head's size: given, fixed by the model's type, or hidden size over heads; undefined with a
 * note. Where layers differ (Gemma 4), `head_dim` is that of all but the full-attention ones.
 */
export function headDimOf(
  config: Fields,
  defaults: ModelDefaults,
  layerType: string | null,
): number | undefined {
  const varying = typeof defaults.head_dim === 'object' ? defaults.head_dim : {}
  const fixed = typeof defaults.head_dim === 'number' ? defaults.head_dim : varying[layerType ?? '']
  const global =
    layerType === 'full_attention' ? (config.number('global_head_dim') ?? fixedGlobal(varying)) : undefined
  const given = config.number('qk_rope_head_dim', 'head_dim', 'd_kv', 'attention_head_dim')
  const own = perLayer(config, layerType) ?? global ?? given ?? fixed
  if (own !== undefined) return own
  const [hidden, heads] = [hiddenOf(config, defaults), headsOf(config, defaults)]
  if (hidden !== undefined && heads !== undefined && heads > 0) return Math.floor(hidden / heads)
  const missing = hidden === undefined ? 'hidden_size' : 'num_attention_heads'
  config.note('error', 'head_dim', `the size of a head is unknown: head_dim is missing, and so is ${missing}`)
  return undefined
}

const fixedGlobal = (varying: Readonly<Record<string, number>>): number | undefined => varying.full_attention

/** What `per_layer_config` says of the first layer of a type. */
function perLayer(config: Fields, layerType: string | null): number | undefined {
  const layer = layerTypesOf(config).indexOf(layerType ?? '')
  if (layer < 0) return undefined
  const layers = config.fields('per_layer_config')
  const key = Object.keys(layers.object).find((one) => Number(one) === layer)
  return key === undefined ? undefined : layers.fields(key).number('head_dim')
}

/** The type of each layer, as far as the config tells. */
export function layerTypesOf(config: Fields): string[] {
  const types = config.object.layer_types
  return Array.isArray(types) ? types.filter((one) => typeof one === 'string') : []
}
