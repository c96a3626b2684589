// The values of the abstract interpretation: tensors, symbolic integers and ordinary Python data.

import { constant, type Dim } from '../dims/dim'
import { StateMap } from '../dims/trail'
import type { DType } from '../tensors/dtype'
import type { Shape } from '../tensors/shape'
import type { Tensor } from '../tensors/tensor'

export interface NoneValue {
  readonly kind: 'none'
}
/** `value` is null where it is not known which of the two it is. */
export interface BoolValue {
  readonly kind: 'bool'
  readonly value: boolean | null
}
export interface IntValue {
  readonly kind: 'int'
  readonly dim: Dim
  /** True for one of a list that only an annotation tells of: it may be a list of numbers. */
  readonly isAnnotated?: true
}
export interface FloatValue {
  readonly kind: 'float'
  readonly value: number | null
}
export interface ComplexValue {
  readonly kind: 'complex'
}
export interface StrValue {
  readonly kind: 'str'
  readonly value: string | null
  /** Of a text that the caller may give: what it is if none is given. */
  readonly usual?: string | null
  /** Of a variable of the environment that may hold a number: what it is where it is not set. */
  readonly unset?: string
  /** Of a text of which only parts are known: those, with `*` for the others. */
  readonly pattern?: string
}
export interface TupleValue {
  readonly kind: 'tuple'
  readonly items: readonly Value[]
  /** The names of a named tuple's fields, and its class where it is written in Python. */
  readonly fields?: readonly string[]
  readonly cls?: RuntimeObject
  /** True for a shape that is assumed: it may have another length. */
  readonly isGuess?: true
  /** True for a part of such a shape: it counts as being this long, and need not be. */
  readonly isOfGuess?: true
  /** True for a `torch.Size`. */
  readonly isSize?: true
}
/** A tuple of integers of unknown length: the `.shape` of a tensor of unknown rank. */
export interface SizeValue {
  readonly kind: 'size'
  readonly shape: Shape
}
/** Something iterable whose length is not a number; every element is like `element`. */
export interface SequenceValue {
  readonly kind: 'sequence'
  readonly element: Value
  readonly length: Dim | null
  /** All that it may have, in order, where it is not known of each whether it is there. */
  readonly each?: readonly PossibleItem[]
  /** True where only an annotation says what the items are, which Python does not hold against what is given. */
  readonly isAnnotated?: true
}
export interface PossibleItem {
  readonly value: Value
  readonly isOptional: boolean
}
export type ListItems = readonly Value[] | SequenceValue
/** A list, by identity; its items are read and written through `slots`. */
export interface ListValue {
  readonly kind: 'list'
  /** A set: each item once, in no order that matters. */
  readonly isSet?: true
  readonly isDeque?: true
  /** Of a bounded deque, how many items it holds at most. */
  readonly bound?: number
  readonly slots: Map<'items', ListItems>
}
/**
 * A dict, by identity. `entries` by a key's text (see `keyOf`); `isOpen` once unknown keys may be there, `hasOpenKeys`
 * once numbers that are not known are among them, `isOfTurns` once each turn of a loop put something under a key of its own.
 */
export interface DictValue {
  readonly kind: 'dict'
  readonly entries: Map<string, DictEntry>
  /** True for what an instance of a class that inherits from dict holds: an output with its fields. */
  readonly isOfInstance?: true
  /** What makes the values of keys that are not there: `defaultdict(list)`. */
  readonly factory?: Value
  readonly state: Map<'isOpen' | 'hasOpenKeys' | 'isOfTurns' | 'isKind', boolean>
  /** What was set under keys that are not known, by the pattern of the key. */
  readonly rest: Map<string, Value>
}
export interface DictEntry {
  readonly key: Value
  readonly value: Value
  /** True where only some of the paths that lead here set it. */
  readonly isOptional?: true
}
export interface RangeValue {
  readonly kind: 'range'
  readonly start: Dim
  readonly stop: Dim
  readonly step: Dim
}
export interface SliceValue {
  readonly kind: 'slice'
  readonly lower: Value
  readonly upper: Value
  readonly step: Value
}
export interface EllipsisValue {
  readonly kind: 'ellipsis'
}
export interface DTypeValue {
  readonly kind: 'dtype'
  readonly dtype: DType | null
}
export interface DeviceValue {
  readonly kind: 'device'
  /** `cpu`, `cuda`, …; null where it is not known. */
  readonly type: string | null
}
/** One of a few values: what a branch whose condition is not known leaves behind. */
export interface UnionValue {
  readonly kind: 'union'
  readonly options: readonly Value[]
}

/** A function, class, instance or module: the interpreter's own kinds of value. */
export abstract class RuntimeObject {
  readonly kind = 'object'
  /** What it is, in words, for a hover. */
  abstract describe(): string
}

