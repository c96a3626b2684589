// What a deque has besides the methods of a list, which it is taken as.

import { constant } from '../dims/dim'
import type { Arguments } from '../ops/op'
import { int, type ListValue, none, sequence, unknown, type Value } from '../trace/values'
import { callMethod } from './attributes'
import { type Bind, isSequence, iterableItems } from './containers'
import { noteChanged } from './either'
import type { Interpreter } from './interpreter'
import { joinAll } from './join'
import { ExtendFunction, NativeFunction, NativeType } from './objects'

/** `collections.deque`, a class. */
export const dequeType = new NativeType(
  'deque',
  (value) => (value.kind === 'list' ? value.isDeque === true : value.kind === 'unknown' ? null : false),
  (args, interp) => makeDeque(interp, args),
)

/** `deque(items, maxlen)` */
function makeDeque(interp: Interpreter, { positional, keywords, isOpen }: Arguments): Value {
  const [, maxlen = keywords.get('maxlen') ?? none] = positional
  const type = interp.builtin('list')
  const given = interp.settle(maxlen)
  const bound = given.kind === 'int' ? given.dim.value : null
  if (isOpen || !type || (given.kind !== 'none' && bound === null))
    return unknown('a deque of a bound that is not known')
  const made = interp.callValue(type, { positional: positional.slice(0, 1), keywords: new Map(), isOpen })
  if (made.kind !== 'list') return made
  const deque: ListValue = bound === null ? { ...made, isDeque: true } : { ...made, isDeque: true, bound }
  dropOver(interp, deque, 'append')
  return deque
}

const growing = new Set('append extend appendleft extendleft'.split(' '))

/** A method of a bounded deque: what is too much afterwards falls out at the other end. */
export function boundedMethod(interp: Interpreter, self: ListValue, name: string): Value | undefined {
  if (self.bound === undefined || !growing.has(name)) return undefined
  const { bound: _, ...unbounded } = self
  const call: NativeFunction['call'] = ({ positional }) => {
    callMethod(interp, unbounded, name, positional)
    dropOver(interp, self, name)
    return none
  }
  return name === 'extend' ? new ExtendFunction(self, call) : new NativeFunction(name, call)
}

function dropOver(interp: Interpreter, { slots, bound }: ListValue, method: string): void {
  const items = slots.get('items') ?? []
  if (bound === undefined) return
  // Of items that are not told apart it is not known how many are left.
  if (isSequence(items)) interp.trail.write(slots, 'items', sequence(items.element, null))
  else if (items.length > bound)
    interp.trail.write(
      slots,
      'items',
      method.endsWith('left') ? items.slice(0, bound) : items.slice(items.length - bound),
    )
}

export function dequeMethod(
  interp: Interpreter,
  self: ListValue,
  name: string,
  bind: Bind,
): Value | undefined {
  switch (name) {
    case 'popleft':
      return bind(() => callMethod(interp, self, 'pop', [int(0)]))
    case 'appendleft':
      return bind(([item = none]) => callMethod(interp, self, 'insert', [int(0), item]))
    case 'extendleft':
      return bind(([items = none]) => {
        const added = iterableItems(interp, items)
        for (const item of added ?? []) callMethod(interp, self, 'appendleft', [item])
        return added ? none : callMethod(interp, self, 'extend', [items])
      })
    case 'rotate':
      return bind(([by = int(1)]) => rotate(interp, self, interp.settle(by)))
    default:
      return undefined
  }
}

/** Moves the last `by` items to the front; of an unknown number each item may be anywhere. */
function rotate(interp: Interpreter, self: ListValue, by: Value): Value {
  const items = self.slots.get('items') ?? []
  if (isSequence(items) || items.length < 2) return none
  const steps = by.kind === 'int' ? by.dim.value : null
  noteChanged(interp, self)
  const cut = steps === null ? 0 : -steps % items.length
  const moved =
    steps === null
      ? sequence(joinAll(interp.facts, items), constant(items.length))
      : [...items.slice(cut), ...items.slice(0, cut)]
  interp.trail.write(self.slots, 'items', moved)
  return none
}
