// Calls of operations on symbolic tensors, for tests: `call('method.transpose', x, 1, 2)`.

import { constant, type Dim, fresh } from '../../src/dims/dim'
import { Facts } from '../../src/dims/facts'
import { plainNames } from '../../src/dims/print'
import { Trail } from '../../src/dims/trail'
import { Devices } from '../../src/ops/devices'
import { operations } from '../../src/ops/index'
import { callOp, type OpEnvironment } from '../../src/ops/op'
import type { DType } from '../../src/tensors/dtype'
import { printShape } from '../../src/tensors/print'
import { openShape, ShapeFacts, shapeOf } from '../../src/tensors/shape'
import { makeTensor, type Tensor } from '../../src/tensors/tensor'
import { bool, float, int, list, none, str, tuple, type Value } from '../../src/trace/values'

export type Size = number | Dim
/** An environment of plain values; reports go to `problems`. */
function plainEnvironment(problems: string[]): OpEnvironment {
  const facts = new ShapeFacts(new Facts(new Trail()))
  const itemsOf = (value: Value): readonly Value[] | null => {
    if (value.kind === 'tuple') return value.items
    const items = value.kind === 'list' ? value.slots.get('items') : undefined
    return Array.isArray(items) ? (items as readonly Value[]) : null
  }
  const asInt = (value: Value): Dim | null => {
    if (value.kind === 'int') return value.dim
    if (value.kind === 'bool') return value.value === null ? null : constant(value.value ? 1 : 0)
    return value.kind === 'tensor' && value.values?.length === 1 ? (value.values[0] ?? null) : null
  }
  return {
    facts,
    names: plainNames,
    autocast: null,
    devices: new Devices(),
    batches: { areAssumed: false, areOpen: false, areMissing: false },
    dtypeOf: (value) => (value.kind === 'dtype' ? value.dtype : undefined),
    isConcrete: true,
    asTensor: (value) => (value.kind === 'tensor' ? value : null),
    isArrayNumber: () => false,
    asInt,
    asSize: (value) => {
      if (value.kind === 'size') return value.shape
      const dims = itemsOf(value)?.map(asInt)
      return dims && !dims.includes(null) ? shapeOf(dims as Dim[]) : null
    },
    itemsOf,
    settle: (value) => value,
    report: (severity, code, message) => severity === 'error' && problems.push(`${code}: ${message}`),
    noteAssumption: () => undefined,
    inexactQuotient: () => null,
    suggestNames: () => undefined,
  }
}

type Given = Value | Dim | number | boolean | string | null | readonly Given[] | { float: number }

const isDim = (v: unknown): v is Dim => typeof v === 'object' && v !== null && 'terms' in v
const toDim = (size: Size): Dim => (typeof size === 'number' ? constant(size) : size)

export function valueFrom(given: Given): Value {
  if (given === null) return none
  if (typeof given === 'number') return int(given)
  if (typeof given === 'boolean') return bool(given)
  if (typeof given === 'string') return str(given)
  if (isDim(given)) return int(given)
  if (Array.isArray(given)) return tuple(given.map(valueFrom))
  if ('float' in given) return float(given.float)
  return given as Value
}

/** A world of its own: facts, named dims, calls, and the problems they reported. */
export class World {
  readonly problems: string[] = []
  readonly env: OpEnvironment = plainEnvironment(this.problems)
  readonly #dims = new Map<string, Dim>()

  dim(name: string): Dim {
    let d = this.#dims.get(name)
    if (!d) this.#dims.set(name, (d = fresh(name)))
    return d
  }
  /** A dense tensor; a text names dims: `B S 64`, and `... S D` has an unknown number of dims in front. */
  tensor(sizes: string, dtype: DType = 'float32'): Tensor {
    const words = sizes.split(' ').filter(Boolean)
    const dims = (part: readonly string[]): Dim[] =>
      part.map((w) => (/^\d+$/.test(w) ? constant(Number(w)) : this.dim(w)))
    const gap = words.indexOf('...')
    if (gap < 0) return makeTensor(shapeOf(dims(words)), dtype)
    return makeTensor(openShape(dims(words.slice(0, gap)), dims(words.slice(gap + 1))), dtype)
  }
  call(name: string, ...given: Given[]): Value {
    const last = given.at(-1)
    const isKeywords = typeof last === 'object' && last !== null && 'keywords' in last
    const keywords = new Map(
      isKeywords
        ? Object.entries((last as { keywords: Record<string, Given> }).keywords).map(
            ([k, v]) => [k, valueFrom(v)] as const,
          )
        : [],
    )
    const op = operations.get(name)
    if (!op) throw new Error(`no op ${name}`)
    return callOp(
      op,
      { positional: (isKeywords ? given.slice(0, -1) : given).map(valueFrom), keywords, isOpen: false },
      this.env,
    )
  }
  /** The result of a call in text: `[B, S]`, `([B], [B])`, `3`. */
  show(value: Value): string {
    if (value.kind === 'tensor') return printShape(this.env.facts.resolve(value.shape), plainNames)
    if (value.kind === 'int')
      return printShape(this.env.facts.resolve(shapeOf([toDim(value.dim)])), plainNames).slice(1, -1)
    if (value.kind === 'sequence')
      return `${this.show(value.element)} × ${value.length ? this.show(int(value.length)) : '?'}`
    const items = this.env.itemsOf(value)
    if (items) return `(${items.map((v) => this.show(v)).join(', ')})`
    return value.kind === 'bool'
      ? String(value.value)
      : value.kind === 'size'
        ? printShape(this.env.facts.resolve(value.shape), plainNames)
        : value.kind
  }
  shown(name: string, ...given: Given[]): string {
    return this.show(this.call(name, ...given))
  }
  /** The codes of the problems reported so far, which are then forgotten. */
  codes(): string {
    return this.problems
      .splice(0)
      .map((p) => p.slice(0, p.indexOf(':')))
      .join(' ')
  }
}

export const slice = (lower: Given, upper: Given, step: Given = null): Value => ({
  kind: 'slice',
  lower: valueFrom(lower),
  upper: valueFrom(upper),
  step: valueFrom(step),
})
export const ints = (...values: number[]): Value => list(values.map((v) => int(v)))
