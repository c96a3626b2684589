// Views, contiguity and elementwise strides against recorded PyTorch, and symbolic sizes against numbers.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { constant, type Dim, floorDivide, multiply, ofAtom, one } from '../../src/dims/dim'
import { Facts } from '../../src/dims/facts'
import { printDim } from '../../src/dims/print'
import { Trail } from '../../src/dims/trail'
import { elementwiseStrides, isContiguous, viewStrides } from '../../src/tensors/layout'
import { contiguousStrides } from '../../src/tensors/tensor'
import { names, Random, type Witness, wholeValue, witness } from '../dims/random'

type Sizes = number[]
interface Recorded {
  views: [dims: Sizes, strides: Sizes, target: Sizes, result: Sizes | null][]
  contiguous: [dims: Sizes, strides: Sizes, isContiguous: 0 | 1][]
  elementwise: [operands: [Sizes, Sizes][], dims: Sizes, strides: Sizes][]
}

const recorded = JSON.parse(readFileSync('test/tensors/layout.json', 'utf8')) as Recorded
const facts = new Facts(new Trail())
const dims = (sizes: readonly number[]): Dim[] => sizes.map(constant)
const numbers = (strides: readonly Dim[] | null): (number | null)[] | null =>
  strides?.map((s) => s.value) ?? null

describe('the layout rules', () => {
  it('allow the views that PyTorch allows, with its strides', () => {
    for (const [shape, strides, target, wanted] of recorded.views) {
      const result = viewStrides(dims(shape), dims(strides), dims(target), facts)
      const what = `[${shape}] with strides [${strides}] as [${target}]`
      assert.equal(result.kind, wanted ? 'legal' : 'illegal', what)
      if (result.kind === 'legal') assert.deepEqual(numbers(result.strides), wanted, what)
    }
  })

  it('know what is contiguous', () => {
    for (const [shape, strides, wanted] of recorded.contiguous)
      assert.equal(isContiguous(dims(shape), dims(strides), facts), wanted === 1, `[${shape}] [${strides}]`)
  })

  it('lay out elementwise results as PyTorch does', () => {
    for (const [operands, shape, wanted] of recorded.elementwise) {
      const given = operands.map(([d, s]) => ({ dims: dims(d), strides: dims(s) }))
      const strides = numbers(elementwiseStrides(dims(shape), given, facts))
      assert.deepEqual(strides, wanted, operands.map(([d, s]) => `[${d}] strides [${s}]`).join(' + '))
    }
  })
})

/** A tensor of named sizes, its dims in some order. */
function someTensor(random: Random): { dims: Dim[]; strides: Dim[] } {
  const sizes = Array.from({ length: random.integer(1, 4) }, () => ofAtom(random.pick(names as never)))
  const strides = contiguousStrides(sizes)
  const order = random.integer(0, 2) === 0 ? random.shuffled([...sizes.keys()]) : [...sizes.keys()]
  return { dims: order.map((i) => sizes[i] ?? one), strides: order.map((i) => strides[i] ?? one) }
}

/** Neighbours merged, sizes cut up. */
function someTarget(random: Random, given: readonly Dim[]): Dim[] {
  const target = [...given]
  for (let i = random.integer(0, 2); i > 0; i--) {
    const at = random.integer(0, target.length - 1)
    const [own, next] = [target[at] ?? one, target[at + 1]]
    if (next && random.integer(0, 1)) target.splice(at, 2, multiply(own, next))
    else if (random.integer(0, 2) === 0) target.splice(at, 0, one)
    else target.splice(at, 1, constant(2), floorDivide(own, constant(2)))
  }
  return target
}

const valuesOf = (all: readonly Dim[], sizes: Witness): number[] =>
  all.map((d) => wholeValue(d, sizes) ?? Number.NaN)

describe('symbolic layouts', () => {
  it('of views decide what every choice of sizes decides', () => {
    const random = new Random(31)
    let decided = 0
    for (let i = 0; i < 3000; i++) {
      const tensor = someTensor(random)
      const target = someTarget(random, tensor.dims)
      const known = new Facts(new Trail())
      // Sizes are even here, so that those that are cut in two keep all elements.
      for (const name of names) known.learnDivides(constant(2), ofAtom(name), true)
      const [shape, wanted] = [tensor.dims, target].map((all) => all.map((d) => known.resolve(d)))
      assert.ok(shape && wanted)
      const result = viewStrides(shape, tensor.strides, wanted, known)
      if (result.kind === 'unknown') continue
      decided++
      for (let j = 0; j < 3; j++) {
        const sizes: Witness = new Map([...witness(random, 2, 4)].map(([s, n]) => [s, 2 * n]))
        const [d, s, t] = [shape, tensor.strides, wanted].map((all) => valuesOf(all, sizes))
        assert.ok(d && s && t)
        const numeric = viewStrides(dims(d), dims(s), dims(t), facts)
        const what: string = `[${shape.map((x) => printDim(x))}] [${tensor.strides.map((x) => printDim(x))}] as [${wanted.map((x) => printDim(x))}] with ${d}`
        assert.equal(numeric.kind, result.kind, what)
        if (result.kind === 'legal' && numeric.kind === 'legal')
          assert.deepEqual(valuesOf(result.strides, sizes), numbers(numeric.strides), what)
      }
    }
    assert.ok(decided > 1500, `${decided} are decided`)
  })

  it('of contiguity and of sums decide what every choice of sizes decides', () => {
    const random = new Random(32)
    let decided = 0
    for (let i = 0; i < 2000; i++) {
      const tensor = someTensor(random)
      const contiguous = isContiguous(tensor.dims, tensor.strides, facts)
      const other = { dims: tensor.dims, strides: contiguousStrides(tensor.dims) }
      const sum = elementwiseStrides(tensor.dims, random.integer(0, 1) ? [tensor, other] : [tensor], facts)
      if (sum) decided++
      for (let j = 0; j < 3; j++) {
        const sizes = witness(random, 2, 6)
        const [d, s] = [valuesOf(tensor.dims, sizes), valuesOf(tensor.strides, sizes)]
        if (contiguous !== null)
          assert.equal(
            isContiguous(dims(d), dims(s), facts),
            contiguous,
            `[${tensor.dims.map((x) => printDim(x))}]`,
          )
      }
    }
    assert.ok(decided > 1000, `${decided} are decided`)
  })
})
