// Facts about values that exist on one path only: what is learnt of them holds wherever they exist.

import { Unknown, type Value } from '../trace/values'
import type { Interpreter } from './interpreter'

/**
 * The keys that facts have about everything in a value (gaps, symbols, and what was not known) that a path got by ruling None out. On the other paths the value
 * does not exist, so that facts about it need not hold there.
 */
export function factKeysOf(interp: Interpreter, value: Value, found = new Set<unknown>()): Set<unknown> {
  if (value instanceof Unknown) {
    if (found.has(value)) return found
    found.add(value)
    const refined = interp.refinements.get(value)
    if (refined) factKeysOf(interp, refined, found)
    for (const slot of value.slots.values()) factKeysOf(interp, slot, found)
  } else if (value.kind === 'tensor') interp.facts.keysOf(value.shape, found)
  else if (value.kind === 'tuple') for (const item of value.items) factKeysOf(interp, item, found)
  else if (value.kind === 'union') for (const option of value.options) factKeysOf(interp, option, found)
  else if (value.kind === 'sequence') factKeysOf(interp, value.element, found)
  else if (value.kind === 'list') {
    const items = value.slots.get('items') ?? []
    if ('kind' in items) factKeysOf(interp, items.element, found)
    else for (const item of items) factKeysOf(interp, item, found)
  }
  return found
}
