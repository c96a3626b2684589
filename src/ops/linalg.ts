// torch.linalg and its older names: inverses, decompositions, solvers.

import { constant, type Dim, minimum, one, product } from '../dims/dim'
import type { DType } from '../tensors/dtype'
import { dimsOf, openShape, shapeOf } from '../tensors/shape'
import type { Tensor } from '../tensors/tensor'
import { tuple } from '../trace/values'
import { code, firstTensor, matrix, real } from './linalg-core'
import { append, broadcastBatch, differ, splitLast } from './nn-core'
import { failed, type OpCall, type OpEntry, type Rule, result } from './op'

/**
 * The parts of a decomposition in letters: `mk` is [*, m, k], `k` is [*, k], empty is [*]; behind a colon
 * `r` is real, `c` complex, `i` int32.
 */
const parts =
  (spec: string, isSquare: boolean, fields: string | null = null): Rule =>
  (c) => {
    const input = firstTensor(c)
    const { batch, rows, columns } = matrix(c, input, isSquare)
    const smaller = spec.includes('k') ? minimum(rows, columns) : rows
    const dims: Record<string, Dim> = { m: rows, n: columns, k: smaller }
    const made = spec.split(' ').map((text) => {
      const [letters = '', kind = ''] = text.split(':')
      const dtype =
        kind === 'i'
          ? 'int32'
          : kind === 'r'
            ? real(input.dtype)
            : kind === 'c'
              ? complex(input.dtype)
              : input.dtype
      const own = [...letters].flatMap((l) => dims[l] ?? [])
      return result(
        append(batch, ...own),
        dtype,
        own.length < 2 && batch.gap === null && batch.lead.length === 0 ? 'contiguous' : null,
      )
    })
    return fields ? tuple(made, fields.split(' ')) : (made[0] ?? failed())
  }

const complex = (dtype: DType | null): DType | null =>
  dtype === 'float64'
    ? 'complex128'
    : dtype === 'float32'
      ? 'complex64'
      : dtype?.startsWith('complex')
        ? dtype
        : null

const svd: Rule = (c) => {
  const input = firstTensor(c)
  const { batch, rows, columns } = matrix(c, input, false)
  const k = minimum(rows, columns)
  const isNew = c.bound.has('full_matrices')
  const given = isNew ? c.bool('full_matrices') : c.bool('some')
  const isFull = given === null ? null : isNew ? given : !given
  const s = result(append(batch, k), real(input.dtype), null)
  const fields = isNew ? ['U', 'S', 'Vh'] : ['U', 'S', 'V']
  if (isFull === null)
    return tuple([result(openShape(), input.dtype, null), s, result(openShape(), input.dtype, null)], fields)
  const [width, height] = isFull ? [rows, columns] : [k, k]
  const last = isNew ? append(batch, height, columns) : append(batch, columns, height)
  return tuple(
    [result(append(batch, rows, width), input.dtype, null), s, result(last, input.dtype, null)],
    fields,
  )
}

const qr: Rule = (c) => {
  const input = firstTensor(c)
  const { batch, rows, columns } = matrix(c, input, false)
  const mode = c.bound.has('mode')
    ? c.str('mode')
    : c.bool('some') === false
      ? 'complete'
      : c.bool('some')
        ? 'reduced'
        : null
  const k = minimum(rows, columns)
  const fields = ['Q', 'R']
  if (mode === 'complete')
    return tuple(
      [
        result(append(batch, rows, rows), input.dtype, null),
        result(append(batch, rows, columns), input.dtype, null),
      ],
      fields,
    )
  if (mode === 'r')
    return tuple(
      [result(shapeOf([constant(0)]), input.dtype), result(append(batch, k, columns), input.dtype, null)],
      fields,
    )
  if (mode !== 'reduced') return c.stop()
  return tuple(
    [result(append(batch, rows, k), input.dtype, null), result(append(batch, k, columns), input.dtype, null)],
    fields,
  )
}

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
    return joined ? result(append(joined.shape, a.rows), left.dtype, null) : failed()
  }
  const b = matrix(c, right, false)
  const meets = isRight ? b.rows : b.columns
  if (!c.unify(a.rows, meets)) c.refuse(code, misfit(c, left, right, a.rows, meets))
  const joined = broadcastBatch(c, code, a.batch, b.batch, 2, [left.shape, right.shape])
  return joined ? result(append(joined.shape, b.rows, b.columns), left.dtype, null) : failed()
}
const misfit = (c: OpCall, left: Tensor, right: Tensor, a: Dim, b: Dim): string =>
  `${c.name}: ${c.show(left.shape)} and ${c.show(right.shape)} do not fit: the matrices have size ` +
  `${c.showDim(a)}, the other side ${c.showDim(b)}`

