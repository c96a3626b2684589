// torch.einsum: its notation, the sizes of its letters, and where the result lies in memory.

import { add, type Dim, multiply, one, zero } from '../dims/dim'
import { broadcastShapes } from '../tensors/broadcast'
import { promote } from '../tensors/dtype'
import { elementwiseStrides, isContiguous } from '../tensors/layout'
import { dimsOf, openShape, type Shape, scalar } from '../tensors/shape'
import { type Assumed, bothAssumed, type Layout, stridesOf, type Tensor } from '../tensors/tensor'
import type { Value } from '../trace/values'
import { rankOf, sameDType, splitEnds } from './nn-core'
import { failed, type OpCall, type OpEntry, result } from './op'
import { widened } from './reductions'

/** The letters of one operand before and behind its ellipsis, or all in `front`. */
export interface Subscripts {
  front: string[]
  back: string[] | null
}
interface Equation {
  inputs: Subscripts[]
  output: Subscripts | null
}

/** The letters of «b h ... d»; a message where it is not valid. */
function subscripts(text: string): Subscripts | string {
  const [front, back, ...more] = text.replaceAll(' ', '').split('...')
  if (more.length > 0) return 'it has more than one ellipsis'
  for (const letter of (front ?? '') + (back ?? ''))
    if (letter === '.') return 'a dot is not part of an ellipsis «...»'
    else if (!/[a-zA-Z]/.test(letter)) return `«${letter}» is not a letter`
  return { front: [...(front ?? '')], back: back === undefined ? null : [...back] }
}

function parse(text: string): Equation | string {
  const [left = '', right, ...more] = text.split('->')
  if (more.length > 0) return 'it has more than one arrow'
  const inputs: Subscripts[] = []
  for (const part of left.split(',')) {
    const parsed = subscripts(part)
    if (typeof parsed === 'string') return parsed
    inputs.push(parsed)
  }
  if (right === undefined) return { inputs, output: null }
  const output = subscripts(right)
  return typeof output === 'string' ? output : { inputs, output }
}

const lettersOf = (s: Subscripts): string[] => [...s.front, ...(s.back ?? [])]

/** The output's letters where the equation has no arrow: those that occur once, in alphabetical order. */
function impliedOutput(inputs: readonly Subscripts[]): Subscripts {
  const counts = new Map<string, number>()
  for (const input of inputs)
    for (const letter of lettersOf(input)) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  const once = [...counts].filter(([, count]) => count === 1).map(([letter]) => letter)
  once.sort((a, b) => a.charCodeAt(0) - b.charCodeAt(0))
  return inputs.some((i) => i.back) ? { front: [], back: once } : { front: once, back: null }
}

/** «bhd», or «batch head d» where axes have longer names. */
const showSubscripts = (s: Subscripts): string => {
  const all = [...s.front, ...(s.back ? ['...', ...s.back] : [])]
  return all.join(s.front.concat(s.back ?? []).some((name) => name.length > 1) ? ' ' : '')
}

