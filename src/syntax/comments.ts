// Which comments belong to which statement or parameter: those behind it and those directly above it.

import type { Context } from './context'
import type { Comment, NodeBase, Notes, Parameter, Statement } from './tree'

/** Gives the statements and parameters of a unit their comments, and functions their docstrings as written. */
export function attachComments(c: Context, body: readonly Statement[], comments: readonly Comment[]): void {
  const found: Found = { statements: [], parameters: [] }
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
}

const compound = new Set(['FunctionDef', 'ClassDef', 'If', 'For', 'While', 'With', 'Try', 'Match'])

function collect(c: Context, statement: Statement, found: Found): void {
  found.statements.push(statement)
  if (statement.kind === 'FunctionDef') {
    found.parameters.push(...statement.params)
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
    return statement.start >= lineStart && /[([{]\s*$/.test(text.slice(lineStart, at)) ? statement : null
  }
  return null
}

/** True where a comment stands behind the colon of a function's header. */
const isHeader = (text: string, first: Statement | undefined, at: number): boolean =>
  first !== undefined && first.start > at && /:\s*$/.test(text.slice(Math.max(0, at - 40), at))
