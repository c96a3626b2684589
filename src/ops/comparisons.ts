// Elementwise comparisons, logic and bitwise operations.

import { constant, type Dim, subtract } from '../dims/dim'
import type { Tensor } from '../tensors/tensor'
import { elementwise } from './elementwise-core'
import {
  binary,
  binaryAll,
  everywhere,
  inNewMemory,
  keep,
  onNumbers,
  operands,
  toBool,
  unaryAll,
} from './elementwise-rules'
import { rangeOf, realOf } from './near-values'
import type { OpCall, OpEntry, Rule } from './op'
import { mostValues, sizesOf, truth, valuesAt } from './small-values'

/** A comparison, decided for known elements by what is known of their order. */
const comparing = (names: string, holds: (order: -1 | 0 | 1) => boolean): OpEntry[] =>
  names.split(' ').map((name) => [
    `${name}(input: operand, other: operand)`,
    everywhere,
    (c) =>
      elementwise(c, operands(c), 'bool', (a, b) => {
        const order = a && b ? orderOf(c, a, b) : null
        return order === null ? null : truth(holds(order))
      }),
  ])

/** The order of two elements; null where it cannot be told. */
function orderOf(c: OpCall, a: Dim, b: Dim): -1 | 0 | 1 | null {
  const [x, y] = [realOf(a), realOf(b)]
  if (x !== null && y !== null) return x < y ? -1 : x > y ? 1 : 0
  const [left, right] = [rangeOf(a), rangeOf(b)]
  if (!left || !right) return c.facts.dims.compare(a, b)
  return left[1] < right[0] ? -1 : left[0] > right[1] ? 1 : null
}

/** Shifts and bitwise operations keep whole numbers; Python's bool counts as one. */
const bitwise = (name: string, apply: (a: number, b: number) => number): OpEntry[] =>
  binaryAll('torch method inplace', keep, name, onNumbers(apply))

/** Logic that one side decides alone: whatever x is, `x | true` is true and `x & 0` is 0. */
const decidedBy = (value: 0 | 1, entries: readonly OpEntry[]): OpEntry[] =>
  entries.map(([signature, places, rule]) => [
    signature,
    places,
    (c) => {
      const result = rule(c)
      if (result.kind !== 'tensor' || result.dtype === null || result.values) return result
      if (value === 1 && result.dtype !== 'bool') return result
      const decides = ({ values }: Tensor): boolean =>
        values?.every((v) => v.value !== null && (v.value === 0) === (value === 0)) === true
      return operands(c).some(decides)
        ? { ...result, values: valuesAt(sizesOf(result.shape), () => constant(value)) }
        : result
    },
  ])

const isIn: Rule = (c) => {
  const tests = c.tensor('test_elements').values
  const found = (element: Dim | undefined): Dim | null => {
    if (!element || !tests || tests.length > mostValues) return null
    const orders = tests.map((test) => orderOf(c, element, test))
    const isThere = orders.includes(0) ? true : orders.includes(null) ? null : false
    return truth(isThere === null ? null : isThere !== c.bool('invert'))
  }
  return inNewMemory(elementwise(c, [c.tensor('elements')], 'bool', found))
}

export const comparisonOps: readonly OpEntry[] = [
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
  ...decidedBy(
    0,
    bitwise('bitwise_and', (a, b) => a & b),
  ),
  ...decidedBy(
    1,
    bitwise('bitwise_or', (a, b) => a | b),
  ),
  ...bitwise('bitwise_xor', (a, b) => a ^ b),
  ...bitwise('bitwise_left_shift', (a, b) => a * 2 ** b),
  ...bitwise('bitwise_right_shift', (a, b) => Math.floor(a / 2 ** b)),
  ...comparing('eq', (o) => o === 0),
  ...comparing('ne not_equal', (o) => o !== 0),
  ...comparing('lt less', (o) => o < 0),
  ...comparing('le less_equal', (o) => o <= 0),
  ...comparing('gt greater', (o) => o > 0),
  ...comparing('ge greater_equal', (o) => o >= 0),
  ...decidedBy(
    0,
    binaryAll(
      everywhere,
      toBool,
      'logical_and',
      onNumbers((a, b) => (a && b ? 1 : 0)),
    ),
  ),
  ...decidedBy(
    1,
    binaryAll(
      everywhere,
      toBool,
      'logical_or',
      onNumbers((a, b) => (a || b ? 1 : 0)),
    ),
  ),
  ...binaryAll(
    everywhere,
    toBool,
    'logical_xor',
    onNumbers((a, b) => (!a !== !b ? 1 : 0)),
  ),
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
]
