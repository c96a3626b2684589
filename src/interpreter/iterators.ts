// What is read of an iterator is gone: the next reader goes on behind it.

import { list, type Value } from '../trace/values'
import { iterableItems } from './containers'
import type { Interpreter } from './interpreter'
import { IteratorObject } from './objects'

/** Moves an iterator on by so many items. */
export function advance(interp: Interpreter, iterator: Value, count: number): void {
  if (iterator instanceof IteratorObject)
    interp.trail.write(iterator.state, 'at', (iterator.state.get('at') ?? 0) + count)
}

/** The items of an iterable, which an iterator has no more of afterwards; null where they are not known. */
export function readItems(interp: Interpreter, value: Value): readonly Value[] | null {
  const settled = interp.settle(value)
  const items = iterableItems(interp, settled)
  if (items) advance(interp, settled, items.length)
  return items
}

/** At most so many items of an iterator, as a list. */
export function takeItems(interp: Interpreter, iterator: Value, count: number | null): Value {
  const items = iterableItems(interp, iterator) ?? []
  const taken = items.slice(0, count ?? items.length)
  advance(interp, iterator, taken.length)
  return list(taken)
}

/** The rows of `zip`, each made of what its iterables give next: one that comes twice gives two items a row. */
export function zippedItems(
  interp: Interpreter,
  args: readonly Value[],
  lists: readonly (readonly Value[])[],
): Value[][] {
  const places = new Map<Value | number, number>()
  const keys = args.map((arg, i) => (arg instanceof IteratorObject ? arg : i))
  const rows: Value[][] = []
  while (lists.length > 0) {
    const row: Value[] = []
    for (const [i, items] of lists.entries()) {
      const key = keys[i] ?? i
      const item = items[places.get(key) ?? 0]
      if (!item) break
      places.set(key, (places.get(key) ?? 0) + 1)
      row.push(item)
    }
    if (row.length < lists.length) break
    rows.push(row)
  }
  for (const [key, count] of places) if (typeof key !== 'number') advance(interp, key, count)
  return rows
}
