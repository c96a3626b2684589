// Systems of equations: torch.linalg.solve and its kin, and products with the factors of a decomposition.

import { type Dim, maximum, minimum, one, product, zero } from '../dims/dim'
import type { DType } from '../tensors/dtype'
import { dimsOf, openShape, type Shape, shapeOf } from '../tensors/shape'
import { stridesInOrder, type Tensor } from '../tensors/tensor'
import { tuple, type Value } from '../trace/values'
import { code, columnsOf, firstTensor, inColumns, type Matrix, matrix, real } from './linalg-core'
import { append, broadcastBatch, differ, intList } from './nn-core'
import { failed, type OpCall, type OpEntry, type Rule, result } from './op'
import { layoutOf } from './view-size'

/** linalg.solve: the right side is a vector, a batch of vectors, or matrices. */
const solve: Rule = (c) => {
  const [left, right] = [c.tensor('A'), c.tensor('B')]
  const a = matrix(c, left, true)
  const isRight = c.bool('left')
  const [batch, other] = [dimsOf(a.batch), dimsOf(right.shape)]
  if (!batch || !other || isRight === null) return c.stop(result(openShape(), left.dtype, null))
  const isVector =
    other.length === 1 ||
    (other.length === batch.length + 1 &&
      other.every((d, i) => !differ(c, d, ([...batch, a.rows][i] ?? one) as Dim)))
  if (isVector) {
    const last = other[other.length - 1] as Dim
    if (!c.unify(a.rows, last)) c.refuse(code, misfit(c, left, right, a.rows, last))
    const joined = broadcastBatch(c, code, a.batch, shapeOf(other.slice(0, -1)), 1, [left.shape, right.shape])
    if (!joined) return failed()
    const size = append(joined.shape, a.rows)
    // The vectors are the columns of one matrix.
    return solved(c, batch.length === 0 ? result(size, left.dtype) : inColumns(size, left.dtype), a.batch)
  }
  const b = matrix(c, right, false)
  const meets = isRight ? b.rows : b.columns
  if (!c.unify(a.rows, meets)) c.refuse(code, misfit(c, left, right, a.rows, meets))
  const joined = broadcastBatch(c, code, a.batch, b.batch, 2, [left.shape, right.shape])
  if (!joined) return failed()
  const size = append(joined.shape, b.rows, b.columns)
  return solved(c, isRight ? inColumns(size, left.dtype) : result(size, left.dtype), a.batch)
}

/** What `solve` gives; `solve_ex` tells also for each matrix whether it went well. */
const solved = (c: OpCall, found: Tensor, batch: Shape): Value =>
  c.name === 'solve' ? found : tuple([found, result(batch, 'int32')], ['result', 'info'])

const misfit = (c: OpCall, left: Tensor, right: Tensor, a: Dim, b: Dim): string =>
  `${c.name}: ${c.show(left.shape)} and ${c.show(right.shape)} do not fit: the matrices have size ` +
  `${c.showDim(a)}, the other side ${c.showDim(b)}`

/** Refuses pivots or factors that are not one vector for each matrix, as long as its last dims allow. */
function needVectors(c: OpCall, name: string, matrices: Tensor): void {
  const given = c.bound.has(name) ? c.env.settle(c.value(name)) : null
  const [own, wanted] = [
    given?.kind === 'tensor' && dimsOf(c.facts.resolve(given.shape)),
    dimsOf(matrices.shape),
  ]
  if (!own || !wanted) return
  const fits =
    own.length === wanted.length - 1 && own.slice(0, -1).every((d, i) => !differ(c, d, wanted[i] as Dim))
  const isWhole = c.name === 'lu_solve' || c.name === 'ldl_solve'
  const [last, rows] = [own.at(-1), wanted.at(-2)]
  if (fits && !(isWhole && last && rows && differ(c, last, rows))) return
  c.refuse(
    code,
    `${c.name}: ${name} ${c.show(shapeOf(own))} must have one vector for each of the matrices ` +
      `${c.show(matrices.shape)}`,
  )
}

/** Solvers of two matrix arguments by name: the first named has the square matrices. */
const solveWith =
  (squareName: string, otherName: string): Rule =>
  (c) => {
    const [left, right] = [c.tensor(squareName), c.tensor(otherName)]
    const [a, b] = [matrix(c, left, true), matrix(c, right, false)]
    for (const name of ['pivots', 'LU_pivots']) needVectors(c, name, left)
    const onLeft = c.bound.has('left') ? c.bool('left') : true
    if (onLeft === null) return c.stop(result(openShape(), left.dtype, null))
    const meets = onLeft ? b.rows : b.columns
    if (!c.unify(a.rows, meets)) c.refuse(code, misfit(c, left, right, a.rows, meets))
    const joined = broadcastBatch(c, code, a.batch, b.batch, 2, [left.shape, right.shape])
    if (!joined) return failed()
    const out = columnsOf(joined.shape, left.dtype, b.rows, b.columns)
    if (c.name === 'lu_solve' && !onLeft) return result(out.shape, left.dtype)
    if (c.name !== 'triangular_solve') return out
    return tuple(
      [out, columnsOf(joined.shape, left.dtype, a.rows, a.rows)],
      ['solution', 'cloned_coefficient'],
    )
  }