/** Solvers of two matrix arguments by name: the first named has the square matrices. */
const solveWith =
  (squareName: string, otherName: string): Rule =>
  (c) => {
    const [left, right] = [c.tensor(squareName), c.tensor(otherName)]
    const [a, b] = [matrix(c, left, true), matrix(c, right, false)]
    const onLeft = c.bound.has('left') ? c.bool('left') : true
    if (onLeft === null) return c.stop(result(openShape(), left.dtype, null))
    const meets = onLeft ? b.rows : b.columns
    if (!c.unify(a.rows, meets)) c.refuse(code, misfit(c, left, right, a.rows, meets))
    const joined = broadcastBatch(c, code, a.batch, b.batch, 2, [left.shape, right.shape])
    if (!joined) return failed()
    const out = result(append(joined.shape, b.rows, b.columns), left.dtype, null)
    if (c.name !== 'triangular_solve') return out
    return tuple(
      [out, result(append(joined.shape, a.rows, a.rows), left.dtype, null)],
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
  const rest = [
    result(openShape(), real(left.dtype), null),
    result(openShape(), 'int64', null),
    result(openShape(), real(left.dtype), null),
  ]
  return tuple(
    [result(append(joined.shape, a.columns, b.columns), left.dtype, null), ...rest],
    ['solution', 'residuals', 'rank', 'singular_values'],
  )
}

/** Stops where a tolerance is a tensor, whose shape joins the result's. */
function stopAtTensors(c: OpCall, names: readonly string[]): void {
  for (const name of names) if (c.env.settle(c.value(name)).kind === 'tensor') c.stop()
}

const matrixRank: Rule = (c) => {
  stopAtTensors(c, ['tol', 'atol', 'rtol'])
  const { batch } = matrix(c, firstTensor(c), false)
  return result(batch, 'int64')
}

const matrixPower: Rule = (c) => {
  const input = firstTensor(c)
  matrix(c, input, true)
  return result(c.facts.resolve(input.shape), input.dtype, null)
}

/** The low-rank decompositions, of `q` or at most 6 components. */
const lowRank: Rule = (c) => {
  const input = firstTensor(c)
  const { batch, rows, columns } = matrix(c, input, false)
  const given = c.intOrNone('q')
  const count = given ?? minimum(constant(6), minimum(rows, columns))
  const part = (...dims: Dim[]): Tensor => result(append(batch, ...dims), input.dtype, null)
  return tuple([part(rows, count), part(count), part(columns, count)])
}

/** tensorinv and tensorsolve: dims in front and behind that hold the same number of elements. */
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
  return result(shapeOf([...back, ...front]), input.dtype, null)
}

const vander: Rule = (c) => {
  const input = c.tensor('x')
  const given = c.env.settle(c.value('N'))
  const split = splitLast(c, input.shape, 1)
  if (!split || split === 'too-few') return c.stop()
  const size = split.last[0] as Dim
  return result(append(split.rest, size, given.kind === 'int' ? given.dim : size), input.dtype, null)
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
  return result(append(batch, rows, columns), input.dtype, null)
}

