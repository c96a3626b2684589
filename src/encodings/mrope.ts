// M-RoPE: time, height and width of a patch each turn some of the pairs; text has all three alike.

import { defineEncoding } from './encoding'
import { flag, integer, list, type Problem } from './parameters'
import { pairProblems, powersOf, type RotaryValues, rotaryParameters, rotatedDim, turning } from './rotation'

const patches = { unit: 'patches', least: 0, most: 4096 }

const parameters = {
  ...rotaryParameters,
  rope_theta: { ...rotaryParameters.rope_theta, default: 1e6 },
  mrope_section: list([16, 24, 24], {
    meaning: 'How many pairs turn with time, height and width.',
    unit: 'pairs',
    least: 0,
    most: 65536,
    integer: true,
  }),
  mrope_interleaved: flag(false, 'Qwen3-VL deals the pairs out in turn; Qwen2-VL has them in one run each.'),
  spatial_first: flag(
    false,
    'Ernie 4.5 VL turns height and width by the first pairs in turn, and time by the last; its sections are in that order.',
  ),
  image_start: integer(0, {
    meaning: 'How much text is before the image.',
    unit: 'positions',
    least: 0,
    most: 2 ** 22,
  }),
  image_height: integer(0, { ...patches, meaning: 'Rows of an image among the text; 0 for none.' }),
  image_width: integer(0, { ...patches, meaning: 'Columns of that image.' }),
}

export const mrope = defineEncoding({
  id: 'mrope',
  title: 'M-RoPE',
  family: 'rotary',
  summary:
    'Pairs are shared out among time, height and width, so that patches of an image have a place in it.',
  source: 'Wang et al., Qwen2-VL, 2024 (arXiv 2409.12191)',
  parameters,
  check: (values) => [...pairProblems(values), ...sectionProblems(values)],
  effects: (values, round) => {
    const { image_start: start, image_height: rows, image_width: columns } = values
    const size = rows * columns
    const dim = rotatedDim(values)
    return turning(values, {
      theta: powersOf(values.rope_theta, dim, round),
      axes: values.spatial_first
        ? spatialFirstAxes(values.mrope_section, dim / 2)
        : mropeAxes(values.mrope_section, dim / 2, values.mrope_interleaved),
      coordinates: (position) => {
        const inImage = position - start
        if (inImage < 0) return [position, position, position]
        if (inImage < size) return [start, start + Math.floor(inImage / columns), start + (inImage % columns)]
        const after = start + Math.max(rows, columns) * (size > 0 ? 1 : 0) + inImage - size
        return [after, after, after]
      },
      isToeplitz: size === 0,
    })
  },
})

/** For each pair 0, 1 or 2: the time, height or width that turns it. */
export function mropeAxes(section: readonly number[], pairs: number, isInterleaved: boolean): number[] {
  if (!isInterleaved) return section.flatMap((count, axis) => Array.from({ length: count }, () => axis % 3))
  const [, height = 0, width = 0] = section
  return Array.from({ length: pairs }, (_, i) =>
    i % 3 === 1 && i < 3 * height ? 1 : i % 3 === 2 && i < 3 * width ? 2 : 0,
  )
}

/** Height, width, height, … then time. */
function spatialFirstAxes([height = 0, width = 0]: readonly number[], pairs: number): number[] {
  return Array.from({ length: pairs }, (_, i) => (i < height + width ? 1 + (i % 2) : 0))
}

function sectionProblems(values: RotaryValues & { readonly mrope_section: readonly number[] }): Problem[] {
  const pairs = rotatedDim(values) / 2
  const sum = values.mrope_section.reduce((total, count) => total + count, 0)
  if (values.mrope_section.length >= 3 && sum === pairs) return []
  const message = `mrope_section is [${values.mrope_section.join(', ')}]: it needs three numbers that sum up to the ${pairs} pairs`
  return [{ key: 'mrope_section', message }]
}
