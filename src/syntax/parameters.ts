// Parameter lists of functions and lambdas.

import type { Context } from './context'
import { expression, named } from './expressions'
import type { RawNode } from './grammar'
import type { Parameter, Parameters } from './tree'

/** Converts the children of `parameters` or `lambda_parameters`. */
export function parameters(c: Context, raw: RawNode): Parameters {
  const result: Parameter[] = []
  let category: Parameter['category'] = 'normal'
  for (const kid of named(raw)) {
    if (kid.type === 'keyword_separator') category = 'keyword-only'
    else if (kid.type === 'positional_separator') {
      for (const param of result) if (param.category === 'normal') param.category = 'positional-only'
    } else {
      const param = parameter(c, kid, category)
      result.push(param)
      if (param.category === 'var-positional') category = 'keyword-only'
    }
  }
  return result
}

function parameter(c: Context, raw: RawNode, category: Parameter['category']): Parameter {
  const parts = named(raw)
  const isDefault = raw.type === 'default_parameter' || raw.type === 'typed_default_parameter'
  const isTyped = raw.type === 'typed_parameter' || raw.type === 'typed_default_parameter'
  let target = isDefault || isTyped ? (parts[0] ?? raw) : raw
  const type = isTyped ? parts.find((part) => part.type === 'type') : undefined
  const last = parts[parts.length - 1]
  if (target.type === 'list_splat_pattern') category = 'var-positional'
  if (target.type === 'dictionary_splat_pattern') category = 'var-keyword'
  if (target.type.endsWith('splat_pattern')) target = named(target)[0] ?? target
  const annotation = type ? expression(c, type) : null
  if (target.type === 'tuple_pattern') {
    c.problem(target.start, target.end, 'a parameter must be a name: Python 3 does not unpack parameters')
  }
  return c.add({
    kind: 'Parameter',
    start: target.start,
    end: type ? type.end : target.end,
    name: c.name(target),
    annotation,
    default: isDefault && last ? expression(c, last) : null,
    category,
  })
}
