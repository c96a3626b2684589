// Simple statements, and blocks of statements, from the grammar's nodes to the typed tree.

import { compound } from './compounds'
import { type Context, MAX_DEPTH } from './context'
import { expression, expressions, has, named, salvagedExpressions } from './expressions'
import { parseRaw, type RawNode } from './grammar'
import type { Alias, BinaryOperator, Expression, Statement } from './tree'

/** Converts the statements of a module or a block, salvaging what stands inside ERROR nodes. */
export function statements(c: Context, raws: RawNode[]): Statement[] {
  const body: Statement[] = []
  for (const raw of raws) {
    if (!raw.named && raw.type !== 'ERROR') continue
    if (raw.type === 'ERROR') salvage(c, raw, body)
    else body.push(statement(c, raw))
  }
  return body
}

function salvage(c: Context, raw: RawNode, body: Statement[]): void {
  const children: Expression[] = []
  for (const kid of raw.kids) {
    if (!kid.named || kid.type === 'ERROR') {
      if (kid.type === 'ERROR' && c.depth < MAX_DEPTH) {
        c.depth++
        salvage(c, kid, body)
        c.depth--
      }
    } else if (STATEMENT.test(kid.type)) body.push(statement(c, kid))
    else if (kid.type === 'block') body.push(...statements(c, kid.kids))
    else children.push(expression(c, kid))
  }
  body.push(c.add({ kind: 'ErrorStmt', start: raw.start, end: raw.end, children }))
}

const STATEMENT = /(?:_statement|_definition)$/

function statement(c: Context, raw: RawNode): Statement {
  if (c.depth >= MAX_DEPTH) return c.add({ kind: 'ErrorStmt', start: raw.start, end: raw.end, children: [] })
  c.depth++
  const node = convert(c, raw)
  c.depth--
  return node
}

function convert(c: Context, raw: RawNode): Statement {
  const { start, end } = raw
  const parts = named(raw)
  const first = parts[0]
  switch (raw.type) {
    case 'expression_statement':
      return expressionStatement(c, raw)
    case 'return_statement':
      return c.add({ kind: 'Return', start, end, value: first ? expression(c, first) : null })
    case 'delete_statement': {
      const isList = first?.type === 'expression_list'
      return c.add({ kind: 'Delete', start, end, targets: expressions(c, isList ? named(first) : parts) })
    }
    case 'raise_statement': {
      const hasCause = has(raw, 'from')
      const exc = hasCause && parts.length < 2 ? undefined : first
      const cause = hasCause ? parts[parts.length - 1] : undefined
      return c.add({
        kind: 'Raise',
        start,
        end,
        exc: exc ? expression(c, exc) : null,
        cause: cause ? expression(c, cause) : null,
      })
    }
    case 'assert_statement': {
      const msg = parts[1]
      return c.add({
        kind: 'Assert',
        start,
        end,
        test: expression(c, first),
        msg: msg ? expression(c, msg) : null,
      })
    }
    case 'pass_statement': {
      const salvaged = c.salvaged.get(start)
      if (salvaged) {
        return c.add({ kind: 'ErrorStmt', start, end, children: salvagedExpressions(c, salvaged) })
      }
      return c.add({ kind: 'Pass', start, end })
    }
    case 'break_statement':
      return c.add({ kind: 'Break', start, end })
    case 'continue_statement':
      return c.add({ kind: 'Continue', start, end })
    case 'global_statement':
    case 'nonlocal_statement': {
      const kind = raw.type === 'global_statement' ? 'Global' : 'Nonlocal'
      return c.add({ kind, start, end, names: parts.map((part) => c.name(part)) })
    }
    case 'import_statement':
      return c.add({ kind: 'Import', start, end, names: parts.map((part) => alias(c, part)) })
    case 'import_from_statement':
    case 'future_import_statement':
      return importFrom(c, raw)
    case 'type_alias_statement': {
      const target = parts[0] ? inner(parts[0]) : undefined
      if (target && target.type !== 'identifier' && target.type !== 'generic_type') {
        // the grammar takes `type(x).y = z` for an alias: read it again under another name of that length
        const again = parseRaw(`typ_${c.text.slice(start + 4, end).replace(/\r(?!\n)|\0/g, ' ')}`, start)
          .kids[0]
        if (again) return convert(c, again)
      }
      const name = target?.type === 'generic_type' ? target.kids[0] : target
      return c.add({ kind: 'TypeAlias', start, end, name: c.name(name), value: expression(c, parts[1]) })
    }
    case 'print_statement':
    case 'exec_statement':
      return printStatement(c, raw)
    default:
      return compound(c, raw)
  }
}

