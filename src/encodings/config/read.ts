// Reads a Hugging Face config.json: which encoding each type of layers has, with its parameters, and what was odd.

import type { Encoding, EncodingKind, Precision } from '../encoding'
import type { LayerDraft } from './draft'
import { type ConfigNote, Fields, isObject } from './fields'
import { type JsonObject, type JsonProblem, parseJson } from './json'
import { defaultsOf } from './models'
import { biasEncodings, otherEncodings } from './other'
import { hasRope, ropeEncodings } from './rope'
import { layerTypesOf } from './sizes'
import { visionEncodings } from './vision'

export interface LayerEncoding {
  /** The config's own name for the layers that have it; null where all have. */
  readonly layerType: string | null
  /** The rope_type of transformers, or the kind's name where it is no RoPE. */
  readonly ropeType: string
  readonly kind: EncodingKind
  /** With the config's values, as the model starts or for the length that was asked for. */
  readonly encoding: Encoding
  /** How many positions the model is made for; null if the config does not tell. */
  readonly context: number | null
}

export interface ConfigReading {
  readonly modelType: string | null
  readonly layers: readonly LayerEncoding[]
  /** The types that the config gives its layers. */
  readonly layerTypes: readonly string[]
  readonly notes: readonly ConfigNote[]
}

export type ConfigResult =
  | { readonly ok: true; readonly reading: ConfigReading }
  | { readonly ok: false; readonly problem: JsonProblem }

interface Options {
  /** The sequence at hand, where frequencies depend on it. */
  readonly length?: number
  readonly precision?: Precision
}

/** Reads the text of a config. A note of severity error says what could not be read. */
export function readConfig(text: string, { length, precision = 'f64' }: Options = {}): ConfigResult {
  const parsed = parseJson(text)
  if (!parsed.ok) return parsed
  const { value } = parsed
  if (!isObject(value))
    return { ok: false, problem: { message: 'an object is expected: { … }', line: 1, column: 1 } }
  const notes: ConfigNote[] = []
  const { object, path } = textPart(value)
  const config = new Fields(object, path, notes)
  const modelType = config.text('model_type')
  const layers = draftsOf(config, modelType, length).flatMap((draft) => checked(draft, precision, config))
  return {
    ok: true,
    reading: { modelType: modelType ?? null, layers, layerTypes: layerTypesOf(config), notes },
  }
}

function draftsOf(config: Fields, modelType: string | undefined, length: number | undefined): LayerDraft[] {
  const own = defaultsOf(modelType)
  const defaults = own.text === undefined ? own : defaultsOf(own.text)
  const biased = biasEncodings(config, defaults)
  if (biased) return biased
  const vision = visionEncodings(config, defaults)
  if (vision) return vision
  if (hasRope(config, defaults)) return ropeEncodings(config, defaults, length)
  const other = otherEncodings(config, defaults, modelType)
  if (other) return other
  config.note(
    'error',
    null,
    'no position encoding is described: there is no rope_parameters, rope_scaling or rope_theta, alibi or relative_attention_num_buckets',
  )
  return []
}

function checked(draft: LayerDraft, precision: Precision, config: Fields): LayerEncoding[] {
  const made = draft.kind.create(draft.values, precision)
  if (made.ok) return [{ ...draft, context: draft.context ?? null, encoding: made.value }]
  for (const { key, message } of made.problems) config.note('error', key, message)
  return []
}

const textKeys = ['text_config', 'llm_config', 'language_config', 'thinker_config']

/** The language model's part of a config of several, with what stands around it. */
function textPart(object: JsonObject, path = ''): { object: JsonObject; path: string } {
  const key = textKeys.find((one) => isObject(object[one]))
  const part = key === undefined ? undefined : object[key]
  if (key === undefined || !isObject(part)) return { object, path }
  const { [key]: _, ...around } = object
  const inner = defaultsOf(typeof object.model_type === 'string' ? object.model_type : undefined).text
  return textPart(
    { ...around, ...(inner === undefined ? {} : { model_type: inner }), ...part },
    path === '' ? key : `${path}.${key}`,
  )
}
