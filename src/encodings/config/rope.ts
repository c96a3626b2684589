// The rotary encodings of a config: rope_parameters or the older rope_scaling, one for each type of layers.

import { nope } from '../nope'
import type { LayerDraft } from './draft'
import { Fields, isObject } from './fields'
import type { JsonObject } from './json'
import type { ModelDefaults } from './models'
import { ropeTypeNames, ropeTypeOf } from './rope-types'
import { contextOf, headDimOf, layerTypesOf } from './sizes'

const globalBaseKeys = ['rope_theta', 'rotary_emb_base', 'global_rope_theta', 'rope_base', 'rotary_base']
/** Kept beside other encodings too, so that it does not speak of RoPE by itself. */
const spareBaseKey = 'rotary_embedding_base'
const localBaseKeys = ['rope_local_base_freq', 'local_rope_theta']
const partKeys = ['partial_rotary_factor', 'rotary_pct', 'rope_pct', 'rotary_percent']

/** Keys at the top of a config that speak of RoPE and are read. */
const topKeys = new Set([
  ...globalBaseKeys,
  ...localBaseKeys,
  ...partKeys,
  'rope_parameters',
  'rope_scaling',
  'rope_interleave',
  'rope_interleaved',
  'rope_type',
  'rotary_dim',
  'rotary_value',
])

/** Keys of a rope_parameters object that mean nothing amiss where a type does not read them. */
const commonKeys = [
  'rope_type',
  'type',
  'rope_theta',
  'partial_rotary_factor',
  'factor',
  'alpha',
  'original_max_position_embeddings',
  'max_position_embeddings',
  'mrope_section',
  'mrope_interleaved',
  'llama_4_scaling_beta',
]

/** True if the config speaks of RoPE. */
export const hasRope = (config: Fields, defaults: ModelDefaults): boolean =>
  defaults.rope !== undefined ||
  [...topKeys].some((key) => config.has(key)) ||
  config.text('position_embedding_type', 'position_embeddings_type') === 'rotary'

export function ropeEncodings(
  config: Fields,
  defaults: ModelDefaults,
  length: number | undefined,
): LayerDraft[] {
  for (const key of Object.keys(config.object))
    if (
      /^(rope|rotary)_/.test(key) &&
      key !== spareBaseKey &&
      config.has(key) &&
      !topKeys.has(key) &&
      !/layer|apply|use/.test(key)
    )
      config.note('warning', key, `${key} is not known, and left out`)
  const layers = entriesOf(config, defaults).flatMap(
    ([layerType, entry]) => layerDraft(config, defaults, layerType, entry, length) ?? [],
  )
  return [...joined(layers), ...unrotated(config, defaults, layers)]
}

/** The rope parameters of each type of layers; null stands for all layers. */
function entriesOf(config: Fields, defaults: ModelDefaults): [string | null, Fields][] {
  const key = ['rope_scaling', 'rope_parameters'].find((one) => config.has(one)) ?? 'rope_parameters'
  const given = config.fields(key)
  const nested = nestedTypes(given.object)
  const assumed = nestedTypes(defaults.rope ?? {})
  if (nested.length > 0) return nested.map((name) => [name, given.fields(name)])
  const local = localBaseKeys.some((one) => config.has(one))
  const types = assumed.length > 0 ? assumed : local ? ['full_attention', 'sliding_attention'] : []
  if (types.length === 0) return [[null, given]]
  return types.map((name) => [name, isSqueezed(config, name) ? given : given.none()])
}

/** A flat rope_scaling is for the layers that see everything, but where the local ones have a base named like the global. */
const isSqueezed = (config: Fields, layerType: string): boolean =>
  layerType === 'full_attention' || config.has('local_rope_theta') || config.has('global_rope_theta')

const nestedTypes = (parameters: JsonObject): string[] =>
  Object.keys(parameters).filter((key) => isObject(parameters[key]))

function layerDraft(
  config: Fields,
  defaults: ModelDefaults,
  layerType: string | null,
  entry: Fields,
  length: number | undefined,
): LayerDraft | undefined {
  if (defaults.has_own_order) {
    config.note(
      'error',
      'model_type',
      'this model orders its frequencies in a way of its own, which is not known here',
    )
    return undefined
  }
  const assumed = assumedEntry(config, defaults, layerType)
  const own = Object.keys(entry.object).length > 0 ? entry : assumed
  const named = own.text('rope_type', 'type') ?? 'default'
  const found = ropeTypeOf(named, own, defaults)
  if (!found) {
    const key = own.has('rope_type') ? 'rope_type' : 'type'
    own.note('error', key, `${own.at(key)} ${named} is not known: known are ${ropeTypeNames.join(', ')}`)
    return undefined
  }
  const { name, type } = found
  const missing = type.required.filter((key) => !own.has(key))
  for (const key of missing) own.note('error', key, `${own.at(key)} is missing: rope_type ${name} needs it`)
  const headDim = headDimOf(config, defaults, layerType)
  if (missing.length > 0 || headDim === undefined) return undefined
  const context = contextOf(config, defaults)
  const values = {
    head_dim: headDim,
    rope_theta: baseOf(config, entry, assumed, layerType),
    partial_rotary_factor: partOf(
      config,
      entry,
      assumed,
      headDim,
      name === 'default' && defaults.ignores_partial,
    ),
    layout: layoutOf(config, defaults),
    ...type.values(own, { config, context, length, defaults }),
  }
  noteUnread(entry, name, Object.keys(values))
  if (name === 'longrope' && length === undefined) noteShort(own, values)
  noteLeftOut(own, Object.keys(type.kind.parameters))
  return { layerType, ropeType: name, kind: type.kind, values, context }
}

