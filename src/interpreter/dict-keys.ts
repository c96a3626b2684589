// Keys of dicts that are not known: which of them may be one another, and which change with each turn of a loop.

import { isBornAfter } from '../dims/trail'
import type { DictEntry, DictValue, StrValue, Value } from '../trace/values'
import { keyOf } from './containers'
import type { Interpreter } from './interpreter'

/** True for a number that is not known, and for a tuple with one in it. */
export const isOpenKey = (key: Value): boolean =>
  key.kind === 'int' ? key.dim.value === null : key.kind === 'tuple' && key.items.some(isOpenKey)

/** The entries under other keys that may be the same as this one, where it or they are not known. */
export function rivalsOf(interp: Interpreter, dict: DictValue, key: Value): [string, DictEntry][] {
  const text = keyOf(key)
  if (text !== null && !isOpenKey(key) && !dict.state.get('hasOpenKeys')) return []
  return [...dict.entries].filter(([other, entry]) => other !== text && mayBeSame(interp, entry.key, key))
}

function mayBeSame(interp: Interpreter, a: Value, b: Value): boolean {
  if (a.kind === 'int' && b.kind === 'int') return interp.dims.equal(a.dim, b.dim).kind !== 'refuted'
  if (a.kind === 'str' && b.kind === 'str') return fits(a, b) && fits(b, a)
  if (a.kind === 'tuple' && b.kind === 'tuple') {
    const { items } = b
    return (
      a.items.length === items.length && a.items.every((item, i) => mayBeSame(interp, item, items[i] ?? item))
    )
  }
  const [x, y] = [keyOf(a), keyOf(b)]
  return x === null || y === null ? isOfKind(a, b) || isOfKind(b, a) : x === y
}

const isOfKind = (a: Value, b: Value): boolean =>
  a.kind === 'union'
    ? a.options.some((option) => isOfKind(option, b) || isOfKind(b, option))
    : a.kind === 'unknown' || a.kind === b.kind

/** True unless the text is known and is not as what is known of the other says. */
const fits = ({ value }: StrValue, other: StrValue): boolean =>
  value === null || (other.value === null ? isOfPattern(value, other.pattern) : other.value === value)

function isOfPattern(text: string, pattern = '*'): boolean {
  const [start = '', ...rest] = pattern.split('*')
  return text.startsWith(start) && text.endsWith(rest.at(-1) ?? '')
}

/** The entries whose keys a pattern may mean. */
export const entriesOfPattern = (dict: DictValue, pattern: string): [string, DictEntry][] =>
  [...dict.entries].filter(([, { key }]) =>
    key.kind === 'str' && key.value !== null ? isOfPattern(key.value, pattern) : pattern === '*',
  )

/** True for a dict from before a turn of a loop that is under way, and a key that the turn made: each turn has its own. */
export const isOfTurn = (interp: Interpreter, { entries }: DictValue, key: Value): boolean =>
  interp.turns.some(({ birth, symbols }) => !isBornAfter(entries, birth) && isMadeSince(symbols, key))

function isMadeSince(symbols: number, key: Value): boolean {
  if (key.kind === 'int') return key.dim.symbols.some(({ id }) => id > symbols)
  return key.kind === 'tuple' ? key.items.some((item) => isMadeSince(symbols, item)) : keyOf(key) === null
}
