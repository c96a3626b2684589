// Elementwise arithmetic, selection and filling.

import {
  add,
  constant,
  type Dim,
  exactQuotient,
  maximum,
  minimum,
  modulo,
  multiply,
  subtract,
  zero,
} from '../dims/dim'
import { categoryOf, type DType, toComplex } from '../tensors/dtype'
import { dimsOf } from '../tensors/shape'
import type { Tensor } from '../tensors/tensor'
import { int } from '../trace/values'
import { asOperand } from './bind'
import { elementwise, promotedDType, toFloat } from './elementwise-core'
import {
  type Apply,
  binary,
  binaryAll,
  type DTypeRule,
  everywhere,
  inNewMemory,
  keep,
  onNumbers,
  operands,
  operandsOf,
  quotient,
  two,
  unary,
} from './elementwise-rules'
import { realOf } from './near-values'
import type { OpEntry, Operand, Rule } from './op'
import { heldBy, sizesOf, valuesAt } from './small-values'

/** `add` and `sub`: with whole numbers the values too, times alpha. */
const scaled =
  (sign: 1 | -1): Rule =>
  (c) => {
    const [of, alpha] = [operands(c), c.value('alpha')]
    const by = alpha.kind === 'int' ? multiply(alpha.dim, constant(sign)) : null
    const factor = by?.value ?? null
    return elementwise(
      c,
      of,
      promotedDType(of),
      by ? two((a, b) => add(a, multiply(b, by))) : undefined,
      factor === null ? undefined : (a = NaN, b = NaN) => a + factor * b,
    )
  }

const exactRatio = two((a, b) => (realOf(a) === null || !realOf(b) ? null : exactQuotient(a, b)))
const ratio = (a = NaN, b = NaN): number => a / b

const divide: Rule = (c) => {
  const [of, mode] = [operands(c), c.str('rounding_mode')]
  if (!c.isGiven('rounding_mode')) return elementwise(c, of, toFloat(promotedDType(of), c), exactRatio, ratio)
  const isPositive = (d: Dim): boolean => (c.facts.dims.compare(d, zero) ?? -1) >= 0
  const towardsZero = two((a, b) => (isPositive(a) && isPositive(b) ? (quotient(a, b) ?? null) : null))
  return elementwise(c, of, promotedDType(of), mode === 'floor' ? quotient : towardsZero)
}

const ternary =
  (names: readonly string[], dtype: DTypeRule = keep): Rule =>
  (c) => {
    const of = operandsOf(c, names)
    return elementwise(c, of, dtype(promotedDType(of), c))
  }

/** `pow`: of whole numbers whole, unless the exponent is a float. */
const power =
  (names: readonly [string, string]): Rule =>
  (c) => {
    const of = operandsOf(c, names)
    const isFloat = promotedDType(of)?.startsWith('float')
    const raised = elementwise(
      c,
      of,
      promotedDType(of),
      onNumbers((a, b) => (b >= 0 ? a ** b : isFloat ? NaN : 0)),
      (a = NaN, b = NaN) => a ** b,
    )
    return of[0]?.isPythonNumber ? inNewMemory(raised) : raised
  }

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

const masked: Rule = (c) => {
  const [input, mask] = [c.tensor('input'), c.tensor('mask')]
  const value = c.env.settle(c.value('value'))
  if (value.kind === 'tensor' && (dimsOf(value.shape)?.length ?? 0) > 0)
    return c.fail(
      'broadcast-mismatch',
      `${c.name}: the value must be a number or a tensor without dims, and it is ${c.show(value.shape)}`,
    )
  const [fill = null] = asOperand(value, c.env)?.values ?? []
  return inNewMemory(
    elementwise(c, [input, mask], input.dtype, (own, test) =>
      !own || !test || test.value === null ? null : test.value === 0 ? own : fill,
    ),
  )
}

/** Every element replaced by one number. */
const filled: Rule = (c) => {
  const input = c.tensor('input')
  const value = c.name === 'zero' ? int(0) : c.env.settle(c.value('value'))
  const [fill = null] = asOperand(value, c.env)?.values ?? []
  const out = elementwise(c, [input], input.dtype)
  const values = heldBy(
    input.dtype,
    valuesAt(sizesOf(input.shape), () => fill),
  )
  return out.kind === 'tensor' ? { ...out, values } : out
}

