// Expressions: from the grammar's nodes to the typed tree.

import { Context, MAX_DEPTH } from './context'
import type { RawNode } from './grammar'
import { readNumber } from './literals'
import { operation } from './operators'
import { parameters } from './parameters'
import { stringLiteral } from './strings'
import type { Comprehension, Expression, Keyword, Name } from './tree'

/** Converts one expression; whatever cannot be understood comes out as an `ErrorExpr`. */
export function expression(c: Context, raw: RawNode | undefined): Expression {
  if (!raw) return c.broken(0, 0)
  if (raw.type === 'identifier') return name(c, raw)
  if (c.depth >= MAX_DEPTH) {
    c.problem(raw.start, raw.start + 1, 'this expression is nested too deeply to be analysed')
    return c.broken(raw.start, raw.end)
  }
  c.depth++
  const isStarred = c.text.charCodeAt(raw.start) === 42 && LIFTING.has(raw.type)
  const node = convert(c, isStarred ? liftStar(raw) : raw)
  c.depth--
  return node
}

/** The named children of a node, without punctuation. */
export function named(raw: RawNode): RawNode[] {
  return raw.kids.filter((kid) => kid.named)
}

export function has(raw: RawNode, token: string): boolean {
  return raw.kids.some((kid) => !kid.named && kid.type === token)
}

export function expressions(c: Context, raws: RawNode[]): Expression[] {
  return raws.map((raw) => expression(c, raw))
}

function name(c: Context, raw: RawNode): Expression {
  // a name of no width was put there by the grammar's own recovery
  const salvaged = c.salvaged.get(raw.start)
  if (salvaged || raw.start === raw.end) {
    return c.broken(raw.start, raw.end, salvagedExpressions(c, salvaged ?? []))
  }
  return c.add<Name>({ kind: 'Name', start: raw.start, end: raw.end, id: c.name(raw) })
}

/** The expressions among the nodes of text with errors, statements and ERROR nodes taken apart. */
export function salvagedExpressions(c: Context, raws: RawNode[]): Expression[] {
  const found: Expression[] = []
  // what is read here is no placeholder itself, though it may start where one stands
  const inner = new Context(c.text, new Map(), c)
  const visit = (raw: RawNode, depth: number) => {
    if (!raw.named || depth > 50) return
    const isPart = /^ERROR$|_statement$|_definition$|assignment$|_clause$|^block$|^decorator$/.test(raw.type)
    if (isPart) for (const kid of raw.kids) visit(kid, depth + 1)
    else if (raw.start < raw.end && !/^parameters$|^type_parameter$/.test(raw.type)) {
      found.push(expression(inner, raw))
    }
  }
  for (const raw of raws) visit(raw, 0)
  return found
}

function convert(c: Context, raw: RawNode): Expression {
  const { start, end } = raw
  switch (raw.type) {
    case 'attribute':
    case 'member_type':
    case 'subscript':
    case 'generic_type':
    case 'call':
      return postfix(c, raw)
    case 'integer':
    case 'float':
      if (start === end) return c.broken(start, end)
      return c.add({ kind: 'Number', start, end, ...readNumber(c.source(raw)) })
    case 'string':
    case 'concatenated_string':
      return stringLiteral(c, raw)
    case 'true':
      return c.add({ kind: 'Constant', start, end, value: true })
    case 'false':
      return c.add({ kind: 'Constant', start, end, value: false })
    case 'none':
      return c.add({ kind: 'Constant', start, end, value: null })
    case 'ellipsis':
      return c.add({ kind: 'Constant', start, end, value: 'ellipsis' })
    case 'binary_operator':
    case 'union_type':
    case 'boolean_operator':
    case 'comparison_operator':
    case 'unary_operator':
    case 'not_operator':
    case 'await':
      return operation(c, raw)
    case 'type':
    case 'as_pattern_target':
    case 'parenthesized_expression':
    case 'as_pattern':
      return expression(c, named(raw)[0] ?? leaf(raw))
    case 'tuple_pattern':
      if (!has(raw, ',') && raw.kids.length > 2) return expression(c, named(raw)[0] ?? leaf(raw))
      return c.add({ kind: 'Tuple', start, end, elts: expressions(c, named(raw)) })
    case 'tuple':
    case 'expression_list':
    case 'pattern_list':
      return c.add({ kind: 'Tuple', start, end, elts: expressions(c, named(raw)) })
    case 'list':
    case 'list_pattern':
      return c.add({ kind: 'List', start, end, elts: expressions(c, named(raw)) })
    case 'set':
      return c.add({ kind: 'Set', start, end, elts: expressions(c, named(raw)) })
    case 'dictionary':
      return dictionary(c, raw)
    case 'list_comprehension':
    case 'set_comprehension':
    case 'generator_expression':
    case 'dictionary_comprehension':
      return comprehension(c, raw)
    case 'list_splat':
    case 'list_splat_pattern':
    case 'splat_type':
    case 'dictionary_splat':
    case 'dictionary_splat_pattern':
      return c.add({ kind: 'Starred', start, end, value: expression(c, named(raw)[0] ?? leaf(raw)) })
    case 'conditional_expression': {
      const [body, test, orelse] = named(raw)
      if (body?.type === 'named_expression') return expression(c, liftAssignment(raw, body))
      return c.add({
        kind: 'IfExp',
        start,
        end,
        test: expression(c, test),
        body: expression(c, body),
        orelse: expression(c, orelse),
      })
    }
    case 'named_expression':
      return namedExpression(c, raw)
    case 'lambda': {
      const parts = named(raw)
      const params = parts[0]?.type === 'lambda_parameters' ? parts[0] : undefined
      return c.add({
        kind: 'Lambda',
        start,
        end,
        params: params ? parameters(c, params) : [],
        body: expression(c, parts[params ? 1 : 0] ?? leaf(raw)),
      })
    }
    case 'slice':
    case 'constrained_type':
      return slice(c, raw)
    case 'yield': {
      const value = named(raw)[0]
      const kind = has(raw, 'from') ? 'YieldFrom' : 'Yield'
      return c.add({ kind, start, end, value: value ? expression(c, value) : null })
    }
    case 'keyword_argument':
    case 'pair':
      return c.broken(start, end, expressions(c, named(raw).slice(1)))
    case 'dotted_name':
      return dottedName(c, raw)
    default:
      return c.broken(start, end, raw.type === 'ERROR' ? [] : expressions(c, named(raw)))
  }
}

