// Products of matrices and vectors: matmul, mm, bmm, addmm, outer, tensordot, kron and their kin.

import { type Dim, fresh, multiply } from '../dims/dim'
import { broadcastShapes } from '../tensors/broadcast'
import { dtypeBytes } from '../tensors/dtype'
import { dimsOf, leastRank, openShape, type Shape, scalar, shapeOf } from '../tensors/shape'
import type { Assumed, Tensor } from '../tensors/tensor'
import type { Value } from '../trace/values'
import { elementwise, promotedDType } from './elementwise-core'
import { append, broadcastBatch, differ, intList, numbersOf, sameDType, splitLast } from './nn-core'
import { failed, type OpCall, type OpEntry, type Rule, result } from './op'

/** The error of a contracted dim, with the transposition that would mend it. */
function mismatch(c: OpCall, left: Shape, right: Shape, inner: Dim, other: Dim, rightAxis: number): Value {
  const [a, b] = [c.facts.resolve(left), c.facts.resolve(right)]
  let fix = ''
  if (rightAxis === -2 && leastRank(a) >= 1 && leastRank(b) >= 2) {
    const rightLast = c.facts.at(b, -1)
    const leftRow = leastRank(a) >= 2 ? c.facts.at(a, -2) : null
    const proves = (x: Dim, y: Dim): boolean => c.facts.dims.equal(x, y).kind === 'proven'
    if (rightLast && rightLast !== 'out-of-range' && proves(inner, rightLast))
      fix = '; transpose the right one with .transpose(-2, -1)'
    else if (leftRow && leftRow !== 'out-of-range' && proves(leftRow, other))
      fix = '; transpose the left one with .transpose(-2, -1)'
  }
  return c.fail(
    'matmul-mismatch',
    `${c.name}: ${c.show(a)} @ ${c.show(b)} does not fit: dim -1 of the left is ${c.showDim(inner)}, ` +
      `dim ${rightAxis} of the right is ${c.showDim(other)}${fix}`,
  )
}

/** torch.matmul's shape for all ranks; a shape, or null after an error. */
export function matmulShape(c: OpCall, left: Shape, right: Shape): { shape: Shape; assumed: Assumed } | null {
  const certain = (shape: Shape) => ({ shape, assumed: false as const })
  const a = splitLast(c, left, 1)
  const b = splitLast(c, right, 1)
  if (a === 'too-few' || b === 'too-few') {
    c.fail(
      'matmul-mismatch',
      `${c.name}: ${c.show(left)} @ ${c.show(right)}: both operands need at least 1 dim`,
    )
    return null
  }
  const [inner] = a?.last ?? []
  const [x, y] = [c.facts.resolve(left), c.facts.resolve(right)]
  if (!inner) return certain(openShape())
  const isVector = dimsOf(y)?.length === 1
  if (isVector && b) {
    const [other] = b.last
    if (other && !c.unify(inner, other)) {
      mismatch(c, x, y, inner, other, -1)
      return null
    }
    return certain(a?.rest ?? openShape())
  }
  if (leastRank(y) < 2) return certain(openShape())
  const columns = splitLast(c, y, 2)
  if (!columns || columns === 'too-few') return certain(openShape())
  const [other, width] = columns.last
  if (!other || !width) return certain(openShape())
  if (!c.unify(inner, other)) {
    mismatch(c, x, y, inner, other, -2)
    return null
  }
  const rows = c.facts.resolve(x)
  if (dimsOf(rows)?.length === 1) return certain(append(columns.rest, width))
  // A matrix on the right keeps whatever dims the left has.
  if (dimsOf(columns.rest)?.length === 0 && a) return certain(append(a.rest, width))
  if (leastRank(rows) < 2) return certain(openShape([], [width]))
  const body = splitLast(c, rows, 2)
  if (!body || body === 'too-few') return certain(openShape([], [width]))
  const [height] = body.last
  const batch = broadcastBatch(c, 'matmul-mismatch', body.rest, columns.rest, 2, [rows, y])
  if (!batch || !height) return null
  return { shape: append(batch.shape, height, width), assumed: batch.assumed }
}

