// Annotations taken as given: they teach a value its shape and name its dims, and refuse a value that they refute.

import type { Dim } from '../../dims/dim'
import { printDim } from '../../dims/print'
import type { ClassDef, Expression, FunctionDef, Lambda, Node, Statement } from '../../syntax/tree'
import { printShape } from '../../tensors/print'
import type { Shape } from '../../tensors/shape'
import type { Tensor } from '../../tensors/tensor'
import type { Value } from '../../trace/values'
import type { Activation, Interpreter } from '../interpreter'
import { type Scope, TypeObject } from '../objects'
import { alignTeaching } from './align'
import { lastName, type TensorType, tensorType } from './annotation'
import { codeSize, type DimNames, nameDim, namesOfRun, nameWeight, sizeOf } from './names'
import type { NotedDim } from './shape'

/** What is being annotated, for a message, and the annotation's place for a hover. */
interface Subject {
  readonly what: string
  readonly place: Expression
  /** What is assumed of a tensor is never an error. */
  readonly isAssumed?: boolean
  /** True where a run checks the annotation too, so that it raises. */
  readonly isChecked: boolean
}

/** Decorators under which annotations are checked when a function is called or an instance is made. */
const checkers = new Set(['jaxtyped', 'beartype', 'typechecked'])

/** True for a function or a class whose annotations a run checks. */
export const isRunChecked = (definition: FunctionDef | Lambda | ClassDef | undefined): boolean =>
  definition !== undefined &&
  definition.kind !== 'Lambda' &&
  definition.decorators.some((node) => checkers.has(lastName(node.kind === 'Call' ? node.func : node) ?? ''))

/** Applies the annotation of a value within the names of a run. Problems are reported at the present place. */
export function applyAnnotation(
  interp: Interpreter,
  scope: Scope,
  names: DimNames,
  node: Expression,
  value: Value,
  what: string,
  isChecked: boolean,
  depth = 0,
): void {
  if (depth > 8) return
  const go = (inner: Expression | undefined, part: Value | undefined, name = what): void => {
    if (inner && part) applyAnnotation(interp, scope, names, inner, part, name, isChecked, depth + 1)
  }
  if (node.kind === 'BinOp' && node.op === '|') {
    go(soleOption([node.left, node.right]), value)
    return
  }
  if (node.kind === 'Name') {
    const alias = aliasOf(interp, scope, node.id)
    if (alias)
      applyAnnotation(interp, alias.scope, names, alias.expression, value, what, isChecked, depth + 1)
    return
  }
  if (node.kind !== 'Subscript') return
  const type = tensorType(node)
  if (type) {
    applyTensor(interp, names, type, value, { what, place: node, isChecked })
    return
  }
  const inner = node.slice.kind === 'Tuple' ? node.slice.elts : [node.slice]
  const items = (): readonly Value[] => interp.itemsOf(interp.settle(value)) ?? []
  switch (lastName(node.value)) {
    case 'Optional':
    case 'Final':
    case 'ClassVar':
    case 'Annotated':
      go(inner[0], value)
      return
    case 'Union':
      go(soleOption(inner), value)
      return
    case 'list':
    case 'List':
    case 'Sequence':
      for (const item of items()) go(inner[0], item, `an item of ${what}`)
      return
    case 'tuple':
    case 'Tuple':
      if (inner.at(-1)?.kind !== 'Constant') {
        const parts = items()
        if (parts.length === inner.length) inner.forEach((n, i) => go(n, parts[i], `${what}[${i}]`))
      }
      return
    default:
  }
}

/** The one option of a union besides None, or undefined. */
function soleOption(options: readonly Expression[]): Expression | undefined {
  const others = options.filter((o) => !(o.kind === 'Constant' && o.value === null))
  return others.length === 1 ? others[0] : undefined
}

/** The type that a module calls by a name, also one that it imports. */
export function aliasOf(
  interp: Interpreter,
  scope: Scope,
  name: string,
): { expression: Expression; scope: Scope } | null {
  scope.module.lookupDeclared(name, interp)
  const own = scope.module.typeAliases.get(name)
  if (own) return { expression: own, scope }
  const value = scope.module.globals.get(name)
  interp.reads.note(scope.module, name, value)
  return value instanceof TypeObject ? { expression: value.expression, scope: value.scope } : null
}

