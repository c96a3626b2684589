// Compound statements: functions, classes, loops, branches, `with`, `try`, `match`.

import { type Context, MAX_DEPTH } from './context'
import { argumentList, expression, has, named } from './expressions'
import type { RawNode } from './grammar'
import { parameters } from './parameters'
import { casePattern } from './patterns'
import { statements } from './statements'
import type {
  ExceptHandler,
  Expression,
  FunctionDef,
  Keyword,
  MatchCase,
  Pattern,
  Statement,
  WithItem,
} from './tree'

/** Converts a compound statement; anything unknown comes out as an `ErrorStmt`. */
export function compound(c: Context, raw: RawNode): Statement {
  switch (raw.type) {
    case 'decorated_definition':
      return decorated(c, raw)
    case 'function_definition':
      return functionDefinition(c, raw, [])
    case 'class_definition':
      return classDefinition(c, raw, [])
    case 'if_statement':
      return ifStatement(c, raw)
    case 'for_statement':
      return forStatement(c, raw)
    case 'while_statement':
      return whileStatement(c, raw)
    case 'with_statement':
      return withStatement(c, raw)
    case 'try_statement':
      return tryStatement(c, raw)
    case 'match_statement':
      return matchStatement(c, raw)
    default: {
      const children = raw.type === 'ERROR' ? [] : named(raw).map((kid) => expression(c, kid))
      return c.add({ kind: 'ErrorStmt', start: raw.start, end: raw.end, children })
    }
  }
}

/** The text of a body's docstring. */
export function docstringOf(body: Statement[]): string | null {
  const first = body[0]
  if (first?.kind !== 'Expr' || first.value.kind !== 'String' || first.value.isBytes) return null
  return first.value.value
}

interface Suite {
  body: Statement[]
  /** Where the body ends, or its header when the body is empty. */
  end: number
}

function suite(c: Context, raw: RawNode, after: string): Suite {
  const colon = raw.kids.find((kid) => kid.type === ':')
  const block = raw.kids.find((kid) => kid.type === 'block')
  const body = block ? statements(c, block.kids) : []
  const last = body[body.length - 1]
  // Python lets a body of one line end with its last semicolon
  const closing = block?.kids[block.kids.length - 1]
  if (last) return { body, end: closing?.type === ';' ? Math.max(closing.end, last.end) : last.end }
  const end = colon?.end ?? block?.start ?? raw.start
  if (colon && colon.start < colon.end)
    c.problem(colon.start, end, `expected an indented block after ${after}`)
  return { body, end }
}

/** The first named child that is not the block. */
function head(raw: RawNode): RawNode | undefined {
  return raw.kids.find((kid) => kid.named && kid.type !== 'block')
}

function decorated(c: Context, raw: RawNode): Statement {
  const decorators: Expression[] = []
  let definition: RawNode | undefined
  for (const kid of raw.kids) {
    if (kid.type === 'decorator') decorators.push(expression(c, named(kid)[0]))
    else if (kid.named) definition = kid
  }
  if (definition?.type === 'function_definition') return functionDefinition(c, definition, decorators)
  if (definition?.type === 'class_definition') return classDefinition(c, definition, decorators)
  return c.add({ kind: 'ErrorStmt', start: raw.start, end: raw.end, children: decorators })
}

function functionDefinition(c: Context, raw: RawNode, decorators: Expression[]): FunctionDef {
  const identifier = raw.kids.find((kid) => kid.type === 'identifier')
  const params = raw.kids.find((kid) => kid.type === 'parameters')
  const arrow = raw.kids.findIndex((kid) => kid.type === '->')
  const type = arrow < 0 ? undefined : raw.kids[arrow + 1]
  const { body, end } = suite(c, raw, 'a function definition')
  return c.add({
    kind: 'FunctionDef',
    start: raw.start,
    end,
    name: c.name(identifier),
    nameStart: identifier?.start ?? raw.start,
    nameEnd: identifier?.end ?? raw.start,
    params: params ? parameters(c, params) : [],
    returns: type ? expression(c, type) : null,
    decorators,
    body,
    isAsync: has(raw, 'async'),
    docstring: docstringOf(body),
  })
}

