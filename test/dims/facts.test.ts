// Verdicts against all sizes: what is proven holds for each, what is refuted for none.

import assert from 'node:assert/strict'
import {
  add,
  constant,
  type Dim,
  floorDivide,
  maximum,
  minimum,
  multiply,
  ofAtom,
  scale,
  subtract,
} from '../../src/dims/dim'
import { Facts } from '../../src/dims/facts'
import { printDim } from '../../src/dims/print'
import { Trail } from '../../src/dims/trail'
import { names, polynomial, Random, valueFor, type Witness, wholeValue } from './random'

const [a, b, c, d] = names.map(ofAtom) as [Dim, Dim, Dim, Dim]
const noFacts = (): Facts => new Facts(new Trail())
const rounds = 800

/** All sizes of four names up to a greatest one. */
function* allSizes(low: number, high: number): Generator<Witness> {
  const values = Array.from({ length: high - low + 1 }, (_, i) => low + i)
  const [w, x, y, z] = names as [(typeof names)[0], (typeof names)[0], (typeof names)[0], (typeof names)[0]]
  for (const i of values)
    for (const j of values)
      for (const k of values)
        for (const l of values)
          yield new Map([
            [w, i],
            [x, j],
            [y, k],
            [z, l],
          ])
}

const holdsFor = (x: Dim, y: Dim, sizes: Witness): boolean => {
  const [m, n] = [valueFor(x, sizes), valueFor(y, sizes)]
  return m !== null && n !== null && m[0] === n[0] && m[1] === n[1]
}

describe('verdicts', () => {
  it('of equality are sound', () => {
    const random = new Random(21)
    for (let i = 0; i < rounds; i++) {
      const [x, y] = [polynomial(random, 2).dim, polynomial(random, 2).dim]
      const { kind } = noFacts().equal(x, y)
      if (kind === 'unknown') continue
      for (const sizes of allSizes(1, 3))
        assert.equal(holdsFor(x, y, sizes), kind === 'proven', `${printDim(x)} = ${printDim(y)} is ${kind}`)
    }
  })

  it('of order are sound for sizes from 2 on', () => {
    const random = new Random(22)
    let decided = 0
    for (let i = 0; i < rounds; i++) {
      const [x, y] = [polynomial(random, 2).dim, polynomial(random, 2).dim]
      const order = noFacts().order(x, y)
      if (order === null) continue
      decided++
      for (const sizes of allSizes(2, 4)) {
        const [m, n] = [wholeValue(x, sizes), wholeValue(y, sizes)]
        assert.ok(m !== null && n !== null)
        assert.equal(Math.sign(m - n) + 0, order, `${printDim(x)} against ${printDim(y)}`)
      }
    }
    assert.ok(decided > rounds / 20)
  })

  it('of «at most» are sound', () => {
    const random = new Random(23)
    for (let i = 0; i < rounds; i++) {
      const [x, y] = [polynomial(random, 2).dim, polynomial(random, 2).dim]
      const verdict = noFacts().atMost(x, y)
      if (verdict === null) continue
      for (const sizes of allSizes(0, 2)) {
        const [m, n] = [wholeValue(x, sizes), wholeValue(y, sizes)]
        assert.ok(m !== null && n !== null)
        assert.equal(m <= n, verdict, `${printDim(x)} ≤ ${printDim(y)}`)
      }
    }
  })
})

describe('unification', () => {
  it('makes equal what it says it made equal, and refutes only what never is', () => {
    const random = new Random(24)
    const seen = new Map<string, number>()
    for (let i = 0; i < rounds; i++) {
      const facts = noFacts()
      const [x, y] = [polynomial(random, 2).dim, polynomial(random, 2).dim]
      const { kind } = facts.unify(x, y)
      seen.set(kind, (seen.get(kind) ?? 0) + 1)
      if (kind === 'proven' || kind === 'learnt') assert.equal(facts.resolve(x).key, facts.resolve(y).key)
      if (kind !== 'refuted') continue
      for (const sizes of allSizes(1, 3)) assert.ok(!holdsFor(x, y, sizes), `${printDim(x)} = ${printDim(y)}`)
    }
    assert.ok((seen.get('learnt') ?? 0) > 0 && (seen.get('refuted') ?? 0) > 0)
  })

  it('keeps what it learnt over more of it', () => {
    const facts = noFacts()
    assert.equal(facts.unify(a, multiply(b, c)).kind, 'learnt')
    assert.equal(facts.unify(b, constant(3)).kind, 'learnt')
    assert.equal(facts.resolve(a).key, scale(c, 3).key)
    assert.equal(facts.unify(a, constant(12)).kind === 'refuted', false)
    assert.equal(facts.unify(b, constant(4)).kind, 'refuted')
  })

  it('is taken back with the trail', () => {
    const trail = new Trail()
    const facts = new Facts(trail)
    facts.unify(a, constant(4))
    const mark = trail.mark()
    facts.unify(b, c)
    facts.learnDivides(c, d, true)
    facts.learnAtMost(c, d)
    const learnt = trail.since(mark)
    trail.undo(mark)
    assert.equal(facts.resolve(a).value, 4)
    assert.notEqual(facts.resolve(b).key, facts.resolve(c).key)
    assert.equal(facts.divides(c, d), null)
    trail.redo(learnt)
    assert.equal(facts.resolve(b).key, facts.resolve(c).key)
    assert.equal(facts.divides(c, d), true)
    assert.equal(facts.isAtMost(facts.resolve(c), d), true)
  })
})

describe('divisibility', () => {
  it('makes a quotient exact', () => {
    const facts = noFacts()
    const quotient = floorDivide(a, b)
    assert.notEqual(facts.resolve(multiply(quotient, b)).key, a.key)
    assert.equal(facts.learnDivides(b, a, true), null)
    assert.equal(facts.resolve(multiply(quotient, b)).key, a.key)
    assert.equal(facts.divides(b, multiply(a, c)) !== false, true)
  })

  it('is an assumption where nothing checks it', () => {
    const facts = noFacts()
    const assumption = facts.learnDivides(b, a, false)
    assert.equal(assumption?.kind, 'divides')
    assert.deepEqual(facts.assumptions, [assumption])
  })

  it('is decided for numbers', () => {
    assert.equal(noFacts().divides(constant(4), constant(12)), true)
    assert.equal(noFacts().divides(constant(5), constant(12)), false)
    assert.equal(noFacts().divides(constant(2), scale(a, 4)), true)
    assert.equal(noFacts().divides(a, multiply(a, b)), true)
    assert.equal(noFacts().divides(b, a), null)
  })

  it('is assumed where a view needs it', () => {
    const facts = noFacts()
    const verdict = facts.unify(multiply(floorDivide(a, b), b), a)
    assert.equal(verdict.kind, 'assumed')
    for (const { left, right, kind } of facts.assumptions) {
      assert.equal(kind, 'divides')
      assert.deepEqual([left.key, right.key], [b.key, a.key])
    }
  })
})

describe('extrema', () => {
  it('are decided by order', () => {
    const facts = noFacts()
    facts.learnAtMost(a, b)
    assert.equal(facts.resolve(minimum(a, b)).key, a.key)
    assert.equal(facts.resolve(maximum(a, b)).key, b.key)
    assert.equal(
      facts.resolve(maximum(add(a, constant(1)), add(b, constant(1)))).key,
      add(b, constant(1)).key,
    )
    assert.equal(minimum(a, add(a, constant(2))).key, a.key)
    assert.equal(maximum(constant(0), a).key, a.key)
    assert.equal(facts.compare(subtract(a, constant(1)), b), -1)
  })
})
