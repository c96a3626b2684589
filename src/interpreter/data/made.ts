// Values that are made of a file's data.

import { type DictEntry, dict, int, unknown, type Value } from '../../trace/values'
import { keyOf } from '../containers'

/** A whole number; one that is too large to count with is not known. */
export function wholeNumber(number: bigint): Value {
  const plain = Number(number)
  return Number.isSafeInteger(plain) ? int(plain) : unknown('a number that is too large')
}

/** A dict in the order in which its keys come first; of two values under one key the last counts. */
export function dictOfPairs(pairs: Iterable<readonly [Value, Value]>): Value {
  const entries = new Map<string, DictEntry>()
  for (const [key, value] of pairs) {
    const text = keyOf(key)
    if (text === null) return unknown('a key that is not known')
    entries.set(text, { key: entries.get(text)?.key ?? key, value })
  }
  return dict(entries)
}
