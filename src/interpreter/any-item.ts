// What stands for any item of a container, as one of them: what one turns out to be need not hold for others.

import { openShape } from '../tensors/shape'
import { type IntValue, type SequenceValue, Unknown, type Value } from '../trace/values'
import { isSequence } from './containers'
import type { Interpreter } from './interpreter'

/** The items of a sequence or list that are not known one by one. */
export function sequenceOf(value: Value): SequenceValue | null {
  if (value.kind === 'sequence') return value
  const items = value.kind === 'list' ? value.slots.get('items') : undefined
  return items && isSequence(items) ? items : null
}

/** The items that were read at an index, so that each is the same one every time. */
const read = new WeakMap<object, Map<number, Value>>()

/**
 * The item at an index, of a container of which only this is known: what any item is like. The first that is
 * asked for is like those that loops go through, those at other places are on their own.
 */
export function itemAt(interp: Interpreter, element: Value, index: Value): Value {
  const at = index.kind === 'int' ? index.dim.value : null
  if (at === null || (element.kind === 'int' && !isAnyNumber(interp, element))) return anyOf(interp, element)
  let items = read.get(element)
  if (!items) read.set(element, (items = new Map()))
  let item = items.get(at)
  if (!item) {
    item = items.size === 0 ? anyOf(interp, element) : anotherOf(interp, element)
    items.set(at, item)
  }
  return item
}

/** Any of the items: what has no name is another one each time. */
export function anyOf(interp: Interpreter, element: Value): Value {
  const value = interp.settle(element)
  if (value.kind === 'unknown' && value.name === null) return new Unknown(null, value.reason, value)
  return value.kind === 'int' && isAnyNumber(interp, value) ? { ...value, dim: interp.freshInt() } : element
}

/** True for a number of which nothing is known, not even a name. */
function isAnyNumber(interp: Interpreter, { dim }: IntValue): boolean {
  const { symbols } = interp.dims.resolve(dim)
  return symbols.length > 0 && symbols.every((s) => interp.dims.naming(s).name === null)
}

/** Another item: of a rank of its own where that is not known, and anything where nothing is known. */
export function anotherOf(interp: Interpreter, element: Value): Value {
  switch (element.kind) {
    case 'unknown':
      return element.deferred ? element : new Unknown(element.name, element.reason, element)
    case 'tensor': {
      const { shape } = element
      return shape.gap ? { ...element, shape: openShape(shape.lead, shape.trail) } : element
    }
    case 'tuple': {
      const items = element.items.map((item) => anotherOf(interp, item))
      return items.every((item, i) => item === element.items[i]) ? element : { ...element, items }
    }
    case 'union': {
      const options = element.options.map((option) => anotherOf(interp, option))
      return options.every((option, i) => option === element.options[i]) ? element : { ...element, options }
    }
    default:
      return anyOf(interp, element)
  }
}
