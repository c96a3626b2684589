// What the conversion of one piece of text carries along: its text, the nodes made, the problems met.

import type { RawNode } from './grammar'
import type { ErrorExpression, Expression, NodeBase, SyntaxProblem } from './tree'

/** Deeper nesting than this becomes an error node, so that no reader of the tree overflows its stack. */
export const MAX_DEPTH = 200

export class Context {
  /** Every object with offsets that was made, so that moving them is one flat loop. */
  readonly nodes: NodeBase[] = []
  readonly problems: SyntaxProblem[] = []
  depth = 0

  constructor(
    readonly text: string,
    /** What could be read of the lines that placeholders stand in for, by the lines' starts. */
    readonly salvaged: Map<number, Expression[]>,
 ) {}

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
    // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
    return /^[\x00-\x7f]*$/.test(name) ? name : name.normalize('NFKC')
  }

  problem(start: number, end: number, message: string): void {
    this.problems.push(this.add({ start, end, message }))
  }

  broken(start: number, end: number, children: Expression[] = []): ErrorExpression {
    return this.add({ kind: 'ErrorExpr', start, end, children })
  }
}