const matmul: Rule = (c) => {
  const [left, right] = [c.tensor('input'), c.tensor('other')]
  const dtype = sameDType(c, [left, right])
  if (dtype === false) return failed()
  const found = matmulShape(c, left.shape, right.shape)
  if (!found) return failed()
  const out = result(found.shape, dtype)
  return found.assumed ? { ...out, assumed: found.assumed } : out
}

/** The dims of an operand that must have a certain rank; null after an error. */
function ranked(c: OpCall, t: Tensor, rank: number, name: string): readonly Dim[] | null {
  const dims = c.facts.requireRank(t.shape, rank)
  if (dims) return dims
  const kind = rank === 1 ? 'a vector' : rank === 2 ? 'a matrix' : `a tensor of ${rank} dims`
  c.fail(
    'matmul-mismatch',
    `${c.name}: ${name} must be ${kind}, and it is ${c.show(t.shape)}; torch.matmul takes any rank`,
  )
  return null
}

interface Product {
  dims: readonly Dim[]
  operands: readonly Tensor[]
}

/** A product of operands of fixed ranks: the left's last dim meets the right's first (behind the batch). */
function fixedProduct(
  c: OpCall,
  leftName: string,
  leftRank: number,
  rightName: string,
  rightRank: number,
): Product | null {
  const [left, right] = [c.tensor(leftName), c.tensor(rightName)]
  const a = ranked(c, left, leftRank, leftName)
  const b = ranked(c, right, rightRank, rightName)
  if (!a || !b) return null
  if (leftRank === 3) {
    const [x, y] = [a[0] as Dim, b[0] as Dim]
    if (!c.unify(x, y)) {
      c.fail(
        'matmul-mismatch',
        `${c.name}: ${c.show(left.shape)} and ${c.show(right.shape)} have batches of ${c.showDim(x)} ` +
          `and ${c.showDim(y)}, ` +
          'which must be equal; torch.matmul broadcasts them',
      )
      return null
    }
  }
  const [inner, other] = [a[leftRank - 1] as Dim, b[Math.max(0, rightRank - 2)] as Dim]
  if (!c.unify(inner, other)) {
    mismatch(c, left.shape, right.shape, inner, other, rightRank === 1 ? -1 : -2)
    return null
  }
  return {
    dims: [...a.slice(0, leftRank - 1), ...b.slice(Math.max(0, rightRank - 1))].slice(
      0,
      leftRank === 3 ? 3 : 2,
    ),
    operands: [left, right],
  }
}

const product =
  (leftName: string, leftRank: number, rightName: string, rightRank: number): Rule =>
  (c) => {
    const found = fixedProduct(c, leftName, leftRank, rightName, rightRank)
    if (!found) return failed()
    const dtype = sameDType(c, found.operands)
    if (dtype === false) return failed()
    const dims = rightRank === 1 ? found.dims.slice(0, leftRank - 1) : found.dims
    return result(shapeOf(dims.map((d) => c.facts.dims.resolve(d))), dtype)
  }

/**
 * A product for each group: a stack of matrices, or a matrix whose rows, columns or both `offs` cuts
 * into as many groups (torch.nn.functional.grouped_mm).
 */
const groupedProduct: Rule = (c) => {
  const [left, right, offsets] = [c.tensor('mat_a'), c.tensor('mat_b'), c.value('offs')]
  const asked = c.dtype('out_dtype')
  const dtype = asked === undefined ? sameDType(c, [left, right]) : asked
  if (dtype === false) return failed()
  const [a, b] = [left, right].map((t) => dimsOf(c.facts.resolve(t.shape)))
  if (!a || !b) return result(openShape(), dtype, null)
  const [rows, inner] = a.slice(-2)
  const [other, columns] = b.slice(-2)
  if (!rows || !inner || !other || !columns || a.length > 3 || b.length > 3)
    return c.fail(
      'matmul-mismatch',
      `${c.name}: both must be matrices or stacks of matrices, and they are ${c.show(left.shape)} and ${c.show(right.shape)}`,
    )
  if (!c.unify(inner, other)) {
    mismatch(c, left.shape, right.shape, inner, other, -2)
    return failed()
  }
  const cut = offsets.kind === 'tensor' ? dimsOf(c.facts.resolve(offsets.shape))?.[0] : undefined
  const groups = [
    ...[a, b].flatMap((dims) => (dims.length === 3 ? dims.slice(0, 1) : [])),
    ...(cut ? [cut] : []),
  ]
  const [count = fresh(), again = count] = groups
  if (!c.unify(count, again))
    return c.fail(
      'matmul-mismatch',
      `${c.name}: there are ${c.showDim(count)} and ${c.showDim(again)} groups for ${c.show(left.shape)} and ` +
        `${c.show(right.shape)}, which must be as many`,
    )
  const isStack = a.length === b.length
  const isAligned = dtype && columns.value !== null && (columns.value * dtypeBytes[dtype]) % 16 === 0
  return result(shapeOf([...(isStack ? [count] : []), rows, columns]), dtype, isAligned ? 'contiguous' : null)
}

