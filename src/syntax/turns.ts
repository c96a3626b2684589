// What a turn of a loop may see of the turn before it.

import { targetsIn } from './bindings'
import type { Attribute, Call, Expression, For, Name, Node, Statement, While } from './tree'
import { childrenOf, walk } from './walk'

export interface Carried {
  /** The variables whose value at the start of a turn the turn may read. */
  readonly names: ReadonlySet<string>
  /** The lists (`xs`, `self.xs`) to which a turn appends and at which it does not look otherwise. */
  readonly appended: readonly Appended[]
}

/** A list, and the variable from which its text starts. */
interface Appended {
  readonly node: Name | Attribute
  readonly root: string
}

const known = new WeakMap<For | While, Carried>()

/** Found from the text alone: a variable that each turn binds before it reads it is carried by none. */
export function carriedBy(loop: For | While): Carried {
  const before = known.get(loop)
  if (before) return before
  const reads = new Reads()
  const bound = new Set<string>()
  if (loop.kind === 'For') reads.bind(loop.target, bound)
  else reads.visit(loop.test, bound)
  reads.block(loop.body, bound)
  const appended = reads.appended.filter(({ node, root }) => !reads.sees(node, root))
  const carried = { names: reads.names, appended }
  known.set(loop, carried)
  return carried
}

/** The reads of a loop's body, in the order in which it runs; `bound` are the variables that are certain to be set. */
class Reads {
  readonly names = new Set<string>()
  readonly appended: Appended[] = []
  /** All variables and attributes of variables that are read, bound before or not; a variable stands for its attributes. */
  readonly #paths = new Set<string>()

  sees(node: Name | Attribute, root: string): boolean {
    return this.#paths.has(root) || this.#paths.has(pathOf(node) ?? root)
  }

  block(statements: readonly Statement[], bound: Set<string>): void {
    for (const statement of statements) this.visit(statement, bound)
  }

  /** What may run or not binds nothing for certain. */
  #perhaps(statements: readonly Statement[], bound: ReadonlySet<string>): void {
    this.block(statements, new Set(bound))
  }

  bind(target: Expression, bound: Set<string>): void {
    for (const single of targetsIn(target))
      if (single.kind === 'Name') bound.add(single.id)
      else this.visit(single, bound)
  }

  visit(node: Node, bound: Set<string>): void {
    switch (node.kind) {
      case 'Name':
        this.#paths.add(node.id)
        if (!bound.has(node.id)) this.names.add(node.id)
        return
      case 'Attribute':
        this.#attribute(node, bound)
        return
      case 'Call':
        this.#call(node, bound)
        return
      case 'Assign':
        this.visit(node.value, bound)
        for (const target of node.targets) this.bind(target, bound)
        return
      case 'AnnAssign':
        if (!node.value) return
        this.visit(node.value, bound)
        this.bind(node.target, bound)
        return
      case 'With':
        for (const { context, target } of node.items) {
          this.visit(context, bound)
          if (target) this.bind(target, bound)
        }
        this.block(node.body, bound)
        return
      case 'If': {
        this.visit(node.test, bound)
        const [yes, no] = [new Set(bound), new Set(bound)]
        this.block(node.body, yes)
        this.block(node.orelse, no)
        for (const name of yes) if (no.has(name)) bound.add(name)
        return
      }
      case 'For': {
        this.visit(node.iter, bound)
        const turn = new Set(bound)
        this.bind(node.target, turn)
        this.block(node.body, turn)
        this.#perhaps(node.orelse, bound)
        return
      }
      case 'While':
        this.visit(node.test, bound)
        this.#perhaps(node.body, bound)
        this.#perhaps(node.orelse, bound)
        return
      default: {
        // Of anything else each part may run or not, and binds nothing for certain.
        for (const child of childrenOf(node)) this.visit(child, new Set(bound))
      }
    }
  }

  #attribute(node: Attribute, bound: Set<string>): void {
    const path = pathOf(node)
    if (path === null) {
      this.visit(node.value, bound)
      return
    }
    const root = this.#reads(path, bound)
    for (let end = path.indexOf('.', root.length + 1); end > 0; end = path.indexOf('.', end + 1))
      this.#paths.add(path.slice(0, end))
    this.#paths.add(path)
  }

  #call({ func, args, keywords }: Call, bound: Set<string>): void {
    const list = func.kind === 'Attribute' && func.attr === 'append' ? func.value : null
    const path = list && pathOf(list)
    if (path !== null && (list?.kind === 'Name' || list?.kind === 'Attribute'))
      this.appended.push({ node: list, root: this.#reads(path, bound) })
    // A method may look at all that its object holds.
    else this.#rootOf(func, bound)
    for (const argument of [...args, ...keywords]) this.visit(argument, bound)
  }

  /** Notes that the variable of a path is read, and gives its name. */
  #reads(path: string, bound: ReadonlySet<string>): string {
    const [root = path] = path.split('.')
    if (!bound.has(root)) this.names.add(root)
    return root
  }

  #rootOf(func: Expression, bound: Set<string>): void {
    let root = func
    while (root.kind === 'Attribute') root = root.value
    this.visit(root, bound)
  }
}

/** `a.b.c` of an attribute of a variable; null for one of anything else. */
function pathOf(node: Expression): string | null {
  if (node.kind === 'Name') return node.id
  if (node.kind !== 'Attribute') return null
  const owner = pathOf(node.value)
  return owner === null ? null : `${owner}.${node.attr}`
}

const free = new WeakMap<Node, ReadonlySet<string>>()

/** The names that a function may read of what is around it: those that it does not bind, and `nonlocal` ones. */
export function freeNamesOf(definition: Node): ReadonlySet<string> {
  const before = free.get(definition)
  if (before) return before
  const [mentioned, bound] = [new Set<string>(), new Set<string>()]
  const shared: string[] = []
  const bind = (target: Expression): void => {
    for (const single of targetsIn(target)) if (single.kind === 'Name') bound.add(single.id)
  }
  walk(definition, (node) => {
    if (node.kind === 'Name') mentioned.add(node.id)
    else if (node.kind === 'Nonlocal') shared.push(...node.names)
    else if (node.kind === 'Parameter') bound.add(node.name)
    else if (node.kind === 'Assign') node.targets.forEach(bind)
    else if (node.kind === 'For' || node.kind === 'AnnAssign') bind(node.target)
  })
  const names = new Set([...[...mentioned].filter((name) => !bound.has(name)), ...shared])
  free.set(definition, names)
  return names
}
