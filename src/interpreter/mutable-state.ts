// What methods change on their instance: as its constructor leaves it, an instance is not yet as a method finds it.

import { fresh } from '../dims/dim'
import type { Expression, FunctionDef, Node } from '../syntax/tree'
import { childrenOf, walk } from '../syntax/walk'
import type { Tensor } from '../tensors/tensor'
import { bool, int, list, sequence, Unknown, type Value } from '../trace/values'
import { isSequence } from './containers'
import type { Interpreter } from './interpreter'
import { BoundMethod, type ClassObject, FunctionObject, InstanceObject } from './objects'

/**
 * Makes unknown what a constructor in the file has only begun on an instance: a None, a flag, a list or a
 * small number that another method sets, an empty list or dict.
 */
export function generaliseState(interp: Interpreter, instance: InstanceObject): void {
  if (instance.cls.module.path !== interp.mainPath) openHeld(interp, instance, new Set())
  else openBegun(interp, instance)
}

/** What a function that is called some time later finds around it: instances and containers that others have changed by then. */
export function generaliseAround(interp: Interpreter, fn: FunctionObject): void {
  for (let { scope } = fn; scope.variables !== scope.module.globals; ) {
    for (const value of scope.variables.values())
      if (value instanceof InstanceObject && !value.cls.module.isPrelude) openBegun(interp, value)
    if (!scope.parent) return
    scope = scope.parent
  }
}

/** Makes unknown what the constructor sets before it calls a method, and again later: the method finds either of the two. */
export function openBetween(
  interp: Interpreter,
  { name, owner }: FunctionObject,
  self: InstanceObject,
): void {
  const init = owner?.attributes.get('__init__')
  if (!(init instanceof FunctionObject) || init.definition.kind === 'Lambda') return
  const { called, set } = constructorOrder(init.definition)
  for (const at of called.get(name) ?? [])
    for (const [attribute, places] of set)
      if (places.some((end) => end < at) && places.some((end) => end > at) && self.attributes.has(attribute))
        interp.trail.write(
          self.attributes,
          attribute,
          new Unknown(attribute, 'the constructor sets it twice'),
        )
}

interface ConstructorOrder {
  /** Where methods of the instance are called. */
  readonly called: ReadonlyMap<string, readonly number[]>
  /** Where the statements end that set its attributes. */
  readonly set: ReadonlyMap<string, readonly number[]>
}
const orders = new WeakMap<FunctionDef, ConstructorOrder>()

function constructorOrder(init: FunctionDef): ConstructorOrder {
  let order = orders.get(init)
  if (order) return order
  const called = new Map<string, number[]>()
  const set = new Map<string, number[]>()
  const note = (node: Expression, places: Map<string, number[]>, at: number): void => {
    if (node.kind !== 'Attribute' || node.value.kind !== 'Name' || node.value.id !== init.params[0]?.name)
      return
    const known = places.get(node.attr)
    if (known) known.push(at)
    else places.set(node.attr, [at])
  }
  walk(init, (node) => {
    if (node.kind === 'Call') note(node.func, called, node.start)
    if (node.kind === 'Assign') for (const target of node.targets) note(target, set, node.end)
    if (node.kind === 'AugAssign' || node.kind === 'AnnAssign') note(node.target, set, node.end)
  })
  orders.set(init, (order = { called, set }))
  return order
}

/** Makes the lists and dicts unknown that an instance holds empty; the hooks and such of PyTorch's modules stay. */
export function openEmpty(interp: Interpreter, instance: InstanceObject): void {
  const ofModule = new Set(setByPrelude(instance.cls, 'Module'))
  for (const [name, value] of [...instance.attributes]) {
    const open = ofModule.has(name) ? null : filled(interp, value)
    if (open) interp.trail.write(instance.attributes, name, open)
  }
}

function openBegun(interp: Interpreter, instance: InstanceObject): void {
  const set = new Set(setElsewhere(interp, instance.cls))
  const ofPrelude = new Set(setByPrelude(instance.cls))
  const ofOthers = new Set(setByImported(interp, instance.cls))
  for (const [name, value] of [...instance.attributes]) {
    // What PyTorch's own modules hold is kept as it is.
    if (ofPrelude.has(name)) continue
    const isSet = set.has(name) || (value.kind === 'none' && ofOthers.has(name))
    const open = (isSet ? opened(value, name) : null) ?? filled(interp, value)
    if (open) interp.trail.write(instance.attributes, name, open)
  }
  // What the class has for all until a method sets it.
  for (const name of set) {
    const shared = instance.attributes.has(name) ? undefined : instance.cls.find(name)
    const open = shared && opened(interp.settle(shared), name)
    if (open) interp.trail.write(instance.attributes, name, open)
  }
  const seen = new Set([instance])
  for (const value of instance.attributes.values())
    if (value instanceof InstanceObject) openHeld(interp, value, seen)
}

