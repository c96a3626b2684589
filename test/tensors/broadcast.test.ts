// Broadcasting, gaps and their unification.

import assert from 'node:assert/strict'
import { constant, type Dim, fresh } from '../../src/dims/dim'
import { Facts } from '../../src/dims/facts'
import { Trail } from '../../src/dims/trail'
import { broadcastShapes } from '../../src/tensors/broadcast'
import { dimsOf, openShape, type Shape, ShapeFacts, shapeKey, shapeOf } from '../../src/tensors/shape'
import { Random } from '../dims/random'

const newFacts = (): ShapeFacts => new ShapeFacts(new Facts(new Trail()))
const numbered = (sizes: readonly number[]): Shape => shapeOf(sizes.map(constant))

/** NumPy's rule, in plain numbers: null where the shapes clash. */
function broadcastNumbers(a: readonly number[], b: readonly number[]): number[] | null {
  const rank = Math.max(a.length, b.length)
  const result: number[] = []
  for (let i = 1; i <= rank; i++) {
    const [x, y] = [a.at(-i) ?? 1, b.at(-i) ?? 1]
    if (i > a.length || i > b.length || x === y || x === 1 || y === 1) result.unshift(x === 1 ? y : x)
    else return null
  }
  return result
}

describe('broadcasting', () => {
  it('of numbers is NumPy’s', () => {
    const random = new Random(41)
    const sizes = (): number[] =>
      Array.from({ length: random.integer(0, 4) }, () => random.pick([1, 1, 2, 3, 0]))
    for (let i = 0; i < 3000; i++) {
      const [a, b] = [sizes(), sizes()]
      const wanted = broadcastNumbers(a, b)
      const result = broadcastShapes(numbered(a), numbered(b), newFacts())
      assert.equal(result.kind, wanted ? 'fits' : 'clash', `[${a}] and [${b}]`)
      if (result.kind === 'fits')
        assert.deepEqual(
          dimsOf(result.shape)?.map((d) => d.value),
          wanted,
        )
    }
  })

  it('names the clash nearest to the end', () => {
    const result = broadcastShapes(numbered([2, 3, 4]), numbered([5, 4]), newFacts())
    assert.ok(result.kind === 'clash')
    assert.deepEqual([result.index, result.left.value, result.right.value], [-2, 3, 5])
  })

  it('keeps names, and numbers that are not 1 over them', () => {
    const [b, s] = [fresh('b'), fresh('s')]
    const result = broadcastShapes(shapeOf([b, s, constant(4)]), shapeOf([s, constant(1)]), newFacts())
    assert.ok(result.kind === 'fits')
    assert.deepEqual(
      dimsOf(result.shape)?.map((d) => d.key),
      [b.key, s.key, constant(4).key],
    )
    const other = broadcastShapes(shapeOf([b]), shapeOf([constant(7)]), newFacts())
    assert.ok(other.kind === 'fits' && dimsOf(other.shape)?.[0]?.value === 7)
  })

  it('compares the last dims where a rank is not known', () => {
    const result = broadcastShapes(openShape([], [constant(3)]), numbered([2, 4]), newFacts())
    assert.equal(result.kind, 'clash')
  })
})

describe('shapes of unknown rank', () => {
  const sizes = (shape: Shape, facts: ShapeFacts): (number | null)[] | null =>
    dimsOf(facts.resolve(shape))?.map((d) => d.value) ?? null

  it('learn their rank once', () => {
    const facts = newFacts()
    const shape = openShape([constant(2)], [constant(5)])
    assert.equal(facts.requireRank(shape, 1), null)
    assert.equal(facts.requireRank(shape, 4)?.length, 4)
    assert.equal(facts.requireRank(shape, 3), null)
    assert.deepEqual(sizes(shape, facts), [2, null, null, 5])
  })

  it('learn dims at the front and at the end', () => {
    const facts = newFacts()
    const shape = openShape()
    const first = facts.at(shape, 1)
    assert.ok(first instanceof Object && first !== null)
    assert.equal(facts.resolve(shape).lead.length, 2)
    const other = openShape()
    assert.ok(facts.at(other, -3))
    assert.equal(facts.resolve(other).trail.length, 3)
    assert.equal(facts.at(numbered([1, 2]), 2), 'out-of-range')
    assert.equal(facts.at(numbered([1, 2]), -3), 'out-of-range')
  })

  it('become one with another', () => {
    const facts = newFacts()
    const [a, b] = [openShape(), openShape([], [fresh()])]
    assert.ok(facts.unify(a, b))
    assert.equal(shapeKey(facts.resolve(a)), shapeKey(facts.resolve(b)))
    assert.ok(facts.unify(b, numbered([2, 3])))
    assert.deepEqual(sizes(a, facts), [2, 3])
    assert.equal(facts.unify(a, numbered([2, 3, 4])), false)
    assert.equal(facts.unify(a, numbered([2, 4])), false)
  })

  it('have the same dim at the same place each time', () => {
    const facts = newFacts()
    const shape = openShape()
    const [x, y] = [facts.at(shape, 0), facts.at(shape, 0)] as [Dim, Dim]
    assert.equal(x.key, y.key)
    facts.dims.unify(x, constant(6))
    assert.equal(facts.resolve(shape).lead[0]?.value, 6)
  })
})
