// Elementwise operations: arithmetic, comparison, mathematical functions, and their dtypes.

import {
  add,
  constant,
  type Dim,
  floorDivide,
  maximum,
  minimum,
  modulo,
  multiply,
  negate,
  subtract,
} from '../dims/dim'
import { categoryOf, type DType, toComplex, toReal } from '../tensors/dtype'
import { dimsOf } from '../tensors/shape'
import type { Tensor } from '../tensors/tensor'
import { tuple, type Value } from '../trace/values'
import { elementwise, promotedDType, toFloat } from './elementwise-core'
import type { OpCall, OpEntry, Operand, Rule } from './op'
import { truth } from './small-values'

type DTypeRule = (dtype: DType | null) => DType | null
type Apply = (...values: Dim[]) => Dim | null

const keep: DTypeRule = (dtype) => dtype
const toBool: DTypeRule = () => 'bool'
/** The dtype of a magnitude: that of a complex number's parts. */
const toMagnitude: DTypeRule = (dtype) => dtype && toReal(dtype)
const toDefault: DTypeRule = (dtype) => dtype && toFloat(toReal(dtype))
const numeric: DTypeRule = (dtype) => (dtype === 'bool' ? 'int64' : dtype)

const unary =
  (dtype: DTypeRule, apply?: Apply): Rule =>
  (c) => {
    const input = c.tensor('input')
    return elementwise(c, [input], dtype(input.dtype), apply)
  }

const operandsOf = (c: OpCall, names: readonly string[]): readonly Operand[] =>
  names.map((name) => c.tensor(name))
const operands = (c: OpCall): readonly Operand[] => operandsOf(c, ['input', 'other'])

const binary =
  (dtype: DTypeRule, apply?: Apply | ((c: OpCall) => Apply)): Rule =>
  (c) => {
    const of = operands(c)
    return elementwise(
      c,
      of,
      dtype(promotedDType(of)),
      apply && apply.length === 1 ? (apply as (c: OpCall) => Apply)(c) : (apply as Apply),
    )
  }

const unaryAll = (places: string, dtype: DTypeRule, names: string, apply?: Apply): OpEntry[] =>
  names.split(' ').map((name) => [`${name}(input: Tensor)`, places, unary(dtype, apply)])
const binaryAll = (
  places: string,
  dtype: DTypeRule,
  names: string,
  apply?: Apply | ((c: OpCall) => Apply),
): OpEntry[] =>
  names.split(' ').map((name) => [`${name}(input: operand, other: operand)`, places, binary(dtype, apply)])

const comparing =
  (holds: (order: -1 | 0 | 1) => boolean) =>
  (c: OpCall): Apply =>
  (a, b) => {
    const order = a && b ? c.facts.dims.compare(a, b) : null
    return order === null ? null : truth(holds(order))
  }
const two =
  (apply: (a: Dim, b: Dim) => Dim | null): Apply =>
  (a, b) =>
    a && b ? apply(a, b) : null
const onNumbers = (apply: (a: number, b: number) => number): Apply =>
  two((a, b) => (a.value === null || b.value === null ? null : constant(apply(a.value, b.value))))

const positive = (d: Dim): boolean => d.value !== null && d.value !== 0
const quotient = two((a, b) => (positive(b) ? floorDivide(a, b) : null))

/** `add` and `sub`: with whole numbers the values too, times alpha. */
const scaled =
  (sign: 1 | -1): Rule =>
  (c) => {
    const [of, alpha] = [operands(c), c.value('alpha')]
    const by = alpha.kind === 'int' ? multiply(alpha.dim, constant(sign)) : null
    return elementwise(c, of, promotedDType(of), by ? two((a, b) => add(a, multiply(b, by))) : undefined)
  }

const divide: Rule = (c) => {
  const [of, mode] = [operands(c), c.str('rounding_mode')]
  if (!c.isGiven('rounding_mode')) return elementwise(c, of, toFloat(promotedDType(of)))
  return elementwise(c, of, promotedDType(of), mode === 'floor' ? quotient : undefined)
}

const ternary =
  (names: readonly string[], dtype: DTypeRule = keep): Rule =>
  (c) => {
    const of = operandsOf(c, names)
    return elementwise(c, of, dtype(promotedDType(of)))
  }

/** `pow`: of whole numbers whole, unless the exponent is a float. */
const power =
  (names: readonly [string, string]): Rule =>
  (c) => {
    const of = operandsOf(c, names)
    const raised = elementwise(
      c,
      of,
      promotedDType(of),
      onNumbers((a, b) => (b >= 0 ? a ** b : 0)),
    )
    return of[0]?.isPythonNumber ? inNewMemory(raised) : raised
  }

