// How a tensor was made, as far as the warnings need it: followed from operation to operation by identity.

import type { OpCall } from '../ops/op'
import { leastRank } from '../tensors/shape'
import type { Tensor } from '../tensors/tensor'
import type { Frame, Place } from '../trace/trace'
import type { Value } from '../trace/values'

/** Two equal or paired parts of a last dim lie one after the other, or alternate. */
export type PairLayout = 'halves' | 'pairs'

export type Trait =
  /** A product of matrices, scaled or masked. */
  | { readonly kind: 'product' }
  /** A softmax of a product; `axis` counts from the end. */
  | { readonly kind: 'weights'; readonly axis: number; readonly place: Place; readonly frame: Frame }
  /** The last dim has one element, since the layer that made it has one output. */
  | { readonly kind: 'column' }
  /** One of the two parts of a tensor's last dim. */
  | {
      readonly kind: 'part'
      readonly of: object
      readonly layout: PairLayout
      readonly isSecond: boolean
      readonly isNegated: boolean
      readonly cut: string
    }
  /** The last dim folded into two, of which one has 2 elements. */
  | { readonly kind: 'folded'; readonly of: object; readonly layout: PairLayout; readonly axis: number }
  /** Two tensors stacked: the same twice, or the parts of one turned by a right angle. */
  | { readonly kind: 'stacked'; readonly isTurned: boolean; readonly axis: number }
  /** The last dim holds everything twice: a table of angles, or its cosine or sine. */
  | { readonly kind: 'doubled'; readonly layout: PairLayout }
  /** `(-x2, x1)` where `(x1, x2)` are the parts of x. */
  | { readonly kind: 'turned'; readonly layout: PairLayout }

/** Operations that give each element to its own place. */
const unary = new Set(
  'to type_as contiguous clone float half double bfloat16 detach cuda cpu dropout alpha_dropout'.split(' '),
)
const functions = new Set('cos sin sigmoid tanh relu gelu exp log neg abs square'.split(' '))
const withOther = new Set('add sub mul div true_divide masked_fill where'.split(' '))

/** The tensors that a call was given, as they were before shapes were resolved. */
export const given = (c: OpCall, name: string): Tensor | null => {
  const value = c.bound.get(name) as Value | undefined
  return value?.kind === 'tensor' ? value : null
}
const rankOf = ({ shape }: Tensor): number | null => (shape.gap ? null : shape.lead.length)
/** The last dims, as far as they are known. */
const lastSize = (tensor: Tensor, back = 1): number | null => {
  const dims = tensor.shape.gap ? tensor.shape.trail : tensor.shape.lead
  return dims[dims.length - back]?.value ?? null
}

/** A dim argument counted from the end of a tensor; null where that is not known. */
export function axisFromEnd(c: OpCall, name: string, tensor: Tensor, extra = 0): number | null {
  const dim = c.bound.get(name)
  const value = typeof dim === 'object' && dim !== null && 'value' in dim ? dim.value : null
  if (typeof value !== 'number') return null
  const rank = rankOf(tensor)
  return value < 0 ? value : rank === null ? null : value - rank - extra
}

const known = new WeakMap<object, Trait>()

/** What is known of how a tensor was made. */
export const traitOf = (tensor: object | null): Trait | null => (tensor && known.get(tensor)) ?? null

/** What holds of a tensor that is one of two: what both are. */
export function sharedTrait(a: object, b: object): Trait | null {
  const [x, y] = [traitOf(a), traitOf(b)]
  if (!x || !y || x.kind !== y.kind) return null
  const same = (one: Trait, other: Trait): boolean =>
    Object.entries(one).every(([key, value]) => (other as unknown as Record<string, unknown>)[key] === value)
  return same(x, y) ? x : null
}

/** True if two tensors were made in the same way, as far as that is known. */
export const madeAlike = (a: object, b: object): boolean =>
  a === b || (traitOf(a) === null && traitOf(b) === null) || sharedTrait(a, b) !== null

export function setTrait(tensor: Value, trait: Trait | null): void {
  if (trait && tensor.kind === 'tensor') known.set(tensor, trait)
}

/** Notes the traits of the tensors that operations make. */
export class Traits {
  /** What an operation's result is, from what its inputs are. */
  note(c: OpCall, result: Value): void {
    if (result.kind === 'tensor') setTrait(result, this.#traitOf(c, result))
    else this.#noteParts(c, result)
  }

  #traitOf(c: OpCall, result: Tensor): Trait | null {
    const { name } = c
    const input = given(c, 'input') ?? given(c, 'tensor')
    const trait = traitOf(input)
    switch (name) {
      case 'matmul':
      case 'bmm':
      case 'mm':
        return { kind: 'product' }
      case 'baddbmm':
      case 'einsum':
        return { kind: 'product' }
      case 'linear':
        return lastSize(result) === 1 ? { kind: 'column' } : null
      case 'cat':
      case 'concat':
      case 'stack':
        return this.#joined(c, result)
      case 'repeat_interleave':
        return input && axisFromEnd(c, 'dim', input) === -1 && isTwo(given(c, 'repeats'))
          ? { kind: 'doubled', layout: 'pairs' }
          : null
      case '__getitem__':
        return input ? this.#indexed(c, input, trait) : null
      case 'unsqueeze':
        return input && axisFromEnd(c, 'dim', input, 1) !== -1 ? lastDimTrait(trait) : null
      case 'reshape':
      case 'view':
      case 'flatten':
      case 'unflatten':
        return input ? folded(c, trait, input, result) : null
      case 'rearrange':
      case 'repeat':
        return this.#rearranged(c, trait)
      case 'neg':
        return trait?.kind === 'part' ? { ...trait, isNegated: !trait.isNegated } : kept(trait)
      default:
        if (unary.has(name)) return trait
        if (functions.has(name)) return kept(trait)
        if (withOther.has(name)) return this.#combined(c, trait)
        return null
    }
  }

