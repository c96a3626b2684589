// Reductions over dims: sum, mean, max, argmax, any, norm and their kin.

import { add, constant, type Dim, maximum, minimum, multiply, one, zero } from '../dims/dim'
import { categoryOf, type DType, toReal } from '../tensors/dtype'
import { dimsOf, openShape, type Shape, scalar, shapeOf } from '../tensors/shape'
import type { Tensor } from '../tensors/tensor'
import { tuple } from '../trace/values'
import { isScalar, reducedShape, spotOf } from './axes'
import { elementwise, promotedDType, toFloat } from './elementwise-core'
import { type OpCall, type OpEntry, type Rule, result } from './op'
import { reader, sizesOf, valuesAt } from './small-values'

type DTypeRule = (dtype: DType | null, c: OpCall) => DType | null

const keep: DTypeRule = (dtype) => dtype
const always =
  (dtype: DType): DTypeRule =>
  () =>
    dtype
/** Sums of whole numbers are int64. */
export const widened = (dtype: DType | null): DType | null =>
  dtype && ['bool', 'integer'].includes(categoryOf(dtype)) ? 'int64' : dtype
const magnitude = (dtype: DType | null): DType | null => dtype && toReal(dtype)
const truthDType: DTypeRule = (dtype) => (dtype === 'uint8' ? 'uint8' : dtype && 'bool')

/** The dims of a parameter of any of the ways in which they are given: none, an int, several. */
function dimsGiven(c: OpCall, name: string): Shape | null {
  const value = c.env.settle(c.value(name))
  if (value.kind === 'none') return null
  if (value.kind === 'int') return shapeOf([c.facts.dims.resolve(value.dim)])
  const size = value.kind === 'unknown' || value.kind === 'union' ? null : c.env.asSize(value)
  return size ? c.facts.resolve(size) : openShape()
}

/** A reduction over the dims of `dim`, all of them where it is None. */
function reduced(c: OpCall, input: Tensor, dtype: DType | null, dims: Shape | null): Tensor {
  return result(reducedShape(c, input.shape, dims, c.bound.has('keepdim') ? c.bool('keepdim') : false), dtype)
}

const over =
  (rule: DTypeRule, gather?: (values: readonly Dim[]) => Dim | null): Rule =>
  (c) => {
    const input = c.tensor('input')
    const asked = c.bound.has('dtype') ? c.dtype('dtype') : undefined
    const dims = dimsGiven(c, 'dim')
    const out = reduced(c, input, asked === undefined ? rule(input.dtype, c) : asked, dims)
    return gather ? { ...out, values: gathered(c, input, out, dims, gather) } : out
  }

/** The elements of a reduction of known elements. */
function gathered(
  c: OpCall,
  input: Tensor,
  out: Tensor,
  dims: Shape | null,
  gather: (values: readonly Dim[]) => Dim | null,
): readonly Dim[] | null {
  const [sizes, read] = [sizesOf(input.shape), reader(input)]
  if (!sizes || !read || !out.dtype) return null
  const all = dims === null || dims.lead.length === 0
  const gone = sizes.map((_, i) => all || dims.lead.some((d) => spotOf(c, input.shape, d)?.index === i))
  const isKept = out.shape.lead.length === sizes.length
  const inner = sizes.filter((_, i) => gone[i])
  return valuesAt(sizesOf(out.shape), (index) => {
    const group = valuesAt(inner, (at) => {
      let [next, own] = [0, 0]
      return read(sizes.map((_, i) => (gone[i] ? (at[next++] ?? 0) : (index[isKept ? i : own++] ?? 0))))
    })
    return group && gather(group)
  })
}

const sumOf = (values: readonly Dim[]): Dim => values.reduce(add, zero)
const extremeOf =
  (pick: (a: Dim, b: Dim) => Dim) =>
  (values: readonly Dim[]): Dim | null =>
    values.length === 0 ? null : values.reduce(pick)
const truthsOf =
  (combine: (truths: readonly boolean[]) => boolean) =>
  (values: readonly Dim[]): Dim | null =>
    values.some((v) => v.value === null) ? null : constant(combine(values.map((v) => v.value !== 0)) ? 1 : 0)

/** Like `over`, but an empty tuple of dims reduces nothing. */
const overGiven =
  (rule: DTypeRule, gather: (values: readonly Dim[]) => Dim | null): Rule =>
  (c) => {
    const dims = dimsGiven(c, 'dim')
    return dims && !dims.gap && dims.lead.length === 0
      ? result(c.tensor('input').shape, rule(c.tensor('input').dtype, c))
      : over(rule, gather)(c)
  }

