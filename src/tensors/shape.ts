// Shapes with symbolic dims; a shape of unknown rank has one gap that unification may fill.

import { constant, type Dim, fresh } from '../dims/dim'
import type { Facts } from '../dims/facts'

/** The unknown run of dims in a shape of unknown rank. */
export class Gap {
  static #next = 1
  readonly id = Gap.#next++
  readonly key = `g${this.id}`
}

/** `lead` dims, then the gap's, then `trail`'s. Without a gap all dims are in `lead`. */
export interface Shape {
  readonly lead: readonly Dim[]
  readonly gap: Gap | null
  readonly trail: readonly Dim[]
}

export const scalar: Shape = { lead: [], gap: null, trail: [] }

/** A shape of known rank. */
export function shapeOf(dims: readonly Dim[]): Shape {
  return dims.length === 0 ? scalar : { lead: dims, gap: null, trail: [] }
}

/** A shape of which nothing is known, or only its first and last dims. */
export function openShape(lead: readonly Dim[] = [], trail: readonly Dim[] = []): Shape {
  return { lead, gap: new Gap(), trail }
}

/** The dims of a shape of known rank, or null. */
export function dimsOf(shape: Shape): readonly Dim[] | null {
  return shape.gap === null ? shape.lead : null
}

/** The number of dims that a shape has at least. */
export const leastRank = (shape: Shape): number => shape.lead.length + shape.trail.length

/** A text that is equal for equal shapes. */
export function shapeKey(shape: Shape): string {
  const lead = shape.lead.map((d) => d.key).join(',')
  return shape.gap ? `${lead},*${shape.gap.key},${shape.trail.map((d) => d.key).join(',')}` : lead
}

/** Facts about dims, and about which dims fill a gap. */
export class ShapeFacts {
  readonly #gaps: Map<Gap, Shape>
  /** How many dims the code asked whether a gap has. */
  readonly #asked = new WeakMap<Gap, Set<number>>()
  constructor(readonly dims: Facts) {
    this.#gaps = dims.trail.factMap(new Map())
  }

  /** The shape as it is known now: gaps filled, dims in normal form. */
  resolve(shape: Shape): Shape {
    let current = shape
    while (current.gap) {
      const filling = this.#gaps.get(current.gap)
      if (!filling) break
      current = filling.gap
        ? {
            lead: [...current.lead, ...filling.lead],
            gap: filling.gap,
            trail: [...filling.trail, ...current.trail],
          }
        : shapeOf([...current.lead, ...filling.lead, ...current.trail])
    }
    const lead = this.resolveAll(current.lead)
    const trail = this.resolveAll(current.trail)
    return lead === current.lead && trail === current.trail ? current : { lead, gap: current.gap, trail }
  }

  /** Dims with what is known now put into them; the same array where that changes none. */
  resolveAll(dims: readonly Dim[]): readonly Dim[] {
    let changed: Dim[] | null = null
    for (let i = 0; i < dims.length; i++) {
      const d = dims[i] as Dim
      const resolved = this.dims.resolve(d)
      if (resolved !== d) (changed ??= [...dims])[i] = resolved
    }
    return changed ?? dims
  }

  /** Adds the gaps and the symbols of a shape, those that fill a gap too. */
  keysOf(shape: Shape, found: Set<unknown>): void {
    for (const d of [...shape.lead, ...shape.trail]) for (const symbol of d.symbols) found.add(symbol)
    if (!shape.gap || found.has(shape.gap)) return
    found.add(shape.gap)
    const filling = this.#gaps.get(shape.gap)
    if (filling) this.keysOf(filling, found)
  }

  /** Fills a gap. */
  fill(gap: Gap, filling: Shape): void {
    this.dims.trail.write(this.#gaps, gap, filling)
  }

  /** Teaches a shape its rank. Null if it cannot have that rank. */
  requireRank(shape: Shape, rank: number): readonly Dim[] | null {
    const known = this.resolve(shape)
    if (!known.gap) return known.lead.length === rank ? known.lead : null
    const missing = rank - leastRank(known)
    if (missing < 0) return null
    const middle = Array.from({ length: missing }, () => fresh())
    this.fill(known.gap, shapeOf(middle))
    return [...known.lead, ...middle, ...known.trail]
  }

  /** Teaches a shape the rank that a path of the code asked for; on the other paths it has another one. */
  learnAskedRank(shape: Shape, rank: number): void {
    const known = this.resolve(shape)
    const { gap } = known
    if (gap) this.#asked.set(gap, (this.#asked.get(gap) ?? new Set()).add(rank - leastRank(known)))
    this.requireRank(known, rank)
  }
  /** True if the code asked whether a shape has this rank, and went on where it has not. */
  isDeniedRank({ lead, gap, trail }: Shape, rank: number): boolean {
    return gap !== null && (this.#asked.get(gap)?.has(rank - lead.length - trail.length) ?? false)
  }

  /** Teaches a shape that it has at least `count` dims at its front. False if it cannot. */
  requireLead(shape: Shape, count: number): Shape | null {
    const known = this.resolve(shape)
    if (known.lead.length >= count) return known
    if (!known.gap) return null
    // Dims behind the gap may be among the first ones: then nothing certain is learnt.
    if (known.trail.length > 0) return known
    const lead = Array.from({ length: count - known.lead.length }, () => fresh())
    this.fill(known.gap, openShape(lead))
    return this.resolve(known)
  }

  /** Teaches a shape that it has at least `count` dims at its end. Null if it cannot. */
  requireTrail(shape: Shape, count: number): Shape | null {
    const known = this.resolve(shape)
    if (!known.gap) return known.lead.length >= count ? known : null
    if (known.trail.length >= count) return known
    if (known.lead.length > 0) return known
    const trail = Array.from({ length: count - known.trail.length }, () => fresh())
    this.fill(known.gap, openShape([], trail))
    return this.resolve(known)
  }

  /**
   * The dim at an index as Python counts (negative from the end).
   * `'out-of-range'` if there is none for certain; null if the unknown rank hides it.
   */
  at(shape: Shape, index: number): Dim | 'out-of-range' | null {
    const taught = index >= 0 ? this.requireLead(shape, index + 1) : this.requireTrail(shape, -index)
    if (!taught) return 'out-of-range'
    if (!taught.gap) return taught.lead[index < 0 ? taught.lead.length + index : index] ?? 'out-of-range'
    if (index >= 0) return taught.lead[index] ?? null
    return taught.trail[taught.trail.length + index] ?? null
  }

  /** Makes two shapes one where that is certain: their ranks and, dim by dim, their sizes. */
  unify(a: Shape, b: Shape): boolean {
    const [x, y] = [this.resolve(a), this.resolve(b)]
    if (x.gap && x.gap === y.gap) return true
    if (!x.gap && !y.gap) {
      if (x.lead.length !== y.lead.length) return false
      let fits = true
      x.lead.forEach((d, i) => {
        if (this.dims.unify(d, y.lead[i] ?? constant(-1)).kind === 'refuted') fits = false
      })
      return fits
    }
    if (x.gap && !y.gap) {
      const dims = this.requireRank(x, y.lead.length)
      return dims !== null && this.unify(shapeOf(dims), y)
    }
    if (y.gap && !x.gap) return this.unify(y, x)
    if (x.gap && leastRank(x) === 0) this.fill(x.gap, y)
    else if (y.gap && leastRank(y) === 0) this.fill(y.gap, x)
    return true
  }
}