/** Shifts and bitwise operations keep whole numbers; Python's bool counts as one. */
const bitwise = (name: string, apply: (a: number, b: number) => number): OpEntry[] =>
  binaryAll('torch method inplace', keep, name, onNumbers(apply))

const where: Rule = (c) => {
  const [condition, input, other] = [c.tensor('condition'), c.tensor('input'), c.tensor('other')]
  return elementwise(c, [condition, input, other], promotedDType([input, other]), (test, a, b) =>
    !test || !a || !b || test.value === null ? null : test.value !== 0 ? a : b,
  )
}

const clamp: Rule = (c) => {
  const [min, max] = [c.tensorOrNone('min'), c.tensorOrNone('max')]
  const of: Operand[] = [c.tensor('input'), ...[min, max].filter((t): t is Tensor => t !== null)]
  if (!min && !max) return c.stop()
  const apply: Apply = (a, b, d) => {
    if (!a || !b) return null
    const low = min ? maximum(a, b) : minimum(a, b)
    return d ? minimum(low, d) : low
  }
  return elementwise(c, of, promotedDType(of), apply)
}

const pair =
  (fields: readonly [string, string], dtypes: (dtype: DType | null) => [DType | null, DType | null]): Rule =>
  (c) => {
    const input = c.tensor('input')
    return tuple(
      dtypes(input.dtype).map((dtype) => elementwise(c, [input], dtype)),
      fields,
    )
  }

const masked: Rule = (c) => {
  const [input, mask] = [c.tensor('input'), c.tensor('mask')]
  const value = c.env.settle(c.value('value'))
  if (value.kind === 'tensor' && (dimsOf(value.shape)?.length ?? 0) > 0)
    return c.fail(
      'broadcast-mismatch',
      `${c.name}: the value must be a number or a tensor without dims, and it is ${c.show(value.shape)}`,
    )
  return inNewMemory(elementwise(c, [input, mask], input.dtype))
}

/** A result that is dense whatever its inputs' layouts. */
const inNewMemory = (value: Value): Value =>
  value.kind === 'tensor' ? { ...value, layout: 'contiguous' } : value

const isIn: Rule = (c) => {
  return inNewMemory(elementwise(c, [c.tensor('elements')], 'bool'))
}

const complexOf: Rule = (c) => {
  const [real, imag] = [
    c.tensor(c.name === 'polar' ? 'abs' : 'real'),
    c.tensor(c.name === 'polar' ? 'angle' : 'imag'),
  ]
  return elementwise(c, [real, imag], real.dtype ? toComplex(real.dtype) : null)
}

const everywhere = 'torch method inplace'
const special = 'torch method inplace special'
const asFloats = (dtype: DType | null): DType | null =>
  dtype === null ? null : categoryOf(dtype) === 'complex' ? 'complex128' : 'float64'

/** An operator with its operands the other way round: `2 - x`. */
const reflected = (name: string, rule: Rule): OpEntry => [
  `__${name}__(other: Tensor, input: operand)`,
  'method',
  rule,
]

