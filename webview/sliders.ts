// Which numbers have a slider beside their field, over which range, and by which scale.

export interface Scale {
  readonly from: number
  readonly to: number
  /** Logarithmic where what matters is how many times as large. */
  readonly isLogarithmic: boolean
  /** Values are multiples of it; in a logarithmic one they have two significant digits. */
  readonly step: number
}

const linear = (from: number, to: number, step: number): Scale => ({ from, to, isLogarithmic: false, step })
const logarithmic = (from: number, to: number, step = 0): Scale => ({ from, to, isLogarithmic: true, step })

/** By the name of the parameter, over what models have; any other value may be typed. */
const scales: Readonly<Record<string, Scale>> = {
  head_dim: linear(16, 256, 2),
  rope_theta: logarithmic(100, 1e8),
  partial_rotary_factor: linear(0.05, 1, 0.05),
  factor: logarithmic(1, 128),
  low_freq_factor: linear(0.25, 8, 0.25),
  high_freq_factor: linear(0.5, 16, 0.5),
  original_max_position_embeddings: logarithmic(256, 262_144, 1),
  max_position_embeddings: logarithmic(256, 262_144, 1),
  seq_length: logarithmic(256, 1_048_576, 1),
  beta_fast: linear(1, 128, 1),
  beta_slow: linear(0.1, 16, 0.1),
  alibi_bias_max: linear(1, 32, 1),
  num_attention_heads: linear(1, 64, 1),
  relative_attention_num_buckets: linear(4, 128, 4),
  relative_attention_max_distance: logarithmic(8, 1024, 1),
  left_max_position_embeddings: linear(1, 128, 1),
  right_max_position_embeddings: linear(1, 128, 1),
  scale_base: logarithmic(16, 4096, 1),
  attn_scale: linear(0, 1, 0.01),
  floor_scale: logarithmic(1, 16_384, 1),
  context: logarithmic(64, 1_048_576, 1),
  length: logarithmic(16, 131_072, 1),
}

export const scaleOf = (name: string): Scale | null => scales[name] ?? null

/** Places of a slider. */
export const places = 200

export function valueAt({ from, to, isLogarithmic, step }: Scale, place: number): number {
  const part = place / places
  const exact = isLogarithmic ? from * (to / from) ** part : from + (to - from) * part
  const digits = isLogarithmic ? Number(exact.toPrecision(2)) : exact
  const stepped = step > 0 ? Math.round(digits / step) * step : digits
  return Math.min(to, Math.max(from, Number(stepped.toPrecision(9))))
}

export function placeOf({ from, to, isLogarithmic }: Scale, value: number): number {
  if (Number.isNaN(value)) return 0
  const held = Math.min(to, Math.max(from, value))
  const part = isLogarithmic ? Math.log(held / from) / Math.log(to / from) : (held - from) / (to - from)
  return Math.round(part * places)
}
