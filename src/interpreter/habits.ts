// The field's naming habits: shapes that parameters of these names mostly have, marked as assumed.

import { fresh } from '../dims/dim'
import { shapeOf } from '../tensors/shape'
import { makeTensor } from '../tensors/tensor'
import type { Value } from '../trace/values'

const habits: Record<string, readonly string[]> = {
  input_ids: ['batch', 'seq'],
  token_ids: ['batch', 'seq'],
  tokens: ['batch', 'seq'],
  ids: ['batch', 'seq'],
  idx: ['batch', 'seq'],
  lengths: ['batch'],
  decoder_input_ids: ['batch', 'seq'],
  position_ids: ['batch', 'seq'],
  inputs_embeds: ['batch', 'seq', 'hidden'],
  hidden_states: ['batch', 'seq', 'hidden'],
  encoder_hidden_states: ['batch', 'source', 'hidden'],
  pixel_values: ['batch', 'channels', 'height', 'width'],
}

export const hasHabit = (name: string): boolean => Object.hasOwn(habits, name)

/**
 * The tensor that a parameter of this name mostly is. Its dims are weakly named, so that whatever the
 * code says of them counts more.
 */
export function habitualTensor(name: string): Value {
  const dims = (habits[name] ?? []).map((d) => fresh(d, 0, 0))
  return makeTensor(shapeOf(dims), null, null)
}
