// What a dict's methods do, and whether all its entries are known.

import { StateMap } from '../dims/trail'
import {
  type DictEntry,
  type DictValue,
  list,
  none,
  sequence,
  tuple,
  unknown,
  type Value,
} from '../trace/values'
import { truthOf } from './conditions'
import { type Bind, keyOf, setItem } from './containers'
import { enterAll, mayLose, take } from './dict-entries'
import { rivalsOf } from './dict-keys'
import { dictOf } from './dict-making'
import { noteChanged } from './either'
import type { Interpreter } from './interpreter'
import { joinAll } from './join'
import { entryOf } from './registries'

/** True for a dict that has all its entries, and no others. */
export const hasAllEntries = ({ state, entries }: DictValue): boolean =>
  !state.get('isOpen') && ![...entries.values()].some((e) => e.isOptional)

/**
 * True for a dict that is gone through as if it had all its entries. In a function's own run that is also
 * an output with fields that only some paths set: code that counts on one, as on `outputs[1]`, would fail
 * otherwise.
 */
export const countsAsWhole = (interp: Interpreter, dict: DictValue): boolean =>
  hasAllEntries(dict) || (dict.isOfInstance === true && !interp.isConcrete && !dict.state.get('isOpen'))

export function dictMethod(
  interp: Interpreter,
  self: DictValue,
  name: string,
  bind: Bind,
): Value | undefined {
  const isOpen = (): boolean => self.state.get('isOpen') === true
  const lookUp = (key: Value | undefined, fallback: Value | null): Value => {
    const settled = key && interp.settle(key)
    const text = settled ? keyOf(settled) : null
    const entry = text === null ? undefined : entryOf(interp, self, text, settled)
    const others = fallback ? [fallback] : []
    if (entry) return entry.isOptional ? joinAll(interp.facts, [entry.value, ...others]) : entry.value
    // It is one of the values or what is given for a key that is not there.
    const isAny = fallback?.kind !== 'none' && self.entries.size > 0 && !self.factory
    if (isOpen() || (text === null && !isAny)) return unknown('a key that is not known')
    const rivals = settled ? rivalsOf(interp, self, settled) : []
    return joinAll(interp.facts, [...rivals.map(([, e]) => e.value), ...others])
  }
  const all = (pick: (e: { key: Value; value: Value }) => Value): Value => {
    const picked = [...self.entries.values()].map(pick)
    if (countsAsWhole(interp, self)) return list(picked)
    if (isOpen()) return sequence(unknown('the keys are not known'), null)
    const each = [...self.entries.values()].map((e) => ({
      value: pick(e),
      isOptional: e.isOptional === true,
    }))
    return { ...sequence(joinAll(interp.facts, picked), null), each }
  }
  switch (name) {
    case 'get':
      return bind(([key, fallback = none]) => lookUp(key, fallback))
    case 'items':
      return bind(() => all((e) => tuple([e.key, e.value])))
    case 'keys':
      return bind(() => all((e) => e.key))
    case 'values':
      return bind(() => all((e) => e.value))
    case 'pop':
      return bind(([key, fallback]) => {
        const value = lookUp(key, fallback ?? null)
        if (key) take(interp, self, interp.settle(key))
        return value
      })
    case 'popitem':
      return bind(([first], { keywords }) => {
        const entry = entryAtEnd(interp, self, first ?? keywords.get('last'))
        const text = entry && keyOf(entry.key)
        if (entry && text !== null) take(interp, self, entry.key)
        else mayLose(interp, self, null)
        return entry ? tuple([entry.key, entry.value]) : unknown('an entry of a dict')
      })
    case 'move_to_end':
      return bind(([key = none, second], { keywords }) => {
        moveToEnd(interp, self, key, second ?? keywords.get('last'))
        return none
      })
    case 'setdefault':
      return bind(([key = none, fallback = none]) => {
        const text = keyOf(interp.settle(key))
        const isOther = text !== null && rivalsOf(interp, self, interp.settle(key)).length > 0
        const isThere = text === null || isOpen() || isOther || self.entries.has(text)
        const value = isThere ? lookUp(key, fallback) : fallback
        setItem(interp, self, key, value)
        return value
      })
    case 'update':
      return bind((_, args) => {
        const others = dictOf(interp, args)
        for (const { key, value } of others.entries.values()) noteChanged(interp, self, key, value)
        enterAll(interp, self, others)
        return none
      })
    case 'copy':
      return bind(() => ({
        kind: 'dict',
        entries: new StateMap(self.entries),
        state: new StateMap(self.state),
        rest: new StateMap(self.rest),
      }))
    case 'clear':
      return bind(() => {
        for (const key of [...self.entries.keys()]) interp.trail.delete(self.entries, key)
        for (const pattern of [...self.rest.keys()]) interp.trail.delete(self.rest, pattern)
        if (isOpen()) interp.trail.write(self.state, 'isOpen', false)
        return none
      })
    default:
      return undefined
  }
}

/** Whether the last or the first of a dict is meant; null where that is not known. */
const isLast = (interp: Interpreter, given: Value | undefined): boolean | null =>
  given ? truthOf(interp, given) : true

/** The last or the first entry, where all are known. */
function entryAtEnd(interp: Interpreter, dict: DictValue, last: Value | undefined): DictEntry | null {
  const entries = [...dict.entries.values()]
  const side = isLast(interp, last)
  if (side === null || !hasAllEntries(dict)) return null
  return entries.at(side ? -1 : 0) ?? null
}

/** Puts an entry behind the others, or before them. */
function moveToEnd(interp: Interpreter, dict: DictValue, key: Value, last: Value | undefined): void {
  const text = keyOf(interp.settle(key))
  const entry = text === null ? undefined : dict.entries.get(text)
  const side = isLast(interp, last)
  if (text === null || !entry || side === null || !hasAllEntries(dict)) {
    interp.trail.write(dict.state, 'isOpen', true)
    return
  }
  const others = [...dict.entries].filter(([other]) => other !== text)
  const ordered = side ? [...others, [text, entry] as const] : [[text, entry] as const, ...others]
  for (const [other] of ordered) interp.trail.delete(dict.entries, other)
  for (const [other, value] of ordered) interp.trail.write(dict.entries, other, value)
}