/** The defaults of a model type for a type of layers. */
function assumedEntry(config: Fields, { rope = {} }: ModelDefaults, layerType: string | null): Fields {
  const nested = layerType === null ? undefined : rope[layerType]
  const flat = nestedTypes(rope).length === 0 ? rope : {}
  return new Fields(isObject(nested) ? nested : flat, config.at('rope_parameters'), [])
}

/** transformers' own default where neither the config nor its model type has one. */
const usualBase = 10000

/** Sliding layers have a base of their own, or that of their model type, before the global one. */
function baseOf(config: Fields, entry: Fields, assumed: Fields, layerType: string | null): number {
  const isSliding = layerType === 'sliding_attention'
  const local = isSliding ? (config.number(...localBaseKeys) ?? assumed.number('rope_theta')) : undefined
  const found =
    entry.number('rope_theta') ??
    local ??
    config.number(...globalBaseKeys, spareBaseKey) ??
    assumed.number('rope_theta')
  if (found === undefined)
    config.note('info', 'rope_theta', `rope_theta is missing: ${usualBase.toLocaleString('en')} is assumed`)
  return found ?? usualBase
}

function partOf(
  config: Fields,
  entry: Fields,
  assumed: Fields,
  headDim: number,
  isIgnored: boolean | undefined,
): number {
  // all of qk_rope_head_dim is turned, whose part of the whole head may be given too
  if (config.has('qk_rope_head_dim')) return 1
  const rotated = config.number('rotary_dim')
  const given =
    entry.number('partial_rotary_factor') ??
    config.number(...partKeys) ??
    (rotated === undefined ? undefined : rotated / headDim)
  if (isIgnored && given !== undefined && given !== 1) {
    config.note(
      'warning',
      'partial_rotary_factor',
      'this model turns the whole head, whatever partial_rotary_factor says',
    )
    return 1
  }
  return given ?? assumed.number('partial_rotary_factor') ?? 1
}

function layoutOf(config: Fields, { layout }: ModelDefaults): string | undefined {
  const isInterleaved = config.flag('rope_interleave', 'rope_interleaved')
  if (isInterleaved === undefined && layout === undefined)
    config.note('info', 'model_type', 'how this model pairs dimensions is not known: half-split is assumed')
  return isInterleaved === undefined ? layout : isInterleaved ? 'interleaved' : 'half-split'
}

function noteUnread(entry: Fields, ropeType: string, read: readonly string[]): void {
  const known = new Set([...commonKeys, ...read])
  for (const key of Object.keys(entry.object))
    if (!known.has(key) && entry.has(key) && !isObject(entry.object[key]))
      entry.note('warning', key, `${entry.at(key)} is not used by rope_type ${ropeType}`)
}

/** The length of the sequence decides between two lists of factors. */
function noteShort(entry: Fields, values: Readonly<Record<string, unknown>>): void {
  const trained = values.original_max_position_embeddings
  const beyond =
    typeof trained === 'number' ? ` above ${trained.toLocaleString('en')}` : ' beyond the trained one'
  entry.note('info', 'long_factor', `short_factor is shown; a length (seq_len)${beyond} takes long_factor`)
}

/** What the config asks for beyond the rotation that is shown. */
function noteLeftOut(entry: Fields, shown: readonly string[]): void {
  if (entry.has('mrope_section') && !shown.includes('mrope_section'))
    entry.note('info', 'mrope_section', 'the sections of M-RoPE are left out beside this scaling')
  if (entry.has('llama_4_scaling_beta') && !shown.includes('llama_4_scaling_beta'))
    entry.note('info', 'llama_4_scaling_beta', 'the model also multiplies its queries as they go on')
}

/** One entry where all types of layers are alike. */
function joined(layers: readonly LayerDraft[]): readonly LayerDraft[] {
  const [first] = layers
  const contents = new Set(layers.map(({ kind, values }) => `${kind.id} ${JSON.stringify(values)}`))
  return first && contents.size === 1 ? [{ ...first, layerType: null }] : layers
}

/** The layers without RoPE: those whose parameters are null, or one in four of Llama 4, which warms the queries there. */
function unrotated(config: Fields, defaults: ModelDefaults, rotated: readonly LayerDraft[]): LayerDraft[] {
  const [some] = rotated
  if (!some) return []
  const parameters = config.fields('rope_scaling', 'rope_parameters').object
  const empty = layerTypesOf(config).filter((name) => parameters[name] === null)
  const values = {
    head_dim: some.values.head_dim,
    attn_temperature_tuning: Boolean(config.object.attn_temperature_tuning ?? config.has('floor_scale')),
    attn_scale: config.number('attn_scale'),
    floor_scale: config.number('floor_scale'),
  }
  return [...new Set([...empty, ...layersWithout(config, defaults)])].map((layerType) => ({
    layerType,
    ropeType: 'nope',
    kind: nope,
    values,
    context: some.context,
  }))
}

/** The name of the layers that `no_rope_layers`, where 0 is without RoPE, or its interval leaves out. */
function layersWithout(config: Fields, defaults: ModelDefaults): string[] {
  const flags = config.numbers('no_rope_layers') ?? []
  const interval = config.number('no_rope_layer_interval') ?? defaults.no_rope_layer_interval ?? 0
  if (flags.length > 0 ? flags.every((flag) => flag !== 0) : interval < 1) return []
  return [layerTypesOf(config).find((_, layer) => flags[layer] === 0) ?? 'no_rope_layers']
}