export const elementwiseOps: readonly OpEntry[] = [
  ...unaryAll(everywhere, keep, 'neg negative', (a) => (a ? negate(a) : null)),
  ...unaryAll(everywhere, keep, 'sign sgn ceil floor trunc fix frac'),
  [
    'conj_physical(input: Tensor)',
    everywhere,
    (c) => (c.tensor('input').dtype?.startsWith('complex') ? unary(keep)(c) : c.tensor('input')),
  ],
  ...unaryAll(everywhere, numeric, 'square', (a) => (a ? multiply(a, a) : null)),
  ['positive(input: Tensor)', 'torch method', (c) => c.tensor('input')],
  ...unaryAll(everywhere, toMagnitude, 'abs absolute', (a) =>
    a?.value === null || a === undefined ? null : constant(Math.abs(a.value)),
  ),
  ...unaryAll(
    special,
    toFloat,
    'exp exp2 expm1 log log2 log10 log1p sin cos tan asin acos atan arcsin arccos arctan sinh cosh tanh asinh acosh atanh ' +
      'arcsinh arccosh arctanh sqrt rsqrt reciprocal sigmoid erf erfc erfinv lgamma digamma sinc i0 expit deg2rad rad2deg',
  ),
  ...unaryAll(
    'special',
    toFloat,
    'i0e i1 i1e ndtr ndtri log_ndtr entr erfcx gammaln psi airy_ai bessel_j0 bessel_j1 bessel_y0 bessel_y1 modified_bessel_i0 ' +
      'modified_bessel_i1 modified_bessel_k0 modified_bessel_k1 scaled_modified_bessel_k0 scaled_modified_bessel_k1 spherical_bessel_j0',
  ),
  ...binaryAll(
    'special',
    toFloat,
    'xlog1py zeta chebyshev_polynomial_t chebyshev_polynomial_u chebyshev_polynomial_v chebyshev_polynomial_w hermite_polynomial_h ' +
      'hermite_polynomial_he laguerre_polynomial_l legendre_polynomial_p shifted_chebyshev_polynomial_t shifted_chebyshev_polynomial_u ' +
      'shifted_chebyshev_polynomial_v shifted_chebyshev_polynomial_w gammainc gammaincc',
  ),
  ['angle(input: Tensor)', 'torch method', unary(toDefault)],
  ['logit(input: Tensor, eps: float = None)', special, unary(toFloat)],
  ['mvlgamma(input: Tensor, p: int)', everywhere, (c) => inNewMemory(unary(toFloat)(c))],
  ['multigammaln(input: Tensor, p: int)', 'special', (c) => inNewMemory(unary(toFloat)(c))],
  ['polygamma(n: int, input: Tensor)', 'torch special', unary(toFloat)],
  ['polygamma(input: Tensor, n: int)', 'method', unary(toFloat)],
  [
    'nan_to_num(input: Tensor, nan: float = None, posinf: float = None, neginf: float = None)',
    everywhere,
    unary(keep),
  ],
  ['round(input: Tensor, *, decimals: int = 0)', everywhere, unary(keep)],
  ['frexp(input: Tensor)', 'torch method', pair(['mantissa', 'exponent'], (dtype) => [dtype, 'int32'])],
  ...unaryAll('torch method', toBool, 'isnan isinf isfinite isneginf isposinf isreal signbit'),
  ...unaryAll('torch method inplace', toBool, 'logical_not', (a) =>
    a?.value === null || a === undefined ? null : truth(a.value === 0),
  ),
  [
    'bitwise_not(input: Tensor)',
    everywhere,
    (c) => {
      const input = c.tensor('input')
      return elementwise(c, [input], input.dtype, (a) =>
        a ? subtract(constant(input.dtype === 'bool' ? 1 : -1), a) : null,
      )
    },
  ],
  ['add(input: operand, other: operand, *, alpha: any = 1)', everywhere, scaled(1)],
  ['sub(input: operand, other: operand, *, alpha: any = 1)', everywhere, scaled(-1)],
  ['subtract(input: operand, other: operand, *, alpha: any = 1)', everywhere, scaled(-1)],
  ['rsub(input: operand, other: operand, *, alpha: any = 1)', 'torch method', binary(keep)],
  ...binaryAll(everywhere, keep, 'mul multiply', two(multiply)),
  ['div(input: operand, other: operand, *, rounding_mode: str? = None)', everywhere, divide],
  ['divide(input: operand, other: operand, *, rounding_mode: str? = None)', everywhere, divide],
  ...binaryAll(everywhere, toFloat, 'true_divide atan2 arctan2 xlogy'),
  ...binaryAll('special', toFloat, 'xlogy'),
  ...binaryAll(everywhere, keep, 'floor_divide', quotient),
  ...binaryAll(
    everywhere,
    keep,
    'remainder',
    two((a, b) => (positive(b) ? modulo(a, b) : null)),
  ),
  ...binaryAll(everywhere, keep, 'fmod hypot nextafter heaviside igamma igammac'),
  ...binaryAll(everywhere, toFloat, 'copysign'),
  [
    'ldexp(input: Tensor, other: Tensor)',
    everywhere,
    (c) => {
      // input * 2 ** other, where the power is dense.
      const [input, other] = operands(c)
      return input && other
        ? elementwise(c, [input, { ...other, layout: 'contiguous' }], toFloat(promotedDType([input, other])))
        : c.stop()
    },
  ],
  ...binaryAll('torch method', keep, 'fmax maximum', two(maximum)),
  ...binaryAll('torch method', keep, 'fmin minimum', two(minimum)),
  ...binaryAll('torch method', toFloat, 'logaddexp logaddexp2'),
  ...binaryAll(everywhere, keep, 'gcd lcm'),
  ['pow(input: operand, exponent: operand)', everywhere, power(['input', 'exponent'])],
  [
    'float_power(input: operand, exponent: operand)',
    everywhere,
    (c) => {
      const of = operandsOf(c, ['input', 'exponent'])
      return elementwise(c, of, asFloats(promotedDType(of)))
    },
  ],
  ...bitwise('bitwise_and', (a, b) => a & b),
  ...bitwise('bitwise_or', (a, b) => a | b),
  ...bitwise('bitwise_xor', (a, b) => a ^ b),
  ...bitwise('bitwise_left_shift', (a, b) => a * 2 ** b),
  ...bitwise('bitwise_right_shift', (a, b) => Math.floor(a / 2 ** b)),
  ...binaryAll(
    everywhere,
    toBool,
    'eq',
    comparing((o) => o === 0),
  ),
  ...binaryAll(
    everywhere,
    toBool,
    'ne not_equal',
    comparing((o) => o !== 0),
  ),
  ...binaryAll(
    everywhere,
    toBool,
    'lt less',
    comparing((o) => o < 0),
  ),
  ...binaryAll(
    everywhere,
    toBool,
    'le less_equal',
    comparing((o) => o <= 0),
  ),
  ...binaryAll(
    everywhere,
    toBool,
    'gt greater',
    comparing((o) => o > 0),
  ),
  ...binaryAll(
    everywhere,
    toBool,
    'ge greater_equal',
    comparing((o) => o >= 0),
  ),
  ...binaryAll(
    everywhere,
    toBool,
    'logical_and',
    onNumbers((a, b) => (a && b ? 1 : 0)),
  ),
  ...binaryAll(
    everywhere,
    toBool,
    'logical_or',
    onNumbers((a, b) => (a || b ? 1 : 0)),
  ),
  ...binaryAll(
    everywhere,
    toBool,
    'logical_xor',
    onNumbers((a, b) => (!a !== !b ? 1 : 0)),
  ),
  reflected('rsub', binary(keep, two(subtract))),
  reflected('rdiv', binary(toFloat)),
  reflected('rtruediv', binary(toFloat)),
  reflected('rfloordiv', binary(keep, quotient)),
  reflected('rmod', binary(keep)),
  reflected('rpow', (c) => inNewMemory(binary(keep)(c))),
  ['__pow__(input: operand, exponent: operand)', 'method', power(['input', 'exponent'])],
  [
    'isclose(input: Tensor, other: Tensor, rtol: float = 1e-5, atol: float = 1e-8, equal_nan: bool = False)',
    'torch method',
    binary(toBool),
  ],
  [
    'isin(elements: operand, test_elements: operand, *, assume_unique: bool = False, invert: bool = False)',
    'torch',
    isIn,
  ],
  ['clamp(input: Tensor, min: operand? = None, max: operand? = None)', everywhere, clamp],
  ['clip(input: Tensor, min: operand? = None, max: operand? = None)', everywhere, clamp],
  ['clamp_min(input: Tensor, min: operand)', everywhere, ternary(['input', 'min'])],
  ['clamp_max(input: Tensor, max: operand)', everywhere, ternary(['input', 'max'])],
  ['lerp(input: Tensor, end: Tensor, weight: operand)', everywhere, ternary(['input', 'end', 'weight'])],
  [
    'addcmul(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: any = 1)',
    everywhere,
    ternary(['input', 'tensor1', 'tensor2']),
  ],
  [
    'addcdiv(input: Tensor, tensor1: Tensor, tensor2: Tensor, *, value: any = 1)',
    everywhere,
    ternary(['input', 'tensor1', 'tensor2'], toFloat),
  ],
  ['complex(real: Tensor, imag: Tensor)', 'torch', complexOf],
  ['polar(abs: Tensor, angle: Tensor)', 'torch', complexOf],
  ['where(condition: operand, input: operand, other: operand)', 'torch', where],
  ['where(input: operand, condition: operand, other: operand)', 'method', where],
  ['masked_fill(input: Tensor, mask: Tensor, value: any)', everywhere, masked],
  ['fill(input: Tensor, value: any)', everywhere, unary(keep)],
  ['zero(input: Tensor)', 'inplace', unary(keep)],
  ...['uniform', 'normal', 'exponential', 'geometric', 'log_normal', 'cauchy', 'random', 'bernoulli'].map(
    (name): OpEntry => [`${name}(input: Tensor, *rest: any, **options: any)`, 'inplace', unary(keep)],
  ),
]

/** Python's operators on tensors, by the names of the ops that they are. */
export const operatorNames: Record<string, string> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '//': 'floor_divide',
  '%': 'remainder',
  '**': 'pow',
  '@': 'matmul',
  '&': 'bitwise_and',
  '|': 'bitwise_or',
  '^': 'bitwise_xor',
  '<<': 'bitwise_left_shift',
  '>>': 'bitwise_right_shift',
  '==': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
}
