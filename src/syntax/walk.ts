// Walking the syntax tree: the children of every kind of node, and the nodes around an offset.

import type { Comprehension, ModuleTree, Node, Pattern } from './tree'

/** The direct children of a node, in the order in which they are written. */
export function childrenOf(node: Node): Node[] {
  const out: Node[] = []
  const push = (...nodes: (Node | null)[]) => {
    for (const child of nodes) if (child) out.push(child)
  }
  switch (node.kind) {
    case 'FString':
      for (const part of node.parts) if (typeof part !== 'string') out.push(part)
      break
    case 'Attribute':
    case 'Starred':
    case 'Keyword':
    case 'Await':
    case 'Yield':
    case 'YieldFrom':
    case 'Return':
    case 'Expr':
    case 'TypeAlias':
    case 'MatchValue':
      push(node.value)
      break
    case 'Subscript':
      push(node.value, node.slice)
      break
    case 'Slice':
      push(node.lower, node.upper, node.step)
      break
    case 'Call':
      push(node.func, ...inOrder([...node.args, ...node.keywords]))
      break
    case 'BinOp':
      push(node.left, node.right)
      break
    case 'UnaryOp':
      push(node.operand)
      break
    case 'BoolOp':
      push(...node.values)
      break
    case 'Compare':
      push(node.left, ...node.comparators)
      break
    case 'IfExp':
      push(node.body, node.test, node.orelse)
      break
    case 'Lambda':
      push(...node.params, node.body)
      break
    case 'Tuple':
    case 'List':
    case 'Set':
      push(...node.elts)
      break
    case 'Dict':
      node.values.forEach((value, i) => push(node.keys[i] ?? null, value))
      break
    case 'ListComp':
    case 'SetComp':
    case 'GeneratorExp':
      push(node.elt, ...node.generators.flatMap(clauses))
      break
    case 'DictComp':
      push(node.key, node.value, ...node.generators.flatMap(clauses))
      break
    case 'NamedExpr':
    case 'AugAssign':
      push(node.target, node.value)
      break
    case 'Parameter':
      push(node.annotation, node.default)
      break
    case 'FunctionDef':
      push(...node.decorators, ...node.params, node.returns, ...node.body)
      break
    case 'ClassDef':
      push(...node.decorators, ...inOrder([...node.bases, ...node.keywords]), ...node.body)
      break
    case 'Delete':
      push(...node.targets)
      break
    case 'Assign':
      push(...node.targets, node.value)
      break
    case 'AnnAssign':
      push(node.target, node.annotation, node.value)
      break
    case 'For':
      push(node.target, node.iter, ...node.body, ...node.orelse)
      break
    case 'While':
    case 'If':
      push(node.test, ...node.body, ...node.orelse)
      break
    case 'With':
      for (const item of node.items) push(item.context, item.target)
      push(...node.body)
      break
    case 'Raise':
      push(node.exc, node.cause)
      break
    case 'Try':
      push(...node.body, ...node.handlers, ...node.orelse, ...node.finalbody)
      break
    case 'ExceptHandler':
      push(node.type, ...node.body)
      break
    case 'Assert':
      push(node.test, node.msg)
      break
    case 'Import':
    case 'ImportFrom':
      push(...node.names)
      break
    case 'Match':
      push(node.subject)
      for (const { pattern, guard, body } of node.cases) push(pattern, guard, ...body)
      break
    case 'ErrorExpr':
    case 'ErrorStmt':
      push(...node.children)
      break
    default:
      patternChildren(node, push)
  }
  return out
}

function patternChildren(node: Node, push: (...nodes: (Node | null)[]) => void): void {
  switch (node.kind) {
    case 'MatchCapture':
      push(node.pattern)
      break
    case 'MatchSequence':
    case 'MatchOr':
      push(...node.patterns)
      break
    case 'MatchMapping':
      node.patterns.forEach((pattern: Pattern, i: number) => push(node.keys[i] ?? null, pattern))
      break
    case 'MatchClass':
      push(node.cls, ...node.patterns, ...node.keywords.map((keyword) => keyword.pattern))
      break
  }
}

function clauses(part: Comprehension): Node[] {
  return [part.target, part.iter, ...part.ifs]
}

/** Keywords may stand between positional arguments: `f(a=1, *b)`. */
function inOrder(nodes: Node[]): Node[] {
  return nodes.sort((a, b) => a.start - b.start)
}

/** Visits a node and all below it, parents first; `visit` returns false to leave out what is below. */
export function walk(node: Node | ModuleTree, visit: (node: Node) => unknown): void {
  const pending: Node[] = 'kind' in node ? [node] : [...node.body].reverse()
  for (let at = pending.pop(); at; at = pending.pop()) {
    if (visit(at) === false) continue
    const children = childrenOf(at)
    for (let i = children.length - 1; i >= 0; i--) {
      const child = children[i]
      if (child) pending.push(child)
    }
  }
}

/** The nodes around an offset, outermost first; an offset at a node's end counts as inside it. */
export function nodeAt(module: ModuleTree, offset: number): Node[] {
  const path: Node[] = []
  let level: Node[] = module.body
  for (;;) {
    let found: Node | undefined
    for (const node of level) {
      if (startOf(node) > offset || offset > node.end) continue
      // of two nodes that touch at the offset, the one that starts there
      found = node
    }
    if (!found) return path
    path.push(found)
    level = childrenOf(found)
  }
}

/** Where a node's text starts, decorators included. */
function startOf(node: Node): number {
  if (node.kind !== 'FunctionDef' && node.kind !== 'ClassDef') return node.start
  return node.decorators[0]?.start ?? node.start
}
