// What a call that is not followed may change: what the function's text fills and assigns outside it.

import type { Arguments } from '../ops/op'
import type { Expression, FunctionDef, Lambda, Node } from '../syntax/tree'
import { walk } from '../syntax/walk'
import type { Value } from '../trace/values'
import { isSequence } from './containers'
import { mayChange } from './either'
import type { Interpreter } from './interpreter'
import { openEmpty, openSetBy } from './mutable-state'
import { BoundMethod, enclosingValue, FunctionObject, InstanceObject } from './objects'
import { enclosingScopeOf } from './scopes'

/** Makes unknown what a call that is not followed may have changed. */
export function leaveUnfollowed(
  interp: Interpreter,
  fn: FunctionObject,
  bound: ReadonlyMap<string, Value>,
): void {
  openFilled(interp, fn, bound)
  for (const value of bound.values()) if (value instanceof InstanceObject) openEmpty(interp, value)
  const [self] = bound.values()
  if (fn.owner && self instanceof InstanceObject) openSetBy(interp, fn, self)
}

/**
 * Makes unknown what a call of something that is not known may have changed: the lists and dicts that it is given empty
 * in a function's own run, to be filled, and what the functions change that it is given. In a program an empty one is
 * more often a setting that is checked.
 */
export function leaveToUnknown(interp: Interpreter, { positional, keywords }: Arguments): void {
  for (const argument of [...positional, ...keywords.values()]) {
    const value = interp.settle(argument)
    if (!interp.isConcrete && isEmptyContainer(value)) mayChange(interp, value)
    else if (value instanceof FunctionObject) openFilled(interp, value, new Map())
    else if (value instanceof BoundMethod && value.callable instanceof FunctionObject) {
      const [self] = value.callable.definition.params
      if (self) openFilled(interp, value.callable, new Map([[self.name, value.self]]))
    }
  }
}

const isEmptyContainer = (value: Value): boolean => {
  if (value.kind === 'dict') return value.entries.size === 0
  const items = value.kind === 'list' ? (value.slots.get('items') ?? []) : null
  return items !== null && !isSequence(items) && items.length === 0
}

/** What it may have put into containers, given to it or found around it, and what it may have assigned to names outside it. */
export function openFilled(interp: Interpreter, fn: FunctionObject, bound: ReadonlyMap<string, Value>): void {
  const { definition, scope } = fn
  const { filled, assigned } = changedBy(definition)
  for (const [name = '', ...attributes] of filled) {
    const isGiven = definition.params.some((p) => p.name === name)
    let value = isGiven ? bound.get(name) : (enclosingValue(scope, name) ?? scope.module.globals.get(name))
    for (const attribute of attributes) {
      const held = value && interp.settle(value)
      value = held instanceof InstanceObject ? held.attributes.get(attribute) : undefined
    }
    if (value) mayChange(interp, interp.settle(value))
  }
  for (const name of assigned) {
    const { variables } = enclosingScopeOf({ ...scope, parent: scope }, name) ?? scope.module.scope
    const value = variables.get(name)
    if (value && value.kind !== 'unknown')
      interp.trail.write(variables, name, interp.unknown(`${fn.name} may have assigned it`, name))
  }
}

const changing = new Set(
  'append add extend insert pop popitem remove discard clear update setdefault sort reverse'.split(' '),
)

interface Changed {
  /** Names, and chains of their attributes, whose items a function's own text changes. */
  readonly filled: readonly (readonly string[])[]
  /** Names that it says to be of a scope around it, and assigns. */
  readonly assigned: ReadonlySet<string>
}
const known = new WeakMap<FunctionDef | Lambda, Changed>()

function changedBy(definition: FunctionDef | Lambda): Changed {
  let changed = known.get(definition)
  if (!changed) known.set(definition, (changed = findChanged(definition)))
  return changed
}

function findChanged(definition: FunctionDef | Lambda): Changed {
  const parameters = new Set(definition.params.map((p) => p.name))
  const own = new Set<string>()
  const declared = new Set<string>()
  const filled = new Map<string, readonly string[]>()
  const note = (node: Node): void => {
    const chain = chainOf(node)
    if (chain) filled.set(chain.join('.'), chain)
  }
  walk(definition, (node) => {
    if (node.kind === 'Global' || node.kind === 'Nonlocal') for (const name of node.names) declared.add(name)
    if (node.kind === 'Call' && node.func.kind === 'Attribute' && changing.has(node.func.attr))
      note(node.func.value)
    for (const target of targetsOf(node)) {
      if (target.kind === 'Name') own.add(target.id)
      if (target.kind === 'Subscript') note(target.value)
      if (node.kind === 'AugAssign') note(target)
    }
  })
  const isOutside = (name = ''): boolean => parameters.has(name) || declared.has(name) || !own.has(name)
  return {
    filled: [...filled.values()].filter(([name]) => isOutside(name)),
    assigned: new Set([...declared].filter((name) => own.has(name))),
  }
}

const targetsOf = (node: Node): readonly Expression[] => {
  if (node.kind === 'Assign' || node.kind === 'Delete')
    return node.targets.flatMap((t) => (t.kind === 'Tuple' ? t.elts : [t]))
  return node.kind === 'AugAssign' || node.kind === 'AnnAssign' || node.kind === 'For' ? [node.target] : []
}

/** `self.cache.items` as its parts; null for what is not a name and attributes of it. */
function chainOf(node: Node): string[] | null {
  if (node.kind === 'Name') return [node.id]
  if (node.kind !== 'Attribute') return null
  const before = chainOf(node.value)
  return before && [...before, node.attr]
}
