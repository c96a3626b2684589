// The names that annotations, comments and docstrings give to dims, within one run of a function.

import { add, constant, type Dim, floorDivide, multiply, type Sym, subtract } from '../../dims/dim'
import type { Naming } from '../../dims/facts'
import type { NameSource } from '../../dims/print'
import { StateMap } from '../../dims/trail'
import type { Shape } from '../../tensors/shape'
import type { Place } from '../../trace/trace'
import { int, type Value } from '../../trace/values'
import { builtins } from '../builtins'
import type { Activation, Interpreter } from '../interpreter'
import { InstanceObject } from '../objects'
import { readName } from '../scopes'
import type { Formula } from './shape'

/** How strongly a name speaks: an annotation's more than the code's own, a comment's less than any of the code. */
export const nameWeight = { annotation: 4, comment: 0.5 } as const

/** How symbols are named, by what names they have and how strongly these speak. */
export const namesBy = (namingOf: (symbol: Sym) => Naming | undefined): NameSource => ({
  nameOf: (symbol) => namingOf(symbol)?.name ?? symbol.name,
  isShared: (symbol) => namingOf(symbol)?.weight === nameWeight.comment,
})

/** What each name means: one size, or for `*batch` a run of dims. */
export class DimNames {
  /** As integers, which are what paths join. */
  readonly #dims: Map<string, Value> = new StateMap()
  readonly rests: Map<string, Shape> = new StateMap()

  get(name: string): Dim | null {
    const value = this.#dims.get(name)
    return value?.kind === 'int' ? value.dim : null
  }
  /** All names with their sizes. */
  get entries(): [string, Dim][] {
    return [...this.#dims].flatMap(([name, v]) => (v.kind === 'int' ? [[name, v.dim] as [string, Dim]] : []))
  }
  set(interp: Interpreter, name: string, dim: Dim): void {
    interp.trail.write(this.#dims, name, int(dim))
  }
}

interface FunctionNames {
  readonly annotated: DimNames
  readonly noted: DimNames
}
const ofActivation = new WeakMap<object, FunctionNames>()

/** The names of one run of a function: those that annotations give, and those of comments and docstrings. */
export function namesOfRun(activation: Activation): FunctionNames {
  // A class body's activation is a copy with the same frame.
  let names = ofActivation.get(activation.frame)
  if (!names)
    ofActivation.set(activation.frame, (names = { annotated: new DimNames(), noted: new DimNames() }))
  return names
}

/**
 * The size that the code itself has under a name or a path (`T`, `self.d`); `'thing'` where the name is
 * something else, null where it is nothing that is known.
 */
export function codeSize(interp: Interpreter, path: string): Dim | 'thing' | null {
  const [first = '', ...attributes] = path.split('.')
  let value = readName(interp, first)
  if (value !== undefined && value === builtins().get(first)) return null
  for (const attribute of attributes) {
    const owner = value && interp.settle(value)
    value = owner instanceof InstanceObject ? owner.attributes.get(attribute) : undefined
  }
  const settled = value && interp.settle(value)
  if (!settled || settled.kind === 'unknown' || settled.kind === 'none' || settled.kind === 'object')
    return null
  return settled.kind === 'int' ? interp.dims.resolve(settled.dim) : 'thing'
}

/** The size that a formula is, with `lookup` for its names; null where one is not known. */
export function sizeOf(interp: Interpreter, f: Formula, lookup: (name: string) => Dim | null): Dim | null {
  if (f.kind === 'number') return constant(f.value)
  if (f.kind === 'name') return lookup(f.name)
  if (f.kind === 'code') {
    const size = codeSize(interp, f.path)
    return size === 'thing' ? null : size
  }
  const [left, right] = [sizeOf(interp, f.left, lookup), sizeOf(interp, f.right, lookup)]
  if (!left || !right) return null
  switch (f.op) {
    case '+':
      return interp.dims.resolve(add(left, right))
    case '-':
      return interp.dims.resolve(subtract(left, right))
    case '*':
      return interp.dims.resolve(multiply(left, right))
    default:
      return right.value === 0 ? null : interp.dims.resolve(floorDivide(left, right))
  }
}

/** Names a dim, unless it has a name that speaks as strongly. */
export function nameDim(
  interp: Interpreter,
  dim: Dim,
  name: string,
  weight: number,
  origin: { readonly module: string; readonly place: Place },
): void {
  const resolved = interp.dims.resolve(dim)
  const { symbol } = resolved
  if (!symbol) {
    if (resolved.value === null) interp.dims.nameWhole(resolved, name)
    return
  }
  const old = interp.dims.naming(symbol)
  if (old.name !== null && old.weight >= weight) return
  interp.dims.name(symbol, name, weight)
  interp.origins.set(symbol, origin)
}