/** Makes unknown each None or empty tensor that methods set later on an instance that another holds, and on those that it holds. */
function openHeld(interp: Interpreter, held: InstanceObject, seen: Set<InstanceObject>): void {
  if (seen.has(held)) return
  seen.add(held)
  const set = new Set([...setElsewhere(interp, held.cls), ...setByImported(interp, held.cls)])
  for (const [name, value] of [...held.attributes])
    if (value instanceof InstanceObject) openHeld(interp, value, seen)
    else if (set.has(name) && (value.kind === 'none' || (value.kind === 'tensor' && isEmpty(value))))
      interp.trail.write(held.attributes, name, opened(value, name) ?? value)
  openMethods(interp, held)
}

/** A method that the class puts another in the place of, on an instance, may be either. */
function openMethods(interp: Interpreter, held: InstanceObject): void {
  for (const cls of held.cls.mro)
    for (const [name, other] of cls.module.isPrelude ? [] : replacedBy(interp, cls)) {
      const methods = [name, other].map((m) => (held.attributes.has(m) ? null : held.cls.find(m)))
      if (!methods.every((m) => m instanceof FunctionObject)) continue
      const options = methods.map((method) => new BoundMethod(held, method))
      interp.trail.write(held.attributes, name, { kind: 'union', options })
    }
}

