// The scopes of a file: what its names and the fields of its objects are assigned, and where things are called.

import type {
  BinaryOperator,
  Call,
  ClassDef,
  Expression,
  FunctionDef,
  ModuleTree,
  Node,
  Statement,
} from '../syntax/tree'
import { childrenOf, walk } from '../syntax/walk'

export interface Guard {
  /** Null for what cannot be told, such as how often a loop runs. */
  readonly test: Expression | null
  readonly holds: boolean
}

/** One assignment to a name or a field. */
export interface Binding {
  readonly end: number
  /** Null for what is not an expression. */
  readonly value: Expression | null
  readonly op: BinaryOperator | null
  readonly guards: readonly Guard[]
  /** What a `class`, a `def` or an import binds. */
  readonly scope?: Scope
  readonly imported?: { readonly module: string; readonly level: number; readonly name: string }
}

export interface Scope {
  /** Tells scopes apart, also those of different files. */
  readonly id: number
  readonly node: ModuleTree | ClassDef | FunctionDef
  readonly file: File
  readonly parent: Scope | null
  readonly names: Map<string, Binding[]>
  /** What a method assigns to its object. */
  readonly fields: Map<string, Binding[]>
  readonly guards: { readonly start: number; readonly end: number; readonly guard: Guard }[]
}

export interface Site {
  readonly call: Call
  readonly scope: Scope
}

let lastId = 0

/** A file, and the way to those that it imports from. */
export class File {
  readonly module: Scope
  readonly #scopes = new Map<Node, Scope>()
  readonly #sites = new Map<string, Site[]>()

  constructor(
    tree: ModuleTree,
    readonly load: (module: string, level: number) => File | null,
  ) {
    this.module = this.#scope(tree, null)
    this.#noteCalls(tree.body, this.module)
  }

  /** The scope that a definition opens. */
  scopeOf(node: Node): Scope | null {
    return this.#scopes.get(node) ?? null
  }

  /** Where something of that name is called. */
  calls(name: string): readonly Site[] {
    return this.#sites.get(name) ?? []
  }

  #scope(node: ModuleTree | ClassDef | FunctionDef, parent: Scope | null): Scope {
    const scope: Scope = {
      id: ++lastId,
      node,
      file: this,
      parent,
      names: new Map(),
      fields: new Map(),
      guards: [],
    }
    if ('kind' in node) this.#scopes.set(node, scope)
    this.#bindAll(node.body, scope, [])
    return scope
  }

  #bindAll(body: readonly Statement[], scope: Scope, guards: readonly Guard[]): void {
    for (const statement of body) this.#bind(statement, scope, guards)
  }

  #bind(statement: Statement, scope: Scope, guards: readonly Guard[]): void {
    const { end } = statement
    const under = (body: readonly Statement[], test: Expression | null, holds: boolean): void => {
      const [first, last] = [body[0], body.at(-1)]
      const guard = { test, holds }
      if (first && last) scope.guards.push({ start: first.start, end: last.end, guard })
      this.#bindAll(body, scope, [...guards, guard])
    }
    const assign = (target: Expression, value: Expression | null, op: BinaryOperator | null = null): void => {
      if (target.kind === 'Name') note(scope.names, target.id, { end, value, op, guards })
      else if (target.kind === 'Attribute' && isSelf(target.value, scope))
        note(scope.fields, target.attr, { end, value, op, guards })
      else if (target.kind === 'Tuple' || target.kind === 'List') {
        const parts = value?.kind === 'Tuple' && value.elts.length === target.elts.length ? value.elts : null
        for (const [at, part] of target.elts.entries()) assign(part, parts?.[at] ?? null)
      }
    }
    switch (statement.kind) {
      case 'Assign':
        for (const target of statement.targets) assign(target, statement.value)
        return
      case 'AnnAssign':
        if (statement.value) assign(statement.target, statement.value)
        return
      case 'AugAssign':
        assign(statement.target, statement.value, statement.op)
        return
      case 'For':
        assign(statement.target, null)
        under([...statement.body, ...statement.orelse], null, true)
        return
      case 'While':
        under([...statement.body, ...statement.orelse], null, true)
        return
      case 'If':
        under(statement.body, statement.test, true)
        under(statement.orelse, statement.test, false)
        return
      case 'With':
        for (const { target } of statement.items) if (target) assign(target, null)
        this.#bindAll(statement.body, scope, guards)
        return
      case 'Try':
        this.#bindAll(statement.body, scope, guards)
        for (const { body } of statement.handlers) under(body, null, true)
        this.#bindAll([...statement.orelse, ...statement.finalbody], scope, guards)
        return
      case 'FunctionDef':
      case 'ClassDef':
        note(scope.names, statement.name, {
          end,
          value: null,
          op: null,
          guards,
          scope: this.#scope(statement, scope),
        })
        return
      case 'ImportFrom':
        for (const { name, asname } of statement.names)
          note(scope.names, asname ?? name, {
            end,
            value: null,
            op: null,
            guards,
            imported: { module: statement.module ?? '', level: statement.level, name },
          })
    }
  }

  #noteCalls(nodes: readonly Node[], scope: Scope): void {
    for (const node of nodes) {
      const inner = node.kind === 'FunctionDef' || node.kind === 'ClassDef' ? this.#scopes.get(node) : null
      if (node.kind === 'Call') note(this.#sites, calledName(node), { call: node, scope })
      this.#noteCalls(childrenOf(node), inner ?? scope)
    }
  }
}