function applyTensor(
  interp: Interpreter,
  names: DimNames,
  type: TensorType,
  value: Value,
  subject: Subject,
): void {
  const settled = interp.settle(value)
  if (settled.kind !== 'tensor' && settled.kind !== 'unknown') return
  const tensor = interp.asTensor(settled)
  if (!tensor) return
  const { elements, shape } = type
  if (elements && tensor.dtype && !elements.dtypes.includes(tensor.dtype))
    refuse(interp, subject, `${subject.what} is ${tensor.dtype}, and its annotation wants ${elements.text}`)
  const { assumed } = tensor
  if (shape) applyDims(interp, names, shape.dims, tensor, { ...subject, isAssumed: assumed !== false })
}

function applyDims(
  interp: Interpreter,
  names: DimNames,
  dims: readonly NotedDim[],
  tensor: Tensor,
  subject: Subject,
): void {
  const aligned = alignTeaching(interp, dims, tensor.shape)
  if (aligned === 'refuted') {
    const count = dims.filter((d) => d.kind !== 'rest').length
    const least = count < dims.length ? `at least ${count}` : `${count}`
    const shape = printShape(interp.facts.resolve(tensor.shape), interp.names)
    const written = dims.map((d) => d.text).join(' ')
    refuse(
      interp,
      subject,
      `${subject.what} is ${shape}, and its annotation "${written}" wants ${least} ${least === '1' ? 'dim' : 'dims'}`,
    )
    return
  }
  if (!aligned) return
  const mark = interp.problems.length
  dims.forEach((noted, i) => {
    const own = aligned[i]
    if (!own || interp.problems.length > mark) return
    if (noted.kind === 'rest') applyRest(interp, names, noted.name, own as Shape, subject)
    else if (noted.kind === 'size') applySize(interp, names, noted, own as Dim, { subject, tensor })
  })
}

function applyRest(
  interp: Interpreter,
  names: DimNames,
  name: string | null,
  own: Shape,
  subject: Subject,
): void {
  if (name === null) return
  const known = names.rests.get(name)
  if (!known) {
    interp.trail.write(names.rests, name, own)
    return
  }
  if (interp.facts.unify(known, own)) return
  const [a, b] = [known, own].map((s) => printShape(interp.facts.resolve(s), interp.names))
  refuse(interp, subject, `"*${name}" is ${b} in ${subject.what} and ${a} in what is annotated before`)
}

function applySize(
  interp: Interpreter,
  names: DimNames,
  noted: Extract<NotedDim, { kind: 'size' }>,
  own: Dim,
  { subject, tensor }: { subject: Subject; tensor: Tensor },
): void {
  const { formula, mayBeOne } = noted
  const dim = interp.dims.resolve(own)
  if (mayBeOne && dim.value === 1) return
  const name = formula.kind === 'name' ? formula.name : (noted.name ?? null)
  const lookup = (n: string): Dim | null => {
    const size = names.get(n) ?? codeSize(interp, n)
    return size === 'thing' ? null : size
  }
  const wanted = formula.kind === 'name' ? (names.get(formula.name) ?? null) : sizeOf(interp, formula, lookup)
  if (name !== null && names.get(name) === null) {
    names.set(interp, name, wanted ?? dim)
    nameDim(interp, dim, name, nameWeight.annotation, originOf(interp, subject.place))
  }
  // What may also be 1 is only told where both are numbers.
  if (!wanted || (mayBeOne && dim.value === null)) return
  const verdict = interp.dims.unify(dim, wanted)
  if (verdict.kind === 'assumed') interp.noteAssumption(verdict.assumption)
  if (verdict.kind !== 'refuted') return
  const shape = printShape(interp.facts.resolve(tensor.shape), interp.names)
  const [is, wants] = [dim, wanted].map((d) => printDim(interp.dims.resolve(d), interp.names))
  const reason = formula.kind === 'number' ? wants : `${noted.text}, which is ${wants} here`
  refuse(interp, subject, `${subject.what} is ${shape}: it has ${is} where its annotation wants ${reason}`)
}

const originOf = (interp: Interpreter, place: Expression) => ({
  module: interp.activation?.frame.module ?? '',
  place,
})

