// Joining what two paths of the program left behind into one value.

import { between, constant, type Dim, fresh, least, maximum, minimum, subtract } from '../dims/dim'
import { dimsOf, Gap, openShape, type Shape, type ShapeFacts, shapeKey, shapeOf } from '../tensors/shape'
import { bothAssumed, makeTensor, type Tensor } from '../tensors/tensor'
import {
  type DictValue,
  dict,
  dtypeValue,
  int,
  type ListItems,
  list,
  sequence,
  someBool,
  someFloat,
  str,
  type TupleValue,
  Unknown,
  unknown,
  type Value,
} from '../trace/values'
import { forgetMaking } from './makings'
import { InstanceObject } from './objects'
import { areTwins, areUnknownAlike, depthLimit, joinLayout, sameValue } from './same'
import { setTrait, sharedTrait } from './traits'

/** More options say nothing any more. */
const mostOptions = 6
const tooMany = new WeakSet<Value>()
const oneOfMany = (): Unknown => {
  const one = unknown('one of many values')
  tooMany.add(one)
  return one
}

/** True if a dim is at least 0 by what is known. */
const isKnown = (known: readonly Dim[], d: Dim): boolean => known.some((k) => least(subtract(d, k)) >= 0)

/** One join of two states: the same pair of dims becomes the same new dim everywhere in it. */
export class Joiner {
  readonly #dims = new Map<string, Dim>()
  readonly #gaps = new Map<string, Gap>()
  /**
   * `widened` holds the dims that a loop's earlier turns made: they stand for any size already. With
   * `likens` a shape of unknown rank may be taken to be like one of known rank.
   */
  constructor(
    readonly facts: ShapeFacts,
    readonly widened: Set<string> | null = null,
    private likens = true,
  ) {}

  /** What each of two paths alone knows to be at least 0, of the first and the second value that are joined. */
  known: readonly [readonly Dim[], readonly Dim[]] | null = null

  /** Two sizes or integers as one, which may be 0 or less where a number, an index or a difference may. */
  dim(a: Dim, b: Dim): Dim {
    const [x, y] = [this.facts.dims.resolve(a), this.facts.dims.resolve(b)]
    if (x.key === y.key) return x
    if (this.widened?.has(x.key)) return x
    const extremum = this.#extremum(x, y)
    if (extremum) return extremum
    const key = `${x.key} ${y.key}`
    let joined = this.#dims.get(key)
    if (!joined) this.#dims.set(key, (joined = this.#either(x, y)))
    this.widened?.add(joined.key)
    return joined
  }

