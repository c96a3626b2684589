// Naming dims as the code names them: `b, s, d = x.shape`, `n = x.size(1)`.

import type { Dim, Sym } from '../dims/dim'
import type { Expression } from '../syntax/tree'
import type { Interpreter } from './interpreter'
import { readName } from './scopes'

/** How strongly a name speaks: unpacked from a shape, or merely assigned. */
const own = { fromShape: 3, fromAssignment: 2 }
/** In a function's own run the names of what it calls count less than its own, however it gives them. */
const called = { fromShape: 0.9, fromAssignment: 0.8 }
/** In a function's own run the names of other modules count only where the file has none, not even in a comment. */
const foreign = { fromShape: 0.3, fromAssignment: 0.2 }

/** `_` names nothing, and what is called a shape (`tensor_shape = x.shape[dim]`) says nothing of one size. */
const isNameless = (name: string): boolean => /^_+$|shape$/.test(name)

/** Names the dims that an assignment binds to variables. */
export function nameDims(interp: Interpreter, target: Expression, source: Expression): void {
  if (!interp.isRecording) return
  const targets = target.kind === 'Tuple' || target.kind === 'List' ? target.elts : [target]
  const sources = source.kind === 'Tuple' && source.elts.length === targets.length ? source.elts : null
  const isForeign = !interp.isConcrete && interp.placeFrame?.module !== interp.mainPath
  const isCalled = !interp.isConcrete && interp.activation?.frame.caller != null
  const weights = isForeign ? foreign : isCalled ? called : own
  const unpacked: Sym[] = []
  targets.forEach((name, i) => {
    if (name.kind === 'Tuple' || name.kind === 'List') return nameDims(interp, name, sources?.[i] ?? source)
    if (name.kind !== 'Name' || isNameless(name.id)) return
    const value = readName(interp, name.id)
    if (!value) return
    const settled = interp.settle(value)
    if (settled.kind !== 'int') return
    const dim = interp.dims.resolve(settled.dim)
    const { symbol } = dim
    const isShape = readsShape(sources?.[i] ?? source)
    if (!symbol && isShape && dim.value === null && !isCalled) interp.dims.nameWhole(dim, name.id)
    if (!symbol) return
    const { weight } = interp.dims.naming(symbol)
    if (isShape) interp.noteOrigin(settled.dim, name)
    if (isShape && !unpacked.includes(symbol)) unpacked.push(symbol)
    if (isShape) interp.dims.name(symbol, name.id, weights.fromShape)
    else if (weight < 1) interp.dims.name(symbol, name.id, weights.fromAssignment)
  })
  if (unpacked.length > 1 && !sources) interp.dims.tellApart(unpacked)
}

/** Names dims as the pattern of an operation does (`b n (h d)`), where the code gives them no name. */
export function nameByPattern(
  interp: Interpreter,
  dims: readonly (readonly [name: string, dim: Dim])[],
): void {
  if (!interp.isRecording) return
  const all = dims.map(([name, dim]) => ({ name, symbol: interp.dims.resolve(dim).symbol, dim }))
  // Where the code goes by one of the names for the same size, it means the same by the others.
  const isCodes = all.some(({ name, symbol }) => symbol && interp.dims.naming(symbol).name === name)
  for (const { name, symbol, dim } of all) {
    if (!symbol || interp.dims.naming(symbol).name !== null) continue
    if (isCodes && interp.dims.isTaken(name, symbol, 1)) continue
    interp.dims.name(symbol, name, 1)
    interp.noteOrigin(interp.dims.resolve(dim), interp.place)
  }
}

/** `x.shape`, `x.size()`, `x.shape[0]`, `x.size(-1)`, `x.shape[:2]`, `len(x)`. */
function readsShape(node: Expression): boolean {
  if (node.kind === 'Attribute') return node.attr === 'shape'
  if (node.kind === 'Subscript') return readsShape(node.value)
  if (node.kind !== 'Call') return false
  return node.func.kind === 'Attribute'
    ? node.func.attr === 'size'
    : node.func.kind === 'Name' && node.func.id === 'len'
}
