// A log of writes to maps that can be undone: branches run on one state and are taken back.

const absent = Symbol('absent')
type AnyMap = Map<unknown, unknown>

export interface Write {
  map: AnyMap
  key: unknown
  value: unknown
  /** The stamps of the map without the writes and with them. */
  stamps: readonly [before: number, after: number]
}

let births = 0
/** When the import that is under way began. */
let importing = 0
/** A point in time to which the birth of maps can be compared. */
export const birthsNow = (): number => births

/** Does something as an import, which Python did before the paths that are under way. */
export function asImported<T>(body: () => T): T {
  const outer = importing
  importing = ++births
  try {
    return body()
  } finally {
    importing = outer
  }
}

/**
 * State that knows when it was made. What a path or a turn of a loop makes itself has no earlier
 * state to be joined with.
 */
export class StateMap<K, V> extends Map<K, V> {
  readonly birth: number
  /** When the import began that made it; 0 for what no import made. */
  readonly imported = importing
  /** A number that each write through the trail changes, and that is what it was once the write is taken back. */
  stamp = 0
  constructor(entries?: Iterable<readonly [K, V]> | null) {
    super(entries)
    this.birth = ++births
  }
}

let stamps = 0
const stampOf = (map: AnyMap): number => (map instanceof StateMap ? map.stamp : 0)
const setStamp = (map: AnyMap, stamp: number): void => {
  if (map instanceof StateMap) map.stamp = stamp
}

/** True if a map was made after that point in time, by no import that began since. */
export const isBornAfter = (map: unknown, time: number): boolean =>
  map instanceof StateMap && map.birth > time && map.imported <= time

/** All state that a branch may change is written through one trail. */
export class Trail {
  #entries: { map: AnyMap; key: unknown; old: unknown; stamp: number }[] = []

  readonly #facts = new WeakSet<AnyMap>()

  /** Marks a map as holding facts: after a branch a fact stays only if all paths have it. */
  factMap<K, V>(map: Map<K, V>): Map<K, V> {
    this.#facts.add(map as AnyMap)
    return map
  }
  isFactMap(map: AnyMap): boolean {
    return this.#facts.has(map)
  }

  write<K, V>(map: Map<K, V>, key: K, value: V): void {
    this.version++
    this.#note(map as AnyMap, key, map.has(key) ? map.get(key) : absent)
    map.set(key, value)
  }

  delete<K, V>(map: Map<K, V>, key: K): void {
    if (!map.has(key)) return
    this.version++
    this.#note(map as AnyMap, key, map.get(key))
    map.delete(key)
  }

  #note(map: AnyMap, key: unknown, old: unknown): void {
    this.#entries.push({ map, key, old, stamp: stampOf(map) })
    setStamp(map, ++stamps)
  }

  /** A point to which the state can be taken back. */
  mark(): number {
    return this.#entries.length
  }

  /** What was written since a mark, each place once, with its present value (undefined if deleted). */
  since(mark: number): Write[] {
    const seen = new Map<AnyMap, { before: number; keys: Set<unknown> }>()
    const writes: Write[] = []
    for (let i = mark; i < this.#entries.length; i++) {
      const entry = this.#entries[i]
      if (!entry) continue
      const { map, key, stamp } = entry
      let first = seen.get(map)
      if (!first) seen.set(map, (first = { before: stamp, keys: new Set() }))
      if (first.keys.has(key)) continue
      first.keys.add(key)
      writes.push({ map, key, value: map.get(key), stamps: [first.before, stampOf(map)] })
    }
    return writes
  }

  /** Counts all that happened to the state, for answers that hold while nothing does. */
  version = 0

  /** How often something was taken back, for caches of what follows from the state. */
  undone = 0

  /** Takes every write since the mark back. */
  undo(mark: number): void {
    if (this.#entries.length > mark) {
      this.undone++
      this.version++
    }
    while (this.#entries.length > mark) {
      const entry = this.#entries.pop()
      if (!entry) break
      if (entry.old === absent) entry.map.delete(entry.key)
      else entry.map.set(entry.key, entry.old)
      setStamp(entry.map, entry.stamp)
    }
  }

  /** Makes what was written since a mark part of every path: it is not taken back with one. */
  keep(mark: number): void {
    this.#entries.length = mark
  }

  /** Writes again what `since` returned. */
  redo(writes: readonly Write[]): void {
    this.undone++
    const same = writes.filter(({ map, stamps }) => stampOf(map) === stamps[0])
    for (const { map, key, value } of writes)
      if (value === undefined) this.delete(map, key)
      else this.write(map, key, value)
    for (const { map, stamps } of same) setStamp(map, stamps[1])
  }
}