const lstsq: Rule = (c) => {
  const [left, right] = [c.tensor('A'), c.tensor('B')]
  const [x, y] = [dimsOf(left.shape), dimsOf(right.shape)]
  // One dim less on the right is a batch of vectors, which PyTorch broadcasts in its own way.
  if (!x || !y || x.length === y.length + 1) return c.stop()
  const [a, b] = [matrix(c, left, false), matrix(c, right, false)]
  if (!c.unify(a.rows, b.rows)) c.refuse(code, misfit(c, left, right, a.rows, b.rows))
  const joined = broadcastBatch(c, code, a.batch, b.batch, 2, [left.shape, right.shape])
  if (!joined) return failed()
  const driver = c.isGiven('driver') ? c.str('driver') : 'gelsy'
  const shape = append(joined.shape, a.columns, b.columns)
  const dims = dimsOf(shape)
  // The solution is the top of what was as high as the higher of the two.
  const height = maximum(a.rows, a.columns)
  const strides = dims && inColumns(append(joined.shape, height, b.columns), null).layout
  const solution = result(shape, left.dtype, strides && a.rows.key !== a.columns.key ? strides : null)
  return tuple(
    [
      a.rows.key === a.columns.key ? inColumns(shape, left.dtype) : solution,
      driver === 'gelsy'
        ? nothing(real(left.dtype))
        : residuals(c, driver, a, b, joined.shape, real(left.dtype)),
      driver === 'gels'
        ? nothing('int64')
        : driver
          ? result(joined.shape, 'int64')
          : result(openShape(), 'int64', null),
      driver === 'gelsy' || driver === 'gels'
        ? nothing(real(left.dtype))
        : driver
          ? result(append(joined.shape, minimum(a.rows, a.columns)), real(left.dtype))
          : result(openShape(), real(left.dtype), null),
    ],
    ['solution', 'residuals', 'rank', 'singular_values'],
  )
}

/** What is left over of each right side; without `gels` it is there only for matrices of full rank. */
function residuals(
  c: OpCall,
  driver: string | null,
  a: Matrix,
  b: Matrix,
  batch: Shape,
  dtype: DType | null,
): Tensor {
  const order = driver === 'gels' ? c.facts.dims.order(a.rows, a.columns) : null
  if (order === null) return result(openShape(), dtype, null)
  return order > 0 ? result(append(batch, b.columns), dtype) : nothing(dtype)
}
const nothing = (dtype: DType | null): Tensor => result(shapeOf([zero]), dtype)

/** tensorinv: dims in front and behind that hold the same number of elements. */
const tensorInverse: Rule = (c) => {
  const input = c.tensor('A')
  const dims = dimsOf(input.shape)
  const cut = c.int('ind').value
  if (!dims || cut === null) return c.stop()
  const [front, back] = [dims.slice(0, cut), dims.slice(cut)]
  if (cut < 1 || !c.unify(product(front), product(back)))
    c.refuse(
      code,
      `${c.name}: the first ${cut} dims of ${c.show(input.shape)} must hold as much as the others`,
    )
  const out = [...back, ...front]
  // It is an inverse, which is in columns, seen as a tensor.
  const order = [...out.keys()]
  order.unshift(...order.splice(back.length))
  return result(shapeOf(out), input.dtype, layoutOf(out, stridesInOrder(out, order)))
}

/** tensorsolve: the dims of `A` without those that meet `B`. */
const tensorSolve: Rule = (c) => {
  const [left, right] = [c.tensor('A'), c.tensor('B')]
  const [own, other] = [dimsOf(left.shape), dimsOf(right.shape)]
  const moved = c.env.settle(c.value('dims'))
  const given = moved.kind === 'none' ? [] : intList(c, moved)
  if (!own || !other || !given) return c.stop()
  const places = given.map((d) => c.axis(left.shape, d))
  if (places.includes('failed')) return failed()
  if (places.includes(null)) return c.stop()
  const order = [...own.keys()].filter((i) => !places.includes(i))
  const dims = [...order, ...(places as number[])].map((i) => own[i] ?? one)
  const out = dims.slice(other.length)
  if (!c.unify(product(out), product(dims.slice(0, other.length))) || !c.unify(product(out), product(other)))
    c.refuse(
      code,
      `${c.name}: ${c.show(left.shape)} and ${c.show(right.shape)} do not fit: the dims that the result keeps ` +
        'must hold as much as the others, and as much as the right side',
    )
  return result(shapeOf(out), left.dtype)
}