  #combined(c: OpCall, trait: Trait | null): Trait | null {
    const other = given(c, 'other')
    // what is not known is mostly a factor from a configuration
    const isScalar = !other || other.shape.lead.length === 0
    const second = traitOf(other)
    if (trait?.kind === 'product' || second?.kind === 'product') return { kind: 'product' }
    if (c.name === 'where' || c.name === 'masked_fill') return null
    return isScalar ? kept(trait) : null
  }

  /** `cat` and `stack` of two parts of one tensor, or of one tensor twice. */
  #joined(c: OpCall, result: Tensor): Trait | null {
    const items = c.env.itemsOf(c.value('tensors'))?.map((item) => c.env.settle(item)) ?? []
    const [first, second] = items
    const axis = axisFromEnd(c, 'dim', result)
    if (items.length !== 2 || !first || !second || axis === null) return null
    const isStack = c.name === 'stack'
    if (isStack ? axis < -2 : axis !== -1) return null
    if (first === second)
      return isStack ? { kind: 'stacked', isTurned: false, axis } : { kind: 'doubled', layout: 'halves' }
    const [a, b] = [traitOf(first as object), traitOf(second as object)]
    if (a?.kind !== 'part' || b?.kind !== 'part' || a.of !== b.of || a.cut !== b.cut) return null
    const isTurned = a.isSecond && a.isNegated && !b.isSecond && !b.isNegated && a.layout === b.layout
    if (!isTurned) return null
    if (!isStack) return a.layout === 'halves' ? { kind: 'turned', layout: 'halves' } : null
    return (a.layout === 'pairs') === (axis === -1) ? { kind: 'stacked', isTurned: true, axis } : null
  }

  #indexed(c: OpCall, input: Tensor, trait: Trait | null): Trait | null {
    const index = c.env.settle(c.value('index'))
    const items = (index.kind === 'tuple' ? index.items : [index]).map((item) => c.env.settle(item))
    const hasEllipsis = items.some(({ kind }) => kind === 'ellipsis')
    const taken = items.filter(({ kind }) => kind !== 'none' && kind !== 'ellipsis').length
    const last = items.at(-1)
    const reachesLast = hasEllipsis ? last?.kind !== 'ellipsis' : taken === rankOf(input)
    if (!reachesLast) return rankOf(input) !== null || hasEllipsis ? lastDimTrait(trait) : null
    if (last?.kind === 'int' && trait?.kind === 'folded' && trait.axis === -1)
      return part(trait, last.dim.value === 1)
    if (last?.kind !== 'slice') return null
    const [lower, upper, step] = [last.lower, last.upper, last.step].map((v) => c.env.settle(v))
    const key = (v: Value | undefined): string | null => (v?.kind === 'int' ? v.dim.key : null)
    const isNone = (v: Value | undefined): boolean => v?.kind === 'none'
    const isWhole = isNone(lower) && isNone(upper) && isNone(step)
    if (isWhole) return lastDimTrait(trait)
    const common = { kind: 'part', of: input, isNegated: false } as const
    if (step?.kind === 'int' && step.dim.value === 2 && isNone(upper)) {
      const start = isNone(lower) ? 0 : lower?.kind === 'int' ? lower.dim.value : null
      if (start === 0 || start === 1) return { ...common, layout: 'pairs', isSecond: start === 1, cut: '' }
    }
    if (!isNone(step)) return null
    const isFirst = (isNone(lower) || key(lower) === '0') && key(upper) !== null
    const isSecond = key(lower) !== null && isNone(upper)
    const cut = isFirst ? key(upper) : isSecond ? key(lower) : null
    return cut === null ? null : { ...common, layout: 'halves', isSecond, cut }
  }

  /** `chunk`, `split` and `unbind` give the parts of a last dim. */
  #noteParts(c: OpCall, result: Value): void {
    const isUnbind = c.name === 'unbind'
    const input = given(c, 'input') ?? given(c, 'tensor')
    if (!input || (!isUnbind && c.name !== 'chunk' && c.name !== 'split')) return
    const parts = c.env.itemsOf(result)
    if (parts?.length !== 2) return
    const trait = traitOf(input)
    const axis = axisFromEnd(c, 'dim', input)
    for (const [i, value] of parts.entries()) {
      if (isUnbind && trait?.kind === 'folded' && axis === trait.axis) setTrait(value, part(trait, i === 1))
      if (!isUnbind && axis === -1)
        setTrait(value, {
          kind: 'part',
          of: input,
          layout: 'halves',
          isSecond: i === 1,
          isNegated: false,
          cut: '',
        })
    }
  }

  /** `x.repeat(1, 1, 2)` */
  #repeated(c: OpCall): Trait | null {
    const times = c.bound.has('repeats') ? c.ints('repeats').lead.map((d) => d.value) : []
    const isDoubled = times.pop() === 2 && times.every((n) => n === 1)
    return isDoubled ? { kind: 'doubled', layout: 'halves' } : null
  }

  /** einops patterns that fold, unfold or double the last dim. */
  #rearranged(c: OpCall, trait: Trait | null): Trait | null {
    const tensor = given(c, 'tensor')
    const written = c.bound.get('pattern') as Value | undefined
    if (!written) return this.#repeated(c)
    const pattern = c.env.settle(written)
    if (pattern.kind !== 'str' || pattern.value === null || !tensor) return null
    const [left, right] = pattern.value.split('->').map((side) => lastAxes(side))
    if (!left || !right) return null
    const twos = [...c.keywords('axes')].filter(([, v]) => v.kind === 'int' && v.dim.value === 2)
    const isTwo = (name: string | undefined): boolean => twos.some(([axis]) => axis === name)
    // `(d r) -> d r`, whichever of the two stands last
    if (left.isGroup && !right.isGroup && left.names.length === 2 && c.name === 'rearrange') {
      const two = left.names.findIndex(isTwo)
      const axis = right.names.lastIndexOf(left.names[two] ?? '') - right.names.length
      return two < 0 || axis < -2
        ? null
        : { kind: 'folded', of: tensor, layout: two === 1 ? 'pairs' : 'halves', axis }
    }
    if (!right.isGroup || right.names.length !== 2) return null
    if (c.name === 'repeat') {
      const [outer, inner] = right.names
      if (left.names.at(-1) === outer && isTwo(inner)) return { kind: 'doubled', layout: 'pairs' }
      return left.names.at(-1) === inner && isTwo(outer) ? { kind: 'doubled', layout: 'halves' } : null
    }
    if (trait?.kind !== 'stacked') return null
    // the stacked axis, by the name that it has on the left
    const stacked = left.names.at(trait.axis)
    const layout = right.names[1] === stacked ? 'pairs' : 'halves'
    return right.names.includes(stacked ?? '') ? merged(trait, layout) : null
  }
}

