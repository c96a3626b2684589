// The vocabulary of elementwise operations: what they do to a dtype and to known values.

import { constant, type Dim, floorDivide } from '../dims/dim'
import { type DType, toReal } from '../tensors/dtype'
import type { Value } from '../trace/values'
import { elementwise, promotedDType, toFloat } from './elementwise-core'
import { rangeOf, realOf } from './near-values'
import type { OpCall, OpEntry, Operand, Rule } from './op'
import { exactly } from './small-values'

/** The dtype that comes of the operands'; which floats are made by default the call knows. */
export type DTypeRule = (dtype: DType | null, c: OpCall) => DType | null
export type Apply = (...values: Dim[]) => Dim | null
export type Real = (...numbers: number[]) => number

export const keep: DTypeRule = (dtype) => dtype
export const toBool: DTypeRule = () => 'bool'
/** The dtype of a magnitude: that of a complex number's parts. */
export const toMagnitude: DTypeRule = (dtype) => dtype && toReal(dtype)
export const toDefault: DTypeRule = (dtype, c) => dtype && toFloat(toReal(dtype), c)
export const numeric: DTypeRule = (dtype) => (dtype === 'bool' ? 'int64' : dtype)

export const unary =
  (dtype: DTypeRule, apply?: Apply, real?: Real): Rule =>
  (c) => {
    const input = c.tensor('input')
    return elementwise(c, [input], dtype(input.dtype, c), apply, real)
  }

export const operandsOf = (c: OpCall, names: readonly string[]): readonly Operand[] =>
  names.map((name) => c.tensor(name))
export const operands = (c: OpCall): readonly Operand[] => operandsOf(c, ['input', 'other'])

export const binary =
  (dtype: DTypeRule, apply?: Apply, real?: Real): Rule =>
  (c) => {
    const of = operands(c)
    return elementwise(c, of, dtype(promotedDType(of), c), apply, real)
  }

export const unaryAll = (
  places: string,
  dtype: DTypeRule,
  names: string,
  apply?: Apply,
  real?: Real,
): OpEntry[] => names.split(' ').map((name) => [`${name}(input: Tensor)`, places, unary(dtype, apply, real)])
export const binaryAll = (
  places: string,
  dtype: DTypeRule,
  names: string,
  apply?: Apply,
  real?: Real,
): OpEntry[] =>
  names
    .split(' ')
    .map((name) => [`${name}(input: operand, other: operand)`, places, binary(dtype, apply, real)])

export const two =
  (apply: (a: Dim, b: Dim) => Dim | null): Apply =>
  (a, b) =>
    a && b ? apply(a, b) : null
export const onNumbers = (apply: (a: number, b: number) => number): Apply =>
  two((a, b) => (a.value === null || b.value === null ? null : constant(apply(a.value, b.value))))

export const positive = (d: Dim): boolean => d.value !== null && d.value !== 0
const isFraction = (d: Dim): boolean => d.value === null && realOf(d) !== null
/** ⌊a / b⌋ of whole numbers. */
export const quotient = two((a, b) =>
  positive(b) && !isFraction(a) && !isFraction(b) ? floorDivide(a, b) : null,
)
/** A function of known numbers, whole or not. */
export const onReals =
  (apply: (value: number) => number): Apply =>
  (a) => {
    const real = a ? realOf(a) : null
    return real === null ? null : exactly(apply(real))
  }

/** A function of numbers that goes up in steps: that of a number which is known to within an error is mostly exact. */
export const onSteps =
  (apply: (value: number) => number): Apply =>
  (a) => {
    const range = a ? rangeOf(a) : null
    const [low, high] = range ? range.map(apply) : []
    return low === undefined || low !== high ? null : exactly(low)
  }

/** A result that is dense whatever its inputs' layouts. */
export const inNewMemory = (value: Value): Value =>
  value.kind === 'tensor' ? { ...value, layout: 'contiguous' } : value

export const everywhere = 'torch method inplace'
export const special = 'torch method inplace special'
