// Axial RoPE of image patches: some pairs turn with the row, the others with the column.

import { defineEncoding } from './encoding'
import { choice, integer } from './parameters'
import { base, headDim, layout, powersOf, tableLayout, turning } from './rotation'

const grid = { unit: 'patches', least: 1, most: 4096 }

const parameters = {
  head_dim: { ...headDim, default: 64 },
  rope_theta: base,
  form: choice(
    'pixtral',
    ['pixtral', 'dinov3', 'spatial', 'columns-first', 'alternating'],
    "pixtral: rows take the even frequencies, columns the odd ones. dinov3: places from −1 to 1 in the image, both the same frequencies. spatial: Qwen2-VL's and Gemma 4's vision, places in patches. columns-first: the same with the columns before the rows, as in Llama 4's vision. alternating: the same frequencies with column and row in turn, as in Kimi K2.5's vision.",
  ),
  grid_height: integer(16, { ...grid, meaning: 'Rows of the image.' }),
  grid_width: integer(16, { ...grid, meaning: 'Columns of the image; position p is in row ⌊p / width⌋.' }),
  layout,
  table_layout: tableLayout,
}

export const axialRope = defineEncoding({
  id: 'axial-rope',
  title: 'Axial 2-D RoPE',
  family: 'rotary',
  summary: "Half of the pairs turn with the patch's row, half with its column.",
  source:
    'Heo et al., Rotary Position Embedding for Vision Transformer, 2024 (arXiv 2403.13298); Pixtral; DINOv3',
  parameters,
  check: ({ head_dim: dim }) =>
    dim % 4 === 0
      ? []
      : [{ key: 'head_dim', message: `head_dim is ${dim}: rows and columns need a multiple of 4` }],
  effects: (values, round) => {
    const { head_dim: dim, rope_theta, form, grid_height: rows, grid_width: columns } = values
    const half = dim / 2
    const all = powersOf(rope_theta, dim, round)
    const spatial = powersOf(rope_theta, half, round)
    const forms = {
      pixtral: [...all.filter((_, i) => i % 2 === 0), ...all.filter((_, i) => i % 2 === 1)],
      // one turn over half of the image for the fastest pair
      dinov3: [...spatial, ...spatial].map((theta) => 2 * Math.PI * theta),
      spatial: [...spatial, ...spatial],
      'columns-first': [...spatial, ...spatial],
      alternating: [...spatial].flatMap((theta) => [theta, theta]),
    }
    const place = (index: number, count: number): number =>
      form === 'dinov3' ? (2 * (index + 0.5)) / count - 1 : index
    return turning(
      { ...values, partial_rotary_factor: 1 },
      {
        theta: Float64Array.from(forms[form]),
        axes: Array.from({ length: half }, (_, i) => {
          const isLater = i >= half / 2 ? 1 : 0
          return form === 'alternating' ? 1 - (i % 2) : form === 'columns-first' ? 1 - isLater : isLater
        }),
        coordinates: (p) => [place(Math.floor(p / columns), rows), place(p % columns, columns)],
        isToeplitz: false,
      },
    )
  },
})
