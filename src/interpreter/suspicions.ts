// Warnings about code that runs and is probably not what was meant, from how its tensors were made.

import type { OpCall } from '../ops/op'
import { dimsOf, type Shape } from '../tensors/shape'
import type { Tensor } from '../tensors/tensor'
import type { Code } from '../trace/codes'
import type { Related } from '../trace/trace'
import { none, type Value } from '../trace/values'
import type { Interpreter } from './interpreter'
import { axisFromEnd, given, type PairLayout, setTrait, type Trait, Traits, traitOf } from './traits'

/** Looks at each operation after it was done. */
export class Suspicions {
  readonly #traits = new Traits()

  constructor(readonly interp: Interpreter) {}

  note(c: OpCall, result: Value): void {
    const check = checks.get(c.name)
    if (check) check(this, c)
    this.#traits.note(c, result)
    if (c.name === 'softmax') this.#noteWeights(c, result)
  }

  warn(code: Code, message: string, at: Trait | null = null): void {
    const { interp } = this
    if (!interp.place || !interp.placeFrame) return
    const isElsewhere = at?.kind === 'weights'
    const related: Related[] = isElsewhere
      ? [{ module: interp.placeFrame.module, place: interp.place, message: 'the product that sums them' }]
      : []
    const { place, frame } = isElsewhere ? at : { place: interp.place, frame: interp.placeFrame }
    interp.problems.push({ place, frame, severity: 'warning', code, message, related })
  }

  /** A softmax of scores: along which dim, and where it stands. */
  #noteWeights(c: OpCall, result: Value): void {
    const input = given(c, 'input')
    const axis = input && axisFromEnd(c, 'dim', input)
    const { place, placeFrame } = this.interp
    if (traitOf(input)?.kind === 'product' && axis && place && placeFrame)
      setTrait(result, { kind: 'weights', axis, place, frame: placeFrame })
  }
}

type Check = (suspicions: Suspicions, c: OpCall) => void

/** Attention weights sum to 1 along the dim that the product with the values sums over. */
function weighted(s: Suspicions, tensor: Tensor | null, summed: number): void {
  const trait = traitOf(tensor)
  if (trait?.kind !== 'weights' || trait.axis === summed) return
  s.warn(
    'suspicious-softmax',
    `softmax: the weights sum to 1 along dim ${trait.axis}, and the product behind it sums over ` +
      `dim ${summed}; dim=${summed} is probably meant`,
    trait,
  )
}

const product: Check = (s, c) => weighted(s, given(c, 'input'), -1)

/** One operand's dims in an einsum: their names, and how many of them stand before `...`. */
interface Term {
  readonly names: readonly string[]
  readonly before: number
}

/** Where the dim of a name is, from the end; null where `...` behind it stands for so many dims that nobody knows. */
function axisIn({ names, before }: Term, name: string, shape: Shape): number | null {
  const at = names.indexOf(name)
  if (at >= before) return at - names.length
  const rank = dimsOf(shape)?.length
  return rank === undefined ? null : at - rank
}

/** The terms of an einsum's operands and its result; einops has the pattern last. */
function termsOf(c: OpCall): { operands: readonly Value[]; terms: Term[]; output: Term } | null {
  const isEinops = c.bound.has('tensors')
  const all = isEinops ? c.rest('tensors') : [c.value('equation'), ...c.rest('operands')]
  const pattern = c.env.settle((isEinops ? all.at(-1) : all[0]) ?? none)
  if (pattern.kind !== 'str' || pattern.value === null) return null
  const namesIn = (text: string): string[] =>
    isEinops ? (text.match(/\S+/g) ?? []) : [...text.replaceAll(' ', '')]
  const termOf = (text: string): Term => {
    const [front = [], back] = text.split('...').map(namesIn)
    return back ? { names: [...front, ...back], before: front.length } : { names: front, before: 0 }
  }
  const [inputs = '', output] = pattern.value.split('->')
  if (output === undefined) return null
  return {
    operands: isEinops ? all.slice(0, -1) : all.slice(1),
    terms: inputs.split(',').map(termOf),
    output: termOf(output),
  }
}

const einsum: Check = (s, c) => {
  const found = termsOf(c)
  for (const [i, term] of found?.terms.entries() ?? []) {
    const value = found?.operands[i]
    const operand = value ? c.env.settle(value) : null
    const summed = term.names.filter((name) => !found?.output.names.includes(name))
    const [only] = summed
    // A matrix over one dim of a stack of weights mixes the heads; values are stacked as the weights are.
    const isStacked = found?.terms.some((t, j) => j !== i && sharesMore(t.names, term.names, summed))
    if (operand?.kind !== 'tensor' || summed.length !== 1 || only === undefined) continue
    if (term.names.length > 2 && !isStacked) continue
    const axis = axisIn(term, only, c.facts.resolve(operand.shape))
    if (axis !== null) weighted(s, operand, axis)
  }
}

const sharesMore = (a: readonly string[], b: readonly string[], summed: readonly string[]): boolean =>
  a.some((name) => b.includes(name) && !summed.includes(name))

/** A layer's column `[n, 1]` beside a vector `[n]`: every element of the one meets all of the other. */
const column: Check = (s, c) => {
  const [left, right] = [given(c, 'input'), given(c, 'other')]
  if (!left || !right || c.isGuess) return
  for (const [tall, flat] of [
    [left, right],
    [right, left],
  ] as const) {
    if (traitOf(tall)?.kind !== 'column') continue
    const [a, b] = [dimsOf(c.facts.resolve(tall.shape)), dimsOf(c.facts.resolve(flat.shape))]
    const [size, one] = a ?? []
    if (a?.length !== 2 || b?.length !== 1 || one?.value !== 1 || size?.value === 1) continue
    if (!size || size.key !== b[0]?.key) continue
    s.warn(
      'suspicious-broadcast',
      `${c.name}: ${c.show(tall.shape)} and ${c.show(flat.shape)} broadcast to ` +
        `[${c.showDim(size)}, ${c.showDim(size)}], each row with every element; ` +
        `use .squeeze(-1) on the first, or .unsqueeze(-1) on the second`,
    )
    return
  }
}

const words: Record<PairLayout, string> = {
  halves: 'two halves one after the other',
  pairs: 'pairs of neighbours',
}

/** The turned half of a rotary embedding meets a table of the other layout. */
const rotation: Check = (s, c) => {
  const [left, right] = [traitOf(given(c, 'input')), traitOf(given(c, 'other'))]
  const [turned, table] = left?.kind === 'turned' ? [left, right] : [right, left]
  if (turned?.kind !== 'turned' || table?.kind !== 'doubled' || turned.layout === table.layout) return
  s.warn(
    'rope-layout',
    `the sine is laid out in ${words[table.layout]}, and what it multiplies was rotated in ` +
      `${words[turned.layout]}; build it with ` +
      (turned.layout === 'halves'
        ? 'torch.cat((freqs, freqs), dim=-1)'
        : 'freqs.repeat_interleave(2, dim=-1)'),
  )
}

const multiply: Check = (s, c) => {
  column(s, c)
  rotation(s, c)
}

const checks: ReadonlyMap<string, Check> = new Map([
  ['matmul', product],
  ['bmm', product],
  ['einsum', einsum],
  ['mul', multiply],
  ...['add', 'sub', 'div', 'eq', 'ne', 'lt', 'le', 'gt', 'ge'].map((name) => [name, column] as const),
])
