// What is put into a dict and what is taken out of it, also under keys that are not known.

import { type DictEntry, type DictValue, unknown, type Value } from '../trace/values'
import { keyOf, patternOf } from './containers'
import { entriesOfPattern, isOfTurn, isOpenKey, rivalsOf } from './dict-keys'
import { mayHold, standsFor } from './either'
import type { Interpreter } from './interpreter'
import { joinAll } from './join'

/** Puts an entry into a dict; one under a key that is not known may stand in the place of others. */
export function enter(interp: Interpreter, target: DictValue, key: Value, value: Value): void {
  const { trail } = interp
  const text = keyOf(key)
  const isAny = isOfTurn(interp, target, key)
  const all = rivalsOf(interp, target, key)
  // A large table that a loop fills: to look at all of it in each turn would leave the loop off.
  const rivals = text === null && all.length > mostReplaced ? [] : all
  mayReplace(interp, target, rivals, value)
  if (isOpenKey(key)) trail.write(target.state, 'hasOpenKeys', true)
  if (text === null || isAny || rivals.length > 0) trail.write(target.state, 'isOpen', true)
  if (isAny) trail.write(target.state, 'isOfTurns', true)
  if (text !== null) trail.write(target.entries, text, { key, value })
  if (text === null || isAny) enterSome(interp, target, patternOf(key), value)
}

/** Of more entries than these that may have been replaced, nothing is known any more. */
const mostReplaced = 32

/** Each of several entries may have got a value. */
function mayReplace(
  interp: Interpreter,
  target: DictValue,
  entries: readonly [string, DictEntry][],
  value: Value,
): void {
  const isLong = entries.length > mostReplaced
  // A few of them cost about a statement.
  if (isLong) interp.steps += entries.length >> 4
  for (const [text, entry] of entries)
    if (!isLong) mayHold(interp, target, text, { key: entry.key, value })
    else if (entry.value.kind !== 'unknown')
      interp.trail.write(target.entries, text, { ...entry, value: unknown('it may have been replaced') })
}

/** Notes what a dict has under some keys of a pattern. */
function enterSome(interp: Interpreter, target: DictValue, pattern: string, value: Value): void {
  const old = target.rest.get(pattern)
  interp.trail.write(target.rest, pattern, old ? joinAll(interp.facts, [old, value]) : value)
}

/** Puts an entry into a dict that is being made. */
export function enterNew(interp: Interpreter, made: DictValue, key: Value, value: Value): void {
  const text = keyOf(key)
  if (text === null || isOpenKey(key) || made.state.get('hasOpenKeys')) enter(interp, made, key, value)
  else made.entries.set(text, { key, value })
}

/** Puts an entry into a dict that may get it or not. */
export function enterPossibly(interp: Interpreter, target: DictValue, key: Value, value: Value): void {
  const text = keyOf(key)
  if (text !== null && !isOpenKey(key)) mayHold(interp, target, text, { key, value })
  else {
    enter(interp, target, key, value)
    const entry = text === null ? undefined : target.entries.get(text)
    if (text !== null && entry) loosen(interp, target, text, entry)
  }
}

/** Puts what one dict holds into another; one that is being made gets it `directly`. */
export function enterAll(interp: Interpreter, target: DictValue, from: DictValue, directly = false): void {
  for (const [pattern, value] of from.rest) {
    mayReplace(interp, target, entriesOfPattern(target, pattern), value)
    enterSome(interp, target, pattern, value)
  }
  const put = directly ? enterNew : enter
  for (const [text, entry] of from.entries)
    if (entry.isOptional) mayHold(interp, target, text, entry)
    else put(interp, target, entry.key, entry.value)
  for (const [flag, isSet] of from.state)
    if (isSet && !target.state.get(flag)) interp.trail.write(target.state, flag, true)
}

/** Takes the entry under a key out of a dict; where it may be one of several, each may be gone. */
export function take(interp: Interpreter, dict: DictValue, key: Value): void {
  const text = keyOf(key)
  for (const [other, entry] of rivalsOf(interp, dict, key)) loosen(interp, dict, other, entry)
  for (const one of standsFor(dict)) if (one.kind === 'dict') mayLose(interp, one, key)
  if (text !== null) interp.trail.delete(dict.entries, text)
}

/** A dict that may have lost the entry under a key, or any where that is not known. */
export function mayLose(interp: Interpreter, dict: DictValue, key: Value | null): void {
  const own = key && keyOf(key)
  const rivals = key ? rivalsOf(interp, dict, key) : [...dict.entries]
  for (const [text, entry] of rivals) loosen(interp, dict, text, entry)
  const entry = own ? dict.entries.get(own) : undefined
  if (own && entry) loosen(interp, dict, own, entry)
  for (const one of standsFor(dict)) if (one.kind === 'dict') mayLose(interp, one, key)
}

function loosen(interp: Interpreter, dict: DictValue, text: string, entry: DictEntry): void {
  if (!entry.isOptional) interp.trail.write(dict.entries, text, { ...entry, isOptional: true })
}
