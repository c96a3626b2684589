// torch.linalg and its older names: inverses and decompositions.

import { constant, type Dim, minimum, one } from '../dims/dim'
import type { DType } from '../tensors/dtype'
import { openShape, type Shape, shapeOf } from '../tensors/shape'
import type { Tensor } from '../tensors/tensor'
import { tuple } from '../trace/values'
import { isScalar } from './axes'
import { broadcastAll } from './elementwise-core'
import { columnsOf, firstTensor, inColumns, matrix, real } from './linalg-core'
import { append, splitLast } from './nn-core'
import { failed, type OpCall, type OpEntry, type Rule, result } from './op'
import { widened } from './reductions'

/**
 * The parts of a decomposition in letters: `mk` is [*, m, k], `k` is [*, k], empty is [*]; behind a colon
 * `r` is real, `c` complex, `i` int32, `d` in rows. Other matrices are in columns, as LAPACK gives them.
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
      return kind === 'd' ? result(append(batch, ...own), dtype) : columnsOf(batch, dtype, ...own)
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
  const s = result(append(batch, k), real(input.dtype))
  const fields = isNew ? ['U', 'S', 'Vh'] : ['U', 'S', 'V']
  if (isFull === null)
    return tuple([result(openShape(), input.dtype, null), s, result(openShape(), input.dtype, null)], fields)
  const [width, height] = isFull ? [rows, columns] : [k, k]
  const last = isNew
    ? columnsOf(batch, input.dtype, height, columns)
    : result(append(batch, columns, height), input.dtype)
  return tuple([columnsOf(batch, input.dtype, rows, width), s, last], fields)
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
  const part = (...own: Dim[]): Tensor => columnsOf(batch, input.dtype, ...own)
  if (mode === 'complete') return tuple([part(rows, rows), part(rows, columns)], fields)
  if (mode === 'r') return tuple([result(shapeOf([constant(0)]), input.dtype), part(k, columns)], fields)
  if (mode !== 'reduced') return c.stop()
  return tuple([part(rows, k), part(k, columns)], fields)
}

/** The batch dims of the matrices, joined with those of tolerances that are tensors. */
function batchWith(c: OpCall, batch: Shape, names: readonly string[]): Shape {
  const tolerances = names.map((name) => c.env.settle(c.value(name))).filter((v) => v.kind === 'tensor')
  return broadcastAll(c, [result(batch, null), ...tolerances])?.shape ?? c.stop(failed())
}

const matrixRank: Rule = (c) => {
  const { batch } = matrix(c, firstTensor(c), false)
  return result(batchWith(c, batch, ['tol', 'atol', 'rtol']), 'int64')
}

const matrixPower: Rule = (c) => {
  const input = firstTensor(c)
  matrix(c, input, true)
  const power = c.bound.has('n') ? c.env.settle(c.value('n')) : null
  const shape = c.facts.resolve(input.shape)
  // The power -1 is the inverse, in columns; a power that is not known may be that one.
  if (power && power.kind === 'int' && power.dim.value === -1) return inColumns(shape, input.dtype)
  return result(
    shape,
    input.dtype,
    power && (power.kind !== 'int' || power.dim.value === null) ? null : 'contiguous',
  )
}

/** The low-rank decompositions, of `q` or at most 6 components. */
const lowRank: Rule = (c) => {
  const input = firstTensor(c)
  const { batch, rows, columns } = matrix(c, input, false)
  const given = c.intOrNone('q')
  const count = given ?? minimum(constant(6), minimum(rows, columns))
  const part = (...dims: Dim[]): Tensor => result(append(batch, ...dims), input.dtype)
  return tuple([part(rows, count), part(count), part(columns, count)])
}

