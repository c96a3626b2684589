// M-RoPE: time, height and width of a patch each turn some of the pairs; text has all three alike.

import type { EncodingKind, Rotation } from './encoding'
import { checkValues, flag, integer, list, type Problem, type ValuesOf } from './parameters'
import { rope } from './rope'
import { ropeDynamic } from './rope-dynamic'
import { ropeLinear } from './rope-linear'
import { ropeLlama3 } from './rope-llama3'
import { ropeLongRope } from './rope-longrope'
import { ropeYarn } from './rope-yarn'

const patches = { unit: 'patches', least: 0, most: 4096 }

const sections = {
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

type Sections = ValuesOf<typeof sections>

/** By the rotation of text whose pairs are shared out: the default one, or a scaling, which changes θ alone. */
const byText: ReadonlyMap<EncodingKind, EncodingKind> = new Map(
  [rope, ropeLinear, ropeDynamic, ropeYarn, ropeLongRope, ropeLlama3].map((text) => [text, sharedOut(text)]),
)

export const mropes: readonly EncodingKind[] = [...byText.values()]

/** M-RoPE with the frequencies of another kind; undefined where nobody has both. */
export const mropeOf = (text: EncodingKind): EncodingKind | undefined => byText.get(text)

/** What `text` does to text, with an image among it. */
function sharedOut(text: EncodingKind): EncodingKind {
  const kind: EncodingKind = {
    id: text.id.replace('rope', 'mrope'),
    title: text.title.replace('RoPE', 'M-RoPE'),
    family: 'rotary',
    summary:
      'Pairs are shared out among time, height and width, so that patches of an image have a place in it.',
    source: 'Wang et al., Qwen2-VL, 2024 (arXiv 2409.12191)',
    parameters: { ...text.parameters, ...sections },
    create(given = {}, precision = 'f64') {
      const [own, others] = parted(given)
      const [made, checked] = [text.create(others, precision), checkValues(sections, own)]
      const problems = [made, checked].flatMap((result) => (result.ok ? [] : result.problems))
      if (!made.ok || !checked.ok || !made.value.rotation) return { ok: false, problems }
      const { rotation, isToeplitz } = made.value
      const pairs = rotation.theta.length
      const wrong = sectionProblems(checked.value, pairs)
      if (wrong.length > 0) return { ok: false, problems: wrong }
      const places = { axes: axesOf(checked.value, pairs), coordinates: coordinatesOf(checked.value) }
      return {
        ok: true,
        value: {
          ...made.value,
          kind,
          values: { ...made.value.values, ...checked.value },
          rotation: { ...rotation, ...places },
          isToeplitz: isToeplitz && checked.value.image_height * checked.value.image_width === 0,
        },
      }
    },
  }
  return kind
}

/** The values of the sections, and those of the text. */
function parted(given: Readonly<Record<string, unknown>>) {
  const entries = Object.entries(given)
  const part = (isOwn: boolean) =>
    Object.fromEntries(entries.filter(([key]) => Object.hasOwn(sections, key) === isOwn))
  return [part(true), part(false)] as const
}

const axesOf = ({ mrope_section, mrope_interleaved, spatial_first }: Sections, pairs: number): number[] =>
  spatial_first ? spatialFirstAxes(mrope_section, pairs) : mropeAxes(mrope_section, pairs, mrope_interleaved)

/** Time, height and width of a position: text counts on from the larger side of the image before it. */
function coordinatesOf({
  image_start: start,
  image_height: rows,
  image_width: columns,
}: Sections): Rotation['coordinates'] {
  const size = rows * columns
  return (position) => {
    const inImage = position - start
    if (inImage < 0) return [position, position, position]
    if (inImage < size) return [start, start + Math.floor(inImage / columns), start + (inImage % columns)]
    const after = start + Math.max(rows, columns) * (size > 0 ? 1 : 0) + inImage - size
    return [after, after, after]
  }
}

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

/** Where pairs are dealt out in turn, those that neither height nor width takes are left to time. */
function sectionProblems({ mrope_section: section, mrope_interleaved }: Sections, pairs: number): Problem[] {
  const sum = section.reduce((total, count) => total + count, 0)
  if (section.length >= 3 && (sum === pairs || (mrope_interleaved && sum < pairs))) return []
  const message = `mrope_section is [${section.join(', ')}]: it needs three numbers that sum up to the ${pairs} pairs`
  return [{ key: 'mrope_section', message }]
}
