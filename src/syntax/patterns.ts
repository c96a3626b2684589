// The patterns of `match` statements.

import { type Context, MAX_DEPTH } from './context'
import { dottedName, expression, has, named } from './expressions'
import type { RawNode } from './grammar'
import type { Expression, Pattern } from './tree'

/** Converts the patterns between `case` and the guard; several of them are a sequence. */
export function casePattern(c: Context, raws: RawNode[], hasComma: boolean, end: number): Pattern {
  const first = raws[0]
  if (!first) return wild(c, end, end)
  if (raws.length === 1 && !hasComma && !isSplat(first)) return pattern(c, first)
  return c.add({
    kind: 'MatchSequence',
    start: first.start,
    end,
    patterns: raws.map((raw) => pattern(c, raw)),
  })
}

function isSplat(raw: RawNode): boolean {
  return (
    raw.type === 'splat_pattern' || (raw.type === 'case_pattern' && raw.kids[0]?.type === 'splat_pattern')
  )
}

function wild(c: Context, start: number, end: number): Pattern {
  return c.add({ kind: 'MatchCapture', start, end, name: null, pattern: null })
}

function pattern(c: Context, raw: RawNode | undefined): Pattern {
  if (!raw) return wild(c, 0, 0)
  if (c.depth >= MAX_DEPTH) return wild(c, raw.start, raw.end)
  c.depth++
  const node = convert(c, raw)
  c.depth--
  return node
}

function convert(c: Context, raw: RawNode): Pattern {
  const { start, end } = raw
  const parts = named(raw)
  switch (raw.type) {
    case 'case_pattern':
      return raw.kids.length > 1 ? literal(c, raw.kids) : pattern(c, raw.kids[0])
    case '_':
      return wild(c, start, end)
    case 'dotted_name': {
      if (parts.length > 1) return c.add({ kind: 'MatchValue', start, end, value: dottedName(c, raw) })
      const name = c.name(parts[0])
      return c.add({ kind: 'MatchCapture', start, end, name: name === '_' ? null : name, pattern: null })
    }
    case 'as_pattern': {
      const alias = parts[parts.length - 1]
      return c.add({ kind: 'MatchCapture', start, end, name: c.name(alias), pattern: pattern(c, parts[0]) })
    }
    case 'union_pattern':
      return c.add({ kind: 'MatchOr', start, end, patterns: alternatives(c, raw.kids) })
    case 'tuple_pattern':
      if (parts.length === 1 && !has(raw, ',') && !isSplat(parts[0] ?? raw)) return pattern(c, parts[0])
      return c.add({ kind: 'MatchSequence', start, end, patterns: parts.map((part) => pattern(c, part)) })
    case 'list_pattern':
      return c.add({ kind: 'MatchSequence', start, end, patterns: parts.map((part) => pattern(c, part)) })
    case 'splat_pattern': {
      const name = c.name(raw.kids[1])
      return c.add({ kind: 'MatchStar', start, end, name: name === '_' ? null : name })
    }
    case 'dict_pattern':
      return mapping(c, raw)
    case 'class_pattern':
      return classPattern(c, raw)
    default:
      return literal(c, [raw])
  }
}

/** A literal, with the sign or the imaginary part that the grammar leaves beside it. */
function literal(c: Context, raws: RawNode[]): Pattern {
  const first = raws[0]
  const last = raws[raws.length - 1]
  if (!first || !last) return wild(c, 0, 0)
  return c.add({ kind: 'MatchValue', start: first.start, end: last.end, value: literalValue(c, raws) })
}

function literalValue(c: Context, raws: RawNode[]): Expression {
  const parts = raws.length === 1 && raws[0]?.type === 'complex_pattern' ? raws[0].kids : raws
  const minus = parts[0]?.type === '-' ? parts[0] : undefined
  const number = parts[minus ? 1 : 0]
  const sign = parts[minus ? 2 : 1]
  const imaginary = parts[minus ? 3 : 2]
  let value = number?.type === 'dotted_name' ? dottedName(c, number) : expression(c, number)
  if (minus) {
    value = c.add({ kind: 'UnaryOp', start: minus.start, end: value.end, op: '-', operand: value })
  }
  if (!sign || !imaginary) return value
  const right = expression(c, imaginary)
  return c.add({
    kind: 'BinOp',
    start: value.start,
    end: right.end,
    left: value,
    op: sign.type === '-' ? '-' : '+',
    right,
    opStart: sign.start,
  })
}

function alternatives(c: Context, kids: RawNode[]): Pattern[] {
  const patterns: Pattern[] = []
  let pending: RawNode[] = []
  const flush = () => {
    if (pending.length > 1) patterns.push(literal(c, pending))
    else if (pending[0]) patterns.push(pattern(c, pending[0]))
    pending = []
  }
  for (const kid of kids) {
    if (kid.type === '|') flush()
    else pending.push(kid)
  }
  flush()
  return patterns
}

function mapping(c: Context, raw: RawNode): Pattern {
  const keys: Expression[] = []
  const patterns: Pattern[] = []
  let rest: string | null = null
  let pending: RawNode[] = []
  for (const kid of raw.kids.slice(1)) {
    if (kid.type === 'splat_pattern') rest = c.name(kid.kids[1])
    else if (kid.type === ':') {
      keys.push(literalValue(c, pending))
      pending = []
    } else if (kid.type === ',' || kid.type === '}') {
      const value = pending[0]
      if (value && keys.length > patterns.length) patterns.push(pattern(c, value))
      pending = []
    } else pending.push(kid)
  }
  while (patterns.length < keys.length) patterns.push(wild(c, raw.end, raw.end))
  return c.add({ kind: 'MatchMapping', start: raw.start, end: raw.end, keys, patterns, rest })
}

function classPattern(c: Context, raw: RawNode): Pattern {
  const [head, ...rest] = named(raw)
  const patterns: Pattern[] = []
  const keywords: { name: string; pattern: Pattern }[] = []
  for (const part of rest) {
    const outer = part.kids[0]
    // the grammar reads `x=a as b` as `(x=a) as b`
    const alias = outer?.type === 'as_pattern' ? outer : undefined
    const inner = alias ? alias.kids[0]?.kids[0] : outer
    if (inner?.type === 'keyword_pattern') {
      const value = inner.kids.slice(2)
      const only = value.length === 1 ? value[0] : undefined
      let node = only ? pattern(c, only) : literal(c, value)
      if (alias) {
        const name = c.name(alias.kids[alias.kids.length - 1])
        node = c.add({
          kind: 'MatchCapture',
          start: value[0]?.start ?? node.start,
          end: alias.end,
          name,
          pattern: node,
        })
      }
      keywords.push({ name: c.name(inner.kids[0]), pattern: node })
    } else patterns.push(pattern(c, part))
  }
  const cls = head ? dottedName(c, head) : c.broken(raw.start, raw.start)
  return c.add({ kind: 'MatchClass', start: raw.start, end: raw.end, cls, patterns, keywords })
}
