// Dims with their atoms replaced by others, in normal form again.

import {
  type Atom,
  add,
  Dim,
  exactQuotient,
  floorDivide,
  maximum,
  minimum,
  multiply,
  soleAtom,
  term,
  zero,
} from './dim'

/**
 * The dim with every atom replaced by `replacement(atom)`, where that is not null. With `isShallow`
 * atoms inside quotients and extrema stay.
 */
export function substitute(d: Dim, replacement: (atom: Atom) => Dim | null, isShallow = false): Dim {
  if (d.value !== null) return d
  let changed = false
  let sum = zero
  for (const t of d.terms) {
    const values = t.factors.map(({ atom }) =>
      isShallow ? replacement(atom) : replaceAtom(atom, replacement),
    )
    if (values.every((value) => value === null)) {
      sum = add(sum, new Dim([t]))
      continue
    }
    changed = true
    let result = new Dim([
      term(
        t.num,
        t.den,
        t.factors.filter((_, i) => !values[i]),
      ),
    ])
    // What divides comes last: a sum goes into the whole product, and not into a factor of it.
    const divisors: Dim[] = []
    for (const [i, { power }] of t.factors.entries()) {
      const value = values[i]
      if (!value) continue
      for (let count = Math.abs(power); count > 0; count--)
        if (power > 0) result = multiply(result, value)
        else divisors.push(value)
    }
    for (const value of divisors) result = exactQuotient(result, value) ?? floorDivide(result, value)
    sum = add(sum, result)
  }
  return changed ? sum : d
}
function replaceAtom(atom: Atom, replacement: (atom: Atom) => Dim | null): Dim | null {
  const direct = replacement(atom)
  if (direct || atom.kind === 'symbol') return direct
  const [left, right] = [substitute(atom.left, replacement), substitute(atom.right, replacement)]
  if (left === atom.left && right === atom.right) return null
  if (atom.kind === 'floordiv') return floorDivide(left, right)
  const rebuilt = atom.kind === 'min' ? minimum(left, right) : maximum(left, right)
  return replacement(soleAtom(rebuilt) ?? atom) ?? rebuilt
}

/** The dim with every ⌊a / b⌋ in it taken as a / b, and those pairs; null where a quotient has no normal form. */
export function takenAsExact(d: Dim): { dim: Dim; pairs: { dividend: Dim; divisor: Dim }[] } | null {
  const pairs: { dividend: Dim; divisor: Dim }[] = []
  let isKnown = true
  const dim = substitute(d, (atom) => {
    if (atom.kind !== 'floordiv') return null
    pairs.push({ dividend: atom.left, divisor: atom.right })
    const quotient = exactQuotient(atom.left, atom.right)
    if (!quotient) isKnown = false
    return quotient
  })
  return isKnown ? { dim, pairs } : null
}