/** An empty stand-in at the end of a node that lacks a child. */
function leaf(raw: RawNode): RawNode {
  return { type: 'identifier', start: raw.end, end: raw.end, kids: [], named: true }
}

/**
 * The grammar takes `*f(a)` for a call of `*f` and `*a | b` for an operation on `*a`; this lifts the star
 * out of the leftmost operand to where Python has it.
 */
function liftStar(raw: RawNode): RawNode {
  const path: RawNode[] = []
  let at: RawNode | undefined = raw
  while (at && !STARRED.has(at.type)) {
    path.push(at)
    at = at.kids[0]
  }
  const [star, value] = at?.kids ?? []
  if (!star || !value) return raw
  let inner = value
  for (const link of path.reverse()) {
    inner = { ...link, start: value.start, kids: [inner, ...link.kids.slice(1)] }
  }
  return { type: 'list_splat', start: raw.start, end: raw.end, kids: [star, inner], named: true }
}
const LIFTING = new Set([
  'attribute',
  'member_type',
  'subscript',
  'generic_type',
  'call',
  'binary_operator',
  'union_type',
])
const STARRED = new Set([
  'list_splat',
  'list_splat_pattern',
  'splat_type',
  'unary_operator',
  'dictionary_splat',
])

/** The grammar reads `a := b if c else d` as `(a := b) if c else d`. */
function liftAssignment(raw: RawNode, body: RawNode): RawNode {
  const [target, sign, value] = body.kids
  if (!target || !sign || !value) return body
  const inner: RawNode = { ...raw, start: value.start, kids: [value, ...raw.kids.slice(1)] }
  return { ...body, end: raw.end, kids: [target, sign, inner] }
}

/** Attributes, subscripts and calls. */
function postfix(c: Context, raw: RawNode): Expression {
  const { start, end, kids } = raw
  const first = kids[0]
  const last = kids[kids.length - 1]
  if (raw.type === 'call') {
    const func = expression(c, first)
    const args: Expression[] = []
    const keywords: Keyword[] = []
    if (last?.type === 'generator_expression') args.push(expression(c, last))
    else if (last) argumentList(c, last, args, keywords)
    return c.add({ kind: 'Call', start, end, func, args, keywords })
  }
  if (raw.type === 'attribute' || raw.type === 'member_type') {
    const value = expression(c, first)
    if (last?.type !== 'identifier' || last.start === last.end) return c.broken(start, end, [value])
    return c.add({
      kind: 'Attribute',
      start,
      end,
      value,
      attr: c.name(last),
      attrStart: last.start,
      attrEnd: last.end,
    })
  }
  const value = expression(c, first)
  const inside = raw.type === 'generic_type' && last ? last.kids.slice(1, -1) : kids.slice(2, -1)
  return c.add({ kind: 'Subscript', start, end, value, slice: index(c, inside, end) })
}