const REPLACED = /^[ \t]*self\.(\w+)\s*=\s*self\.(\w+)\s*(?:#|$)/gm

const replacements = new WeakMap<object, [string, string][]>()

/** Pairs of attributes of which a method sets the one to the other. */
function replacedBy(interp: Interpreter, cls: ClassObject): [string, string][] {
  let pairs = replacements.get(cls.definition)
  if (!pairs) replacements.set(cls.definition, (pairs = findReplaced(interp, cls)))
  return pairs
}

/** An imported class is not parsed for this. */
function findReplaced(interp: Interpreter, { definition, module }: ClassObject): [string, string][] {
  if (module.path !== interp.mainPath) {
    const found = module.text?.slice(definition.start, definition.end).matchAll(REPLACED) ?? []
    return [...found].map(([, name = '', other = '']) => [name, other])
  }
  return definition.body.flatMap((s) => (s.kind === 'FunctionDef' ? replacedIn(s) : []))
}

function replacedIn({ params: [self], body }: FunctionDef): [string, string][] {
  const ofSelf = (node: Expression): string | null =>
    node.kind === 'Attribute' && node.value.kind === 'Name' && node.value.id === self?.name ? node.attr : null
  return body.flatMap((s) => {
    const names = s.kind === 'Assign' ? s.targets.map(ofSelf) : []
    const other = s.kind === 'Assign' ? ofSelf(s.value) : null
    return names.flatMap((name): [string, string][] => (name && other ? [[name, other]] : []))
  })
}

/** A text that is equal where a class's methods set the same attributes. */
export const stateKey = (interp: Interpreter, cls: ClassObject): string => setElsewhere(interp, cls).join()

function opened(value: Value, name: string): Value | null {
  if (value.kind === 'none')
    return new Unknown(name, 'another method sets it', { couldBeNone: true, isAttribute: true })
  if (value.kind === 'tensor' && !value.isParameter && !isEmpty(value))
    return { ...value, assumed: value.assumed || 'sizes' }
  const isReplaced =
    value.kind === 'list' ||
    (value.kind === 'tensor' && !value.isParameter) ||
    (value instanceof InstanceObject && !value.cls.mro.some((c) => c.module.isPrelude))
  if (isReplaced) return new Unknown(name, 'another method sets it', { isAttribute: true })
  if (value.kind === 'int' && (value.dim.value ?? 2) < 2) return int(fresh(name, -Infinity))
  return value.kind === 'bool' ? bool(null) : null
}

/** `torch.empty(0)`, `torch.tensor(0)`: there until there is something else. */
const isEmpty = ({ shape }: Tensor): boolean =>
  !shape.gap && (shape.lead.length === 0 || shape.lead.some((d) => d.value === 0))

/** `torch.tensor([])`: of no size that anything is computed with. */
const isPlaceholder = ({ shape }: Tensor): boolean =>
  !shape.gap && shape.lead.length === 1 && shape.lead[0]?.value === 0

/** How deep lists that are empty yet may lie in dicts. */
const deepest = 2

function filled(interp: Interpreter, value: Value, depth = 0): Value | null {
  if (value.kind === 'tensor' && isPlaceholder(value))
    return new Unknown(null, 'something else is put in the place of an empty tensor')
  if (value.kind === 'tuple') {
    const items = filledItems(interp, value.items, depth)
    return items && { ...value, items }
  }
  if (value.kind === 'dict' && value.entries.size === 0) interp.trail.write(value.state, 'isOpen', true)
  if (value.kind === 'dict' && depth < deepest) {
    for (const [key, entry] of [...value.entries]) {
      const open = filled(interp, entry.value, depth + 1)
      if (open) interp.trail.write(value.entries, key, { ...entry, value: open })
    }
    for (const [pattern, some] of [...value.rest]) {
      const open = filled(interp, some, depth + 1)
      if (open) interp.trail.write(value.rest, pattern, open)
    }
  }
  const items = value.kind === 'list' ? (value.slots.get('items') ?? []) : null
  if (!items || isSequence(items)) return null
  if (items.length === 0) return list(sequence(new Unknown(null, 'another method fills the list'), null))
  const known = filledItems(interp, items, depth)
  return known && list(known)
}

function filledItems(interp: Interpreter, items: readonly Value[], depth: number): Value[] | null {
  if (!items.some((item) => item.kind === 'tensor' && isPlaceholder(item))) return null
  return items.map((item) => filled(interp, item, depth + 1) ?? item)
}

/** The attributes that methods other than the constructor set, of the classes of the file. */
const setElsewhere = (interp: Interpreter, { mro }: ClassObject): string[] =>
  mro.flatMap((cls) => (cls.module.path === interp.mainPath ? setByMethods(cls) : []))

const setInClass = new WeakMap<object, readonly string[]>()

function setByMethods({ definition }: ClassObject): readonly string[] {
  let names = setInClass.get(definition)
  if (!names) {
    names = definition.body.flatMap((s) =>
      s.kind === 'FunctionDef' && s.name !== '__init__' ? [...setBy(s)] : [],
    )
    setInClass.set(definition, names)
  }
  return names
}

/** The attributes that the constructors of the prelude's classes set, or of one of them. */
const setByPrelude = ({ mro }: ClassObject, only?: string): string[] =>
  mro
    .filter(({ name, module }) => module.isPrelude && (only === undefined || name === only))
    .flatMap(({ definition }) => definition.body)
    .flatMap((s) => (s.kind === 'FunctionDef' && s.name === '__init__' ? [...setBy(s)] : []))

/** The attributes that methods of imported classes set, as far as their text says so plainly: it is not parsed for this. */
const setByImported = (interp: Interpreter, { mro }: ClassObject): string[] =>
  mro.flatMap(({ definition, module }) =>
    module.path === interp.mainPath || module.isPrelude || module.text === null
      ? []
      : definition.body.flatMap((s) =>
          s.kind === 'FunctionDef' && s.name !== '__init__' ? [...setByText(s, module.text ?? '')] : [],
        ),
  )

/** Also of another instance: what starts a whole tree of modules walks over it. */
const ASSIGNED = /^[ \t]*((?:\w+\.\w+\s*,\s*)*\w+\.\w+)\s*(?::[^=\n]+)?=(?!=)/gm

function setByText(method: FunctionDef, text: string): ReadonlySet<string> {
  let names = known.get(method)
  if (!names) {
    names = new Set(
      [...text.slice(method.start, method.end).matchAll(ASSIGNED)].flatMap(([, targets = '']) =>
        targets.split(',').map((target) => target.slice(target.indexOf('.') + 1).trim()),
      ),
    )
    known.set(method, names)
  }
  return names
}

const known = new WeakMap<FunctionDef, ReadonlySet<string>>()

/** Makes unknown what a method of another module that was not followed may have set on its instance. */
export function openSetBy(interp: Interpreter, method: FunctionObject, self: InstanceObject): void {
  const names = new Set<string>()
  noteSetBy(method, self.cls, names, new Set())
  for (const [name, value] of [...self.attributes])
    if (names.has(name) && value.kind !== 'object')
      interp.trail.write(
        self.attributes,
        name,
        new Unknown(name, 'a method sets it', { couldBeNone: true, isAttribute: true }),
      )
}

const CALLED = /\bself\.(\w+)\(/g

/** Collects the attributes that a method sets, and those that it calls on the same instance. */
function noteSetBy(method: FunctionObject, cls: ClassObject, names: Set<string>, seen: Set<unknown>): void {
  const { definition, scope } = method
  const { text } = scope.module
  if (definition.kind === 'Lambda' || seen.has(definition)) return
  seen.add(definition)
  if (text === null) {
    for (const name of setBy(definition)) names.add(name)
    return
  }
  for (const name of setByText(definition, text)) names.add(name)
  for (const [, called = ''] of text.slice(definition.start, definition.end).matchAll(CALLED)) {
    const found = cls.find(called)
    if (found instanceof FunctionObject) noteSetBy(found.undecorated, cls, names, seen)
  }
}

function setBy(method: FunctionDef): ReadonlySet<string> {
  let names = known.get(method)
  if (!names) known.set(method, (names = findSet(method)))
  return names
}

function findSet({ params: [self], body }: FunctionDef): ReadonlySet<string> {
  const names = new Set<string>()
  const note = (target: Expression): void => {
    if (target.kind === 'Tuple') target.elts.forEach(note)
    if (target.kind === 'Attribute' && target.value.kind === 'Name' && target.value.id === self?.name)
      names.add(target.attr)
  }
  const visit = (node: Node): void => {
    if (node.kind === 'Assign') node.targets.forEach(note)
    if (node.kind === 'AugAssign' || node.kind === 'AnnAssign') note(node.target)
    for (const child of childrenOf(node)) visit(child)
  }
  if (self) body.forEach(visit)
  return names
}
