// The encodings of a config that are no RoPE: ALiBi, T5's bias, tables that are learned or sinusoidal.

import { alibi } from '../alibi'
import type { EncodingKind } from '../encoding'
import { learned } from '../learned'
import { rope } from '../rope'
import { shaw } from '../shaw'
import { sinusoidal } from '../sinusoidal'
import { t5Bias } from '../t5-bias'
import { transformerXl } from '../transformer-xl'
import type { LayerDraft } from './draft'
import type { Fields } from './fields'
import type { ModelDefaults } from './models'
import { contextOf, headDimOf, headsOf, hiddenOf } from './sizes'

/** What model types have whose configs have no key for it. */
const unspoken: Readonly<Record<string, (config: Fields, defaults: ModelDefaults) => LayerDraft[]>> = {
  bloom: (config, defaults) => biased(config, defaults, 'bloom', undefined),
  mpt: (config, defaults) => biased(config, defaults, 'mpt', undefined),
  roformer: (config, defaults) => whole(config, defaults, rope, { layout: 'interleaved' }),
  xlnet: (config, defaults) => whole(config, defaults, transformerXl, {}),
  whisper: (config, defaults) => added(config, defaults, sinusoidal, { form: 'tensor2tensor' }),
  fsmt: (config, defaults) => added(config, defaults, sinusoidal, { form: 'tensor2tensor' }),
  marian: (config, defaults) => added(config, defaults, sinusoidal, { form: 'concatenated' }),
  pegasus: (config, defaults) => added(config, defaults, sinusoidal, { form: 'concatenated' }),
  ...Object.fromEntries(
    [
      'gpt2',
      'gpt_neo',
      'gpt_bigcode',
      'opt',
      'bert',
      'roberta',
      'xlm-roberta',
      'electra',
      'albert',
      'bart',
    ].map((modelType) => [modelType, learnedTable]),
  ),
}

/** ALiBi or T5's bias where a key says so: these go before RoPE. */
export function biasEncodings(config: Fields, defaults: ModelDefaults): LayerDraft[] | undefined {
  const attention = config.fields('attn_config')
  if (attention.flag('alibi')) return biased(config, defaults, 'mpt', attention.number('alibi_bias_max'))
  if (config.flag('alibi') || config.text('position_embedding_type') === 'alibi')
    return biased(config, defaults, 'bloom', config.number('alibi_bias_max'))
  if (config.has('relative_attention_num_buckets')) return t5Encodings(config, defaults)
  return undefined
}

/** What is left once there is no RoPE either; undefined where nothing is known. */
export function otherEncodings(
  config: Fields,
  defaults: ModelDefaults,
  modelType: string | undefined,
): LayerDraft[] | undefined {
  const type = config.text('position_embedding_type')
  if (type === 'absolute' || type === 'learned') return learnedTable(config, defaults)
  if (type === 'relative_key') return relativeKeys(config, defaults)
  if (config.flag('sinusoidal_pos_embds')) return added(config, defaults, sinusoidal, {})
  const make = modelType !== undefined && Object.hasOwn(unspoken, modelType) ? unspoken[modelType] : undefined
  return make?.(config, defaults)
}

function biased(
  config: Fields,
  defaults: ModelDefaults,
  slopes: 'bloom' | 'mpt',
  most: number | undefined,
): LayerDraft[] {
  const heads = headsOf(config, defaults)
  if (heads === undefined)
    config.note(
      'error',
      'num_attention_heads',
      'num_attention_heads is missing: ALiBi has a slope for each head',
    )
  return whole(config, defaults, alibi, { num_attention_heads: heads, slopes, alibi_bias_max: most })
}

function t5Encodings(config: Fields, defaults: ModelDefaults): LayerDraft[] {
  const shared = {
    num_attention_heads: headsOf(config, defaults),
    relative_attention_num_buckets: config.number('relative_attention_num_buckets'),
    relative_attention_max_distance: config.number('relative_attention_max_distance'),
  }
  const of = (bidirectional: boolean): LayerDraft[] =>
    whole(config, defaults, t5Bias, { ...shared, bidirectional })
  if (config.flag('is_encoder_decoder') === false) return of(true)
  const named = (layerType: string) => (draft: LayerDraft) => ({ ...draft, layerType })
  return [...of(true).map(named('encoder')), ...of(false).map(named('decoder'))]
}

function learnedTable(config: Fields, defaults: ModelDefaults): LayerDraft[] {
  return added(config, defaults, learned, {
    max_position_embeddings: contextOf(config, defaults),
    initializer_range: config.number('initializer_range'),
  })
}

function relativeKeys(config: Fields, defaults: ModelDefaults): LayerDraft[] {
  const context = contextOf(config, defaults)
  const limit = context === undefined ? undefined : context - 1
  return whole(config, defaults, shaw, {
    left_max_position_embeddings: config.number('left_max_position_embeddings') ?? limit,
    right_max_position_embeddings: config.number('right_max_position_embeddings') ?? limit,
  })
}

type Given = Readonly<Record<string, unknown>>

/** An encoding of heads, alike in all layers. */
function whole(config: Fields, defaults: ModelDefaults, kind: EncodingKind, values: Given): LayerDraft[] {
  const headDim = headDimOf(config, defaults, null)
  if (headDim === undefined) return []
  return [draft(config, defaults, kind, { head_dim: headDim, ...values })]
}

/** A table that is added to the input, which has the model's size. */
function added(config: Fields, defaults: ModelDefaults, kind: EncodingKind, values: Given): LayerDraft[] {
  const hidden = hiddenOf(config, defaults)
  if (hidden === undefined) {
    config.note(
      'error',
      'hidden_size',
      'hidden_size is missing: it is the size of the vectors that are added',
    )
    return []
  }
  return [draft(config, defaults, kind, { head_dim: hidden, ...values })]
}

const draft = (config: Fields, defaults: ModelDefaults, kind: EncodingKind, values: Given): LayerDraft => ({
  layerType: null,
  ropeType: kind.id === 'rope' ? 'default' : kind.id,
  kind,
  values,
  context: contextOf(config, defaults),
})