function inner(raw: RawNode): RawNode {
  return raw.type === 'type' && raw.kids[0] ? raw.kids[0] : raw
}

function expressionStatement(c: Context, raw: RawNode): Statement {
  const { start, end } = raw
  const first = raw.kids[0]
  if (raw.kids.length === 1 && first?.type === 'assignment') return assignment(c, first)
  if (raw.kids.length === 1 && first?.type === 'augmented_assignment') return augmented(c, first)
  const value =
    raw.kids.length === 1
      ? expression(c, first)
      : c.add({ kind: 'Tuple' as const, start, end, elts: expressions(c, named(raw)) })
  return c.add({ kind: 'Expr', start, end, value })
}

function assignment(c: Context, raw: RawNode): Statement {
  const { start, end } = raw
  const targets: RawNode[] = []
  let at = raw
  // `a = b = c` nests to the right
  for (;;) {
    const [left, sign, right] = at.kids
    if (!left || sign?.type !== '=') break
    targets.push(left)
    if (right?.type !== 'assignment') {
      if (c.text[sign.start] === ':') return annotated(c, raw, left, right)
      return c.add({
        kind: 'Assign',
        start,
        end,
        targets: expressions(c, targets),
        value: expression(c, right),
      })
    }
    at = right
    // a repair put this `=` for the `:` of an annotation that the grammar does not know
    if (c.text[sign.start] === ':') return annotated(c, raw, left, at.kids[0], at.kids[2])
  }
  const [left, , type, , value] = at.kids
  return annotated(c, raw, left, type, value)
}

function annotated(c: Context, raw: RawNode, left?: RawNode, type?: RawNode, value?: RawNode): Statement {
  return c.add({
    kind: 'AnnAssign',
    start: raw.start,
    end: raw.end,
    target: expression(c, left),
    annotation: expression(c, type),
    value: value ? expression(c, value) : null,
  })
}

function augmented(c: Context, raw: RawNode): Statement {
  const [left, sign, right] = raw.kids
  const op = (sign?.type.slice(0, -1) ?? '+') as BinaryOperator
  return c.add({
    kind: 'AugAssign',
    start: raw.start,
    end: raw.end,
    target: expression(c, left),
    op,
    value: expression(c, right),
  })
}

function alias(c: Context, raw: RawNode): Alias {
  const { start, end } = raw
  const parts = named(raw)
  const isAliased = raw.type === 'aliased_import'
  const path = isAliased ? parts[0] : raw
  const name = path ? c.name(path).replace(/[\s\\]+/g, '') : ''
  return c.add({ kind: 'Alias', start, end, name, asname: isAliased ? c.name(parts[1]) : null })
}

function importFrom(c: Context, raw: RawNode): Statement {
  const { start, end } = raw
  const isFuture = raw.type === 'future_import_statement'
  const parts = named(raw)
  const source = isFuture ? undefined : parts[0]
  let module = isFuture ? '__future__' : ''
  if (source)
    module = c
      .source(source)
      .replace(/#.*|[\s\\]+/g, '')
      .normalize('NFKC')
  const level = /^\.*/.exec(module)?.[0].length ?? 0
  const names = parts
    .slice(isFuture ? 0 : 1)
    .map(
      (part): Alias =>
        part.type === 'wildcard_import'
          ? c.add({ kind: 'Alias', start: part.start, end: part.end, name: '*', asname: null })
          : alias(c, part),
    )
  return c.add({ kind: 'ImportFrom', start, end, module: module.slice(level), level, names })
}

/** `print >> f, x` is an expression in Python 3 as well; `print x` is an error. */
function printStatement(c: Context, raw: RawNode): Statement {
  const { start, end, kids } = raw
  const word = kids[0]
  const parts = named(raw)
  const [first, ...rest] = parts
  const keyword = word?.type === 'exec' ? 'exec' : 'print'
  const wordEnd = start + keyword.length
  if (first?.type === 'chevron') {
    const right = named(first)[0]
    const left = c.add({ kind: 'Name' as const, start, end: wordEnd, id: keyword })
    const shift = c.add({
      kind: 'BinOp' as const,
      start,
      end: first.end,
      left,
      op: '>>' as const,
      right: expression(c, right),
      opStart: first.start,
    })
    const value =
      kids.length === 2
        ? shift
        : c.add({ kind: 'Tuple' as const, start, end, elts: [shift, ...expressions(c, rest)] })
    return c.add({ kind: 'Expr', start, end, value })
  }
  c.problem(start, wordEnd, `'${keyword}' is a function in Python 3: its arguments stand in parentheses`)
  return c.add({ kind: 'ErrorStmt', start, end, children: expressions(c, parts) })
}
