// The encodings of a config of a vision model: axial RoPE over its rows and columns of patches.

import { axialRope } from '../axial-rope'
import type { LayerDraft } from './draft'
import type { Fields } from './fields'
import type { ModelDefaults } from './models'
import { headDimOf } from './sizes'

/** Undefined where the model's RoPE is not one of images. */
export function visionEncodings(config: Fields, defaults: ModelDefaults): LayerDraft[] | undefined {
  const form = formOf(config, defaults)
  const headDim = form === undefined ? undefined : headDimOf(config, defaults, null)
  if (form === undefined && defaults.rope?.rope_type === 'axial')
    config.note(
      'error',
      'model_type',
      'how this model shares its pairs out to rows and columns is not known here',
    )
  if (form === undefined && defaults.rope?.rope_type !== 'axial') return undefined
  if (form === undefined || headDim === undefined) return []
  if (defaults.halves)
    config.note(
      'info',
      'model_type',
      'this model pairs dimensions within each half of the head: they are shown as pairs of the whole head, which leaves positions and frequencies as they are',
    )
  const [image, patch] = [config.number('image_size'), config.number('patch_size')]
  const side = image !== undefined && patch ? Math.floor(image / patch) : undefined
  const parameters = config.fields('rope_parameters', 'rope_scaling')
  const assumed = defaults.rope?.rope_theta
  const values = {
    head_dim: headDim,
    rope_theta: parameters.number('rope_theta') ?? config.number('rope_theta') ?? assumed,
    form,
    layout: defaults.layout,
    grid_height: side,
    grid_width: side,
  }
  const context = side === undefined ? undefined : side * side
  return [{ layerType: null, ropeType: 'axial', kind: axialRope, values, context }]
}

/** Only DINOv3 augments its places, by a key of its own. */
const formOf = (config: Fields, { axial }: ModelDefaults): string | undefined =>
  config.has('pos_embed_rescale') ? 'dinov3' : axial