function note<T>(map: Map<string, T[]>, name: string, one: T): void {
  const all = map.get(name)
  if (all) all.push(one)
  else map.set(name, [one])
}

export const isFunction = (node: Scope['node']): node is FunctionDef =>
  'kind' in node && node.kind === 'FunctionDef'

export const nameOf = (scope: Scope): string => ('name' in scope.node ? scope.node.name : '')

export const calledName = ({ func }: Call): string =>
  func.kind === 'Attribute' ? func.attr : func.kind === 'Name' ? func.id : ''

/** The class whose method a scope is, or is inside of. */
export function ownerOf(scope: Scope): Scope | null {
  const { parent } = scope
  if (!parent || !isFunction(scope.node)) return null
  return 'kind' in parent.node && parent.node.kind === 'ClassDef' ? parent : ownerOf(parent)
}

export const methodsOf = (scope: Scope): Scope[] =>
  [...scope.names.values()]
    .flat()
    .flatMap((binding) => (binding.scope && isFunction(binding.scope.node) ? [binding.scope] : []))

export const isMaker = (node: Scope['node']): boolean =>
  isFunction(node) && (node.name === '__init__' || node.name === '__post_init__')

export const isStatic = ({ decorators }: FunctionDef): boolean =>
  decorators.some((one) => one.kind === 'Name' && one.id === 'staticmethod')

export const isProperty = ({ decorators }: FunctionDef): boolean =>
  decorators.some((one) =>
    (one.kind === 'Name' ? one.id : one.kind === 'Attribute' ? one.attr : '').endsWith('property'),
  )

export function isSelf(expression: Expression, scope: Scope): boolean {
  if (expression.kind !== 'Name' || !isFunction(scope.node)) return false
  const isOwn = scope.node.params[0]?.name === expression.id
  return isOwn
    ? ownerOf(scope) !== null && !isStatic(scope.node)
    : scope.parent !== null && isSelf(expression, scope.parent)
}

/** The scope that a name is looked up in; those of classes are seen from themselves alone. */
export function scopeWith(name: string, from: Scope): Scope | null {
  for (let scope: Scope | null = from; scope; scope = scope.parent) {
    const isHidden = scope !== from && 'kind' in scope.node && scope.node.kind === 'ClassDef'
    const isParameter = isFunction(scope.node) && scope.node.params.some((param) => param.name === name)
    if (!isHidden && (isParameter || scope.names.has(name))) return scope
  }
  return null
}

/** Modules may import a name from each other, for ever. */
const mostImports = 8

function classIn(scope: Scope, name: string, imports = mostImports): Scope | null {
  const binding = scope.names.get(name)?.at(-1)
  if (binding?.imported) {
    const { module, level, name: exported } = binding.imported
    const file = imports > 0 ? scope.file.load(module, level) : null
    return file && classIn(file.module, exported, imports - 1)
  }
  const found = binding?.scope
  return found && !isFunction(found.node) ? found : null
}

/** The class that an annotation or a base names: `C`, `'C'`, `Optional[C]`, `C | None`. */
export function classNamed(expression: Expression, scope: Scope): Scope | null {
  let found: Scope | null = null
  walk(expression, (node) => {
    const name = node.kind === 'Name' ? node.id : node.kind === 'String' ? node.value : null
    const where = name === null ? null : scopeWith(name, scope)
    if (name !== null && where && !found) found = classIn(where, name)
    return !found
  })
  return found
}
