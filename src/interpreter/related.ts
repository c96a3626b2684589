// The places that explain an error: where each variable in the refused expression got its value.

import type { Node } from '../syntax/tree'
import { walk } from '../syntax/walk'
import { printShape } from '../tensors/print'
import type { Frame, Related } from '../trace/trace'
import type { Interpreter } from './interpreter'

/** For each name in the expression that is a tensor: where it was bound last, and its shape. */
export function relatedPlaces(interp: Interpreter, node: Node, frame: Frame): Related[] {
  const related: Related[] = []
  const seen = new Set<string>()
  walk(node, (inner) => {
    if (inner.kind !== 'Name' || seen.has(inner.id)) return
    seen.add(inner.id)
    for (let i = interp.events.length - 1; i >= 0; i--) {
      const event = interp.events[i]
      if (!event || event.frame !== frame || event.name !== inner.id) continue
      if (event.kind !== 'target' && event.kind !== 'parameter') continue
      const value = interp.settle(event.value)
      if (value.kind === 'tensor' && event.place !== node) {
        const shape = printShape(interp.facts.resolve(value.shape), interp.names)
        related.push({
          module: frame.module,
          place: event.place,
          message: `${inner.id} is ${shape} from here`,
        })
      }
      return
    }
  })
  return related
}
