// From what was typed to an encoding: texts are read by the kind of parameter, and checked by the encoding.

import {
  type Encoding,
  encodingKind,
  type Parameter,
  type Precision,
  type Result,
  type Value,
} from '../src/encodings'
import type { Draft } from './state'

/** The encoding of a draft, or what is wrong with which parameter. */
export function encodingOf({ kind: id, typed }: Draft, precision: Precision): Result<Encoding> {
  const kind = encodingKind(id)
  if (!kind) return { ok: false, problems: [{ key: 'kind', message: `there is no encoding ${id}` }] }
  const values = Object.entries(typed).map(([key, text]) => {
    const parameter = kind.parameters[key]
    return [key, parameter ? valueIn(parameter, text) : text]
  })
  return kind.create(Object.fromEntries(values), precision)
}

/** What a text says; NaN for what is no number, which the check then names. */
function valueIn(parameter: Parameter, text: string): Value {
  switch (parameter.kind) {
    case 'flag':
      return text === 'true'
    case 'choice':
      return text
    case 'list':
      return text.split(/[\s,]+/).flatMap((part) => (part === '' ? [] : [numberOf(part)]))
    case 'optional number':
      return text.trim() === '' ? null : numberOf(text)
    case 'number':
      return numberOf(text)
  }
}

/** Digits may be grouped: 500,000 or 500_000. */
export function numberOf(text: string): number {
  const plain = text.trim().replace(/(?<=\d)[,_ ](?=\d{3}(\D|$))/g, '')
  return plain === '' ? Number.NaN : Number(plain)
}

/** A value as it is typed. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return Array.isArray(value) ? value.join(', ') : String(value)
}

/** The draft that gives these values; defaults are left out. */
export function draftOf(id: string, values: Readonly<Record<string, unknown>>): Draft {
  const parameters = encodingKind(id)?.parameters ?? {}
  const typed = Object.entries(values)
    .map(([key, value]) => [key, textOf(value)] as const)
    .filter(([key, text]) => text !== textOf(parameters[key]?.default))
  return { kind: id, typed: Object.fromEntries(typed) }
}
