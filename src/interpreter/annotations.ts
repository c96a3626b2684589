// Type annotations as sources of what a parameter is.

import type { Expression } from '../syntax/tree'
import { openShape } from '../tensors/shape'
import { makeTensor } from '../tensors/tensor'
import {
  dict,
  int,
  list,
  none,
  type SequenceValue,
  sequence,
  someBool,
  someFloat,
  str,
  tuple,
  type Value,
} from '../trace/values'
import { genericInstance } from './classes'
import { lastName } from './decorators'
import { evaluate } from './expressions'
import type { Interpreter } from './interpreter'
import { aliasOf } from './notation/annotated'
import { tensorType } from './notation/annotation'
import { isTensorName, onlyDType } from './notation/dtypes'
import { ClassObject, type FunctionObject, type ModuleObject, type Scope } from './objects'

/** What a value of the annotated type is, or null where the annotation does not tell. */
export function fromAnnotation(
  interp: Interpreter,
  scope: Scope,
  node: Expression,
  name: string,
): Value | null {
  switch (node.kind) {
    case 'Name':
      return named(interp, scope, node.id, name)
    case 'Attribute':
      return isTensorName(node.attr) ? makeTensor(openShape(), null, null) : null
    case 'Constant':
      return node.value === null ? none : null
    case 'BinOp':
      return node.op === '|'
        ? unionOf([node.left, node.right].map((n) => fromAnnotation(interp, scope, n, name)))
        : null
    case 'Subscript':
      return subscripted(interp, scope, node, name)
    case 'String':
      return isTensorName(node.value.split('.').at(-1) ?? '')
        ? makeTensor(openShape(), null, null)
        : named(interp, scope, node.value, name)
    default:
      return null
  }
}

function named(interp: Interpreter, scope: Scope, id: string, name: string): Value | null {
  if (isTensorName(id)) return makeTensor(openShape(), null, null)
  switch (id) {
    case 'int':
      return interp.namedInt(name)
    case 'float':
      return someFloat
    case 'bool':
      return someBool
    case 'str':
      return str(null)
    case 'None':
      return none
    case 'dict':
      return openDict()
    default:
  }
  const alias = aliasOf(interp, scope, id)
  if (alias) {
    if (interp.genericDepth >= 8) return null
    interp.genericDepth++
    try {
      return fromAnnotation(interp, alias.scope, alias.expression, name)
    } finally {
      interp.genericDepth--
    }
  }
  let value: Value | undefined
  for (let s: Scope | null = scope; s && value === undefined; s = s.parent) value = s.variables.get(id)
  value ??= scope.module.globals.get(id)
  if (!(value instanceof ClassObject) || value.module.isPrelude || value.role === 'enum') return null
  // A class whose constructor takes its own kind would never end.
  if (interp.genericDepth >= 3) return null
  interp.genericDepth++
  try {
    return genericInstance(interp, value)
  } finally {
    interp.genericDepth--
  }
}

const openDict = (): Value => {
  const made = dict()
  made.state.set('isOpen', true)
  return made
}

function unionOf(options: readonly (Value | null)[]): Value | null {
  const [first, second] = options
  if (!first || !second) return null
  return { kind: 'union', options: [first, second].flatMap((o) => (o.kind === 'union' ? o.options : [o])) }
}

/** Tensors of a list need not be alike: one of no known shape cannot stand for all. */
const isOfAnyShape = (value: Value): boolean =>
  value.kind === 'tensor' && value.shape.lead.length + value.shape.trail.length === 0

/** The numbers of a list are not one number, which a name would make them. */
function anyNumber(interp: Interpreter, element: Value): Value {
  if (element.kind === 'union')
    return { ...element, options: element.options.map((option) => anyNumber(interp, option)) }
  return element.kind === 'int' ? { ...int(interp.freshInt()), isAnnotated: true } : element
}

const annotated = (interp: Interpreter, element: Value): SequenceValue => ({
  ...sequence(anyNumber(interp, element), null),
  isAnnotated: true,
})

function subscripted(
  interp: Interpreter,
  scope: Scope,
  node: Extract<Expression, { kind: 'Subscript' }>,
  name: string,
): Value | null {
  const base =
    node.value.kind === 'Name' ? node.value.id : node.value.kind === 'Attribute' ? node.value.attr : ''
  const type = tensorType(node)
  if (type) return makeTensor(openShape(), onlyDType(type.elements), null)
  const inner = node.slice.kind === 'Tuple' ? node.slice.elts : [node.slice]
  const values = (): (Value | null)[] => inner.map((n) => fromAnnotation(interp, scope, n, name))
  switch (base) {
    case 'Optional':
      return unionOf([...values(), none])
    case 'Union': {
      const all = values()
      return all.length === 2 ? unionOf(all) : null
    }
    case 'Annotated':
    case 'Final':
      return values()[0] ?? null
    case 'list':
    case 'List':
    case 'Sequence':
    case 'Iterable': {
      const [element] = values()
      return element && !isOfAnyShape(element) ? list(annotated(interp, element)) : null
    }
    case 'tuple':
    case 'Tuple': {
      const all = values()
      const last = inner.at(-1)
      if (last?.kind === 'Constant' && last.value === 'ellipsis')
        return all[0] && !isOfAnyShape(all[0]) ? annotated(interp, all[0]) : null
      // Much code writes `tuple[Tensor]` for any number of them, of any shapes.
      if (all.length === 1) return null
      // Python does not hold it against what is given.
      return all.every((v) => v !== null) ? { ...tuple(all), isGuess: true } : null
    }
    default:
      return null
  }
}

/** What an annotation says as a value: a class, or a tuple of the classes that it names. */
export function typeOfAnnotation(interp: Interpreter, scope: Scope, node: Expression): Value {
  const all = (nodes: readonly Expression[]): Value =>
    tuple(nodes.map((n) => typeOfAnnotation(interp, scope, n)))
  if (node.kind === 'BinOp' && node.op === '|') return all([node.left, node.right])
  if (node.kind === 'Subscript' && lastName(node.value) === 'Union')
    return all(node.slice.kind === 'Tuple' ? node.slice.elts : [node.slice])
  if (node.kind === 'String')
    return scope.module.lookup(node.value, interp) ?? interp.unknown('an annotation that is a text')
  const { activation } = interp
  if (!activation) return interp.unknown('an annotation')
  const before = interp.events.length
  interp.activation = { ...activation, scope }
  try {
    return interp.settle(evaluate(interp, node))
  } finally {
    interp.activation = activation
    interp.events.length = before
  }
}

/** An annotation as Python keeps it: evaluated, or the text that it is. */
export function keptAnnotation(interp: Interpreter, scope: Scope, node: Expression): Value {
  if (node.kind === 'String') return str(node.value)
  return areTexts(scope.module) ? str(null) : typeOfAnnotation(interp, scope, node)
}

/** What the annotation of a function's parameter says; None where it has none. */
export function typeOfParameter(interp: Interpreter, fn: FunctionObject, at: number): Value {
  const annotation = fn.definition.params[at]?.annotation
  return annotation ? typeOfAnnotation(interp, fn.scope, annotation) : none
}

/** True for a module whose annotations are texts: `from __future__ import annotations`. */
const areTexts = ({ globals }: ModuleObject): boolean => globals.get('annotations')?.kind === 'str'
