// Lists and dicts of which one is meant and it is not known which: what is done to it may be done to each.

import { StateMap } from '../dims/trail'
import {
  type DictEntry,
  type DictValue,
  type ListValue,
  sequence,
  unknown,
  type Value,
} from '../trace/values'
import { isSequence, keyOf } from './containers'
import type { Interpreter } from './interpreter'
import { joinAll } from './join'
import { sameValue } from './same'

type Container = DictValue | ListValue

const meant = new WeakMap<Container, readonly Value[]>()

/** One of several items, as one value that stands for any of them. */
export function eitherOf(interp: Interpreter, items: readonly Value[]): Value {
  // Joining many takes as long as some statements.
  interp.steps += items.length >> 2
  const joined = joinAll(interp.facts, items)
  if (items.length === 1 || (joined.kind !== 'dict' && joined.kind !== 'list')) return joined
  const value = items.includes(joined) ? copyOf(joined) : joined
  meant.set(value, items)
  return value
}

export const copyOf = <C extends Container>(value: C): C =>
  value.kind === 'list'
    ? { ...value, slots: new StateMap(value.slots) }
    : {
        ...value,
        entries: new StateMap(value.entries),
        state: new StateMap(value.state),
        rest: new StateMap(value.rest),
      }

/** What stands for any of the containers that the turns of a loop made alike: each may have more in it. */
export function anyOf(interp: Interpreter, value: Value): Value {
  if (value.kind !== 'list' && value.kind !== 'dict') return value
  const made = copyOf(value)
  if (made.kind === 'dict') made.state.set('isOpen', true)
  else {
    const items = made.slots.get('items') ?? []
    const element = isSequence(items)
      ? items.element
      : items.length > 0
        ? joinAll(interp.facts, items)
        : unknown('a list that a loop filled')
    made.slots.set('items', sequence(element, null))
  }
  meant.set(made, [value])
  return made
}

/** The containers of which this one stands for any. */
export const standsFor = (container: Container): readonly Value[] => meant.get(container) ?? []

/** Notes that a container got an item, or changed in another way: those for which it stands may have. */
export function noteChanged(interp: Interpreter, container: Container, index?: Value, item?: Value): void {
  for (const one of standsFor(container)) mayChange(interp, one, index, item)
}

/** A list or dict that may have got an item, or changed in another way. */
export function mayChange(interp: Interpreter, container: Value, index?: Value, item?: Value): void {
  if (container.kind === 'dict') {
    const key = index && keyOf(index)
    if (key && item) mayHold(interp, container, key, { key: index, value: item })
    else if (!container.state.get('isOpen')) interp.trail.write(container.state, 'isOpen', true)
  }
  if (container.kind !== 'list') return
  const items = container.slots.get('items') ?? []
  if (isSequence(items) && items.element.kind === 'unknown') return
  const added = unknown('one of several lists was changed')
  const all = isSequence(items) ? [items.element, added] : [...items, added]
  interp.trail.write(container.slots, 'items', sequence(joinAll(interp.facts, all), null))
}

/** A dict that may have got an entry: it has that one or its own, if any. */
export function mayHold(interp: Interpreter, dict: DictValue, key: string, entry: DictEntry): void {
  const own = dict.entries.get(key)
  const value = own ? joinAll(interp.facts, [own.value, entry.value]) : entry.value
  if (own && sameValue(own.value, value, interp.facts)) return
  const isCertain = own && !own.isOptional
  interp.trail.write(dict.entries, key, { key: entry.key, value, ...(!isCertain && { isOptional: true }) })
}
