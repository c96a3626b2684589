// Shapes as text of a wanted length.

import type { NameSource } from '../dims/print'
import { shapeParts } from '../tensors/print'
import type { Shape } from '../tensors/shape'

/** `[B, H, S, D]`; what does not fit is left out from the middle: `[B, …, D]`. */
export function shortened(parts: readonly string[], maximumLength: number): string {
  const whole = `[${parts.join(', ')}]`
  if (whole.length <= maximumLength) return whole
  const kept = [...parts]
  while (kept.length > 2) {
    kept.splice(Math.floor(kept.length / 2), 1)
    const half = Math.ceil(kept.length / 2)
    const shorter = `[${[...kept.slice(0, half), '…', ...kept.slice(half)].join(', ')}]`
    if (shorter.length <= maximumLength) return shorter
  }
  return `[… ${parts.length} dims]`
}

/** A shape in text, shortened to a length. */
export const shapeText = (
  shape: Shape,
  names: NameSource,
  maximumLength = Number.POSITIVE_INFINITY,
): string => shortened(shapeParts(shape, names), maximumLength)
