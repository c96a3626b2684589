// Rows of numbers: arange, linspace, and the indices of triangles.

import { add, ceilDivide, constant, type Dim, fresh, multiply, one, subtract, zero } from '../dims/dim'
import type { DType } from '../tensors/dtype'
import { dimsOf, shapeOf } from '../tensors/shape'
import { numberOf, type Value } from '../trace/values'
import { dtypeOr, isWhole } from './creation'
import { defaultDType } from './defaults'
import { nearly } from './near-values'
import { type OpCall, type OpEntry, type Rule, result } from './op'
import { ceilOf } from './slices'
import { exactly, heldBy, holdsNearly, mostValues, withValues } from './small-values'

/** ⌈(end − start) / step⌉ numbers. */
function arange(c: OpCall, start: Value, end: Value, step: Value): Value {
  const bounds = [start, end, step].map((v) => {
    const bound = c.env.settle(v)
    return bound.kind === 'object' ? (c.env.asTensor(bound) ?? bound) : bound
  })
  // Beside whole numbers an unknown bound is one too: `arange(length)` counts.
  if (bounds.every((v) => v.kind === 'int' || v.kind === 'unknown')) for (const v of bounds) c.env.asInt(v)
  const [a, b, s] = bounds.map((v) => c.env.settle(v))
  if (!a || !b || !s) return c.stop()
  const isFloat = [a, b, s].some(
    (v) => v.kind === 'float' || (v.kind === 'tensor' && v.dtype !== null && !isWhole(v.dtype)),
  )
  const ints = [a, b, s].map((v) =>
    v.kind === 'int' ? c.facts.dims.resolve(v.dim) : v.kind === 'tensor' ? (v.values?.[0] ?? null) : null,
  )
  const areKnown = [a, b, s].every(
    (v) => v.kind === 'int' || v.kind === 'float' || v.kind === 'bool' || v.kind === 'tensor',
  )
  const dtype = dtypeOr(c, isFloat ? defaultDType(c.env) : areKnown ? 'int64' : null)
  // For int64 the fractions are cut off before it is counted.
  const cut = (n: number | null): number | null =>
    n !== null && isFloat && dtype === 'int64' ? Math.trunc(n) : n
  const [x, y, by] = [a, b, s].map((v) =>
    cut(v.kind === 'tensor' ? (v.values?.[0]?.value ?? null) : numberOf(v)),
  )
  if (by === 0) return c.fail('arange-bounds', `${c.name}: the step must not be 0`)
  if (x !== null && y !== null && by && x !== undefined && y !== undefined) {
    if ((y - x) * by < 0 && !c.env.isConcrete) return result(shapeOf([fresh()]), dtype)
    if ((y - x) * by < 0)
      return c.fail('arange-bounds', `${c.name}: from ${x} to ${y} the step ${by} leads away`)
    const count = Math.ceil((y - x) / by)
    if (!Number.isFinite(count)) return result(shapeOf([fresh()]), dtype)
    const out = result(shapeOf([constant(count)]), dtype)
    const keeps = isWhole(dtype) && Number.isInteger(x) && Number.isInteger(by)
    if (count > mostValues || !(keeps || holdsNearly(dtype))) return out
    const isExact = exactly(x) !== null && exactly(by) !== null
    const numbers = Array.from({ length: count }, (_, i) => x + i * by)
    const values = numbers.map(
      (n) => (isExact && exactly(n)) || nearly(n, Math.max(Math.abs(x), Math.abs(n))),
    )
    return withValues(out, heldBy(dtype, values))
  }
  const [first, last, stride] = ints
  if (!first || !last || !stride) return result(shapeOf([fresh()]), dtype)
  const span = c.facts.dims.resolve(
    stride.value !== null && stride.value < 0 ? subtract(first, last) : subtract(last, first),
  )
  const width = stride.value !== null && stride.value < 0 ? constant(-stride.value) : stride
  const count = width.value === 1 ? span : ceilOf(c, span, width)
  const number = count.value
  const out = result(shapeOf([count]), dtype)
  const keeps = number !== null && number >= 0 && number <= mostValues && isWhole(dtype)
  return keeps
    ? withValues(
        out,
        Array.from({ length: number }, (_, i) => add(first, multiply(stride, constant(i)))),
      )
    : out
}

