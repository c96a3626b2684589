// What Python takes for a whole number where a place or a count is asked for: `__index__`.

import { int, type Value } from '../trace/values'
import { callMethod } from './attributes'
import type { Interpreter } from './interpreter'
import { InstanceObject } from './objects'

/**
 * An index with whole numbers for what counts as one: truths, tensors of one known whole number, instances that say
 * theirs. Of a slice its bounds; anything else as it is.
 */
export function asIndex(interp: Interpreter, index: Value): Value {
  const settled = interp.settle(index)
  if (settled.kind === 'slice') {
    const [lower, upper, step] = [settled.lower, settled.upper, settled.step].map((b) => asIndex(interp, b))
    return lower && upper && step ? { kind: 'slice', lower, upper, step } : settled
  }
  if (settled.kind === 'bool' && settled.value !== null) return int(settled.value ? 1 : 0)
  if (settled instanceof InstanceObject && settled.cls.find('__index__'))
    return interp.settle(callMethod(interp, settled, '__index__', []))
  const tensor =
    settled.kind === 'tensor' ? settled : settled.kind === 'object' ? interp.asTensor(settled) : null
  const [only, ...others] = tensor?.values ?? []
  return only && others.length === 0 && !/float|complex/.test(tensor?.dtype ?? '') ? int(only) : settled
}
