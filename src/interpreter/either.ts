// Lists and dicts of which one is meant and it is not known which: what is done to it may be done to each.

import { StateMap } from '../dims/trail'
import { type DictValue, type ListValue, sequence, unknown, type Value } from '../trace/values'
import { isSequence } from './containers'
import type { Interpreter } from './interpreter'
import { joinAll } from './join'

type Container = DictValue | ListValue

const meant = new WeakMap<Container, readonly Value[]>()

/** One of several items, as one value that stands for any of them. */
export function eitherOf(interp: Interpreter, items: readonly Value[]): Value {
  interp.steps += items.length >> 2
  const joined = joinAll(interp.facts, items)
  if (items.length === 1 || (joined.kind !== 'dict' && joined.kind !== 'list')) return joined
  const value = items.includes(joined) ? copyOf(joined) : joined
  meant.set(value, items)
  return value
}

const copyOf = (value: Container): Container =>
  value.kind === 'list'
    ? { ...value, slots: new StateMap(value.slots) }
    : {
        ...value,
        entries: new StateMap(value.entries),
        state: new StateMap(value.state),
        rest: new StateMap(value.rest),
      }

/** Notes that a container changed: those for which it stands may have. */
export function noteChanged(interp: Interpreter, container: Container): void {
  for (const one of meant.get(container) ?? []) {
    if (one.kind === 'dict') interp.trail.write(one.state, 'isOpen', true)
    if (one.kind !== 'list') continue
    const items = one.slots.get('items') ?? []
    const added = unknown('one of several lists was changed')
    const all = isSequence(items) ? [items.element, added] : [...items, added]
    interp.trail.write(one.slots, 'items', sequence(joinAll(interp.facts, all), null))
  }
}
