// Shapes in text.

import { type NameSource, printDims } from '../dims/print'
import type { Shape } from './shape'

/** The dims of a shape in text, with `...` for those that are not known. */
export function shapeParts({ lead, gap, trail }: Shape, names: NameSource): string[] {
  const parts = printDims([...lead, ...trail], names)
  return gap ? parts.toSpliced(lead.length, 0, '...') : parts
}

export const printShape = (shape: Shape, names: NameSource): string =>
  `[${shapeParts(shape, names).join(', ')}]`