/** `input + left @ right`, where the input is expanded to the product's shape. */
const addedProduct =
  (leftName: string, leftRank: number, rightName: string, rightRank: number, sums = false): Rule =>
  (c) => {
    const found = fixedProduct(c, leftName, leftRank, rightName, rightRank)
    if (!found) return failed()
    const input = c.tensor('input')
    const dtype = sameDType(c, [input, ...found.operands])
    if (dtype === false) return failed()
    const dims = rightRank === 1 ? found.dims.slice(0, leftRank - 1) : sums ? found.dims.slice(1) : found.dims
    const shape = c.facts.resolve(shapeOf(dims))
    const joined = broadcastShapes(shape, input.shape, c.facts)
    if (joined.kind === 'clash' || leastRank(input.shape) > shape.lead.length) {
      return c.fail(
        'matmul-mismatch',
        `${c.name}: the added tensor ${c.show(input.shape)} cannot be expanded to the product's shape ` +
          `${c.show(shape)}`,
      )
    }
    return result(shape, dtype)
  }

const outer: Rule = (c) => {
  const [left, right] = [
    c.tensor('input'),
    c.tensor(c.name === 'outer' || c.name === 'ger' ? 'vec2' : 'other'),
  ]
  const [a, b] = [ranked(c, left, 1, 'input'), ranked(c, right, 1, 'vec2')]
  if (!a || !b) return failed()
  return result(shapeOf([...a, ...b]), promotedDType([left, right]))
}

const inner: Rule = (c) => {
  const [left, right] = [c.tensor('input'), c.tensor('other')]
  if ([left, right].some((t) => dimsOf(t.shape)?.length === 0))
    return elementwise(c, [left, right], promotedDType([left, right]))
  const dtype = sameDType(c, [left, right])
  if (dtype === false) return failed()
  if (leastRank(left.shape) === 0 || leastRank(right.shape) === 0) return result(openShape(), dtype)
  const [a, b] = [splitLast(c, left.shape, 1), splitLast(c, right.shape, 1)]
  if (!a || !b || a === 'too-few' || b === 'too-few') return result(openShape(), dtype)
  const [x, y] = [a.last[0] as Dim, b.last[0] as Dim]
  if (!c.unify(x, y)) return mismatch(c, left.shape, right.shape, x, y, -1)
  const rest = dimsOf(b.rest)
  const front = dimsOf(a.rest)
  if (rest) return result(append(a.rest, ...rest), dtype)
  return result(
    front ? { ...b.rest, lead: [...front, ...b.rest.lead] } : openShape(a.rest.lead, b.rest.trail),
    dtype,
  )
}

const multiDot: Rule = (c) => {
  const tensors = c.tensors('tensors')
  const dtype = sameDType(c, tensors)
  if (dtype === false) return failed()
  let [shape] = tensors.map((t) => t.shape)
  const [only] = tensors
  if (only && tensors.length === 1 && c.name === 'chain_matmul') return only
  if (!shape || tensors.length < 2)
    return c.fail('matmul-mismatch', `${c.name}: at least two tensors are needed`)
  for (const [i, t] of tensors.slice(1).entries()) {
    const isEnd = i === tensors.length - 2
    if (leastRank(t.shape) > 2 || (!isEnd && dimsOf(t.shape)?.length === 1))
      return c.fail(
        'matmul-mismatch',
        `${c.name}: each tensor must be a matrix, and one is ${c.show(t.shape)}`,
      )
    const found = matmulShape(c, shape, t.shape)
    if (!found) return failed()
    shape = found.shape
  }
  return result(shape, dtype)
}

