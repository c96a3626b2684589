// YaRN: fast pairs stay, slow ones are divided by the factor, those between are blended.

import { type Band, defineEncoding } from './encoding'
import { flag, optional, real } from './parameters'
import { attentionFactor, scalingFactor, trainedLength } from './rope-scaling'
import { pairProblems, powersOf, rotaryParameters, rotatedDim, turning } from './rotation'

const parameters = {
  ...rotaryParameters,
  factor: scalingFactor,
  original_max_position_embeddings: trainedLength,
  beta_fast: real(32, {
    meaning: 'Pairs that turn more often than this within L are kept.',
    unit: 'turns',
    above: 0,
    most: 1e6,
  }),
  beta_slow: real(1, {
    meaning: 'Pairs that turn less often than this within L are divided by the factor.',
    unit: 'turns',
    above: 0,
    most: 1e6,
  }),
  attention_factor: attentionFactor,
  mscale: optional({
    meaning: "DeepSeek's weight of ln s in the attention factor's numerator.",
    least: 0,
    most: 100,
  }),
  mscale_all_dim: optional({ meaning: 'The same in its denominator.', least: 0, most: 100 }),
  truncate: flag(true, 'Whether the ends of the ramp are rounded to whole pairs.'),
  scale_scores: flag(
    false,
    'Whether scores are multiplied by (0.1·mscale_all_dim·ln s + 1)², as in DeepSeek.',
  ),
  llama_4_scaling_beta: real(0, {
    meaning: 'Queries are multiplied by 1 + β·ln(1 + ⌊p/L⌋), as in Ministral 3; 0 leaves them.',
    least: 0,
    most: 100,
  }),
}

export const ropeYarn = defineEncoding({
  id: 'rope-yarn',
  title: 'RoPE, YaRN',
  family: 'rotary',
  summary:
    'θ where a pair turns often within the trained context, θ/s where it does not, a ramp between them.',
  source: 'Peng et al., YaRN, 2023 (arXiv 2309.00071)',
  parameters,
  check: (values) => [
    ...pairProblems(values),
    ...(values.beta_fast < values.beta_slow
      ? [
          {
            key: 'beta_fast',
            message: `beta_fast is ${values.beta_fast}: it has to be at least beta_slow, ${values.beta_slow}`,
          },
        ]
      : []),
    ...(values.rope_theta === 1
      ? [{ key: 'rope_theta', message: 'rope_theta is 1: all pairs turn alike, and the ramp has no ends' }]
      : []),
  ],
  effects: (values, round) => {
    const { rope_theta, factor: s } = values
    const dim = rotatedDim(values)
    const [low, high] = rampOf({ ...values, dim })
    const bands: Band[] = []
    const unscaled = powersOf(rope_theta, dim, round)
    const theta = unscaled.map((kept, i) => {
      const ramp = Math.min(Math.max(round(round(i - round(low)) / round(high - low)), 0), 1)
      const keep = round(1 - ramp)
      bands.push(keep === 1 ? 'kept' : keep === 0 ? 'divided' : 'blended')
      const divided = round(1 / round(round(s) * round(round(rope_theta) ** round((2 * i) / dim))))
      return round(round(divided * round(1 - keep)) + round(kept * keep))
    })
    const { attention_factor: given, mscale, mscale_all_dim } = values
    const derived = mscale && mscale_all_dim ? growth(s, mscale) / growth(s, mscale_all_dim) : growth(s)
    const turned = turning(values, { unscaled, theta, bands, attentionFactor: given ?? derived })
    const { llama_4_scaling_beta: beta, original_max_position_embeddings: trained } = values
    return {
      ...turned,
      ...(values.scale_scores && mscale_all_dim
        ? { scale: growth(s, mscale_all_dim) ** 2 / Math.sqrt(values.head_dim) }
        : {}),
      ...(beta > 0
        ? {
            queryScale: (p: number) => round(1 + round(beta * round(Math.log1p(Math.floor(p / trained))))),
            isToeplitz: false,
          }
        : {}),
    }
  },
})

/** 0.1·m·ln s + 1 for factors above 1. */
const growth = (s: number, m = 1): number => (s <= 1 ? 1 : 0.1 * m * Math.log(s) + 1)

interface RampValues {
  readonly dim: number
  readonly rope_theta: number
  readonly original_max_position_embeddings: number
  readonly beta_fast: number
  readonly beta_slow: number
  readonly truncate: boolean
}

/** The pairs between which the ramp runs: those that turn β_fast and β_slow times within L. */
function rampOf(values: RampValues): [number, number] {
  const { dim, rope_theta, original_max_position_embeddings: length } = values
  const pairThatTurns = (times: number): number =>
    (dim * Math.log(length / (times * 2 * Math.PI))) / (2 * Math.log(rope_theta))
  const ends = [pairThatTurns(values.beta_fast), pairThatTurns(values.beta_slow)] as const
  const [low, high] = values.truncate ? [Math.floor(ends[0]), Math.ceil(ends[1])] : ends
  const [first, last] = [Math.max(low, 0), Math.min(high, dim - 1)]
  return [first, first === last ? last + 0.001 : last]
}
