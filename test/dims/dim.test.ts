// The normal form against plain arithmetic: random dims, evaluated for random sizes.

import assert from 'node:assert/strict'
import {
  add,
  constant,
  type Dim,
  exactQuotient,
  floorDivide,
  fractionOf,
  greatest,
  isWhole,
  least,
  modulo,
  multiply,
  negate,
  ofAtom,
  one,
  product,
  type Sym,
  scale,
  subtract,
  zero,
} from '../../src/dims/dim'
import { printDim } from '../../src/dims/print'
import { substitute } from '../../src/dims/substitution'
import { evaluateText } from './evaluate'
import { expression, names, polynomial, Random, valueFor, wholeValue, witness } from './random'

const [a, b, c, d] = names.map(ofAtom) as [Dim, Dim, Dim, Dim]
const rounds = 1500

const same = (x: Dim, y: Dim, what: string): void =>
  assert.equal(x.key, y.key, `${what}: ${printDim(x)} and ${printDim(y)}`)

describe('the normal form', () => {
  it('has the value of the expression that it comes from', () => {
    const random = new Random(1)
    for (let i = 0; i < rounds; i++) {
      const made = expression(random, 4)
      for (let j = 0; j < 4; j++) {
        const sizes = witness(random)
        const wanted = made.value(sizes)
        if (wanted !== null) assert.equal(wholeValue(made.dim, sizes), wanted, printDim(made.dim))
      }
    }
  })

  it('is the same for all orders of adding and multiplying', () => {
    const random = new Random(2)
    for (let i = 0; i < rounds; i++) {
      const parts = Array.from({ length: random.integer(2, 5) }, () => polynomial(random).dim)
      same(parts.reduce(add), random.shuffled(parts).reduce(add), 'sum')
      same(parts.slice(0, 3).reduce(multiply), random.shuffled(parts.slice(0, 3)).reduce(multiply), 'product')
    }
  })

  it('keeps the laws of a ring', () => {
    const random = new Random(3)
    for (let i = 0; i < rounds; i++) {
      const [x, y, z] = [polynomial(random).dim, polynomial(random).dim, polynomial(random).dim]
      same(multiply(x, add(y, z)), add(multiply(x, y), multiply(x, z)), 'x(y + z) = xy + xz')
      same(add(x, negate(x)), zero, 'x − x = 0')
      same(multiply(x, one), x, 'x·1 = x')
      same(subtract(x, subtract(x, y)), y, 'x − (x − y) = y')
      same(scale(x, 3), add(x, add(x, x)), '3x = x + x + x')
    }
  })

  it('gives a product that is divided by a factor the other factor', () => {
    const random = new Random(4)
    for (let i = 0; i < rounds; i++) {
      const [x, y] = [polynomial(random).dim, polynomial(random).dim]
      if (y.terms.length === 0) continue
      const quotient = exactQuotient(multiply(x, y), y)
      assert.ok(quotient, `${printDim(multiply(x, y))} by ${printDim(y)}`)
      same(quotient, x, 'xy / y = x')
    }
  })

  it('gives no quotient where there is none, and one with fractions in it where there is', () => {
    assert.equal(exactQuotient(add(a, one), add(b, one)), null)
    assert.equal(exactQuotient(a, add(a, one)), null)
    assert.equal(exactQuotient(add(multiply(a, a), one), add(a, one)), null)
    const share = exactQuotient(a, b)
    assert.ok(share)
    const sum = add(c, d)
    const quotient = exactQuotient(multiply(share, sum), sum)
    assert.ok(quotient)
    same(quotient, share, '(a/b)·(c + d) / (c + d) = a/b')
    const power = product([a, a, a, a, a, a])
    const long = exactQuotient(subtract(power, one), subtract(a, one))
    assert.equal(long?.terms.length, 6, 'a⁶ - 1 by a - 1 is 1 + a + … + a⁵')
  })

  it('has quotients with the value of a fraction', () => {
    const random = new Random(5)
    for (let i = 0; i < rounds; i++) {
      const x = polynomial(random).dim
      const divisor = product(
        Array.from({ length: random.integer(1, 2) }, () => random.pick([a, b, c, constant(2)])),
      )
      const quotient = exactQuotient(x, divisor)
      assert.ok(quotient)
      same(multiply(quotient, divisor), x, '(x / y)·y = x')
      const sizes = witness(random)
      const [value, above, below] = [valueFor(quotient, sizes), valueFor(x, sizes), valueFor(divisor, sizes)]
      assert.ok(value && above && below)
      assert.equal(value[0] * below[0] * above[1], above[0] * value[1] * below[1])
      const [numerator, denominator] = fractionOf(quotient)
      assert.ok(isWhole(numerator) && isWhole(denominator))
      same(numerator, multiply(quotient, denominator), 'numerator = quotient · denominator')
    }
  })

  it('divides with a remainder as Python does', () => {
    const random = new Random(6)
    for (let i = 0; i < rounds; i++) {
      const x = polynomial(random).dim
      const y = random.pick([a, b, constant(2), constant(3), constant(-3), multiply(a, b)])
      same(add(multiply(y, floorDivide(x, y)), modulo(x, y)), x, 'y·(x // y) + x % y = x')
    }
  })

  it('takes what divides out of a quotient', () => {
    same(floorDivide(multiply(a, b), b), a, 'ab // b')
    same(floorDivide(add(multiply(a, b), b), b), add(a, one), '(ab + b) // b')
    same(floorDivide(floorDivide(d, a), b), floorDivide(d, multiply(a, b)), 'd // a // b')
    same(modulo(multiply(a, b), b), zero, 'ab % b')
    same(
      floorDivide(add(scale(a, 4), constant(6)), constant(2)),
      add(scale(a, 2), constant(3)),
      '(4a + 6) // 2',
    )
    same(
      floorDivide(add(scale(a, 4), constant(7)), constant(2)),
      add(scale(a, 2), constant(3)),
      '(4a + 7) // 2',
    )
  })

  it('lies between its bounds', () => {
    const random = new Random(7)
    for (let i = 0; i < rounds; i++) {
      const { dim, value } = expression(random, 3)
      const [low, high] = [least(dim), greatest(dim)]
      for (let j = 0; j < 4; j++) {
        const wanted = value(witness(random, 0, 7))
        if (wanted === null) continue
        assert.ok(low <= wanted && wanted <= high, `${low} ≤ ${printDim(dim)} = ${wanted} ≤ ${high}`)
      }
    }
  })

  it('has the value of what its names are replaced by', () => {
    const random = new Random(8)
    for (let i = 0; i < rounds; i++) {
      const { dim } = expression(random, 3)
      const [symbol] = names as [Sym, ...Sym[]]
      const replaced = random.pick([add(b, one), multiply(b, c), constant(random.integer(1, 9)), scale(c, 2)])
      const result = substitute(dim, (atom) => (atom === symbol ? replaced : null))
      const sizes = witness(random)
      const value = wholeValue(replaced, sizes)
      assert.ok(value !== null)
      const [before, after] = [valueFor(dim, new Map([...sizes, [symbol, value]])), valueFor(result, sizes)]
      if (before && after) assert.deepEqual(after, before, `${printDim(dim)} with a = ${printDim(replaced)}`)
      assert.ok(!result.symbols.includes(symbol))
    }
  })

  it('is printed as Python that has its value', () => {
    const random = new Random(9)
    for (let i = 0; i < rounds; i++) {
      const { dim, value } = expression(random, 3)
      const sizes = witness(random)
      const wanted = value(sizes)
      if (wanted === null) continue
      const byName = new Map([...sizes].map(([s, n]) => [s.name ?? '', n]))
      assert.equal(evaluateText(printDim(dim), byName) + 0, wanted, printDim(dim))
    }
  })

  it('prints exact quotients as Python that has their value where they are whole', () => {
    const random = new Random(10)
    for (let i = 0; i < rounds; i++) {
      const quotient = exactQuotient(polynomial(random).dim, random.pick([a, b, constant(2), multiply(a, c)]))
      assert.ok(quotient)
      const sizes = witness(random, 1, 6)
      const wanted = wholeValue(quotient, sizes)
      // A sum of quotients that are whole only together is not printed as one division.
      if (wanted === null || quotient.terms.length !== 1) continue
      const byName = new Map([...sizes].map(([s, n]) => [s.name ?? '', n]))
      assert.equal(evaluateText(printDim(quotient), byName) + 0, wanted, printDim(quotient))
    }
  })
})
