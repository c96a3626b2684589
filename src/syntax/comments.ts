// Which comments belong to which statement, parameter or part of a statement: those behind it and those directly above.

import type { Context } from './context'
import type { Comment, Expression, Node, NodeBase, Notes, Parameter, Statement } from './tree'
import { walk } from './walk'

/** Gives the statements and parameters of a unit their comments, and functions and classes their docstrings as written. */
export function attachComments(c: Context, body: readonly Statement[], comments: readonly Comment[]): void {
  const found: Found = { statements: [], parameters: [], parts: new Map() }
  for (const statement of body) collect(c, statement, found)
  let above: Comment[] = []
  for (const { start, end, text } of comments) {
    const comment: Comment = { start, end, text }
    const lineStart = c.text.lastIndexOf('\n', start - 1) + 1
    if (c.text.slice(lineStart, start).trim() === '') {
      above.push(comment)
      const next = found.statements.find((s) => s.start > end)
      const isDirectlyAbove = next && /^\r?\n[ \t]*$/.test(c.text.slice(end, next.start))
      if (isDirectlyAbove) notesOf(next).above = above.map((a) => c.add(a))
      if (!/^\r?\n[ \t]*#/.test(c.text.slice(end, end + 200))) above = []
      continue
    }
    above = []
    const owner = ownerOf(c.text, found, lineStart, start)
    if (owner && !owner.notes?.behind) notesOf(owner).behind = c.add(comment)
  }
}

const notesOf = (node: NodeBase): Notes => (node.notes ??= { above: [], behind: null, docstring: null })

/** The statements of a unit and the parameters of its functions, in order. */
interface Found {
  readonly statements: Statement[]
  readonly parameters: Parameter[]
  /** For statements with comments inside: the outermost expression that ends at each offset. */
  readonly parts: Map<Statement, ReadonlyMap<number, Expression>>
}

const compound = new Set(['FunctionDef', 'ClassDef', 'If', 'For', 'While', 'With', 'Try', 'Match'])

function collect(c: Context, statement: Statement, found: Found): void {
  found.statements.push(statement)
  if (statement.kind === 'FunctionDef') found.parameters.push(...statement.params)
  if (statement.kind === 'FunctionDef' || statement.kind === 'ClassDef') {
    const first = statement.body[0]
    if (statement.docstring !== null && first) {
      const text = c.text.slice(first.start, first.end)
      notesOf(statement).docstring = c.add({ start: first.start, end: first.end, text })
    }
  }
  for (const inner of statementsIn(statement)) collect(c, inner, found)
}

/** The statements directly within a compound statement. */
function statementsIn(node: Statement): Statement[] {
  switch (node.kind) {
    case 'FunctionDef':
    case 'ClassDef':
    case 'With':
      return node.body
    case 'If':
    case 'For':
    case 'While':
      return [...node.body, ...node.orelse]
    case 'Try':
      return [...node.body, ...node.handlers.flatMap((h) => h.body), ...node.orelse, ...node.finalbody]
    case 'Match':
      return node.cases.flatMap((k) => k.body)
    default:
      return []
  }
}

/** What a comment at `at`, behind code on a line from `lineStart` on, is about; null where that is not clear. */
function ownerOf(text: string, found: Found, lineStart: number, at: number): NodeBase | null {
  const here = found.parameters.filter((p) => p.start >= lineStart && p.start < at)
  const [only] = here
  if (only && here.length === 1 && /^\s*(=[^#\n]*)?,?\s*$/.test(text.slice(only.end, at))) return only
  for (let i = found.statements.length - 1; i >= 0; i--) {
    const statement = found.statements[i]
    if (!statement || statement.start >= at) continue
    if (compound.has(statement.kind)) {
      if (statement.kind === 'FunctionDef' && isHeader(text, statement.body[0], at)) return statement
      if (statement.end > at) return null
      continue
    }
    if (statement.end <= at)
      return statement.end > lineStart && /^[\s;]*$/.test(text.slice(statement.end, at)) ? statement : null
    // On the first line of a statement whose brackets are closed further down.
    if (statement.start >= lineStart && /[([{]\s*$/.test(text.slice(lineStart, at))) return statement
    return partBefore(text, found, statement, lineStart, at)
  }
  return null
}

/** What may stand before an expression that a comment at its end is about: its name, but no other expression. */
const opening = /^\s*(?:return\s+|(?:[\w.]+|(["'])[\w.]+\1)\s*[=:]\s*)?[([{]?\s*$/

/**
 * The argument, element, operand or call of a chain that ends a line before a comment inside of a statement;
 * null where the comment could also be about something else in its line.
 */
function partBefore(
  text: string,
  found: Found,
  statement: Statement,
  lineStart: number,
  at: number,
): Expression | null {
  let parts = found.parts.get(statement)
  if (!parts) found.parts.set(statement, (parts = partsByEnd(statement)))
  const part = parts.get(lineStart + text.slice(lineStart, at).replace(/\s*,?\s*$/, '').length)
  if (!part) return null
  const before = text.slice(text.lastIndexOf('\n', part.start - 1) + 1, part.start)
  if (!opening.test(before)) return null
  // Of a sum that began further up, the comment may mean the last term.
  const isOneLine = !text.slice(part.start, at).includes('\n')
  return isOneLine || part.kind === 'Call' || part.kind === 'Subscript' || part.kind === 'Attribute'
    ? part
    : null
}

function partsByEnd(statement: Statement): ReadonlyMap<number, Expression> {
  const parts = new Map<number, Expression>()
  walk(statement, (node) => {
    if (node !== statement && isPart(node) && !parts.has(node.end)) parts.set(node.end, node)
  })
  return parts
}

const isPart = (node: Node): node is Expression =>
  node.kind !== 'Keyword' && node.kind !== 'Starred' && node.kind !== 'Slice' && node.kind !== 'Parameter'

/** True where a comment stands behind the colon of a function's header. */
const isHeader = (text: string, first: Statement | undefined, at: number): boolean =>
  first !== undefined && first.start > at && /:\s*$/.test(text.slice(Math.max(0, at - 40), at))
