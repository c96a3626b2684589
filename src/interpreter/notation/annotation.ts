// Annotations that give shapes: jaxtyping, torchtyping, Pyrefly's `Tensor[[B, T]]`, `Annotated[Tensor, "b t d"]`.

import type { Expression } from '../../syntax/tree'
import { type ElementKind, isTensorName, jaxtypingKind, torchtypingKind } from './dtypes'
import {
  type Formula,
  type NotedDim,
  type NotedShape,
  readBracketed,
  readDim,
  readFormula,
  readSpaced,
} from './shape'
import { trustOf } from './vocabulary'

/** A tensor as an annotation describes it. */
export interface TensorType {
  readonly kind: 'tensor'
  readonly shape: NotedShape | null
  readonly elements: ElementKind | null
}

type Subscript = Extract<Expression, { kind: 'Subscript' }>

const read = new WeakMap<Subscript, TensorType | null>()

/** The tensor that a subscripted annotation describes, or null if it describes none. */
export function tensorType(node: Subscript): TensorType | null {
  let known = read.get(node)
  if (known === undefined) read.set(node, (known = readTensorType(node)))
  return known
}

function readTensorType(node: Subscript): TensorType | null {
  const base = lastName(node.value)
  const entries = node.slice.kind === 'Tuple' ? node.slice.elts : [node.slice]
  const elements = jaxtypingKind(base)
  if (elements) return jaxtyped(elements, entries)
  if (base === 'TensorType') return torchtyped(entries)
  if (base === 'Annotated') return annotated(entries)
  return isTensorName(base) ? bracketed(entries) : null
}

/** `Tensor` of `torch.Tensor`. */
export const lastName = (node: Expression): string =>
  node.kind === 'Name' ? node.id : node.kind === 'Attribute' ? node.attr : ''

const plain = { open: '', close: '', separator: ' ' }
const shapeOfDims = (dims: readonly NotedDim[]): NotedShape => ({ dims, start: 0, end: 0, style: plain })
const tensor = (shape: NotedShape | null, elements: ElementKind | null = null): TensorType => ({
  kind: 'tensor',
  shape,
  elements,
})

// ---- jaxtyping: https://docs.kidger.site/jaxtyping/api/array/ ----

/** `Float[Tensor, "b *s d"]` */
function jaxtyped(elements: ElementKind, [array, spelt]: readonly Expression[]): TensorType | null {
  if (!array || spelt?.kind !== 'String') return null
  const inner = array.kind === 'Subscript' ? readTensorType(array) : null
  const own = readJaxtypingShape(spelt.value)
  // `Float[Image, "batch"]` puts the dims of its own before those of the other annotation.
  const dims = own && inner?.shape ? [...own.dims, ...inner.shape.dims] : own?.dims
  return tensor(dims ? shapeOfDims(dims) : null, elements)
}

/** The dims of a jaxtyping string; null if one is not understood. */
export function readJaxtypingShape(text: string): NotedShape | null {
  const dims: NotedDim[] = []
  for (const word of text.trim().split(/\s+/)) {
    if (word === '') continue
    const dim = jaxtypingDim(word)
    if (!dim) return null
    dims.push(dim)
  }
  return { dims, start: 0, end: text.length, style: plain }
}

