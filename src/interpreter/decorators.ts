// Decorators: those that change what a definition is, and the others, which are called or seen through.

import type { Expression } from '../syntax/tree'
import { Unknown, type Value } from '../trace/values'
import { whereAllIsCaught } from './branch'
import { callValue } from './calls'
import { evaluate } from './expressions'
import type { Interpreter } from './interpreter'
import { ClassObject, Descriptor, FunctionObject, NativeModule } from './objects'
import { PythonRaise } from './signals'

/** A decorator that takes more steps is seen through; more are given where it enters what it decorates in a registry. */
export const decoratorSteps = { usual: 1000, registering: 100_000 }

/** Applies decorators from the innermost outwards. */
export function decorate(interp: Interpreter, decorators: readonly Expression[], value: Value): Value {
  let current = value
  for (const decorator of [...decorators].reverse()) current = applyDecorator(interp, decorator, current)
  return current
}

function applyDecorator(interp: Interpreter, node: Expression, value: Value): Value {
  const name = lastName(node)
  switch (name) {
    case 'property':
      return new Descriptor('property', value)
    case 'cached_property':
    case 'lazy_property':
      return new Descriptor('property', value, null, true)
    case 'staticmethod':
      return new Descriptor('static', value)
    case 'classmethod':
      return new Descriptor('class', value)
    case 'getter':
    case 'setter':
    case 'deleter':
      if (node.kind === 'Attribute' && node.value.kind === 'Name') {
        const property = interp.settle(evaluate(interp, node.value))
        if (property instanceof Descriptor) return changedProperty(property, name, value)
      }
      return value
    default:
  }
  const decorator = interp.settle(evaluate(interp, node))
  if (decorator instanceof Unknown && value instanceof ClassObject) value.isRemade = true
  // What is not known is taken to give back what it decorates.
  if (decorator instanceof Unknown || decorator instanceof NativeModule) return value
  if (value instanceof ClassObject && isLeftAlone(interp, value, decorator)) return value
  const result = decoratedBy(interp, decorator, value)
  if (!result) return value
  const decorated = interp.settle(result)
  if (decorated.kind === 'object') {
    if (decorated instanceof FunctionObject && value instanceof FunctionObject && decorated !== value) {
      decorated.owner ??= value.owner
      decorated.decorated ??= value
    }
    return decorated
  }
  return value
}

/** `property.setter(value)` and its kin: the property with that one replaced. */
const changedProperty = (old: Descriptor, name: 'getter' | 'setter' | 'deleter', value: Value): Descriptor =>
  new Descriptor(
    'property',
    name === 'getter' ? value : old.callable,
    name === 'setter' ? value : old.setter,
    old.isKept,
    name === 'deleter' ? value : old.deleter,
  )

/**
 * True for a class that a function of another module decorates, where neither a program runs nor a registry is asked:
 * it documents the class or enters it somewhere, and reaches far for that.
 */
const isLeftAlone = (interp: Interpreter, cls: ClassObject, decorator: Value): boolean =>
  decorator instanceof FunctionObject &&
  decorator.scope.module !== cls.module &&
  interp.decoratorSteps === decoratorSteps.usual &&
  !interp.isProgram

/** What a decorator gives; null where it cannot be followed to its end, and then nothing was done. */
function decoratedBy(interp: Interpreter, decorator: Value, value: Value): Value | null {
  const mark = interp.trail.mark()
  try {
    return whereAllIsCaught(interp, () =>
      interp.inSteps(interp.decoratorSteps, () => callValue(interp, decorator, [value])),
    )
  } catch (error) {
    if (!(error instanceof PythonRaise)) throw error
    interp.trail.undo(mark)
    return null
  }
}

/** `dataclass` of `@dataclasses.dataclass(frozen=True)`. */
export function lastName(node: Expression): string | null {
  if (node.kind === 'Name') return node.id
  if (node.kind === 'Attribute') return node.attr
  return node.kind === 'Call' ? lastName(node.func) : null
}
