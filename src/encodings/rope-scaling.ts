// Parameters that several scalings of RoPE share.

import { integer, lengthOptions, optional, real } from './parameters'

export const scalingFactor = real(4, {
  meaning: 'How many times longer the context becomes, s.',
  above: 0,
  most: 1e6,
})

export const trainedLength = integer(8192, {
  meaning: 'The context that the model was trained with, L, before any scaling.',
  unit: 'positions',
  least: 2,
  most: 2 ** 31,
})

export const currentLength = optional({
  ...lengthOptions,
  meaning: 'The sequence at hand, on which the frequencies depend; left out, they are as the model starts.',
})

export const attentionFactor = optional({
  meaning: 'Multiplies cos and sin; left out, it follows from the factor.',
  above: 0,
  most: 1000,
})