/** A reduction of no elements has no result where there is none to take. */
function refuseEmpty(c: OpCall, input: Tensor, dims: Shape | null): void {
  const own = dimsOf(input.shape)
  if (!own) return
  const gone = dims && dims.lead.length > 0 ? dims.lead.map((d) => spotOf(c, input.shape, d)?.size) : own
  if (gone.some((d) => d?.value === 0))
    c.refuse(
      'empty-reduction',
      `${c.name}: ${c.show(input.shape)} has no elements to take one of; a dim of size 0 cannot be reduced`,
    )
}

const extreme =
  (rule: DTypeRule, gather?: (values: readonly Dim[]) => Dim | null): Rule =>
  (c) => {
    refuseEmpty(c, c.tensor('input'), dimsGiven(c, 'dim'))
    return over(rule, gather)(c)
  }

/** `(values, indices)` over one dim. */
const withIndices =
  (dtype: DTypeRule, refusesEmpty = true): Rule =>
  (c) => {
    const input = c.tensor('input')
    const dims = shapeOf([c.int('dim')])
    if (refusesEmpty) refuseEmpty(c, input, dims)
    const values = reduced(c, input, dtype(input.dtype, c), dims)
    return tuple([values, { ...values, dtype: 'int64', values: null }], ['values', 'indices'])
  }

/** Over all elements. */
const overall =
  (rule: DTypeRule, gather?: (values: readonly Dim[]) => Dim | null): Rule =>
  (c) => {
    const input = c.tensor('input')
    if (gather) refuseEmpty(c, input, null)
    const out = result(scalar, rule(input.dtype, c))
    return gather ? { ...out, values: gathered(c, input, out, null, gather) } : out
  }

const larger: Rule = (c) => {
  const of = [c.tensor('input'), c.tensor('other')]
  const pick = c.name === 'max' ? maximum : minimum
  return elementwise(c, of, promotedDType(of), (a, b) => (a && b ? pick(a, b) : null))
}

const argExtreme: Rule = (c) => {
  const input = c.tensor('input')
  const dims = dimsGiven(c, 'dim')
  refuseEmpty(c, input, dims)
  // Without a dim, keepdim keeps every dim of the input.
  return reduced(c, input, 'int64', dims)
}

const pairOf =
  (...fields: [string, string]): Rule =>
  (c) => {
    const input = c.tensor('input')
    const dims = dimsGiven(c, 'dim')
    if (c.name === 'aminmax') refuseEmpty(c, input, dims)
    const one = reduced(c, input, c.name === 'aminmax' ? input.dtype : magnitude(input.dtype), dims)
    return c.name === 'aminmax'
      ? tuple([one, one], fields)
      : tuple([
          one,
          input.dtype
            ? { ...one, dtype: c.name === 'std_mean' || c.name === 'var_mean' ? input.dtype : one.dtype }
            : one,
        ])
  }

/** Quantiles: one, or as many as `q` has, in front. */
const quantile: Rule = (c) => {
  const [input, q] = [c.tensor('input'), c.tensor('q')]
  if (isScalar(q.shape)) return reduced(c, input, input.dtype, dimsGiven(c, 'dim'))
  const count = dimsOf(q.shape)
  if (count && count.length > 1)
    return c.fail('rank-mismatch', `${c.name}: q must be a number or a vector, and it is ${c.show(q.shape)}`)
  const rest = reducedShape(c, input.shape, dimsGiven(c, 'dim'), c.bool('keepdim'))
  const [size] = count ?? []
  return size && !rest.gap
    ? result(shapeOf([size, ...rest.lead]), input.dtype, quantileLayout(rest))
    : result(openShape(), input.dtype, null)
}
/** The dims lie as they were sorted, the quantiles innermost. */
const quantileLayout = (rest: Shape): 'contiguous' | null => (rest.lead.length === 0 ? 'contiguous' : null)

const dist: Rule = (c) => {
  const of = [c.tensor('input'), c.tensor('other')]
  const all = elementwise(c, of, promotedDType(of))
  return all.kind === 'tensor' ? result(scalar, magnitude(all.dtype)) : all
}

const dims = 'dim: any = None, keepdim: bool = False'
const both = 'torch method'

