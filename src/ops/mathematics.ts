// Mathematical functions of single elements, and the special functions.

import { multiply, negate } from '../dims/dim'
import type { DType } from '../tensors/dtype'
import { tuple } from '../trace/values'
import { elementwise, toFloat } from './elementwise-core'
import {
  binaryAll,
  everywhere,
  inNewMemory,
  keep,
  numeric,
  onReals,
  onSteps,
  special,
  toDefault,
  toMagnitude,
  unary,
  unaryAll,
} from './elementwise-rules'
import type { OpEntry, Rule } from './op'

const pair =
  (fields: readonly [string, string], dtypes: (dtype: DType | null) => [DType | null, DType | null]): Rule =>
  (c) => {
    const input = c.tensor('input')
    return tuple(
      dtypes(input.dtype).map((dtype) => elementwise(c, [input], dtype)),
      fields,
    )
  }

/** The nearest whole number, of two the even one. */
function toEven(value: number): number {
  const low = Math.floor(value)
  const rest = value - low
  return rest === 0.5 ? 2 * Math.round(value / 2) : rest < 0.5 ? low : low + 1
}

/** What rises all the way. */
const realFunctions = {
  exp: Math.exp,
  exp2: (x: number): number => 2 ** x,
  log: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  sqrt: Math.sqrt,
}

export const mathematicsOps: readonly OpEntry[] = [
  ...unaryAll(everywhere, keep, 'neg negative', (a) => (a ? negate(a) : null)),
  ...unaryAll(everywhere, keep, 'sign sgn', onSteps(Math.sign)),
  ...unaryAll(everywhere, keep, 'ceil', onSteps(Math.ceil)),
  ...unaryAll(everywhere, keep, 'floor', onSteps(Math.floor)),
  ...unaryAll(everywhere, keep, 'trunc fix', onSteps(Math.trunc)),
  ...unaryAll(everywhere, keep, 'frac'),
  [
    'conj_physical(input: Tensor)',
    everywhere,
    (c) => (c.tensor('input').dtype?.startsWith('complex') ? unary(keep)(c) : c.tensor('input')),
  ],
  ...unaryAll(everywhere, numeric, 'square', (a) => (a ? multiply(a, a) : null)),
  ['positive(input: Tensor)', 'torch method', (c) => c.tensor('input')],
  ...unaryAll(everywhere, toMagnitude, 'abs absolute', onReals(Math.abs)),
  ...Object.entries(realFunctions).flatMap(([name, real]) =>
    unaryAll(special, toFloat, name, undefined, real),
  ),
  ...unaryAll(
    special,
    toFloat,
    'expm1 log1p sin cos tan asin acos atan arcsin arccos arctan sinh ' +
      'cosh tanh asinh acosh atanh ' +
      'arcsinh arccosh arctanh rsqrt reciprocal sigmoid erf erfc erfinv lgamma digamma ' +
      'sinc i0 expit deg2rad rad2deg',
  ),
  ...unaryAll(
    'special',
    toFloat,
    'i0e i1 i1e ndtr ndtri log_ndtr entr erfcx gammaln psi airy_ai bessel_j0 bessel_j1 ' +
      'bessel_y0 bessel_y1 modified_bessel_i0 ' +
      'modified_bessel_i1 modified_bessel_k0 modified_bessel_k1 scaled_modified_bessel_k0 ' +
      'scaled_modified_bessel_k1 spherical_bessel_j0',
  ),
  ...binaryAll(
    'special',
    toFloat,
    'xlog1py zeta chebyshev_polynomial_t chebyshev_polynomial_u chebyshev_polynomial_v ' +
      'chebyshev_polynomial_w hermite_polynomial_h ' +
      'hermite_polynomial_he laguerre_polynomial_l legendre_polynomial_p ' +
      'shifted_chebyshev_polynomial_t shifted_chebyshev_polynomial_u ' +
      'shifted_chebyshev_polynomial_v shifted_chebyshev_polynomial_w gammainc gammaincc',
  ),
  ['angle(input: Tensor)', 'torch method', unary(toDefault)],
  ['logit(input: Tensor, eps: float = None)', special, unary(toFloat)],
  ['mvlgamma(input: Tensor, p: int)', everywhere, (c) => inNewMemory(unary(toFloat)(c))],
  ['multigammaln(input: Tensor, p: int)', 'special', (c) => inNewMemory(unary(toFloat)(c))],
  ['polygamma(n: int, input: Tensor)', 'torch special', unary(toFloat)],
  ['polygamma(input: Tensor, n: int)', 'method inplace', unary(toFloat)],
  [
    'nan_to_num(input: Tensor, nan: float = None, posinf: float = None, neginf: float = None)',
    everywhere,
    unary(keep),
  ],
  [
    'round(input: Tensor, *, decimals: int = 0)',
    everywhere,
    (c) => unary(keep, c.int('decimals').value === 0 ? onSteps(toEven) : undefined)(c),
  ],
  ['frexp(input: Tensor)', 'torch method', pair(['mantissa', 'exponent'], (dtype) => [dtype, 'int32'])],
]
