// Dicts made of other values: `dict(…)`, `dict.fromkeys`, and what `update` takes.

import type { Arguments } from '../ops/op'
import { type DictEntry, type DictValue, dict, none, str, type Value } from '../trace/values'
import { iterableItems, keyOf, plainContainer, setItem } from './containers'
import type { Interpreter } from './interpreter'

/** `dict(given, **keywords)` of a dict or of pairs; open if not all keys are known. */
export function dictOf(interp: Interpreter, all: Arguments): DictValue {
  const [given] = all.positional
  const value = given && plainContainer(interp.settle(given))
  const entries = new Map<string, DictEntry>()
  let isOpen = all.isOpen
  if (value?.kind === 'dict') {
    for (const [key, entry] of value.entries) entries.set(key, entry)
    isOpen ||= value.state.get('isOpen') === true
  } else if (value) {
    const pairs = iterableItems(interp, value)
    if (!pairs) isOpen = true
    for (const pair of pairs ?? []) {
      const [key = none, item = none] = iterableItems(interp, pair) ?? []
      const settled = interp.settle(key)
      const text = keyOf(settled)
      if (text === null) isOpen = true
      else entries.set(text, { key: settled, value: item })
    }
  }
  for (const [key, item] of all.keywords) entries.set(`s:${key}`, { key: str(key), value: item })
  const made = dict(entries)
  if (isOpen) made.state.set('isOpen', true)
  return made
}

/** `dict.fromkeys(keys, value)` */
export function dictFromKeys(interp: Interpreter, [keys = none, value = none]: readonly Value[]): Value {
  const made = dict()
  const known = iterableItems(interp, keys)
  if (!known) made.state.set('isOpen', true)
  for (const key of known ?? []) setItem(interp, made, key, value)
  return made
}
