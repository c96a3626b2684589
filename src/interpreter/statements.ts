// Running statements.

import type { Dim } from '../dims/dim'
import type { Expression, Statement } from '../syntax/tree'
import type { Shape } from '../tensors/shape'
import { int, list, none, sequence, unknown, type Value } from '../trace/values'
import { noteData, noteWritten } from './aliases'
import { sequenceOf } from './any-item'
import { tensorArithmetic } from './arithmetic'
import { callMethod, deleteAttribute, getAttribute, setAttribute } from './attributes'
import { fork, type Outcome } from './branch'
import { defineClass } from './classes'
import { bothSides, evaluateCondition } from './conditions'
import { deleteItem, elementOf, iterableItems } from './containers'
import { runWith } from './contexts'
import { decorate } from './decorators'
import { asksToInstall, exceptionOf, isDoubtful, raiseIfCaught } from './exceptions'
import { evaluate } from './expressions'
import { makeFunction } from './functions'
import { isPerhapsTuple } from './habitual-calls'
import { importFrom, importModule } from './imports'
import type { Interpreter } from './interpreter'
import { runFor, runWhile } from './loops'
import { runMatch } from './matching'
import { nameDims } from './naming'
import { applyReturned, applyVariable, namedType } from './notation/annotated'
import { noteAssignment, noteReturn } from './notation/notebook'
import { FunctionObject, RuntimeException } from './objects'
import { applyBinary } from './operators'
import { passedThrough } from './passed-through'
import { assignName, enclosingScopeOf } from './scopes'
import { PythonRaise } from './signals'
import { assignSubscript, subscript } from './subscripts'
import { runTry } from './tries'

export function runBlock(interp: Interpreter, statements: readonly Statement[]): Outcome {
  for (const statement of statements) {
    const outcome = runStatement(interp, statement)
    if (outcome !== 'next') return outcome
  }
  return 'next'
}

function runStatement(interp: Interpreter, node: Statement): Outcome {
  interp.step()
  switch (node.kind) {
    case 'Expr':
      evaluate(interp, node.value)
      return 'next'
    case 'Assign': {
      const value = namedType(interp, node.value) ?? passedThrough(interp, node, evaluate(interp, node.value))
      noteTypeAlias(interp, node)
      for (const target of node.targets) {
        assignTarget(interp, target, value)
        nameDims(interp, target, node.value)
      }
      noteAssignment(interp, node, node.targets, value)
      return 'next'
    }
    case 'AugAssign':
      noteAssignment(interp, node, [node.target], augmentedAssign(interp, node))
      return 'next'
    case 'AnnAssign':
      if (node.value) {
        const value = evaluate(interp, node.value)
        assignTarget(interp, node.target, value)
        nameDims(interp, node.target, node.value)
        applyVariable(interp, node, value)
        noteAssignment(interp, node, [node.target], value)
      }
      return 'next'
    case 'Return':
      runReturn(interp, node)
      return 'return'
    case 'If': {
      const condition = evaluateCondition(interp, node.test)
      if (condition.truth !== null) return runBlock(interp, condition.truth ? node.body : node.orelse)
      const sides = [() => runBlock(interp, node.body), () => runBlock(interp, node.orelse)] as const
      return bothSides(interp, condition, sides, fork)
    }
    case 'For':
      return runFor(interp, node)
    case 'While':
      return runWhile(interp, node)
    case 'Assert': {
      const condition = evaluateCondition(interp, node.test)
      if (condition.truth === false) raiseIfCaught(interp, 'AssertionError')
      if (condition.truth === false && interp.isConcrete && !isDoubtful(interp, none))
        throw new PythonRaise(none)
      if (condition.truth === false && interp.activation) interp.activation.isRefuted = true
      if (condition.truth === null) condition.whenTrue()
      return 'next'
    }
    case 'Raise':
      if (node.exc) {
        interp.raised = exceptionOf(interp, evaluate(interp, node.exc))
        if (interp.raised instanceof RuntimeException)
          interp.raised.isOfLayer = interp.activation?.scope.module.isPrelude === true
        if (asksToInstall(interp, interp.raised)) return 'next'
        if (isDoubtful(interp, interp.raised)) return giveUp(interp)
      }
      return 'raise'
    case 'FunctionDef': {
      const made = makeFunction(interp, node, node.name)
      const value = node.decorators.length > 0 ? decorate(interp, node.decorators, made) : made
      assignName(interp, node.name, value)
      if (made instanceof FunctionObject) interp.definedFunctions.push(made)
      return 'next'
    }
    case 'ClassDef':
      assignName(interp, node.name, defineClass(interp, node))
      return 'next'
    case 'Import':
      for (const alias of node.names) importModule(interp, alias)
      return 'next'
    case 'ImportFrom':
      importFrom(interp, node)
      return 'next'
    case 'With':
      return runWith(interp, node)
    case 'Try':
      return runTry(interp, node)
    case 'Match':
      return runMatch(interp, node)
    case 'Global':
    case 'Nonlocal': {
      const scope = interp.activation?.scope
      for (const name of node.names) {
        if (!scope?.redirected) continue
        const target = node.kind === 'Global' ? scope.module.scope : enclosingScopeOf(scope, name)
        if (target) scope.redirected.set(name, target)
      }
      return 'next'
    }
    case 'Delete':
      for (const target of node.targets) deleteTarget(interp, target)
      return 'next'
    case 'Break':
      return 'break'
    case 'Continue':
      return 'continue'
    case 'Pass':
      return 'next'
    case 'TypeAlias':
      interp.activation?.scope.module.typeAliases.set(node.name, node.value)
      assignName(interp, node.name, unknown('a type alias'))
      return 'next'
    case 'ErrorStmt':
      for (const child of node.children) evaluate(interp, child)
      return 'next'
  }
}