  /** The larger of the two where each path knows that its own is (what is padded to 16 is `max(n, 16)`), or the smaller. */
  #extremum(x: Dim, y: Dim): Dim | null {
    const [first, second] = this.known ?? []
    if (!first?.length || !second?.length) return null
    const order = subtract(x, y)
    if (isKnown(first, order) && isKnown(second, subtract(y, x))) return maximum(x, y)
    return isKnown(first, subtract(y, x)) && isKnown(second, order) ? minimum(x, y) : null
  }

  #either(x: Dim, y: Dim): Dim {
    const leastOf = (d: Dim): number => d.value ?? d.symbol?.least ?? (this.#isDifference(d) ? -Infinity : 0)
    const lowest = Math.min(leastOf(x), leastOf(y), 0)
    const isNoSize = [x, y].some((d) => d.value === 0 || (d.symbol && d.symbol.greatest < Infinity))
    return isNoSize ? between(lowest, Number.MAX_SAFE_INTEGER) : fresh(null, lowest)
  }

  #isDifference(d: Dim): boolean {
    return d.terms.some((t) => t.num < 0) && this.facts.dims.order(d, constant(0)) !== 1
  }

  value(a: Value, b: Value): Value {
    if (a === b) return a
    if (sameValue(a, b, this.facts)) {
      forgetMaking(a)
      return a
    }
    if (a.kind === 'tensor' && b.kind === 'tensor') return this.#tensor(a, b)
    if (a.kind === 'int' && b.kind === 'int') return int(this.dim(a.dim, b.dim))
    if (a.kind === 'bool' && b.kind === 'bool') return someBool
    if (isNumber(a) && isNumber(b)) return someFloat
    if (a.kind === 'str' && b.kind === 'str') return a.value === null && a.unset === undefined ? a : str(null)
    if (a.kind === 'dtype' && b.kind === 'dtype') return dtypeValue(null)
    if (a.kind === 'tuple' && b.kind === 'tuple' && a.items.length === b.items.length) {
      const items = a.items.map((item, i) => this.value(item, b.items[i] ?? item))
      return { ...a, items }
    }
    if (a instanceof InstanceObject && b instanceof InstanceObject && areTwins(a, b))
      return this.#instance(a, b)
    // Of two values of which nothing is known, one stands for both.
    if (
      a instanceof Unknown &&
      b instanceof Unknown &&
      a.name === b.name &&
      a.slots.size + b.slots.size === 0
    )
      return a
    if (a instanceof Unknown && areUnknownAlike(a, b)) return new Unknown(a.name, a.reason)
    if (a.kind === 'dict' && b.kind === 'dict' && haveSameKeys(a, b) && this.#depth < depthLimit)
      return this.#deeper(() => this.#dict(a, b))
    if (a.kind === 'list' && b.kind === 'list') {
      const [x, y] = [a.slots.get('items'), b.slots.get('items')]
      if (Array.isArray(x) && Array.isArray(y) && x.length === y.length && this.#depth < depthLimit)
        return {
          ...list(this.#deeper(() => x.map((item, i) => this.value(item, y[i] ?? item)))),
          ...(a.isDeque && b.isDeque && { isDeque: true }),
          ...(a.bound !== undefined && a.bound === b.bound && { bound: a.bound }),
        }
    }
    if (a.kind === 'sequence' && b.kind === 'sequence') {
      const length = a.length && b.length ? this.dim(a.length, b.length) : null
      return { kind: 'sequence', element: this.value(a.element, b.element), length }
    }
    if (a.kind === 'sequence' && isPlainTuple(b)) return sequence(this.any(a.element, ...b.items), null)
    if (b.kind === 'sequence' && isPlainTuple(a)) return sequence(this.any(b.element, ...a.items), null)
    return this.#union(a, b)
  }

  /** One of two dicts with the same keys. */
  #dict(a: DictValue, b: DictValue): DictValue {
    const made = dict()
    for (const [text, { key, value, isOptional }] of a.entries) {
      const other = b.entries.get(text)
      const mayLack = isOptional ?? other?.isOptional
      const joined = this.value(value, other?.value ?? value)
      made.entries.set(text, { key, value: joined, ...(mayLack && { isOptional: mayLack }) })
    }
    for (const [pattern, value] of [...a.rest, ...b.rest]) {
      const old = made.rest.get(pattern)
      made.rest.set(pattern, old ? this.value(old, value) : value)
    }
    for (const [flag, isSet] of [...a.state, ...b.state]) if (isSet) made.state.set(flag, true)
    return made
  }

  /** What stands for any of several values; of too many none is told from the others. */
  any(first: Value, ...others: readonly Value[]): Value {
    let joined = first
    const seen = new Set<unknown>()
    for (const other of others) {
      // What is in it already changes nothing: a long list mostly holds few numbers.
      const key = other.kind === 'int' ? other.dim.key : other
      if (seen.has(key)) continue
      seen.add(key)
      joined = this.value(joined, other)
      if (tooMany.has(joined)) break
    }
    return joined
  }

  /** Some number of items, each like any of those given. */
  items([first, ...others]: readonly Value[], length: Dim | null): ListItems {
    return first ? sequence(this.any(first, ...others), length) : []
  }

  #depth = 0
  #deeper<T>(join: () => T): T {
    this.#depth++
    try {
      return join()
    } finally {
      this.#depth--
    }
  }

  /** Two instances that the same call made, in different turns of a loop: one with the join of their attributes. */
  #instance(a: InstanceObject, b: InstanceObject): Value {
    if (this.#depth >= depthLimit) return a
    const joined = new InstanceObject(a.cls, a.site)
    this.#deeper(() => {
      if (a.payload) joined.payload = this.value(a.payload, b.payload ?? a.payload)
      for (const [name, value] of a.attributes)
        joined.attributes.set(name, this.value(value, b.attributes.get(name) ?? value))
    })
    return joined
  }

  #tensor(a: Tensor, b: Tensor): Value {
    const [x, y] = [this.facts.resolve(a.shape), this.facts.resolve(b.shape)]
    const shape = this.#shape(x, y)
    if (!shape) return this.#union(a, b)
    const joined: Tensor = {
      kind: 'tensor',
      shape,
      dtype: a.dtype === b.dtype ? a.dtype : null,
      layout: joinLayout(a.layout, b.layout),
      assumed: (x.gap === null) !== (y.gap === null) ? 'rank' : bothAssumed(a.assumed, b.assumed),
      values: null,
      isParameter: a.isParameter && b.isParameter,
    }
    setTrait(joined, sharedTrait(a, b))
    return joined
  }

  #shape(x: Shape, y: Shape): Shape | null {
    const [m, n] = [dimsOf(x), dimsOf(y)]
    if (m && n) return m.length === n.length ? shapeOf(m.map((d, i) => this.dim(d, n[i] ?? d))) : null
    if (shapeKey(x) === shapeKey(y)) return x
    if (x.gap && y.gap) return this.#openShape(x, y, x.gap, y.gap)
    return m ? this.#likeKnown(m, y) : n ? this.#likeKnown(n, x) : null
  }

  /**
   * A shape of unknown rank that may be one of known rank is taken to have that rank, and any sizes;
   * null if it cannot, or has a size of its own that need not be the other's.
   */
  #likeKnown(known: readonly Dim[], open: Shape): Shape | null {
    const { lead, trail } = open
    if (!this.likens || lead.length + trail.length > known.length) return null
    // An empty tensor holds the place of another.
    if (known.some((d) => d.value === 0)) return null
    const behind = known.length - trail.length
    const other = (i: number): Dim | undefined => lead[i] ?? trail[i - behind]
    const isOther = known.some((d, i) => {
      const own = other(i)
      return own && this.facts.dims.equal(d, own).kind !== 'proven'
    })
    if (isOther) return null
    const dims = known.map((d, i) => this.dim(d, other(i) ?? fresh()))
    return this.facts.isDeniedRank(open, known.length)
      ? openShape(dims.slice(0, lead.length), dims.slice(behind))
      : shapeOf(dims)
  }

  /** Of two shapes of unknown rank: the dims that both have at the front and at the end. */
  #openShape(x: Shape, y: Shape, a: Gap, b: Gap): Shape {
    const lead = x.lead.slice(0, y.lead.length).map((d, i) => this.dim(d, y.lead[i] ?? d))
    const common = Math.min(x.trail.length, y.trail.length)
    const ownTrail = x.trail.slice(x.trail.length - common)
    const trail = ownTrail.map((d, i) => this.dim(d, y.trail[y.trail.length - common + i] ?? d))
    if (this.widened?.has(a.key) && lead.length === x.lead.length && common === x.trail.length)
      return { lead, gap: a, trail }
    const key = `${a.key} ${b.key}`
    const gap = this.#gaps.get(key) ?? new Gap()
    this.#gaps.set(key, gap)
    this.widened?.add(gap.key)
    return { lead, gap, trail }
  }

  #union(a: Value, b: Value): Value {
    const all = [a, b].flatMap((value) => (value.kind === 'union' ? value.options : [value]))
    const likens = this.likens
    // Beside several ranks it is not known which one another tensor has.
    if (likens && this.#haveSeveralRanks(all)) this.likens = false
    const options: Value[] = []
    for (const option of all) {
      const at = options.findIndex((o) => this.#joins(o, option))
      const old = options[at]
      if (old) options[at] = old === option ? old : this.value(old, option)
      else options.push(option)
    }
    this.likens = likens
    this.facts.dims.work += (all.length * options.length) >> 3
    const [only] = options
    return options.length === 1 && only
      ? only
      : options.length <= mostOptions
        ? { kind: 'union', options }
        : options.every((o) => o.kind === 'tensor')
          ? makeTensor(openShape(), null, null)
          : oneOfMany()
  }

  #haveSeveralRanks(values: readonly Value[]): boolean {
    const ranks = new Set<number>()
    for (const value of values) {
      const rank = value.kind === 'tensor' ? dimsOf(this.facts.resolve(value.shape))?.length : undefined
      if (rank !== undefined) ranks.add(rank)
    }
    return ranks.size > 1
  }

  /** True if two options become one that is not itself a union. */
  #joins(a: Value, b: Value): boolean {
    if (a.kind === 'sequence' || b.kind === 'sequence')
      return [a, b].every((v) => v.kind === 'sequence' || isPlainTuple(v))
    if (a.kind !== b.kind) return false
    if (a === b || sameValue(a, b, this.facts)) return true
    if (a.kind === 'tensor' && b.kind === 'tensor')
      return this.#shape(this.facts.resolve(a.shape), this.facts.resolve(b.shape)) !== null
    if (a.kind === 'tuple' && b.kind === 'tuple') return a.items.length === b.items.length
    return (
      ['int', 'bool', 'float', 'str', 'dtype'].includes(a.kind) || areTwins(a, b) || areUnknownAlike(a, b)
    )
  }
}

/** True for a tuple that is nothing more: no named one and no shape. */
export const isPlainTuple = (v: Value): v is TupleValue =>
  v.kind === 'tuple' && !v.fields && !v.cls && !v.isSize && !v.isGuess && !v.isOfGuess

const haveSameKeys = (a: DictValue, b: DictValue): boolean =>
  a.entries.size === b.entries.size &&
  [...a.entries.keys()].every((key) => b.entries.has(key)) &&
  a.state.get('isOpen') === b.state.get('isOpen')

/** The join of several values. */
export function joinAll(facts: ShapeFacts, values: readonly Value[]): Value {
  const [first, ...others] = values
  const joiner = new Joiner(facts)
  return first ? joiner.any(first, ...others) : unknown('nothing is here')
}

const isNumber = (v: Value): boolean => v.kind === 'int' || v.kind === 'float' || v.kind === 'bool'
