// Inlay hints: the shapes after assignments, parameters and loop targets.

import { shapeParts } from '../tensors/print'
import type { Hint, HintOptions } from './api'
import type { EventIndex, Seen } from './contexts'
import { hoverText } from './hover'
import { tensorsIn } from './nodes'
import { shortened } from './shape-text'

/** The hints between two offsets, in order. */
export function hintsOf(
  index: EventIndex,
  text: string,
  start: number,
  end: number,
  options: HintOptions,
): Hint[] {
  const hints: Hint[] = []
  for (const { place, kind, groups } of index.hintPlaces(start, end)) {
    if (kind !== 'target' && !(kind === 'parameter' && options.parameters)) continue
    const wanted = index.chosen(groups, options.style)
    const label = labelOf(wanted, options.maximumLength)
    if (label === null) continue
    hints.push({ offset: place.end, kind, label, tooltip: () => hoverText(wanted.flat(), text) ?? label })
  }
  return hints
}

interface Shown {
  readonly parts: readonly string[]
  readonly isRanked: boolean
  /** True for one of several shapes that a value may have. */
  readonly isOption: boolean
}

const shownByGroup = new WeakMap<readonly Seen[], readonly Shown[]>()

/** The different shapes of a run's events at a place. */
function shownBy(group: readonly Seen[]): readonly Shown[] {
  const known = shownByGroup.get(group)
  if (known) return known
  const shown = new Map<string, Shown>()
  for (const { event, names } of group)
    for (const { shape } of tensorsIn(event.value)) {
      const parts = shapeParts(shape, names)
      shown.set(parts.join(), {
        parts,
        isRanked: shape.gap === null,
        isOption: event.value.kind === 'union',
      })
    }
  const all = [...shown.values()]
  shownByGroup.set(group, all)
  return all
}

/** All the different shapes of a place, `[B, S, D] | [B, 1, D]`; null where not even a dim is known. */
function labelOf(groups: readonly (readonly Seen[])[], maximumLength: number): string | null {
  const shapes = groups.flatMap(shownBy)
  // Beside shapes whose rank is known the others say nothing, but that a value may have another one.
  const isRanked = shapes.some((s) => s.isRanked)
  const labels = new Set<string>()
  for (const shape of shapes)
    if (isRanked ? shape.isRanked || shape.isOption : shape.parts.some((p) => p !== '?' && p !== '...'))
      labels.add(shortened(shape.parts, maximumLength))
  if (labels.size === 0) return null
  let label = ''
  let count = 0
  for (const next of labels) {
    if (count > 0 && label.length + next.length + 3 > maximumLength) break
    label += count > 0 ? ` | ${next}` : next
    count++
  }
  return count < labels.size ? `${label} | …` : label
}