function runReturn(interp: Interpreter, node: Extract<Statement, { kind: 'Return' }>): void {
  const { activation } = interp
  if (!activation) return
  const value = node.value ? evaluate(interp, node.value) : none
  activation.returnValue = value
  if (!node.value) return
  applyReturned(interp, activation, node.value, value)
  noteReturn(interp, node, value)
}

function deleteTarget(interp: Interpreter, target: Expression): void {
  if (target.kind === 'Tuple' || target.kind === 'List')
    for (const elt of target.elts) deleteTarget(interp, elt)
  else if (target.kind === 'Name') {
    const { scope } = interp.activation ?? {}
    if (scope) interp.trail.delete((scope.redirected?.get(target.id) ?? scope).variables, target.id)
  } else if (target.kind === 'Attribute') {
    deleteAttribute(interp, evaluate(interp, target.value), target.attr)
  } else if (target.kind === 'Subscript')
    deleteItem(
      interp,
      interp.settle(evaluate(interp, target.value)),
      interp.settle(evaluate(interp, target.slice)),
    )
}

/** Remembers what a module calls a type, for annotations. */
function noteTypeAlias(interp: Interpreter, node: Extract<Statement, { kind: 'Assign' }>): void {
  const scope = interp.activation?.scope
  const [target] = node.targets
  const isType =
    node.value.kind === 'Subscript' || node.value.kind === 'BinOp' || node.value.kind === 'Attribute'
  if (isType && target?.kind === 'Name' && scope && scope.variables === scope.module.globals)
    scope.module.typeAliases.set(target.id, node.value)
}

/** `x.name = value`; a tensor's `data` is the tensor itself, wherever it is held. */
function assignAttribute(
  interp: Interpreter,
  { value: of, attr }: Extract<Expression, { kind: 'Attribute' }>,
  value: Value,
): void {
  const owner = evaluate(interp, of)
  const tensor = interp.settle(owner)
  if (attr !== 'data' || tensor.kind !== 'tensor') setAttribute(interp, owner, attr, value)
  else noteData(interp, tensor, value, of.kind === 'Attribute' ? evaluate(interp, of.value) : none)
}

/** Binds a value to a name, an attribute, an item, or the parts of a tuple. */
export function assignTarget(interp: Interpreter, target: Expression, value: Value): void {
  switch (target.kind) {
    case 'Name':
      assignName(interp, target.id, value)
      interp.emit('target', target, target.id, value)
      return
    case 'Attribute':
      assignAttribute(interp, target, value)
      return
    case 'Subscript': {
      const container = evaluate(interp, target.value)
      const index = evaluate(interp, target.slice)
      interp.at(target)
      assignSubscript(interp, container, index, value)
      return
    }
    case 'Starred':
      assignTarget(interp, target.value, value)
      return
    case 'Tuple':
    case 'List':
      unpack(interp, target, value)
      return
    default:
      evaluate(interp, target)
  }
}

function unpack(
  interp: Interpreter,
  target: Extract<Expression, { kind: 'Tuple' | 'List' }>,
  given: Value,
): void {
  const value = isPerhapsTuple(given) ? interp.unknown('what is unpacked is not known') : given
  const { elts } = target
  const star = elts.findIndex((e) => e.kind === 'Starred')
  const items = unpackedItems(interp, target, value, star)
  if (!items) {
    const many = sequenceOf(interp.settle(value))
    const some = many ? null : elementOf(interp, value)?.element
    for (const [i, elt] of elts.entries())
      if (many && elt.kind === 'Starred') assignTarget(interp, elt, list(sequence(many.element, null)))
      else assignTarget(interp, elt, some ?? subscriptOf(interp, many ?? value, i, elt))
    return
  }
  if (star < 0) {
    elts.forEach((elt, i) =>
      assignTarget(interp, elt, items[i] ?? interp.unknown('there is nothing to unpack here')),
    )
    return
  }
  const after = elts.length - star - 1
  elts.forEach((elt, i) => {
    if (i < star) assignTarget(interp, elt, items[i] ?? none)
    else if (i === star && items[star]?.kind === 'size') assignTarget(interp, elt, items[star])
    else if (i === star) assignTarget(interp, elt, interp.listOf(items.slice(star, items.length - after)))
    else assignTarget(interp, elt, items[items.length - (elts.length - i)] ?? none)
  })
}

