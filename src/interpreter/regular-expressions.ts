// Python's `re` on known texts, by the host's own regular expressions where both mean the same.

import { bool, dict, int, list, none, str, tuple, unknown, type Value } from '../trace/values'
import { callValue } from './calls'
import { fileNamePattern } from './data/file-names'
import type { Interpreter } from './interpreter'
import { NativeFunction, RecordObject } from './objects'

/** Patterns on longer texts are left alone. */
const longestText = 10_000

/** The host's form of a Python pattern, or null where it has none. */
function translated(pattern: string, flags: string): RegExp | null {
  if (/\(\?[aiLmsux]|\(\?#|\(\?\(|\(\?P>|[*+?}]\+|\\[NGb]\{/.test(pattern)) return null
  const source = pattern
    .replaceAll('(?P<', '(?<')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replaceAll('\\A', '^')
    .replaceAll('\\Z', '$')
  try {
    return new RegExp(source, `g${flags}`)
  } catch {
    return null
  }
}

const flagLetters: Record<string, string> = {
  I: 'i',
  IGNORECASE: 'i',
  M: 'm',
  MULTILINE: 'm',
  S: 's',
  DOTALL: 's',
}
const methods = ['match', 'fullmatch', 'search', 'findall', 'finditer', 'sub', 'split'] as const
type Method = (typeof methods)[number]
const isMethod = (name: string): name is Method => (methods as readonly string[]).includes(name)

/** `re.name` */
export function reAttribute(_: Interpreter, name: string): Value | undefined {
  if (name === 'compile')
    return new NativeFunction(name, ({ positional: [pattern = none, flags], keywords }, interp) =>
      compiled(interp, pattern, flags ?? keywords.get('flags')),
    )
  if (name === 'escape')
    return new NativeFunction(name, ({ positional: [text = none] }, interp) => {
      const known = textOf(interp, text)
      return str(known?.replace(/[.*+?^${}()|[\]\\\-#&~\s]/g, '\\$&') ?? null)
    })
  if (name in flagLetters) return str(flagLetters[name] ?? null)
  if (!isMethod(name)) return unknown(`re.${name}`)
  return new NativeFunction(name, ({ positional: [pattern = none, ...rest], keywords }, interp) => {
    const given = interp.settle(pattern)
    const source = given instanceof RecordObject ? (given.attributes.get('pattern') ?? none) : given
    return run(interp, expression(interp, source, keywords.get('flags')), name, rest)
  })
}

const textOf = (interp: Interpreter, value: Value): string | null => {
  const settled = interp.settle(value)
  return settled.kind === 'str' && (settled.value?.length ?? 0) <= longestText ? settled.value : null
}

function expression(interp: Interpreter, pattern: Value, flags: Value | undefined): RegExp | null {
  const source = textOf(interp, pattern)
  const letters = flags ? textOf(interp, flags) : ''
  return source === null || letters === null ? null : translated(source, letters)
}

function compiled(interp: Interpreter, pattern: Value, flags: Value | undefined): Value {
  const attributes = new Map<string, Value>([['pattern', pattern]])
  const made = expression(interp, pattern, flags)
  for (const name of methods)
    attributes.set(
      name,
      new NativeFunction(name, ({ positional }, running) => run(running, made, name, positional)),
    )
  return new RecordObject('pattern', attributes)
}

function run(interp: Interpreter, pattern: RegExp | null, name: Method, args: readonly Value[]): Value {
  const text = textOf(interp, args[name === 'sub' ? 1 : 0] ?? none)
  if (!pattern || text === null)
    return name === 'sub' ? str(null) : interp.unknown(`re.${name} of an unknown text`)
  const found = [...text.matchAll(pattern)]
  switch (name) {
    case 'search':
      return found[0] ? matchValue(found[0]) : none
    case 'match':
      return found[0]?.index === 0 ? matchValue(found[0]) : none
    case 'fullmatch': {
      const whole = new RegExp(`^(?:${pattern.source})$`, pattern.flags.replace('g', '')).exec(text)
      return whole ? matchValue(whole) : none
    }
    case 'findall':
      return list(
        found.map((m) =>
          m.length === 1
            ? str(m[0])
            : m.length === 2
              ? str(m[1] ?? '')
              : tuple(m.slice(1).map((g) => str(g ?? ''))),
        ),
      )
    case 'finditer':
      return tuple(found.map(matchValue))
    case 'split':
      return list(text.split(pattern).map((part) => str(part ?? '')))
    case 'sub':
      return replaced(interp, pattern, text, args[0] ?? none)
  }
}

function replaced(interp: Interpreter, pattern: RegExp, text: string, by: Value): Value {
  const given = interp.settle(by)
  let isKnown = true
  const result = text.replace(pattern, (...parts) => {
    const match = parts as unknown as RegExpMatchArray
    if (given.kind === 'str')
      return given.value === null
        ? ''
        : given.value.replace(/\\(?:(\d)|g<(\w+)>)/g, (_, digit?: string, name?: string) => {
            const group = digit ?? name ?? ''
            if (!/^\d+$/.test(group)) isKnown = false
            return match[Number(group)] ?? ''
          })
    const made = interp.settle(callValue(interp, given, [matchValue(match)]))
    if (made.kind !== 'str' || made.value === null) isKnown = false
    return made.kind === 'str' ? (made.value ?? '') : ''
  })
  return str(isKnown && !(given.kind === 'str' && given.value === null) ? result : null)
}

/** A match with its groups. */
function matchValue(match: RegExpMatchArray): Value {
  const groups = [...match].filter((g) => typeof g === 'string' || g === undefined)
  const value = (text: string | undefined): Value => (text === undefined ? none : str(text))
  const group = (key: Value | undefined): Value => {
    if (key?.kind === 'str' && key.value !== null) return value(match.groups?.[key.value])
    return value(groups[key?.kind === 'int' ? (key.dim.value ?? 0) : 0])
  }
  const native = (name: string, call: (args: readonly Value[]) => Value): [string, Value] => [
    name,
    new NativeFunction(name, ({ positional }) => call(positional)),
  ]
  const named = Object.entries(match.groups ?? {})
  const start = match.index ?? 0
  return new RecordObject(
    'match',
    new Map<string, Value>([
      native('group', (keys) => (keys.length > 1 ? tuple(keys.map(group)) : group(keys[0]))),
      native('groups', () => tuple(groups.slice(1).map(value))),
      native('groupdict', () => dict(named.map(([k, v]) => [`s:${k}`, { key: str(k), value: value(v) }]))),
      native('start', () => int(start)),
      native('end', () => int(start + (match[0]?.length ?? 0))),
      native('__getitem__', ([key]) => group(key)),
    ]),
  )
}

/** `fnmatch.name` */
export function fnmatchAttribute(_: Interpreter, name: string): Value | undefined {
  const fits = (given: Value, pattern: Value): boolean | null =>
    given.kind === 'str' && given.value !== null && pattern.kind === 'str' && pattern.value !== null
      ? fileNamePattern(pattern.value).test(given.value)
      : null
  if (name === 'fnmatch' || name === 'fnmatchcase')
    return new NativeFunction(name, ({ positional: [given = none, pattern = none] }, interp) =>
      bool(fits(interp.settle(given), interp.settle(pattern))),
    )
  if (name !== 'filter') return unknown(`fnmatch.${name}`)
  return new NativeFunction(name, ({ positional: [names = none, pattern = none] }, interp) => {
    const items = interp.itemsOf(names)?.map((item) => interp.settle(item))
    const found = items?.map((item) => fits(item, interp.settle(pattern)))
    return !items || !found || found.includes(null)
      ? interp.unknown('names that are not known')
      : list(items.filter((_, i) => found[i]))
  })
}
