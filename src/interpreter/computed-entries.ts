// Entries of a dict that are worked out when they are asked for.

import type { DictEntry } from '../trace/values'

/** A map of entries that knows its keys, and each entry once `get` is asked for it. */
export abstract class ComputedEntries extends Map<string, DictEntry> {
  abstract override get(key: string): DictEntry | undefined
  abstract override keys(): MapIterator<string>
  override *entries(): MapIterator<[string, DictEntry]> {
    for (const key of this.keys()) {
      const entry = this.get(key)
      if (entry) yield [key, entry]
    }
  }
  override *values(): MapIterator<DictEntry> {
    for (const [, entry] of this.entries()) yield entry
  }
  override [Symbol.iterator](): MapIterator<[string, DictEntry]> {
    return this.entries()
  }
  override forEach(callback: (entry: DictEntry, key: string, map: Map<string, DictEntry>) => void): void {
    for (const [key, entry] of this.entries()) callback(entry, key, this)
  }
}