function refuse(interp: Interpreter, { place, isAssumed, isChecked }: Subject, message: string): void {
  if (isAssumed) return
  interp.report(isChecked ? 'error' : 'warning', 'annotation-mismatch', message)
  const module = interp.activation?.frame.module
  const problem = interp.problems.at(-1)
  if (problem && module && problem.place !== place)
    interp.problems[interp.problems.length - 1] = {
      ...problem,
      related: [...problem.related, { module, place, message: 'the annotation' }],
    }
}

/**
 * A function's parameters as annotated, before its body runs; the names that are given are different sizes.
 * False if an annotation refuses a value, so that what the body then does wrong is no news.
 */
export function applyParameters(
  interp: Interpreter,
  activation: Activation,
  bound: ReadonlyMap<string, Value>,
): boolean {
  const { definition } = activation.callable ?? {}
  if (!definition?.params.some((p) => p.annotation)) return true
  const before = interp.problems.length
  const names = namesOfRun(activation).annotated
  for (const { name, annotation, category } of definition.params) {
    const value = bound.get(name)
    if (!annotation || !value || category === 'var-positional' || category === 'var-keyword') continue
    if (isDimType(annotation)) bindDim(interp, names, annotation, value)
    else applyAnnotation(interp, activation.scope, names, annotation, value, name, isRunChecked(definition))
  }
  // A caller's own sizes may well be the same.
  if (activation.frame.caller) return interp.problems.length === before
  const symbols = names.entries.flatMap(([, d]) => interp.dims.resolve(d).symbol ?? [])
  const different = [...new Set(symbols)]
  if (different.length > 1) interp.dims.tellApart(different)
  return interp.problems.length === before
}

/** Pyrefly's `Dim[N]`: an integer that is the size called N. */
const isDimType = (node: Expression): node is Extract<Expression, { kind: 'Subscript' }> =>
  node.kind === 'Subscript' && lastName(node.value) === 'Dim' && node.slice.kind === 'Name'

function bindDim(
  interp: Interpreter,
  names: DimNames,
  node: Extract<Expression, { kind: 'Subscript' }>,
  value: Value,
): void {
  const dim = interp.asInt(value)
  const name = lastName(node.slice)
  if (!dim) return
  const known = names.get(name)
  if (known) interp.dims.unify(known, dim)
  else {
    names.set(interp, name, dim)
    nameDim(interp, dim, name, nameWeight.annotation, originOf(interp, node))
  }
}

/** What a function gives back, as annotated. */
export function applyReturned(interp: Interpreter, activation: Activation, node: Node, value: Value): void {
  const definition = activation.callable?.definition
  if (definition?.kind !== 'FunctionDef' || !definition.returns || !interp.isRecording) return
  interp.at(node)
  const { annotated } = namesOfRun(activation)
  const isChecked = isRunChecked(definition)
  applyAnnotation(
    interp,
    activation.scope,
    annotated,
    definition.returns,
    value,
    'what is returned',
    isChecked,
  )
}

/** A variable that is assigned with an annotation. */
export function applyVariable(
  interp: Interpreter,
  node: Extract<Statement, { kind: 'AnnAssign' }>,
  value: Value,
): void {
  const { activation } = interp
  if (!activation || !interp.isRecording) return
  interp.at(node.target)
  const what = node.target.kind === 'Name' ? node.target.id : lastName(node.target)
  const names = namesOfRun(activation).annotated
  // No decorator sees what is assigned.
  applyAnnotation(interp, activation.scope, names, node.annotation, value, what, false)
}

/** The fields of one instance, as its class annotates them: their names mean the same sizes. */
export function applyField(
  interp: Interpreter,
  scope: Scope,
  names: DimNames,
  annotation: Expression,
  value: Value,
  field: string,
  isChecked: boolean,
): void {
  if (!scope.module.isPrelude) applyAnnotation(interp, scope, names, annotation, value, field, isChecked)
}

/** The type that an assignment names for annotations, or null if it assigns something else. */
export function namedType(interp: Interpreter, node: Expression): Value | null {
  const scope = interp.activation?.scope
  return scope && node.kind === 'Subscript' && tensorType(node) ? new TypeObject(node, scope) : null
}
