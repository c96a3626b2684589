// A stand-in for the interpreter, so that rules can be called with shapes written down.

import { constant, type Dim, fresh } from '../../src/dims/dim'
import { type Assumption, Facts } from '../../src/dims/facts'
import { plainNames } from '../../src/dims/print'
import { Trail } from '../../src/dims/trail'
import { Devices } from '../../src/ops/devices'
import { nnFamilies } from '../../src/ops/nn-families'
import { callOp, indexOps, type Op, type OpEnvironment } from '../../src/ops/op'
import type { DType } from '../../src/tensors/dtype'
import { printShape } from '../../src/tensors/print'
import { dimsOf, Gap, openShape, type Shape, ShapeFacts, shapeOf } from '../../src/tensors/shape'
import { type Layout, makeTensor, type Tensor } from '../../src/tensors/tensor'
import { int, type Value } from '../../src/trace/values'

export const ops: Map<string, Op> = indexOps(nnFamilies)

export interface Report {
  severity: 'error' | 'warning'
  code: string
  message: string
}

/** One program: facts that calls share, names for dims, and what was reported. */
export class Bench implements OpEnvironment {
  readonly facts = new ShapeFacts(new Facts(new Trail()))
  readonly names = { nameOf: (s: { name: string | null }) => s.name }
  readonly devices = new Devices()
  readonly batches = { areAssumed: false, areOpen: false, areMissing: false }
  readonly autocast = null
  readonly isConcrete = true
  readonly reports: Report[] = []
  readonly assumptions: Assumption[] = []
  readonly #dims = new Map<string, Dim>()
  readonly #gaps = new Map<string, Gap>()

  asTensor(value: Value): Tensor | null {
    if (value.kind === 'unknown') return makeTensor(openShape(), null, null)
    return value.kind === 'tensor' ? value : null
  }
  isArrayNumber(): boolean {
    return false
  }
  dtypeOf(value: Value): DType | null | undefined {
    return value.kind === 'dtype' ? value.dtype : undefined
  }
  asInt(value: Value): Dim | null {
    if (value.kind === 'unknown') return fresh()
    if (value.kind === 'bool' && value.value !== null) return constant(value.value ? 1 : 0)
    return value.kind === 'int' ? value.dim : null
  }
  asSize(value: Value): Shape | null {
    if (value.kind === 'size') return value.shape
    const items = this.itemsOf(value)?.map((v) => this.asInt(v))
    return items && !items.includes(null) ? shapeOf(items as Dim[]) : null
  }
  itemsOf(value: Value): readonly Value[] | null {
    if (value.kind === 'tuple') return value.items
    if (value.kind !== 'list') return null
    const items = value.slots.get('items')
    return items && !('kind' in items) ? items : null
  }
  settle(value: Value): Value {
    return value
  }
  report(severity: 'error' | 'warning', code: string, message: string): void {
    this.reports.push({ severity, code, message })
  }
  suggestNames(): void {}
  inexactQuotient(): null {
    return null
  }
  noteAssumption(assumption: Assumption): void {
    this.assumptions.push(assumption)
  }

  /** The dim of a name, the same each time. */
  dim(part: string | number): Dim {
    if (typeof part === 'number' || /^\d+$/.test(part)) return constant(Number(part))
    let found = this.#dims.get(part)
    if (!found) this.#dims.set(part, (found = fresh(part, 0, 2)))
    return found
  }
  /** `shape('B 8 *g D')`: names are dims, `*g` is a gap of that name. */
  shape(text: string): Shape {
    const parts = text.split(' ').filter((p) => p !== '')
    const at = parts.findIndex((p) => p.startsWith('*'))
    if (at < 0) return shapeOf(parts.map((p) => this.dim(p)))
    const name = parts[at] ?? ''
    let gap = this.#gaps.get(name)
    if (!gap) this.#gaps.set(name, (gap = new Gap()))
    return {
      lead: parts.slice(0, at).map((p) => this.dim(p)),
      gap,
      trail: parts.slice(at + 1).map((p) => this.dim(p)),
    }
  }
  tensor(text: string, dtype: DType | null = 'float32', layout: Layout = 'contiguous'): Tensor {
    return makeTensor(this.shape(text), dtype, layout)
  }
  call(name: string, positional: readonly Value[], keywords: Record<string, Value> = {}): Value {
    const op = ops.get(name)
    if (!op) throw new Error(`no op ${name}`)
    return callOp(op, { positional, keywords: new Map(Object.entries(keywords)), isOpen: false }, this)
  }
  /** The result's shape in text, or the first report's code. */
  shapeOf(value: Value): string {
    const [first] = this.reports
    if (first) return first.code
    if (value.kind === 'tuple') return value.items.map((v) => this.shapeOf(v)).join(' ')
    if (value.kind !== 'tensor') return value.kind
    const shape = this.facts.resolve(value.shape)
    return (dimsOf(shape) ? '' : '') + printShape(shape, plainNames) + (value.assumed ? '?' : '')
  }
}

export const ints = (...numbers: readonly number[]): Value => ({
  kind: 'tuple',
  items: numbers.map((n) => int(n)),
})