export const linalgOps: readonly OpEntry[] = [
  ['inv(A: Tensor)', 'linalg', parts('mm', true)],
  ['inverse(input: Tensor)', 'torch method', parts('mm', true)],
  ['inv_ex(A: Tensor, *, check_errors: any = False)', 'linalg', parts('mm :i', true, 'inverse info')],
  [
    'pinv(A: Tensor, rcond: any = None, hermitian: any = False, *, atol: any = None, rtol: any = None)',
    'linalg',
    (c) => {
      stopAtTensors(c, ['rcond', 'atol', 'rtol'])
      return parts('nm', false)(c)
    },
  ],
  ['pinverse(input: Tensor, rcond: any = None)', 'torch method', parts('nm', false)],
  ['det(A: Tensor)', 'linalg torch method', parts('', true)],
  ['logdet(input: Tensor)', 'torch method', parts('', true)],
  ['slogdet(A: Tensor)', 'linalg torch method', parts(' :r', true, 'sign logabsdet')],
  ['cholesky(input: Tensor, *, upper: any = False)', 'linalg', parts('mm', true)],
  ['cholesky(input: Tensor, upper: any = False)', 'torch method', parts('mn', true)],
  [
    'cholesky_ex(input: Tensor, *, upper: any = False, check_errors: any = False)',
    'linalg',
    parts('mm :i', true, 'L info'),
  ],
  ['cholesky_inverse(input: Tensor, upper: any = False)', 'torch method', parts('mm', true)],
  ['cholesky_solve(B: Tensor, L: Tensor, upper: any = False)', 'torch method', solveWith('L', 'B')],
  ['eigh(A: Tensor, UPLO: any = None)', 'linalg', parts('m:r mm', true, 'eigenvalues eigenvectors')],
  ['eigvalsh(A: Tensor, UPLO: any = None)', 'linalg', parts('m:r', true)],
  ['eig(A: Tensor)', 'linalg', parts('m:c mm:c', true, 'eigenvalues eigenvectors')],
  ['eigvals(A: Tensor)', 'linalg', parts('m:c', true)],
  ['svd(A: Tensor, full_matrices: bool = True, *, driver: any = None)', 'linalg', svd],
  ['svd(input: Tensor, some: bool = True, compute_uv: any = True)', 'torch method', svd],
  ['svdvals(A: Tensor, *, driver: any = None)', 'linalg', parts('k:r', false)],
  ["qr(A: Tensor, mode: str = 'reduced')", 'linalg', qr],
  ['qr(input: Tensor, some: bool = True)', 'torch method', qr],
  ['lu(A: Tensor, *, pivot: any = True)', 'linalg', parts('mm mk kn', false, 'P L U')],
  ['lu_factor(A: Tensor, *, pivot: any = True)', 'linalg', parts('mn k:i', false, 'LU pivots')],
  [
    'lu_factor_ex(A: Tensor, *, pivot: any = True, check_errors: any = False)',
    'linalg',
    parts('mn k:i :i', false, 'LU pivots info'),
  ],
  ['ldl_factor(A: Tensor, *, hermitian: any = False)', 'linalg', parts('mm m:i', true, 'LD pivots')],
  ['geqrf(input: Tensor)', 'torch method', parts('mn k', false, 'a tau')],
  ['householder_product(A: Tensor, tau: Tensor)', 'linalg', householder],
  ['orgqr(input: Tensor, tau: Tensor)', 'torch method', householder],
  ['matrix_exp(input: Tensor)', 'linalg torch method', matrixPower],
  ['matrix_power(A: Tensor, n: any)', 'linalg torch method', matrixPower],
  [
    'matrix_rank(A: Tensor, tol: any = None, hermitian: any = False, *, atol: any = None, rtol: any = None)',
    'linalg',
    matrixRank,
  ],
  [
    'cond(A: Tensor, p: any = None)',
    'linalg',
    (c) => {
      const input = c.tensor('A')
      return result(matrix(c, input, false).batch, real(input.dtype), null)
    },
  ],
  ['solve(A: Tensor, B: Tensor, *, left: bool = True)', 'linalg', solve],
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
  [
    'lu_solve(LU: Tensor, pivots: any, B: Tensor, *, left: bool = True, adjoint: any = False)',
    'linalg',
    solveWith('LU', 'B'),
  ],
  ['lstsq(A: Tensor, B: Tensor, rcond: any = None, *, driver: any = None)', 'linalg', lstsq],
  ['vander(x: Tensor, *, N: any = None)', 'linalg', vander],
  ['svd_lowrank(A: Tensor, q: int? = 6, niter: any = 2, M: any = None)', 'torch', lowRank],
  ['pca_lowrank(A: Tensor, q: int? = None, center: any = True, niter: any = 2)', 'torch', lowRank],
  ['tensorinv(A: Tensor, ind: int = 2)', 'linalg', tensorInverse],
  ['lu_solve(b: Tensor, LU_data: Tensor, LU_pivots: any)', 'torch method', solveWith('LU_data', 'b')],
]
