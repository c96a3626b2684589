// Dicts made of other values: `dict(…)`, `dict.fromkeys`, and what `update` takes.

import type { Arguments } from '../ops/op'
import { type DictValue, dict, none, str, type Value } from '../trace/values'
import { callMethod } from './attributes'
import { iterableItems, plainContainer, setItem } from './containers'
import { enterAll, enterNew } from './dict-entries'
import { copyOf } from './either'
import type { Interpreter } from './interpreter'
import { InstanceObject } from './objects'
import { subscript } from './subscripts'

/** What is spread or copied as a dict: an object that has `keys` gives what it has for each. */
export function mappingOf(interp: Interpreter, value: Value): Value {
  const held = plainContainer(interp.settle(value))
  if (!(held instanceof InstanceObject) || !held.cls.find('keys')) return held
  const keys = iterableItems(interp, callMethod(interp, held, 'keys', []))
  const made = dict()
  if (!keys) made.state.set('isOpen', true)
  for (const key of keys ?? []) setItem(interp, made, key, subscript(interp, held, key))
  return made
}

/** `dict(given, **keywords)` of a dict or of pairs; open if not all keys are known. */
export function dictOf(interp: Interpreter, all: Arguments): DictValue {
  const [given] = all.positional
  const value = given && mappingOf(interp, given)
  const made = dict()
  if (value?.kind === 'dict') enterAll(interp, made, value, true)
  else if (value) {
    const pairs = iterableItems(interp, value)
    if (!pairs) made.state.set('isOpen', true)
    for (const pair of pairs ?? []) {
      const [key = none, item = none] = iterableItems(interp, pair) ?? []
      enterNew(interp, made, interp.settle(key), item)
    }
  }
  for (const [key, item] of all.keywords) enterNew(interp, made, str(key), item)
  if (all.isOpen) made.state.set('isOpen', true)
  return made
}

/** `left | right` */
export function merged(interp: Interpreter, left: DictValue, right: DictValue): DictValue {
  const made = copyOf(left)
  enterAll(interp, made, right, true)
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