/** What stands between the brackets of a subscript. */
function index(c: Context, inside: RawNode[], end: number): Expression {
  const first = inside[0]
  const last = inside[inside.length - 1]
  if (!first || !last) return c.broken(end - 1, end - 1)
  const isStar = first.type.startsWith('list_splat') || c.text[first.start] === '*'
  if (inside.length === 1 && !isStar) return expression(c, first)
  const elts = expressions(
    c,
    inside.filter((kid) => kid.named),
  )
  return c.add({ kind: 'Tuple', start: first.start, end: last.end, elts })
}

/** Sorts the arguments of a call or the bases of a class. */
export function argumentList(c: Context, raw: RawNode, args: Expression[], keywords: Keyword[]): void {
  for (const kid of raw.kids) {
    if (!kid.named) continue
    const { start, end } = kid
    if (kid.type === 'keyword_argument') {
      const value = expression(c, kid.kids[kid.kids.length - 1])
      keywords.push(c.add({ kind: 'Keyword', start, end, arg: c.name(kid.kids[0]), value }))
    } else if (kid.type === 'dictionary_splat') {
      keywords.push(c.add({ kind: 'Keyword', start, end, arg: null, value: expression(c, kid.kids[1]) }))
    } else {
      args.push(expression(c, kid))
    }
  }
}

function dictionary(c: Context, raw: RawNode): Expression {
  const keys: (Expression | null)[] = []
  const values: Expression[] = []
  for (const kid of named(raw)) {
    const parts = named(kid)
    const isSplat = kid.type === 'dictionary_splat'
    keys.push(isSplat ? null : expression(c, parts[0] ?? leaf(kid)))
    values.push(expression(c, parts[isSplat ? 0 : 1] ?? leaf(kid)))
  }
  return c.add({ kind: 'Dict', start: raw.start, end: raw.end, keys, values })
}

function comprehension(c: Context, raw: RawNode): Expression {
  const { start, end } = raw
  const parts = named(raw)
  const body = parts[0] ?? leaf(raw)
  const generators: Comprehension[] = []
  for (const part of parts) {
    const inner = named(part)
    if (part.type === 'for_in_clause') {
      const [target, iter, ...more] = inner
      const iters = more.length > 0 && iter ? [iter, ...more] : []
      generators.push({
        target: expression(c, target),
        iter:
          iters.length > 0
            ? c.add({ kind: 'Tuple', start: iter?.start ?? end, end: part.end, elts: expressions(c, iters) })
            : expression(c, iter),
        ifs: [],
        isAsync: has(part, 'async'),
      })
    } else if (part.type === 'if_clause') {
      generators[generators.length - 1]?.ifs.push(expression(c, inner[0] ?? leaf(part)))
    }
  }
  if (raw.type === 'dictionary_comprehension') {
    const [key, value] = named(body)
    return c.add({
      kind: 'DictComp',
      start,
      end,
      key: expression(c, key),
      value: expression(c, value),
      generators,
    })
  }
  const kind =
    raw.type === 'list_comprehension'
      ? 'ListComp'
      : raw.type === 'set_comprehension'
        ? 'SetComp'
        : 'GeneratorExp'
  return c.add({ kind, start, end, elt: expression(c, body), generators })
}

function namedExpression(c: Context, raw: RawNode): Expression {
  const target = expression(c, raw.kids[0])
  const value = expression(c, raw.kids[raw.kids.length - 1])
  const { start, end } = raw
  if (target.kind !== 'Name') return c.broken(start, end, [target, value])
  return c.add({ kind: 'NamedExpr', start, end, target, value })
}

function slice(c: Context, raw: RawNode): Expression {
  const parts: (Expression | null)[] = [null, null, null]
  let at = 0
  for (const kid of raw.kids) {
    if (kid.named) {
      const part = expression(c, kid)
      if (part.kind === 'Slice' && at === 1) {
        // the grammar nests `a:b:c` in an annotation to the right
        parts[1] = part.lower
        parts[2] = part.upper
      } else parts[at] = part
    } else at = Math.min(at + 1, 2)
  }
  const [lower = null, upper = null, step = null] = parts
  return c.add({ kind: 'Slice', start: raw.start, end: raw.end, lower, upper, step })
}

/** `a.b.c` of a pattern, as attributes. */
export function dottedName(c: Context, raw: RawNode): Expression {
  let node: Expression | null = null
  for (const part of named(raw)) {
    node = !node
      ? name(c, part)
      : c.add({
          kind: 'Attribute' as const,
          start: raw.start,
          end: part.end,
          value: node,
          attr: c.name(part),
          attrStart: part.start,
          attrEnd: part.end,
        })
  }
  return node ?? c.broken(raw.start, raw.end)
}