const tensordot: Rule = (c) => {
  const [left, right] = [c.tensor('a'), c.tensor('b')]
  const dtype = sameDType(c, [left, right])
  if (dtype === false) return failed()
  const given = c.value('dims')
  const [x, y] = [dimsOf(left.shape), dimsOf(right.shape)]
  let [first, second]: (number[] | null)[] = [null, null]
  if (given.kind === 'int') {
    const count = given.dim.value
    if (count !== null && x) {
      first = Array.from({ length: count }, (_, i) => x.length - count + i)
      second = Array.from({ length: count }, (_, i) => i)
    }
  } else {
    const [one, two] = c.env.itemsOf(given) ?? []
    if (one && two) [first, second] = [numbersOf(intList(c, one)), numbersOf(intList(c, two))]
  }
  if (!x || !y || !first || !second) return result(openShape(), dtype, null)
  if (first.length !== second.length)
    return c.fail(
      'matmul-mismatch',
      `${c.name}: ${first.length} dims of the left and ${second.length} of the right cannot be paired`,
    )
  const [a, b] = [first.map((i) => (i < 0 ? i + x.length : i)), second.map((i) => (i < 0 ? i + y.length : i))]
  if (a.some((i) => !x[i]) || b.some((i) => !y[i]))
    return c.fail(
      'dim-out-of-range',
      `${c.name}: a dim is out of range for ${c.show(left.shape)} and ${c.show(right.shape)}`,
    )
  for (const [n, i] of a.entries()) {
    const [p, q] = [x[i] as Dim, y[b[n] as number] as Dim]
    // Contracted dims of size 1 are summed away before the product.
    if (p.value === 1 || q.value === 1) continue
    if (!c.unify(p, q))
      return c.fail(
        'matmul-mismatch',
        `${c.name}: dim ${i} of ${c.show(left.shape)} is ${c.showDim(p)}, dim ${b[n]} of ` +
          `${c.show(right.shape)} is ${c.showDim(q)}; they are contracted and must be equal`,
      )
  }
  return result(
    shapeOf([...x.filter((_, i) => !a.includes(i)), ...y.filter((_, i) => !b.includes(i))]),
    dtype,
  )
}

const kron: Rule = (c) => {
  const [left, right] = [c.tensor('input'), c.tensor('other')]
  const dtype = promotedDType([left, right])
  const [x, y] = [dimsOf(left.shape), dimsOf(right.shape)]
  if (!x || !y) return result(openShape(), dtype)
  const rank = Math.max(x.length, y.length)
  const dims = Array.from({ length: rank }, (_, i) => {
    const [a, b] = [x[i - rank + x.length], y[i - rank + y.length]]
    return a && b ? multiply(a, b) : ((a ?? b) as Dim)
  })
  const isDense = left.layout === 'contiguous' && right.layout === 'contiguous'
  return result(shapeOf(dims), dtype, isDense ? 'contiguous' : null)
}

const vecdot: Rule = (c) => {
  const [left, right] = [c.tensor('x'), c.tensor('y')]
  const dtype = sameDType(c, [left, right])
  if (dtype === false) return failed()
  const axis = c.int('dim').value
  const joined = broadcastShapes(left.shape, right.shape, c.facts)
  if (joined.kind === 'clash')
    return c.fail(
      'matmul-mismatch',
      `${c.name}: ${c.show(left.shape)} and ${c.show(right.shape)} do not broadcast`,
    )
  const dims = dimsOf(joined.shape)
  if (!dims || axis === null || joined.assumed) return result(openShape(), dtype)
  // PyTorch does not always look at the dim where a size is 1.
  if (axis >= dims.length || axis < -dims.length) return c.stop()
  const i = axis < 0 ? axis + dims.length : axis
  return result(shapeOf(dims.filter((_, j) => j !== i)), dtype)
}