/** The diagonal of a matrix replaced by one number; of more dims all must be equal. */
const diagonalFilled: Rule = (c) => {
  const input = c.tensor('input')
  const dims = dimsOf(input.shape)
  const [first, ...others] = dims ?? []
  if (dims && dims.length < 2)
    return c.fail(
      'rank-mismatch',
      `${c.name}_: needs at least 2 dims, and the tensor is ${c.show(input.shape)}`,
    )
  if (first && others.length > 1 && others.some((d) => c.facts.dims.equal(first, d).kind === 'refuted'))
    return c.fail(
      'rank-mismatch',
      `${c.name}_: all dims must be equal, and the tensor is ${c.show(input.shape)}`,
    )
  return { ...input, values: null }
}

const complexOf: Rule = (c) => {
  const [real, imag] = [
    c.tensor(c.name === 'polar' ? 'abs' : 'real'),
    c.tensor(c.name === 'polar' ? 'angle' : 'imag'),
  ]
  return elementwise(c, [real, imag], real.dtype ? toComplex(real.dtype) : null)
}

const asFloats = (dtype: DType | null): DType | null =>
  dtype === null ? null : categoryOf(dtype) === 'complex' ? 'complex128' : 'float64'

/** An operator with its operands the other way round: `2 - x`. */
const reflected = (name: string, rule: Rule): OpEntry => [
  `__${name}__(other: Tensor, input: operand)`,
  'method',
  rule,
]

export const elementwiseOps: readonly OpEntry[] = [
  ['add(input: operand, other: operand, *, alpha: any = 1)', everywhere, scaled(1)],
  ['sub(input: operand, other: operand, *, alpha: any = 1)', everywhere, scaled(-1)],
  ['subtract(input: operand, other: operand, *, alpha: any = 1)', everywhere, scaled(-1)],
  ['rsub(input: operand, other: operand, *, alpha: any = 1)', 'torch method', binary(keep)],
  ...binaryAll(everywhere, keep, 'mul multiply', two(multiply), (a = NaN, b = NaN) => a * b),
  ['div(input: operand, other: operand, *, rounding_mode: str? = None)', everywhere, divide],
  ['divide(input: operand, other: operand, *, rounding_mode: str? = None)', everywhere, divide],
  ...binaryAll(everywhere, toFloat, 'true_divide', exactRatio, ratio),
  ...binaryAll(everywhere, toFloat, 'atan2 arctan2 xlogy'),
  ...binaryAll('special', toFloat, 'xlogy'),
  ...binaryAll(everywhere, keep, 'floor_divide', quotient),
  ...binaryAll(
    everywhere,
    keep,
    'remainder',
    two((a, b) => (quotient(a, b) ? modulo(a, b) : null)),
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
        ? elementwise(
            c,
            [input, { ...other, layout: 'contiguous' }],
            toFloat(promotedDType([input, other]), c),
          )
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
  reflected('rsub', binary(keep, two(subtract))),
  reflected('rdiv', binary(toFloat)),
  reflected('rtruediv', binary(toFloat)),
  reflected('rfloordiv', binary(keep, quotient)),
  reflected('rmod', binary(keep)),
  reflected('rpow', (c) => inNewMemory(binary(keep)(c))),
  ['__pow__(input: operand, exponent: operand)', 'method', power(['input', 'exponent'])],
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
  ['fill(input: Tensor, value: any)', everywhere, filled],
  ['zero(input: Tensor)', 'inplace', filled],
  ['fill_diagonal(input: Tensor, fill_value: any, wrap: bool = False)', 'inplace', diagonalFilled],
  ...['uniform', 'normal', 'exponential', 'geometric', 'log_normal', 'cauchy', 'random', 'bernoulli'].map(
    (name): OpEntry => [`${name}(input: Tensor, *rest: any, **options: any)`, 'inplace', unary(keep)],
  ),
]
