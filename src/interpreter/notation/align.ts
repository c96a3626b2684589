// Which dims of a tensor the entries of a written shape speak of.

import type { Dim } from '../../dims/dim'
import { type Shape, shapeOf } from '../../tensors/shape'
import type { Interpreter } from '../interpreter'
import type { NotedDim } from './shape'

/**
 * The part of a shape that each entry speaks of: a dim, or a run of dims for `...`. The shape learns its
 * rank. Null where the parts cannot be told apart.
 */
export function alignTeaching(
  interp: Interpreter,
  dims: readonly NotedDim[],
  shape: Shape,
): (Dim | Shape)[] | 'refuted' | null {
  const rest = dims.findIndex((d) => d.kind === 'rest')
  if (rest < 0) return interp.facts.requireRank(shape, dims.length)?.slice() ?? 'refuted'
  const [before, after] = [rest, dims.length - rest - 1]
  const known = interp.facts.resolve(shape)
  if (!known.gap) {
    const { lead } = known
    if (lead.length < before + after) return 'refuted'
    const end = lead.length - after
    return [...lead.slice(0, before), shapeOf(lead.slice(before, end)), ...lead.slice(end)]
  }
  const taught = interp.facts.requireLead(shape, before) && interp.facts.requireTrail(shape, after)
  if (!taught?.gap || taught.lead.length < before || taught.trail.length < after) return null
  const end = taught.trail.length - after
  const middle = { lead: taught.lead.slice(before), gap: taught.gap, trail: taught.trail.slice(0, end) }
  return [...taught.lead.slice(0, before), middle, ...taught.trail.slice(end)]
}