/** Evenly spaced numbers between two that are numbers or tensors without dims. */
const spaced: Rule = (c) => {
  const steps = c.int('steps')
  if (steps.value !== null && steps.value < 0)
    return c.fail('negative-size', `${c.name}: ${steps.value} is not a number of steps`)
  let isComplex = false
  for (const name of ['start', 'end']) {
    const bound = c.env.settle(c.value(name))
    const dims = bound.kind === 'tensor' ? dimsOf(c.facts.resolve(bound.shape)) : null
    if (dims && dims.length > 0)
      return c.fail('rank-mismatch', `${c.name}: ${name} must be a number or a tensor without dims`)
    isComplex ||= bound.kind === 'complex' || (bound.kind === 'tensor' && isComplexType(bound.dtype))
  }
  return result(shapeOf([steps]), dtypeOr(c, isComplex ? 'complex64' : defaultDType(c.env)))
}
const isComplexType = (dtype: DType | null): boolean => dtype?.startsWith('complex') === true

/** With its numbers, rounded as PyTorch rounds them: once each, from the end that is nearer. */
const linspace: Rule = (c) => {
  const out = spaced(c)
  const count = c.int('steps').value
  const [start, end] = [c.value('start'), c.value('end')].map((v) => numberOf(c.env.settle(v)))
  if (out.kind !== 'tensor' || out.dtype !== 'float32' || count === null || count > mostValues) return out
  if (typeof start !== 'number' || typeof end !== 'number') return out
  const [first, last] = [Math.fround(start), Math.fround(end)]
  const step = Math.fround(Math.fround(last - first) / (count - 1))
  const at = (i: number): number => (2 * i < count - 1 ? first + step * i : last - step * (count - 1 - i))
  const numbers = count === 1 ? [first] : Array.from({ length: count }, (_, i) => Math.fround(at(i)))
  const values = numbers.map((n) => exactly(n, 2 ** 40))
  return values.some((v) => v === null) ? out : withValues(out, values as Dim[])
}

/** The indices of a triangle of an n × m matrix. */
const triangle =
  (isLower: boolean): Rule =>
  (c) => {
    const [rows, columns, offset] = [c.int('row'), c.int('col'), c.int('offset')]
    const [n, m, k] = [rows.value, columns.value, offset.value]
    let count: Dim = fresh()
    if (n !== null && m !== null && k !== null) {
      if (n < 0 || m < 0)
        return c.fail('negative-size', `${c.name}: a matrix of ${n} rows and ${m} columns cannot be`)
      let sum = 0
      for (let i = 0; i < Math.min(n, 1e5); i++) {
        const below = Math.min(Math.max(i + k + (isLower ? 1 : 0), 0), m)
        sum += isLower ? below : m - below
      }
      count = n > 1e5 ? fresh() : constant(sum)
    } else if (rows.key === columns.key && k === 0) {
      // n(n+1)/2 is whole: one of the two is even.
      count = ceilDivide(multiply(rows, add(rows, one)), constant(2))
    }
    return result(shapeOf([constant(2), count]), dtypeOr(c, 'int64'))
  }

export const rangeOps: readonly OpEntry[] = [
  [
    'arange(end: any, *, dtype: dtype? = None)',
    'torch',
    (c) => arange(c, { kind: 'int', dim: zero }, c.value('end'), { kind: 'int', dim: one }),
  ],
  [
    'arange(start: any, end: any, step: any = 1, *, dtype: dtype? = None)',
    'torch',
    (c) => arange(c, c.value('start'), c.value('end'), c.value('step')),
  ],
  [
    'range(start: any, end: any, step: any = 1, *, dtype: dtype? = None)',
    'torch',
    (c) => result(shapeOf([fresh()]), dtypeOr(c, defaultDType(c.env))),
  ],
  ['linspace(start: any, end: any, steps: int, *, dtype: dtype? = None)', 'torch', linspace],
  ['logspace(start: any, end: any, steps: int, base: any = 10.0, *, dtype: dtype? = None)', 'torch', spaced],
  ['tril_indices(row: int, col: int, offset: int = 0, *, dtype: dtype? = None)', 'torch', triangle(true)],
  ['triu_indices(row: int, col: int, offset: int = 0, *, dtype: dtype? = None)', 'torch', triangle(false)],
]
