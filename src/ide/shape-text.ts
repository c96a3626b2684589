// Shapes as text of a wanted length.

import { type NameSource, printDim } from '../dims/print'
import type { Shape } from '../tensors/shape'

/** `[B, H, S, D]`; what does not fit is left out from the middle: `[B, …, D]`. */
export function shapeText(shape: Shape, names: NameSource, maximumLength = Number.POSITIVE_INFINITY): string {
  const lead = shape.lead.map(d => printDim(d, names))
  const parts = shape.gap ? [...lead, '...', ...shape.trail.map(d => printDim(d, names))] : lead
  const whole = `[${parts.join(', ')}]`
  if (whole.length <= maximumLength) return whole
  const kept = [...parts]
  while (kept.length > 2) {
    kept.splice(Math.floor(kept.length / 2), 1)
    const half = Math.ceil(kept.length / 2)
    const shortened = `[${[...kept.slice(0, half), '…', ...kept.slice(half)].join(', ')}]`
    if (shortened.length <= maximumLength) return shortened
  }
  return `[… ${parts.length} dims]`
}