function jaxtypingDim(word: string): NotedDim | null {
  const [, modifiers = '', rest = ''] = /^([#*?]*)(.*)$/.exec(word) ?? []
  if (rest === '...') return { kind: 'rest', name: null, text: word }
  if (modifiers.includes('*')) {
    const isAny = rest.startsWith('_') || modifiers.includes('#')
    return { kind: 'rest', name: isAny ? null : rest, text: word }
  }
  if (rest.startsWith('_') || modifiers.includes('?')) return { kind: 'any', text: word }
  const dim = readDim(rest)
  if (!dim) return { kind: 'any', text: word }
  return modifiers.includes('#') && dim.kind === 'size' ? { ...dim, mayBeOne: true, text: word } : dim
}

// ---- torchtyping: https://github.com/patrick-kidger/torchtyping ----

/** `TensorType["b", "h": 4, ..., float]` */
function torchtyped(entries: readonly Expression[]): TensorType {
  const dims: NotedDim[] = []
  let elements: ElementKind | null = null
  for (const entry of entries) {
    const kind = torchtypingKind(lastName(entry), entry.kind === 'Attribute')
    if (kind) elements = kind
    else {
      const dim = torchtypingDim(entry)
      if (dim) dims.push(dim)
    }
  }
  return tensor(dims.length > 0 ? shapeOfDims(dims) : null, elements)
}

function torchtypingDim(node: Expression): NotedDim | null {
  switch (node.kind) {
    case 'String':
      return readDim(node.value)
    case 'Number':
    case 'UnaryOp':
      return expressionDim(node)
    case 'Constant':
      return node.value === 'ellipsis'
        ? { kind: 'rest', name: null, text: '...' }
        : { kind: 'any', text: '_' }
    case 'Slice': {
      const name = node.lower?.kind === 'String' ? node.lower.value : null
      const size = node.upper ?? node.lower
      if (size?.kind === 'Constant') return { kind: 'rest', name, text: `${name}...` }
      const dim = size && torchtypingDim(size)
      return dim?.kind === 'size' && name ? { ...dim, name } : dim
    }
    default:
      return lastName(node) === 'Any' ? { kind: 'any', text: '_' } : null
  }
}

// ---- Pyrefly, and PEP 646 in its spirit ----

/** `Tensor[[B, T]]`, also `Tensor[B, T]`. */
function bracketed(entries: readonly Expression[]): TensorType | null {
  const [first] = entries
  const list = entries.length === 1 && first?.kind === 'List' ? first.elts : entries
  const dims = list.map(expressionDim)
  return tensor(dims.includes(null) ? null : shapeOfDims(dims.flatMap((d) => d ?? [])))
}

function expressionDim(node: Expression): NotedDim | null {
  if (node.kind === 'Starred') return { kind: 'rest', name: lastName(node.value) || null, text: '*' }
  if (node.kind === 'Constant' && node.value === 'ellipsis') return { kind: 'rest', name: null, text: '...' }
  if (node.kind === 'UnaryOp' || lastName(node) === 'Any') return { kind: 'any', text: '_' }
  if (node.kind === 'String') return readDim(node.value)
  const formula = formulaOf(node)
  return formula && { kind: 'size', formula, text: textOf(formula) }
}

function formulaOf(node: Expression): Formula | null {
  if (node.kind === 'Number') return { kind: 'number', value: node.value }
  if (node.kind === 'Name') return { kind: 'name', name: node.id }
  if (node.kind !== 'BinOp') return null
  const [left, right] = [formulaOf(node.left), formulaOf(node.right)]
  const op = (['+', '-', '*', '/', '//'] as const).find((o) => o === node.op)
  return left && right && op ? { kind: 'operation', op, left, right } : null
}

function textOf(f: Formula): string {
  switch (f.kind) {
    case 'number':
      return String(f.value)
    case 'name':
      return f.name
    case 'code':
      return f.path
    case 'operation':
      return `${textOf(f.left)}${f.op}${textOf(f.right)}`
  }
}

// ---- typing.Annotated ----

/** `Annotated[Tensor, "b t d"]`, `Annotated[Tensor, ("b", 4)]`, `Annotated[Tensor, Shape("b t")]`. */
function annotated([array, ...notes]: readonly Expression[]): TensorType | null {
  if (!array) return null
  const inner = array.kind === 'Subscript' ? readTensorType(array) : null
  if (!inner && !isTensorName(lastName(array))) return null
  if (inner?.shape) return inner
  for (const note of notes) {
    const shape = annotatedShape(note)
    if (shape) return tensor(shape, inner?.elements ?? null)
  }
  return inner
}

function annotatedShape(note: Expression): NotedShape | null {
  if (note.kind === 'String') return shapeInWords(note.value)
  if (note.kind === 'Tuple' || note.kind === 'List') {
    const dims = note.elts.map(expressionDim)
    return dims.length > 0 && !dims.includes(null) ? shapeOfDims(dims.flatMap((d) => d ?? [])) : null
  }
  const inner =
    note.kind === 'Call'
      ? note.args
      : note.kind === 'Subscript' && note.slice.kind === 'Tuple'
        ? note.slice.elts
        : []
  const [first] = inner
  if (inner.length === 1 && first) return annotatedShape(first)
  const isShape = /shape|dims|size/i.test(note.kind === 'Call' ? lastName(note.func) : '')
  const dims = isShape ? inner.map(expressionDim) : []
  return dims.length > 0 && !dims.includes(null) ? shapeOfDims(dims.flatMap((d) => d ?? [])) : null
}

/** A shape in a string that could also be prose. */
function shapeInWords(text: string): NotedShape | null {
  const spelt = text.trim().replace(/^shape\s*[:=]?\s*/i, '')
  const start = /^[([]/.test(spelt) ? readBracketed(spelt, 0) : null
  if (start && start.end === spelt.length) return start
  const shape = spelt.includes(',') ? readBracketed(`(${spelt})`, 0) : readSpaced(spelt)
  if (!shape || shape.dims.length === 0) return null
  const isCertain = spelt !== text.trim()
  const trusted = { ...shape, style: { open: '[', close: ']', separator: ', ' } }
  return trustOf(trusted, isCertain, () => false) === 'none' ||
    (readFormula(spelt) === null && /[.!?]\s/.test(spelt))
    ? null
    : shape
}