/** The items that are unpacked; a size of unknown rank learns its rank. Reports a wrong count. */
function unpackedItems(
  interp: Interpreter,
  target: Expression & { elts: Expression[] },
  value: Value,
  star: number,
): readonly Value[] | null {
  const settled = interp.settle(value)
  const count = target.elts.length
  if (settled.kind === 'size') {
    if (star >= 0) return starredSize(interp, settled.shape, star, count - star - 1)
    const dims = interp.facts.requireRank(settled.shape, count)
    if (dims) return dims.map((d) => ({ kind: 'int', dim: d }))
    interp.at(target)
    return reportCount(
      interp,
      count,
      `a shape of at least ${settled.shape.lead.length + settled.shape.trail.length}`,
    )
  }
  if (settled.kind === 'union') return null
  if (settled.kind === 'tensor') interp.teachLength(settled, count, star >= 0)
  const items = iterableItems(interp, settled)
  if (!items) return null
  if (star < 0 ? items.length === count : items.length >= count - 1) return items
  if (settled.kind === 'tuple' && (settled.isGuess || settled.isOfGuess)) return null
  // What nothing has filled yet in a function's own run, others fill in a program.
  if (items.length === 0 && !interp.isConcrete) return null
  interp.at(target)
  return reportCount(interp, count, `${items.length}`)
}

/** `*lead, d = x.shape`: the dims before and behind the star, and what remains between them. */
function starredSize(
  interp: Interpreter,
  shape: Shape,
  before: number,
  after: number,
): readonly Value[] | null {
  interp.facts.requireLead(shape, before)
  const known = interp.facts.requireTrail(shape, after)
  if (!known?.gap || known.lead.length < before || known.trail.length < after) return null
  const rest: Shape = {
    lead: known.lead.slice(before),
    gap: known.gap,
    trail: known.trail.slice(0, known.trail.length - after),
  }
  const ints = (dims: readonly Dim[]): Value[] => dims.map((dim) => ({ kind: 'int', dim }))
  return [
    ...ints(known.lead.slice(0, before)),
    { kind: 'size', shape: rest },
    ...ints(known.trail.slice(known.trail.length - after)),
  ]
}

function reportCount(interp: Interpreter, wanted: number, given: string): null {
  interp.report('error', 'unpack-mismatch', `${wanted} names are unpacked from ${given} values`)
  return null
}

/** An item of something whose items are not known one by one. */
function subscriptOf(interp: Interpreter, value: Value, index: number, elt: Expression): Value {
  const settled = interp.settle(value)
  if (['unknown', 'union', 'tensor', 'sequence'].includes(settled.kind))
    return subscript(interp, settled, int(index))
  return interp.unknown('what is unpacked is not known', elt.kind === 'Name' ? elt.id : null)
}

/** `x += y`; gives what x is then. */
function augmentedAssign(interp: Interpreter, node: Extract<Statement, { kind: 'AugAssign' }>): Value {
  const { target } = node
  const owner =
    target.kind === 'Attribute' || target.kind === 'Subscript' ? evaluate(interp, target.value) : null
  const index = target.kind === 'Subscript' ? evaluate(interp, target.slice) : null
  const old =
    owner && target.kind === 'Attribute'
      ? getAttribute(interp, owner, target.attr)
      : owner && index
        ? subscript(interp, owner, index)
        : evaluateOld(interp, target)
  const value = evaluate(interp, node.value)
  interp.at(node)
  const settled = interp.settle(old)
  let result: Value
  if (settled.kind === 'tensor') {
    result = tensorArithmetic(interp, node.op, settled, interp.settle(value), true)
    noteWritten(interp, settled, result)
  } else if (settled.kind === 'list' && node.op === '+') {
    callMethod(interp, settled, 'extend', [value])
    result = settled
  } else if (settled.kind === 'dict' && node.op === '|') {
    callMethod(interp, settled, 'update', [value])
    result = settled
  } else result = applyBinary(interp, node.op, old, value, true)
  if (owner && target.kind === 'Attribute') setAttribute(interp, owner, target.attr, result)
  else if (owner && index) assignSubscript(interp, owner, index, result)
  else assignTarget(interp, target, result)
  return result
}

/** The old value of an augmented assignment's name, which is not a node of its own. */
function evaluateOld(interp: Interpreter, target: Expression): Value {
  const before = interp.events.length
  const value = evaluate(interp, target)
  interp.events.length = before
  return value
}

/** Leaves the function that runs with a value that is not known. */
function giveUp(interp: Interpreter): Outcome {
  if (interp.activation) interp.activation.returnValue = interp.unknown('a library says that it fails here')
  return 'return'
}