/** Sublists of ints in place of a text: `einsum(a, [0, 1], b, [1, 2], [0, 2])`. */
function fromLists(c: OpCall, values: readonly Value[]): { equation: Equation; operands: Tensor[] } | null {
  const inputs: Subscripts[] = []
  const operands: Tensor[] = []
  let output: Subscripts | null = null
  for (let i = 0; i < values.length; i += 2) {
    const [operand, list] = [values[i], values[i + 1]]
    if (!operand) return null
    const parsed = listSubscripts(c, list ?? operand)
    if (!parsed) return null
    if (!list) output = parsed
    else {
      const tensor = c.env.asTensor(operand)
      if (!tensor) return null
      operands.push({ ...tensor, shape: c.facts.resolve(tensor.shape) })
      inputs.push(parsed)
    }
  }
  return { equation: { inputs, output }, operands }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

function listSubscripts(c: OpCall, value: Value): Subscripts | null {
  const items = c.env.itemsOf(c.env.settle(value))
  if (!items) return null
  const parsed: Subscripts = { front: [], back: null }
  for (const item of items) {
    const settled = c.env.settle(item)
    if (settled.kind === 'ellipsis') parsed.back = []
    else {
      const letter = settled.kind === 'int' ? alphabet[settled.dim.value ?? -1] : undefined
      if (!letter) return null
      ;(parsed.back ?? parsed.front).push(letter)
    }
  }
  return parsed
}

/** The size of each letter and the dims that ellipses cover; null after an error. */
interface Sizes {
  letters: Map<string, Dim>
  ellipsis: Shape
  assumed: Assumed
  /** True if some operand's dims are hidden, so that a letter may lack its size. */
  isHidden: boolean
}

function measure(
  c: OpCall,
  inputs: readonly Subscripts[],
  operands: readonly Tensor[],
  text: string,
): Sizes | null {
  const sizes: Sizes = { letters: new Map(), ellipsis: scalar, assumed: false, isHidden: false }
  let isFirst = true
  for (const [n, input] of inputs.entries()) {
    const operand = operands[n]
    if (!operand) continue
    const { front, back } = input
    if (!back) c.facts.requireRank(operand.shape, front.length)
    const parts = splitEnds(c, operand.shape, front.length, back?.length ?? 0)
    const rank = rankOf(c.facts.resolve(operand.shape))
    if (parts === 'too-few' || (!back && rank !== front.length)) {
      const count = lettersOf(input).length
      c.fail(
        'einsum-mismatch',
        `${c.name}: operand ${n} is ${c.show(operand.shape)}, and «${showSubscripts(input)}» in ` +
          `'${text}' names ${count} ${count === 1 ? 'dim' : 'dims'}`,
      )
      return null
    }
    if (!parts) {
      sizes.isHidden = true
      if (back) sizes.ellipsis = openShape()
      isFirst = false
      continue
    }
    const dims = [
      ...front.map((l, i) => [l, parts.first[i]] as const),
      ...(back ?? []).map((l, i) => [l, parts.last[i]] as const),
    ]
    const own = new Map<string, Dim>()
    for (const [letter, dim] of dims) {
      if (!dim) continue
      const twin = own.get(letter)
      if (twin && !c.unify(twin, dim)) return clash(c, letter, twin, dim, `twice in operand ${n}`, text)
      own.set(letter, dim)
    }
    for (const [letter, dim] of own) {
      const seen = sizes.letters.get(letter)
      if (!seen || seen.value === 1) sizes.letters.set(letter, dim)
      else if (dim.value !== 1 && !c.unify(seen, dim))
        return clash(c, letter, seen, dim, `for operand ${n} ${c.show(operand.shape)}`, text)
    }
    if (!back) continue
    const joined = isFirst
      ? ({ kind: 'fits', shape: parts.middle, assumed: false } as const)
      : broadcastShapes(sizes.ellipsis, parts.middle, c.facts)
    isFirst = false
    if (joined.kind === 'clash')
      return clash(c, '...', joined.left, joined.right, `for operand ${n} ${c.show(operand.shape)}`, text)
    sizes.assumed = bothAssumed(sizes.assumed, joined.assumed)
    sizes.ellipsis = joined.shape
  }
  c.env.suggestNames([...sizes.letters])
  return sizes
}

function clash(c: OpCall, letter: string, a: Dim, b: Dim, where: string, text: string): null {
  c.fail(
    'einsum-mismatch',
    `${c.name} '${text}': «${letter}» is ${c.showDim(a)} and ${c.showDim(b)} ${where}; it must be the ` +
      'same size everywhere',
  )
  return null
}

function einsum(c: OpCall): Value {
  const first = c.value('equation')
  const rest = c.rest('operands')
  if (first.kind !== 'str') {
    const lists = fromLists(c, [first, ...rest])
    return lists ? contract(c, lists.equation, lists.operands, 'lists') : result(openShape(), null, null)
  }
  const [only] = rest
  const items = rest.length === 1 && only && only.kind !== 'tensor' ? (c.env.itemsOf(only) ?? rest) : rest
  const operands: Tensor[] = []
  for (const item of items) {
    const tensor = c.env.asTensor(c.env.settle(item))
    if (!tensor) return result(openShape(), null, null)
    operands.push({ ...tensor, shape: c.facts.resolve(tensor.shape) })
  }
  if (first.value === null) return result(openShape(), null, null)
  const equation = parse(first.value)
  if (typeof equation === 'string')
    return c.fail('einsum-syntax', `${c.name}: '${first.value}' is not valid: ${equation}`)
  if (equation.inputs.length !== operands.length)
    return c.fail(
      'einsum-syntax',
      `${c.name}: '${first.value}' names ${equation.inputs.length} operands, and ${operands.length} ` +
        'are given',
    )
  return contract(c, equation, operands, first.value)
}

export function contract(c: OpCall, equation: Equation, operands: readonly Tensor[], text: string): Value {
  const { inputs } = equation
  const output = equation.output ?? impliedOutput(inputs)
  const letters = lettersOf(output)
  const named = new Set(inputs.flatMap(lettersOf))
  for (const [i, letter] of letters.entries()) {
    if (letters.indexOf(letter) !== i)
      return c.fail('einsum-syntax', `${c.name}: '${text}' has «${letter}» twice in its output`)
    if (!named.has(letter))
      return c.fail('einsum-syntax', `${c.name}: '${text}' has «${letter}» in its output but in no operand`)
  }
  const sizes = measure(c, inputs, operands, text)
  if (!sizes) return failed()
  // What is not contracted, or along sizes of 1 alone, is a product of elements, where dtypes may differ.
  const isContracted = [...named].some(
    (l) =>
      !letters.includes(l) &&
      inputs.filter((i) => lettersOf(i).includes(l)).length > 1 &&
      sizes.letters.get(l)?.value !== 1,
  )
  const dtypes = operands.map((o) => o.dtype)
  const common = isContracted ? sameDType(c, operands) : dtypes.reduce((a, b) => a && b && promote(a, b))
  if (common === false) return failed()
  // A letter of one operand alone is summed before the product, and sums of whole numbers are int64.
  const isSummed = [...named].some(
    (l) => !letters.includes(l) && inputs.filter((i) => lettersOf(i).includes(l)).length === 1,
  )
  const dtype = isSummed ? widened(common) : common
  const pick = (names: readonly string[]): Dim[] => names.flatMap((l) => sizes.letters.get(l) ?? [])
  if (letters.some((l) => !sizes.letters.has(l))) return result(openShape(), dtype, null)
  const [front, back] = [pick(output.front), pick(output.back ?? [])]
  const middle = output.back ? sizes.ellipsis : scalar
  const shape = c.facts.resolve({
    lead: middle.gap ? [...front, ...middle.lead] : [...front, ...middle.lead, ...back],
    gap: middle.gap,
    trail: middle.gap ? [...middle.trail, ...back] : [],
  })
  const layout = layoutOf(c, inputs, operands, output, sizes, shape)
  const out = result(shape, dtype, layout)
  return sizes.assumed || sizes.isHidden ? { ...out, assumed: sizes.assumed } : out
}

/**
 * The result's layout for one or two operands, as at::einsum makes it: one operand is viewed, two are
 * multiplied by bmm, whose dims (common, the left's own, the right's own) are then put in order. The operands
 * change places if the output has all of the right's own dims first and nothing is summed in one of them alone.
 */
function layoutOf(
  c: OpCall,
  inputs: readonly Subscripts[],
  operands: readonly Tensor[],
  output: Subscripts,
  sizes: Sizes,
  shape: Shape,
): Layout {
  const dims = dimsOf(shape)
  if (!dims || output.back || inputs.some((i) => i.back) || operands.length > 2) return null
  if (dims.length < 2 && operands.length === 2) return 'contiguous'
  const letters = output.front
  const all = [...sizes.letters.keys()]
  const rows = inputs.map((input, n) => letterStrides(c, input, operands[n]))
  if (rows.some((r) => r === null)) return null
  const [a, b] = rows as Map<string, Entry>[]
  if (!a) return null
  const tidy = (strides: readonly Dim[] | null): Layout =>
    strides && isContiguous(dims, strides, c.facts.dims) ? 'contiguous' : strides
  // A sum is made in the order of the output.
  if (!b)
    return all.length > letters.length ? 'contiguous' : tidy(letters.map((l) => a.get(l)?.stride ?? zero))
  const summed = all.filter((l) => !letters.includes(l))
  if (summed.length === 0) {
    const operandRows = [a, b].map((row) => ({
      dims: letters.map((l) => row.get(l)?.size ?? one),
      strides: letters.map((l) => row.get(l)?.stride ?? zero),
    }))
    return tidy(elementwiseStrides(dims, operandRows, c.facts.dims))
  }
  const has = (row: Map<string, Entry>, l: string): boolean =>
    (row.get(l)?.size.value ?? (row.has(l) ? 2 : 1)) !== 1
  const [left, right] = [letters.filter((l) => has(a, l) && !has(b, l)), letters.filter((l) => !has(a, l))]
  const contracted = summed.filter((l) => has(a, l) && has(b, l))
  // Without a dim to contract the operands are multiplied, each after its own sum.
  if (contracted.length === 0) return null
  const isSwapped =
    contracted.length === summed.length &&
    right.every((r) => left.every((l) => letters.indexOf(r) < letters.indexOf(l)))
  const order = [
    ...letters.filter((l) => has(a, l) && has(b, l)),
    ...(isSwapped ? [...right, ...left] : [...left, ...right]),
  ]
  const strides = new Map<string, Dim>()
  let step = one
  for (const letter of order.reverse()) {
    strides.set(letter, step)
    const size = sizes.letters.get(letter) ?? one
    if (size.value !== 0) step = multiply(step, size)
  }
  return tidy(letters.map((l) => strides.get(l) ?? one))
}

interface Entry {
  size: Dim
  stride: Dim
}

/** Each letter's size and stride in one operand; a repeated letter is a diagonal. */
function letterStrides(c: OpCall, input: Subscripts, operand: Tensor | undefined): Map<string, Entry> | null {
  const shape = operand ? c.facts.resolve(operand.shape) : null
  const [dims, strides] = [shape && dimsOf(shape), operand && shape && stridesOf({ ...operand, shape })]
  if (!dims || !strides) return null
  const row = new Map<string, Entry>()
  input.front.forEach((letter, i) => {
    const [size, own, stride] = [dims[i] ?? one, row.get(letter), c.facts.dims.resolve(strides[i] ?? one)]
    if (!own) row.set(letter, { size, stride })
    else own.stride = add(own.stride, stride)
  })
  return row
}

export const einsumOps: readonly OpEntry[] = [['einsum(equation: any, *operands: any)', 'torch', einsum]]
