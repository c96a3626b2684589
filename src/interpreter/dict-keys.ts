// Keys of dicts that are numbers that are not known: which of them may be one another, and which change with each turn of a loop.

import { isBornAfter } from '../dims/trail'
import type { DictEntry, DictValue, Value } from '../trace/values'
import { keyOf } from './containers'
import type { Interpreter } from './interpreter'

/** True for a number that is not known, and for a tuple with one in it. */
export const isOpenKey = (key: Value): boolean =>
  key.kind === 'int' ? key.dim.value === null : key.kind === 'tuple' && key.items.some(isOpenKey)

/** The entries under other keys that may be the same as this one: numbers of which that is not known. */
export function rivalsOf(interp: Interpreter, dict: DictValue, key: Value): [string, DictEntry][] {
  if (!isOpenKey(key) && !dict.state.get('hasOpenKeys')) return []
  const text = keyOf(key)
  return [...dict.entries].filter(([other, entry]) => other !== text && mayBeSame(interp, entry.key, key))
}

function mayBeSame(interp: Interpreter, a: Value, b: Value): boolean {
  if (a.kind === 'int' && b.kind === 'int') return interp.dims.equal(a.dim, b.dim).kind !== 'refuted'
  if (a.kind !== 'tuple' || b.kind !== 'tuple') return keyOf(a) === keyOf(b)
  const { items } = b
  return (
    a.items.length === items.length && a.items.every((item, i) => mayBeSame(interp, item, items[i] ?? item))
  )
}

/** True for a dict from before a turn of a loop that is under way, and a key that the turn made: each turn has its own. */
export const isOfTurn = (interp: Interpreter, { entries }: DictValue, key: Value): boolean =>
  interp.turns.some(({ birth, symbols }) => !isBornAfter(entries, birth) && isMadeSince(symbols, key))

function isMadeSince(symbols: number, key: Value): boolean {
  if (key.kind === 'int') return key.dim.symbols.some(({ id }) => id > symbols)
  return key.kind === 'tuple' ? key.items.some((item) => isMadeSince(symbols, item)) : keyOf(key) === null
}
