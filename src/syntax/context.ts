// What the conversion of one piece of text carries along: its text, the nodes made, the problems met.

import type { RawNode } from './grammar'
import type { ErrorExpression, Expression, NodeBase, SyntaxProblem } from './tree'

/** Deeper nesting than this becomes an error node, so that no reader of the tree overflows its stack. */
export const MAX_DEPTH = 200

export class Context {
  /** Every object with offsets that was made, so that moving them is one flat loop. */
  readonly nodes: NodeBase[]
  readonly problems: SyntaxProblem[]
  depth: number

  constructor(
    readonly text: string,
    /** Where placeholders stand for text that could not be read: what could be salvaged of it. */
    readonly salvaged: Map<number, RawNode[]>,
    parent?: Context,
  ) {
    this.nodes = parent?.nodes ?? []
    this.problems = parent?.problems ?? []
    this.depth = parent?.depth ?? 0
  }

  add<T extends NodeBase>(node: T): T {
    this.nodes.push(node)
    return node
  }

  source(raw: RawNode): string {
    return this.text.slice(raw.start, raw.end)
  }

  /** An identifier's name, in the normal form that Python compares. */
  name(raw: RawNode | undefined): string {
    if (!raw) return ''
    const name = this.text.slice(raw.start, raw.end)
    for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) > 127) return name.normalize('NFKC')
    return name
  }

  problem(start: number, end: number, message: string): void {
    this.problems.push(this.add({ start, end, message }))
  }

  broken(start: number, end: number, children: Expression[] = []): ErrorExpression {
    return this.add({ kind: 'ErrorExpr', start, end, children })
  }
}