function classDefinition(c: Context, raw: RawNode, decorators: Expression[]): Statement {
  const identifier = raw.kids.find((kid) => kid.type === 'identifier')
  const list = raw.kids.find((kid) => kid.type === 'argument_list')
  const bases: Expression[] = []
  const keywords: Keyword[] = []
  if (list) argumentList(c, list, bases, keywords)
  const { body, end } = suite(c, raw, 'a class definition')
  return c.add({
    kind: 'ClassDef',
    start: raw.start,
    end,
    name: c.name(identifier),
    nameStart: identifier?.start ?? raw.start,
    nameEnd: identifier?.end ?? raw.start,
    bases,
    keywords,
    decorators,
    body,
    docstring: docstringOf(body),
  })
}

interface Branch {
  start: number
  test: Expression
  suite: Suite
}

function ifStatement(c: Context, raw: RawNode): Statement {
  const branches: Branch[] = [
    { start: raw.start, test: expression(c, head(raw)), suite: suite(c, raw, `'if'`) },
  ]
  let last: Suite | null = null
  for (const kid of raw.kids) {
    if (kid.type === 'elif_clause') {
      const test = expression(c, head(kid))
      branches.push({ start: kid.start, test, suite: suite(c, kid, `'elif'`) })
    } else if (kid.type === 'else_clause') last = suite(c, kid, `'else'`)
  }
  let orelse: Statement[] = last?.body ?? []
  let end = last?.end ?? branches[branches.length - 1]?.suite.end ?? raw.end
  if (branches.length > MAX_DEPTH) {
    const cut = branches.splice(MAX_DEPTH)
    const start = cut[0]?.start ?? end
    c.problem(start, start + 4, `too many 'elif' in one statement to be analysed`)
    orelse = [c.add({ kind: 'ErrorStmt', start, end, children: [] })]
  }
  // `elif` is an `If` alone in the `else` of the one before: built from the last to the first
  for (const branch of branches.reverse()) {
    const node: Statement = c.add({
      kind: 'If',
      start: branch.start,
      end,
      test: branch.test,
      body: branch.suite.body,
      orelse,
    })
    orelse = [node]
  }
  const node = orelse[0]
  end = Math.max(end, raw.start)
  return node ?? c.add({ kind: 'ErrorStmt', start: raw.start, end, children: [] })
}

function elseOf(c: Context, raw: RawNode): Suite | null {
  const clause = raw.kids.find((kid) => kid.type === 'else_clause')
  return clause ? suite(c, clause, `'else'`) : null
}

function forStatement(c: Context, raw: RawNode): Statement {
  const parts = named(raw)
  const target = expression(c, parts[0])
  const iter = expression(c, parts[1])
  const { body, end } = suite(c, raw, `'for'`)
  const orelse = elseOf(c, raw)
  return c.add({
    kind: 'For',
    start: raw.start,
    end: orelse?.end ?? end,
    target,
    iter,
    body,
    orelse: orelse?.body ?? [],
    isAsync: has(raw, 'async'),
  })
}

function whileStatement(c: Context, raw: RawNode): Statement {
  const test = expression(c, head(raw))
  const { body, end } = suite(c, raw, `'while'`)
  const orelse = elseOf(c, raw)
  return c.add({
    kind: 'While',
    start: raw.start,
    end: orelse?.end ?? end,
    test,
    body,
    orelse: orelse?.body ?? [],
  })
}

function withStatement(c: Context, raw: RawNode): Statement {
  const clause = raw.kids.find((kid) => kid.type === 'with_clause')
  const items: WithItem[] = []
  const raws = clause ? named(clause) : []
  for (const item of raws) {
    const value = item.kids[0]
    const isTuple = value?.type === 'tuple' && raws.length === 1 && !has(clause ?? raw, '(')
    if (isTuple && value && named(value).every((part) => !part.type.includes('splat'))) {
      // `with (a, b):` is two items
      for (const part of named(value)) items.push(withItem(c, part))
    } else items.push(withItem(c, value))
  }
  const { body, end } = suite(c, raw, `'with'`)
  return c.add({ kind: 'With', start: raw.start, end, items, body, isAsync: has(raw, 'async') })
}

