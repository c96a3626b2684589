// String literals: adjacent ones joined, f-strings with their interpolated expressions.

import type { Context } from './context'
import { expression } from './expressions'
import type { RawNode } from './grammar'
import { decodeText, readStringShape } from './literals'
import type { Expression } from './tree'

/** Converts a `string` or `concatenated_string`. */
export function stringLiteral(c: Context, raw: RawNode): Expression {
  const { start, end } = raw
  const pieces = raw.type === 'string' ? [raw] : raw.kids.filter((kid) => kid.type === 'string')
  const parts: (string | Expression)[] = []
  const formats: Formats = new Map()
  let isBytes = false
  let interpolated = false
  for (const piece of pieces) {
    const source = c.source(piece)
    const shape = readStringShape(source)
    isBytes ||= shape.bytes
    if (shape.interpolated) {
      interpolated = true
      interpolation(c, piece, parts, formats)
    } else {
      append(parts, decodeText(source.slice(shape.open, source.length - shape.close), shape))
    }
  }
  if (interpolated) return c.add({ kind: 'FString', start, end, parts, formats })
  const value = parts.filter((part) => typeof part === 'string').join('')
  return c.add({ kind: 'String', start, end, value, isBytes })
}

type Formats = Map<Expression, string | null>

function append(parts: (string | Expression)[], text: string): void {
  const last = parts.length - 1
  const before = parts[last]
  if (text === '') return
  if (typeof before === 'string') parts[last] = before + text
  else parts.push(text)
}

function interpolation(c: Context, raw: RawNode, parts: (string | Expression)[], formats: Formats): void {
  const shape = readStringShape(c.source(raw))
  // text between interpolations; the quotes are cut off at both ends
  let at = raw.start + shape.open
  const literal = (until: number) => {
    if (until > at)
      append(
        parts,
        decodeText(c.text.slice(at, until), shape).replace(/\{\{|\}\}/g, (b) => b[0] ?? ''),
      )
  }
  for (const kid of raw.kids) {
    if (kid.type !== 'interpolation') continue
    literal(kid.start)
    field(c, kid, parts, formats, false)
    at = kid.end
  }
  literal(raw.end - shape.close)
}

/** One `{…}`; the expressions of its format follow its own. */
function field(
  c: Context,
  raw: RawNode,
  parts: (string | Expression)[],
  formats: Formats,
  isNested: boolean,
): void {
  if (c.depth > 50) return
  c.depth++
  const inner = raw.kids.find((kid) => kid.named && kid.type !== 'type_conversion')
  const equals = raw.kids.find((kid) => kid.type === '=')
  if (equals) append(parts, c.text.slice(raw.start + 1, equals.end))
  if (inner && inner.type !== 'format_specifier') {
    // `{x:=5}` is a format of `=5`, not an assignment
    const part = expression(c, inner.type === 'named_expression' ? inner.kids[0] : inner)
    const after = raw.kids.find((kid) => kid.type === 'type_conversion' || kid.type === 'format_specifier')
    parts.push(part)
    if (isNested) formats.set(part, null)
    else if (after) formats.set(part, c.text.slice(after.start, raw.end - 1))
    else if (inner.type === 'named_expression' || equals) formats.set(part, equals ? '!r' : ':=')
  }
  for (const kid of raw.kids) {
    if (kid.type !== 'format_specifier') continue
    for (const nested of kid.kids)
      if (nested.type === 'format_expression') field(c, nested, parts, formats, true)
  }
  c.depth--
}