const householder: Rule = (c) => {
  const input = firstTensor(c)
  const { batch, rows, columns } = matrix(c, input, false)
  if (c.facts.dims.atMost(columns, rows) === false)
    c.refuse(code, `${c.name}: ${c.show(input.shape)} has more columns than rows`)
  const tau = c.tensor('tau')
  const [a, b] = [dimsOf(batch), dimsOf(tau.shape)]
  const fits =
    !a ||
    !b ||
    (b.length === a.length + 1 &&
      a.every((d, i) => !differ(c, d, b[i] as Dim)) &&
      c.facts.dims.atMost(b[a.length] as Dim, columns) !== false)
  if (!fits)
    c.refuse(code, `${c.name}: tau ${c.show(tau.shape)} does not fit the matrices ${c.show(input.shape)}`)
  return columnsOf(batch, input.dtype, rows, columns)
}

/** `Q @ other` or `other @ Q`, where `Q` is given by its reflectors. */
const reflected: Rule = (c) => {
  const [input, tau, other] = [c.tensor('input'), c.tensor('tau'), c.tensor('other')]
  const [a, b] = [matrix(c, input, false), matrix(c, other, false)]
  const onLeft = c.bool('left')
  if (onLeft === null) return c.stop(result(openShape(), other.dtype, null))
  const meets = onLeft ? b.rows : b.columns
  if (!c.unify(a.rows, meets)) c.refuse(code, misfit(c, input, other, a.rows, meets))
  needVectors(c, 'tau', input)
  if (dimsOf(a.batch) && dimsOf(b.batch) && !c.alike(a.batch, b.batch))
    c.refuse(
      code,
      `${c.name}: the batch dims of ${c.show(input.shape)} and ${c.show(other.shape)} must be equal`,
    )
  const count = dimsOf(tau.shape)?.at(-1)
  if (count && differ(c, count, minimum(meets, a.columns)))
    c.refuse(code, `${c.name}: tau ${c.show(tau.shape)} does not fit the matrices ${c.show(input.shape)}`)
  return columnsOf(b.batch, other.dtype, b.rows, b.columns)
}

/** `(P, L, U)` of a factorisation that `lu_factor` gave. */
const unpacked: Rule = (c) => {
  const factors = c.tensor('LU_data')
  const { batch, rows, columns } = matrix(c, factors, false)
  const [data, pivots] = [c.bool('unpack_data'), c.bool('unpack_pivots')]
  const k = minimum(rows, columns)
  const part = (isAsked: boolean | null, height: Dim, width: Dim): Tensor =>
    isAsked === null
      ? result(openShape(), factors.dtype, null)
      : isAsked
        ? result(append(batch, height, width), factors.dtype)
        : result(shapeOf([zero]), factors.dtype)
  return tuple([part(pivots, rows, rows), part(data, rows, k), part(data, k, columns)], ['P', 'L', 'U'])
}

export const solverOps: readonly OpEntry[] = [
  ['solve(A: Tensor, B: Tensor, *, left: bool = True)', 'linalg', solve],
  ['solve_ex(A: Tensor, B: Tensor, *, left: bool = True, check_errors: any = False)', 'linalg', solve],
  [
    'solve_triangular(A: Tensor, B: Tensor, *, upper: any, left: bool = True, unitriangular: any = False)',
    'linalg',
    solveWith('A', 'B'),
  ],
  [
    'triangular_solve(b: Tensor, A: Tensor, upper: any = True, transpose: any = False, unitriangular: ' +
      'any = False)',
    'torch method',
    solveWith('A', 'b'),
  ],
  ['cholesky_solve(B: Tensor, L: Tensor, upper: any = False)', 'torch method', solveWith('L', 'B')],
  [
    'lu_solve(LU: Tensor, pivots: any, B: Tensor, *, left: bool = True, adjoint: any = False)',
    'linalg',
    solveWith('LU', 'B'),
  ],
  ['lu_solve(b: Tensor, LU_data: Tensor, LU_pivots: any)', 'torch method', solveWith('LU_data', 'b')],
  [
    'ldl_solve(LD: Tensor, pivots: any, B: Tensor, *, hermitian: any = False)',
    'linalg',
    solveWith('LD', 'B'),
  ],
  ['lstsq(A: Tensor, B: Tensor, rcond: any = None, *, driver: str? = None)', 'linalg', lstsq],
  ['tensorinv(A: Tensor, ind: int = 2)', 'linalg', tensorInverse],
  ['tensorsolve(A: Tensor, B: Tensor, dims: any = None)', 'linalg', tensorSolve],
  ['householder_product(A: Tensor, tau: Tensor)', 'linalg', householder],
  ['orgqr(input: Tensor, tau: Tensor)', 'torch method', householder],
  [
    'ormqr(input: Tensor, tau: Tensor, other: Tensor, left: bool = True, transpose: any = False)',
    'torch method',
    reflected,
  ],
  [
    'lu_unpack(LU_data: Tensor, LU_pivots: any, unpack_data: bool = True, unpack_pivots: bool = True)',
    'torch',
    unpacked,
  ],
]