const dot: Rule = (c) => {
  const [left, right] = [c.tensor('input'), c.tensor(c.name === 'dot' ? 'tensor' : 'other')]
  // NumPy's arrays have a `dot` of any rank, and of these nothing tells which they are.
  if (left.dtype === null && right.dtype === null && !c.env.isConcrete) {
    const isVectors = [left, right].every(({ shape }) => dimsOf(shape)?.length === 1)
    if (!isVectors) return c.stop()
  }
  const [a, b] = [ranked(c, left, 1, 'input'), ranked(c, right, 1, 'the other')]
  if (!a || !b) return failed()
  const dtype = sameDType(c, [left, right])
  if (dtype === false) return failed()
  const [x, y] = [a[0] as Dim, b[0] as Dim]
  if (differ(c, x, y) || !c.unify(x, y)) return mismatch(c, left.shape, right.shape, x, y, -1)
  return result(scalar, dtype)
}

export const matmulOps: readonly OpEntry[] = [
  ['matmul(input: Tensor, other: Tensor)', 'torch method linalg', matmul],
  ...['mm', 'spmm'].map(
    (name): OpEntry => [
      `${name}(input: Tensor, mat2: Tensor)`,
      'torch method',
      product('input', 2, 'mat2', 2),
    ],
  ),
  ...[
    ['grouped_mm', 'F'],
    ['_grouped_mm', 'torch'],
  ].map(
    ([name, place = '']): OpEntry => [
      `${name}(mat_a: Tensor, mat_b: Tensor, *, offs: any = None, bias: any = None, out_dtype: dtype? = None)`,
      place,
      groupedProduct,
    ],
  ),
  ['bmm(input: Tensor, mat2: Tensor)', 'torch method', product('input', 3, 'mat2', 3)],
  ['mv(input: Tensor, vec: Tensor)', 'torch method', product('input', 2, 'vec', 1)],
  ['dot(input: Tensor, tensor: Tensor)', 'torch method', dot],
  ['vdot(input: Tensor, other: Tensor)', 'torch method', dot],
  ['inner(input: Tensor, other: Tensor)', 'torch method', inner],
  ['outer(input: Tensor, vec2: Tensor)', 'torch method', outer],
  ['ger(input: Tensor, vec2: Tensor)', 'torch method', outer],
  [
    'addmm(input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: any = 1, alpha: any = 1)',
    'torch method inplace',
    addedProduct('mat1', 2, 'mat2', 2),
  ],
  [
    'addmv(input: Tensor, mat: Tensor, vec: Tensor, *, beta: any = 1, alpha: any = 1)',
    'torch method inplace',
    addedProduct('mat', 2, 'vec', 1),
  ],
  [
    'baddbmm(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: any = 1, alpha: any = 1)',
    'torch method inplace',
    addedProduct('batch1', 3, 'batch2', 3),
  ],
  [
    'addbmm(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: any = 1, alpha: any = 1)',
    'torch method',
    addedProduct('batch1', 3, 'batch2', 3, true),
  ],
  [
    // The tensor itself takes the sum's shape.
    'addbmm_(input: Tensor, batch1: Tensor, batch2: Tensor, *, beta: any = 1, alpha: any = 1)',
    'method',
    addedProduct('batch1', 3, 'batch2', 3, true),
  ],
  [
    'addr(input: Tensor, vec1: Tensor, vec2: Tensor, *, beta: any = 1, alpha: any = 1)',
    'torch method inplace',
    (c) => {
      const [input, left, right] = [c.tensor('input'), c.tensor('vec1'), c.tensor('vec2')]
      const [a, b] = [ranked(c, left, 1, 'vec1'), ranked(c, right, 1, 'vec2')]
      if (!a || !b) return failed()
      const shape = shapeOf([...a, ...b])
      const joined = broadcastShapes(shape, input.shape, c.facts)
      if (joined.kind === 'clash' || leastRank(input.shape) > 2)
        return c.fail(
          'matmul-mismatch',
          `${c.name}: the added tensor ${c.show(input.shape)} cannot be expanded to ${c.show(shape)}`,
        )
      const isDense = input.layout === 'contiguous'
      return result(shape, promotedDType([input, left, right]), isDense ? 'contiguous' : null)
    },
  ],
  ['chain_matmul(*tensors: Tensors)', 'torch', multiDot],
  ['multi_dot(tensors: Tensors)', 'linalg', multiDot],
  ['tensordot(a: Tensor, b: Tensor, dims: any = 2)', 'torch', tensordot],
  ['kron(input: Tensor, other: Tensor)', 'torch method', kron],
  ['vecdot(x: Tensor, y: Tensor, *, dim: int = -1)', 'linalg torch', vecdot],
]