const isTwo = (tensor: Tensor | null): boolean =>
  tensor?.values?.length === 1 && tensor.values[0]?.value === 2

const part = (trait: Trait & { kind: 'folded' }, isSecond: boolean): Trait => ({
  kind: 'part',
  of: trait.of,
  layout: trait.layout,
  isSecond,
  isNegated: false,
  cut: '',
})

/** What stays true when the elements change each on their own. */
const kept = (trait: Trait | null): Trait | null =>
  trait?.kind === 'doubled' || trait?.kind === 'column' || trait?.kind === 'product' ? trait : null

/** What stays true when only other dims than the last one change. */
const lastDimTrait = (trait: Trait | null): Trait | null =>
  trait?.kind === 'doubled' || trait?.kind === 'turned' ? trait : null

const merged = (trait: Trait & { kind: 'stacked' }, layout: PairLayout): Trait =>
  trait.isTurned ? { kind: 'turned', layout } : { kind: 'doubled', layout }

/** A reshape that merges the last two dims of a stack, or folds a last dim in two. */
function folded(c: OpCall, trait: Trait | null, input: Tensor, result: Tensor): Trait | null {
  const more = rankDifference(c, input, result)
  if (trait?.kind === 'stacked')
    return more === -1 ? merged(trait, trait.axis === -1 ? 'pairs' : 'halves') : null
  if (more !== 1) return null
  if (lastSize(result) === 2) return { kind: 'folded', of: input, layout: 'pairs', axis: -1 }
  if (lastSize(result, 2) === 2) return { kind: 'folded', of: input, layout: 'halves', axis: -2 }
  return null
}

/** How many more dims the second tensor has; also where both ranks are unknown by the same dims. */
function rankDifference({ facts }: OpCall, a: Tensor, b: Tensor): number | null {
  const [before, after] = [facts.resolve(a.shape), facts.resolve(b.shape)]
  return before.gap === after.gap ? leastRank(after) - leastRank(before) : null
}

/** The names that end one side of an einops pattern: those of its last group, or all that stand alone. */
function lastAxes(side: string): { names: string[]; isGroup: boolean } | null {
  const group = /\(([^()]*)\)\s*$/.exec(side)
  if (group) return { names: (group[1] ?? '').trim().split(/\s+/), isGroup: true }
  const tail = side.slice(side.lastIndexOf(')') + 1)
  const names = tail.replaceAll('...', ' ').trim().split(/\s+/).filter(Boolean)
  return names.length > 0 ? { names, isGroup: false } : null
}
