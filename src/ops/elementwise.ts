// Elementwise operations: arithmetic, comparison, activations, and their dtypes.

import type { DType } from '../tensors/dtype'
import { toReal } from '../tensors/dtype'
import { toComplex } from '../tensors/dtype'
import { elementwise, promotedDType, toFloat } from './elementwise-core'
import type { OpCall, OpEntry, Operand, Rule } from './op'

type DTypeRule = (dtype: DType | null) => DType | null

const keep: DTypeRule = dtype => dtype
const toBool: DTypeRule = () => 'bool'

const unary =
  (dtype: DTypeRule): Rule =>
  c => {
    const input = c.tensor('input')
    return elementwise(c, [input], dtype(input.dtype))
  }

const operands = (c: OpCall): readonly Operand[] => [c.tensor('input'), c.tensor('other')]

const binary =
  (dtype: DTypeRule): Rule =>
  c =>
    elementwise(c, operands(c), dtype(promotedDType(operands(c))))

const one = '(input: Tensor)'
const two = '(input: operand, other: operand)'

/** Elementwise functions of one tensor by what they do to its dtype. */
const entries: OpEntry[] = []
const unaryAll = (places: string, dtype: DTypeRule, names: string): void => {
  for (const name of names.split(' ')) entries.push([name + one, places, unary(dtype)])
}
const binaryAll = (places: string, dtype: DTypeRule, names: string): void => {
  for (const name of names.split(' ')) entries.push([name + two, places, binary(dtype)])
}

unaryAll('torch method inplace', keep, 'neg negative abs absolute sign sgn ceil floor trunc fix frac square positive conj resolve_conj clone_')
unaryAll(
  'torch method inplace special',
  toFloat,
  'exp exp2 expm1 log log2 log10 log1p sin cos tan asin acos atan arcsin arccos arctan sinh cosh tanh asinh acosh atanh ' +
    'sqrt rsqrt reciprocal sigmoid erf erfc erfinv lgamma digamma sinc i0 expit',
)
unaryAll('torch method', toBool, 'isnan isinf isfinite isneginf isposinf isreal logical_not signbit')
binaryAll('torch method inplace', keep, 'mul multiply maximum minimum fmod remainder floor_divide fmax fmin gcd lcm')
binaryAll('torch method inplace', toFloat, 'true_divide atan2 arctan2 hypot logaddexp copysign nextafter')
binaryAll('torch method', keep, 'pow')
binaryAll('torch method inplace', keep, 'bitwise_and bitwise_or bitwise_xor')
binaryAll('torch method inplace', toBool, 'eq ne lt le gt ge less less_equal greater greater_equal not_equal logical_and logical_or logical_xor isclose')

const addLike: Rule = c => elementwise(c, operands(c), promotedDType(operands(c)))

export const elementwiseOps: readonly OpEntry[] = [
  ...entries,
  ['add(input: operand, other: operand, *, alpha: any = 1)', 'torch method inplace', addLike],
  ['sub(input: operand, other: operand, *, alpha: any = 1)', 'torch method inplace', addLike],
  ['div(input: operand, other: operand, *, rounding_mode: str? = None)', 'torch method inplace', c =>
    elementwise(c, operands(c), c.str('rounding_mode') ? promotedDType(operands(c)) : toFloat(promotedDType(operands(c))))],
  ['round(input: Tensor, *, decimals: int = 0)', 'torch method inplace', unary(keep)],
  ['angle(input: Tensor)', 'torch method', unary(dtype => (dtype ? toFloat(toReal(dtype)) : null))],
  ['complex(real: Tensor, imag: Tensor)', 'torch', c => {
    const [real, imag] = [c.tensor('real'), c.tensor('imag')]
    return elementwise(c, [real, imag], real.dtype ? toComplex(real.dtype) : null)
  }],
  ['polar(abs: Tensor, angle: Tensor)', 'torch', c => {
    const [abs, angle] = [c.tensor('abs'), c.tensor('angle')]
    return elementwise(c, [abs, angle], abs.dtype ? toComplex(abs.dtype) : null)
  }],
  ['where(condition: operand, input: operand, other: operand)', 'torch', c =>
    elementwise(c, [c.tensor('condition'), ...operands(c)], promotedDType(operands(c)))],
  ['masked_fill(input: Tensor, mask: operand, value: any)', 'torch method inplace', c => {
    const input = c.tensor('input')
    return elementwise(c, [input, c.tensor('mask')], input.dtype)
  }],
]