export const reductionOps: readonly OpEntry[] = [
  [`sum(input: Tensor, ${dims}, *, dtype: dtype? = None)`, both, over(widened, sumOf)],
  [`nansum(input: Tensor, ${dims}, *, dtype: dtype? = None)`, both, over(widened)],
  [`mean(input: Tensor, ${dims}, *, dtype: dtype? = None)`, both, over(keep)],
  [`nanmean(input: Tensor, ${dims}, *, dtype: dtype? = None)`, both, over(keep)],
  [
    `prod(input: Tensor, ${dims}, *, dtype: dtype? = None)`,
    both,
    over(widened, (values) => values.reduce(multiply, one)),
  ],
  ...['std', 'var'].flatMap((name): OpEntry[] => [
    [`${name}(input: Tensor, unbiased: bool)`, both, overall(magnitude)],
    [
      `${name}(input: Tensor, dim: any = None, unbiased: bool = True, keepdim: bool = False)`,
      both,
      over(magnitude),
    ],
    [
      `${name}(input: Tensor, dim: any = None, *, correction: any, keepdim: bool = False)`,
      both,
      over(magnitude),
    ],
  ]),
  ...['std_mean', 'var_mean'].flatMap((name): OpEntry[] => [
    [
      `${name}(input: Tensor, unbiased: bool)`,
      'torch',
      (c) => tuple([overall(magnitude)(c), overall(keep)(c)]),
    ],
    [
      `${name}(input: Tensor, dim: any = None, unbiased: bool = True, keepdim: bool = False)`,
      'torch',
      pairOf('', ''),
    ],
    [
      `${name}(input: Tensor, dim: any = None, *, correction: any, keepdim: bool = False)`,
      'torch',
      pairOf('', ''),
    ],
  ]),
  ...['max', 'min'].flatMap((name): OpEntry[] => [
    [`${name}(input: Tensor)`, both, overall(keep, extremeOf(name === 'max' ? maximum : minimum))],
    [`${name}(input: Tensor, other: Tensor)`, both, larger],
    [`${name}(input: Tensor, dim: int, keepdim: bool = False)`, both, withIndices(keep)],
  ]),
  ...['median', 'nanmedian'].flatMap((name): OpEntry[] => [
    [`${name}(input: Tensor)`, both, overall(keep)],
    [`${name}(input: Tensor, dim: int, keepdim: bool = False)`, both, withIndices(keep)],
  ]),
  ['mode(input: Tensor, dim: int = -1, keepdim: bool = False)', both, withIndices(keep)],
  [
    'kthvalue(input: Tensor, k: int, dim: int = -1, keepdim: bool = False)',
    both,
    (c) => {
      const [input, k] = [c.tensor('input'), c.int('k')]
      const size = spotOf(c, input.shape, c.int('dim'))?.size
      if (size && size.value !== null && k.value !== null && (k.value < 1 || k.value > size.value))
        return c.fail(
          'index-out-of-range',
          `${c.name}: there is no element number ${k.value} among ${size.value}`,
        )
      return withIndices(keep, false)(c)
    },
  ],
  [`amax(input: Tensor, ${dims})`, both, extreme(keep, extremeOf(maximum))],
  [`amin(input: Tensor, ${dims})`, both, extreme(keep, extremeOf(minimum))],
  ['aminmax(input: Tensor, *, dim: any = None, keepdim: bool = False)', both, pairOf('min', 'max')],
  [`argmax(input: Tensor, ${dims})`, both, argExtreme],
  [`argmin(input: Tensor, ${dims})`, both, argExtreme],
  [
    `all(input: Tensor, ${dims})`,
    both,
    overGiven(
      truthDType,
      truthsOf((all) => all.every(Boolean)),
    ),
  ],
  [
    `any(input: Tensor, ${dims})`,
    both,
    overGiven(
      truthDType,
      truthsOf((all) => all.some(Boolean)),
    ),
  ],
  ['count_nonzero(input: Tensor, dim: any = None)', both, over(always('int64'))],
  [`logsumexp(input: Tensor, ${dims})`, both, over(toFloat)],
  [`logsumexp(input: Tensor, ${dims})`, 'special', over(toFloat)],
  [`norm(input: Tensor, p: any = None, ${dims}, dtype: dtype? = None)`, both, over(magnitude)],
  ['dist(input: Tensor, other: Tensor, p: any = 2)', both, dist],
  [`quantile(input: Tensor, q: operand, ${dims}, *, interpolation: str = 'linear')`, both, quantile],
  [`nanquantile(input: Tensor, q: operand, ${dims}, *, interpolation: str = 'linear')`, both, quantile],
  [
    'hash_tensor(input: Tensor, dim: any = None, keepdim: bool = False, *, mode: int = 0)',
    both,
    over(always('uint64')),
  ],
]