/** A value of which nothing is known yet; use may refine it to something else. */
export class Unknown {
  static #next = 1
  readonly kind = 'unknown'
  readonly id = Unknown.#next++
  /** Attributes and items that were read from it, so that each is the same value every time. */
  readonly slots = new StateMap<string, Value>()
  constructor(
    /** The name that the code has for it, which names a dim that it turns out to be. */
    readonly name: string | null,
    /** Why it is not known, for `--explain-unknown`. */
    readonly reason: string,
    { couldBeNone = false, deferred = null, isAttribute = false }: KnownOfUnknown = nothingKnown,
  ) {
    this.couldBeNone = couldBeNone
    this.isAttribute = isAttribute
    const weight = deferred ? 1 + weightOf(deferred.left) + weightOf(deferred.right) : 1
    this.deferred = weight <= heaviest ? deferred : null
    this.weight = this.deferred ? weight : 1
  }
  readonly couldBeNone: boolean
  readonly isAttribute: boolean
  /** Arithmetic on values that are not known yet, and how much of it. */
  readonly deferred: Deferred | null
  readonly weight: number
}

/** What is known of a value of which nothing else is. */
interface KnownOfUnknown {
  readonly couldBeNone?: boolean
  readonly deferred?: Deferred | null
  /** True for an attribute of something: a setting far more often than a tensor. */
  readonly isAttribute?: boolean
}
const nothingKnown: KnownOfUnknown = {}

interface Deferred {
  readonly op: string
  readonly left: Value
  readonly right: Value
}

/** True for what is a number rather than a tensor, as far as one can say of a value that is not known. */
export function isLikelyNumber(value: Value): boolean {
  if (value.kind === 'union') return value.options.every((o) => o.kind === 'none' || isLikelyNumber(o))
  if (value.kind !== 'unknown') return ['int', 'float', 'bool', 'complex'].includes(value.kind)
  const { deferred } = value
  return deferred ? isLikelyNumber(deferred.left) && isLikelyNumber(deferred.right) : value.isAttribute
}

/** Arithmetic that is nested deeper than people write it is forgotten: a loop can double it each time. */
const heaviest = 100
function weightOf(value: Value): number {
  if (value.kind === 'union') return value.options.reduce((sum, option) => sum + weightOf(option), 0)
  return value.kind === 'unknown' ? value.weight : 1
}

export type Value =
  | NoneValue
  | BoolValue
  | IntValue
  | FloatValue
  | ComplexValue
  | StrValue
  | Tensor
  | TupleValue
  | SizeValue
  | SequenceValue
  | ListValue
  | DictValue
  | RangeValue
  | SliceValue
  | EllipsisValue
  | DTypeValue
  | DeviceValue
  | UnionValue
  | RuntimeObject
  | Unknown

export const none: NoneValue = { kind: 'none' }
export const ellipsis: EllipsisValue = { kind: 'ellipsis' }
const truths: readonly [BoolValue, BoolValue] = [
  { kind: 'bool', value: false },
  { kind: 'bool', value: true },
]
export const someBool: BoolValue = { kind: 'bool', value: null }
export const bool = (value: boolean | null): BoolValue => (value === null ? someBool : truths[value ? 1 : 0])
export const int = (value: Dim | number): IntValue => ({
  kind: 'int',
  dim: typeof value === 'number' ? constant(value) : value,
})
export const someFloat: FloatValue = { kind: 'float', value: null }
export const float = (value: number | null): FloatValue =>
  value === null ? someFloat : { kind: 'float', value }
export const str = (value: string | null): StrValue => ({ kind: 'str', value })
export const tuple = (items: readonly Value[], fields?: readonly string[]): TupleValue =>
  fields ? { kind: 'tuple', items, fields } : { kind: 'tuple', items }
export const list = (items: ListItems): ListValue => ({
  kind: 'list',
  slots: new StateMap([['items', items]]),
})
export const dict = (entries: Iterable<[string, DictEntry]> = []): DictValue => ({
  kind: 'dict',
  entries: new StateMap(entries),
  state: new StateMap(),
  rest: new StateMap(),
})
export const sequence = (element: Value, length: Dim | null): SequenceValue => ({
  kind: 'sequence',
  element,
  length,
})
export const dtypeValue = (dtype: DType | null): DTypeValue => ({ kind: 'dtype', dtype })
export const device = (type: string | null): DeviceValue => ({ kind: 'device', type })
export const unknown = (reason: string, name: string | null = null): Unknown => new Unknown(name, reason)

/** The number that an int or float is, or null. */
export function numberOf(value: Value): number | null {
  if (value.kind === 'int') return value.dim.value
  if (value.kind === 'float') return value.value
  if (value.kind === 'bool' && value.value !== null) return value.value ? 1 : 0
  return null
}

/** A shape as Python sees it: a tuple of ints, or a size of unknown length. */
export function sizeValue(shape: Shape, isGuess = false): TupleValue | SizeValue {
  if (shape.gap) return { kind: 'size', shape }
  const sizes: TupleValue = { ...tuple(shape.lead.map((d) => int(d))), isSize: true }
  return isGuess ? { ...sizes, isGuess } : sizes
}
