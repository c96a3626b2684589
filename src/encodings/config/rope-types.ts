// Each rope_type of transformers: the encoding that it is, and the keys that it reads.

import type { EncodingKind } from '../encoding'
import { mropeOf } from '../mrope'
import { rope } from '../rope'
import { ropeDynamic } from '../rope-dynamic'
import { ropeLinear } from '../rope-linear'
import { ropeLlama3 } from '../rope-llama3'
import { ropeLongRope } from '../rope-longrope'
import { ropeNtk } from '../rope-ntk'
import { ropeProportional } from '../rope-proportional'
import { ropeYarn } from '../rope-yarn'
import type { Fields } from './fields'
import type { ModelDefaults } from './models'

/** What the rest of the config says. */
export interface Surroundings {
  /** The whole config. */
  readonly config: Fields
  /** How many positions the model is made for. */
  readonly context: number | undefined
  /** The sequence at hand; undefined as the model starts. */
  readonly length: number | undefined
  /** What is known of the model type. */
  readonly defaults: ModelDefaults
}

export interface RopeType {
  readonly kind: EncodingKind
  /** The keys that it cannot do without. */
  readonly required: readonly string[]
  /** The values of its own; undefined ones keep their default. */
  readonly values: (entry: Fields, around: Surroundings) => Readonly<Record<string, unknown>>
}

const plain: RopeType = { kind: rope, required: [], values: () => ({}) }

/** The same, shared out among time, height and width; as it is where nobody does that to it. */
function multimodal(type: RopeType): RopeType {
  const kind = mropeOf(type.kind)
  if (!kind) return type
  return {
    ...type,
    kind,
    values: (entry, around) => ({
      ...type.values(entry, around),
      mrope_section: sectionsOf(entry, around.defaults),
      mrope_interleaved: around.defaults.mrope_interleaved ?? entry.flag('mrope_interleaved'),
      spatial_first: around.defaults.spatial_first,
    }),
  }
}

/** Those of the config, or those that the code of its model type falls back to. */
const sectionsOf = (entry: Fields, defaults: ModelDefaults): readonly number[] | undefined =>
  entry.numbers('mrope_section') ?? defaults.mrope_section

const ntk: RopeType = {
  kind: ropeNtk,
  required: [],
  values: (entry) => ({ factor: entry.number('alpha', 'factor') }),
}

const types: Readonly<Record<string, RopeType>> = {
  default: plain,
  mrope: plain,
  linear: {
    kind: ropeLinear,
    required: ['factor'],
    values: (entry) => ({ factor: entry.number('factor') }),
  },
  dynamic: {
    kind: ropeDynamic,
    required: ['factor'],
    values: (entry, { context, length }) => ({
      factor: entry.number('factor'),
      max_position_embeddings: context,
      seq_len: length,
    }),
  },
  ntk,
  yarn: {
    kind: ropeYarn,
    required: [],
    values: (entry, around) => ({
      ...extended(entry, around),
      // transformers takes 0 as missing
      beta_fast: entry.number('beta_fast') || undefined,
      beta_slow: entry.number('beta_slow') || undefined,
      attention_factor: entry.number('attention_factor'),
      mscale: entry.number('mscale'),
      mscale_all_dim: entry.number('mscale_all_dim'),
      truncate: entry.flag('truncate'),
      scale_scores: scalesScores(around),
      llama_4_scaling_beta: entry.number('llama_4_scaling_beta'),
    }),
  },
  longrope: {
    kind: ropeLongRope,
    required: ['short_factor', 'long_factor'],
    values: (entry, around) => ({
      ...extended(entry, around),
      short_factor: entry.numbers('short_factor'),
      long_factor: entry.numbers('long_factor'),
      attention_factor: entry.number('attention_factor'),
      seq_len: around.length,
    }),
  },
  llama3: {
    kind: ropeLlama3,
    required: ['factor', 'low_freq_factor', 'high_freq_factor'],
    values: (entry, around) => ({
      factor: entry.number('factor'),
      low_freq_factor: entry.number('low_freq_factor'),
      high_freq_factor: entry.number('high_freq_factor'),
      original_max_position_embeddings: trainedLength(entry, around),
    }),
  },
  proportional: {
    kind: ropeProportional,
    required: [],
    values: (entry) => ({ factor: entry.number('factor') }),
  },
}

/** A model that nobody knows is taken to be one of DeepSeek's kin if it turns a part of its heads beside the rest. */
const scalesScores = ({ config, defaults }: Surroundings): boolean =>
  defaults.scales_scores ?? (defaults.rope === undefined && config.has('qk_rope_head_dim'))

/** The trained context, and the factor, which is the ratio of the contexts where it is missing. */
function extended(entry: Fields, around: Surroundings) {
  const trained = trainedLength(entry, around)
  const ratio = trained && around.context ? around.context / trained : undefined
  return { original_max_position_embeddings: trained, factor: entry.number('factor') ?? ratio }
}

/** Phi-3 has it outside of rope_scaling, where it goes first; missing, it is the context. */
const trainedLength = (entry: Fields, { config, context }: Surroundings): number | undefined =>
  config.number('original_max_position_embeddings') ??
  entry.number('original_max_position_embeddings') ??
  context

/** The name that transformers has for a type, and what it is; undefined for one that nobody knows. */
export function ropeTypeOf(
  written: string,
  entry: Fields,
  defaults: ModelDefaults,
): { name: string; type: RopeType } | undefined {
  const isLong = entry.has('short_factor') && entry.has('long_factor')
  const name = isLong ? 'longrope' : written === 'mrope' ? 'default' : written
  const isNtk = name === 'dynamic' && entry.number('alpha')
  const type = isNtk ? ntk : Object.hasOwn(types, name) ? types[name] : undefined
  return type && { name, type: sectionsOf(entry, defaults) ? multimodal(type) : type }
}

/** Those of transformers. */
export const ropeTypeNames: readonly string[] = Object.keys(types).filter(
  (name) => name !== 'ntk' && name !== 'mrope',
)