const vander: Rule = (c) => {
  const input = c.tensor('x')
  const given = c.env.settle(c.value('N'))
  // A number is a vector of one.
  const split = splitLast(c, isScalar(input.shape) ? shapeOf([one]) : input.shape, 1)
  if (!split || split === 'too-few') return c.stop()
  const size = split.last[0] as Dim
  const count = given.kind === 'int' ? given.dim : size
  return result(append(split.rest, size, count), widened(input.dtype))
}

export const linalgOps: readonly OpEntry[] = [
  ['inv(A: Tensor)', 'linalg', parts('mm', true)],
  ['inverse(input: Tensor)', 'torch method', parts('mm', true)],
  ['inv_ex(A: Tensor, *, check_errors: any = False)', 'linalg', parts('mm :i', true, 'inverse info')],
  [
    'pinv(A: Tensor, rcond: any = None, hermitian: any = False, *, atol: any = None, rtol: any = None)',
    'linalg',
    (c) => {
      const { batch, rows, columns } = matrix(c, c.tensor('A'), false)
      return result(
        append(batchWith(c, batch, ['rcond', 'atol', 'rtol']), columns, rows),
        c.tensor('A').dtype,
      )
    },
  ],
  ['pinverse(input: Tensor, rcond: any = None)', 'torch method', parts('nm:d', false)],
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
  ['eigh(A: Tensor, UPLO: any = None)', 'linalg', parts('m:r mm', true, 'eigenvalues eigenvectors')],
  ['eigvalsh(A: Tensor, UPLO: any = None)', 'linalg', parts('m:r', true)],
  ['eig(A: Tensor)', 'linalg', parts('m:c mm:c', true, 'eigenvalues eigenvectors')],
  ['eigvals(A: Tensor)', 'linalg', parts('m:c', true)],
  ['svd(A: Tensor, full_matrices: bool = True, *, driver: any = None)', 'linalg', svd],
  ['svd(input: Tensor, some: bool = True, compute_uv: any = True)', 'torch method', svd],
  ['svdvals(A: Tensor, *, driver: any = None)', 'linalg', parts('k:r', false)],
  ["qr(A: Tensor, mode: str = 'reduced')", 'linalg', qr],
  ['qr(input: Tensor, some: bool = True)', 'torch method', qr],
  ['lu(A: Tensor, *, pivot: any = True)', 'linalg', parts('mm:d mk:d kn:d', false, 'P L U')],
  ['lu_factor(A: Tensor, *, pivot: any = True)', 'linalg', parts('mn k:i', false, 'LU pivots')],
  [
    'lu_factor_ex(A: Tensor, *, pivot: any = True, check_errors: any = False)',
    'linalg',
    parts('mn k:i :i', false, 'LU pivots info'),
  ],
  ['ldl_factor(A: Tensor, *, hermitian: any = False)', 'linalg', parts('mm m:i', true, 'LD pivots')],
  [
    'ldl_factor_ex(A: Tensor, *, hermitian: any = False, check_errors: any = False)',
    'linalg',
    parts('mm m:i :i', true, 'LD pivots info'),
  ],
  [
    'lu(input: Tensor, pivot: any = True, get_infos: bool = False)',
    'torch method',
    (c) => {
      const [factors, pivots] = ['mn', 'k:i'].map((part) => parts(part, false)(c))
      const infos = c.bool('get_infos')
      if (!factors || !pivots || infos === null) return c.stop()
      return tuple(infos ? [factors, pivots, parts(':i', false)(c)] : [factors, pivots])
    },
  ],
  ['geqrf(input: Tensor)', 'torch method', parts('mn k', false, 'a tau')],
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
      return result(matrix(c, input, false).batch, real(input.dtype))
    },
  ],
  ['vander(x: Tensor, *, N: any = None)', 'linalg', vander],
  ['svd_lowrank(A: Tensor, q: int? = 6, niter: any = 2, M: any = None)', 'torch', lowRank],
  ['pca_lowrank(A: Tensor, q: int? = None, center: any = True, niter: any = 2)', 'torch', lowRank],
]
