// Inlay hints: the shapes after assignments, parameters and loop targets.

import { type NameSource, printDim } from '../dims/print'
import type { Shape } from '../tensors/shape'
import type { Hint, HintOptions } from './api'
import { chosen, type EventIndex, type Seen } from './contexts'
import { hoverText } from './hover'
import { shapeText } from './shape-text'
import { tensorsIn } from './nodes'

/** The hints between two offsets, in order. */
export function hintsOf(index: EventIndex, text: string, start: number, end: number, options: HintOptions): Hint[] {
  const hints: Hint[] = []
  for (const { place, kind, seen: all } of index.hintPlaces(start, end)) {
    if (kind !== 'target' && !(kind === 'parameter' && options.parameters)) continue
    const seen = chosen(all, options.style)
    const label = labelOf(seen, options.maximumLength)
    if (label === null) continue
    hints.push({ offset: place.end, kind, label, tooltip: () => hoverText(seen, text) ?? label })
  }
  return hints
}

/** All the different shapes of a place, `[B, S, D] | [B, 1, D]`; null where not even a dim is known. */
function labelOf(seen: readonly Seen[], maximumLength: number): string | null {
  const labels = new Set<string>()
  const shapes = seen.flatMap(({ event, names }) => tensorsIn(event.value).map(({ shape }) => ({ shape, names })))
  // Beside shapes whose rank is known the others say nothing.
  const isRanked = shapes.some(({ shape }) => shape.gap === null)
  for (const { shape, names } of shapes) {
    if (isRanked ? shape.gap !== null : !hasNamedDim(shape, names)) continue
    labels.add(shapeText(shape, names, maximumLength))
  }
  if (labels.size === 0) return null
  let label = ''
  let shown = 0
  for (const next of labels) {
    if (shown > 0 && label.length + next.length + 3 > maximumLength) break
    label += shown > 0 ? ` | ${next}` : next
    shown++
  }
  return shown < labels.size ? `${label} | … ${labels.size - shown} more` : label
}

const hasNamedDim = (shape: Shape, names: NameSource): boolean =>
  [...shape.lead, ...shape.trail].some(d => printDim(d, names) !== '?')