function withItem(c: Context, raw: RawNode | undefined): WithItem {
  if (raw?.type === 'parenthesized_expression' && raw.kids[1]?.type === 'as_pattern')
    return withItem(c, raw.kids[1])
  if (raw?.type !== 'as_pattern') return { context: expression(c, raw), target: null }
  const parts = named(raw)
  return { context: expression(c, parts[0]), target: expression(c, parts[1]) }
}

function tryStatement(c: Context, raw: RawNode): Statement {
  const { body, end } = suite(c, raw, `'try'`)
  const handlers: ExceptHandler[] = []
  let orelse: Suite | null = null
  let final: Suite | null = null
  let last = end
  for (const kid of raw.kids) {
    if (kid.type === 'except_clause') {
      const handler = exceptHandler(c, kid)
      handlers.push(handler)
      last = handler.end
    } else if (kid.type === 'else_clause') {
      orelse = suite(c, kid, `'else'`)
      last = orelse.end
    } else if (kid.type === 'finally_clause') {
      final = suite(c, kid, `'finally'`)
      last = final.end
    }
  }
  if (handlers.length === 0 && !final) {
    c.problem(raw.start, raw.start + 3, `expected 'except' or 'finally' after this 'try'`)
  }
  return c.add({
    kind: 'Try',
    start: raw.start,
    end: last,
    body,
    handlers,
    orelse: orelse?.body ?? [],
    finalbody: final?.body ?? [],
  })
}

function exceptHandler(c: Context, raw: RawNode): ExceptHandler {
  const { body, end } = suite(c, raw, `'except'`)
  const parts = named(raw).filter((kid) => kid.type !== 'block')
  const [value, second] = parts
  let type: Expression | null = null
  let alias: RawNode | undefined = second
  if (value?.type === 'as_pattern') {
    type = expression(c, named(value)[0])
    alias = named(value)[1]
  } else if (value && has(raw, ',')) {
    alias = undefined
    const last = parts[parts.length - 1] ?? value
    // without parentheses: as of Python 3.14
    const elts = parts.map((part) => expression(c, part))
    type = c.add({ kind: 'Tuple' as const, start: value.start, end: last.end, elts })
  } else if (value) type = expression(c, value)
  const name = alias ? c.name(alias) : null
  return c.add({ kind: 'ExceptHandler', start: raw.start, end, type, name, body })
}

function matchStatement(c: Context, raw: RawNode): Statement {
  const subjects: RawNode[] = []
  let hasComma = false
  let subjectEnd = raw.start
  for (const kid of raw.kids.slice(1)) {
    if (kid.type === ':') break
    if (kid.type === ',') hasComma = true
    else if (kid.named) subjects.push(kid)
    subjectEnd = kid.end
  }
  const first = subjects[0]
  const isTuple = first && (hasComma || subjects.length > 1)
  const elts = isTuple ? subjects.map((kid) => expression(c, kid)) : []
  const subject = isTuple
    ? c.add({ kind: 'Tuple' as const, start: first.start, end: subjectEnd, elts })
    : expression(c, first)
  const block = raw.kids.find((kid) => kid.type === 'block')
  const cases: MatchCase[] = []
  let end = raw.kids.find((kid) => kid.type === ':')?.end ?? subjectEnd
  for (const kid of block?.kids ?? []) {
    if (kid.type !== 'case_clause') continue
    const { body, end: bodyEnd } = suite(c, kid, `'case'`)
    end = bodyEnd
    cases.push({ pattern: patternOf(c, kid), guard: guardOf(c, kid), body })
  }
  if (cases.length === 0) c.problem(raw.start, raw.start + 5, `expected an indented 'case' after 'match'`)
  return c.add({ kind: 'Match', start: raw.start, end, subject, cases })
}

function patternOf(c: Context, raw: RawNode): Pattern {
  const patterns = raw.kids.filter((kid) => kid.type === 'case_pattern')
  let end = patterns[patterns.length - 1]?.end ?? raw.start
  for (const kid of raw.kids) if (kid.type === ',') end = Math.max(end, kid.end)
  return casePattern(c, patterns, has(raw, ','), end)
}

function guardOf(c: Context, raw: RawNode): Expression | null {
  const guard = raw.kids.find((kid) => kid.type === 'if_clause')
  return guard ? expression(c, named(guard)[0]) : null
}
