// What the parts make up into which a dim is cut, where their number is not known.

import { type Dim, fresh, type Sym } from '../dims/dim'

interface Cut {
  readonly whole: Dim
  readonly count: Dim
}

const cuts = new WeakMap<Sym, Cut>()

/** The size of any of the `count` parts of a dim. */
export function sizeOfAnyPart(whole: Dim, count: Dim): Dim {
  const size = fresh()
  if (size.symbol) cuts.set(size.symbol, { whole, count })
  return size
}

/** What `count` parts of such a size make up; null where they are not all parts of one dim. */
export function sizeOfAll(size: Dim, count: Dim): Dim | null {
  const cut = size.symbol ? cuts.get(size.symbol) : undefined
  return cut?.count.key === count.key ? cut.whole : null
}

/** True for a size that need not be that of the other parts. */
export const isOfAnyPart = ({ symbols }: Dim): boolean => symbols.some((s) => cuts.has(s))
