// `torch.autograd.Function`: what `apply` runs, and what `backward` gets where gradients are asked for.

import type { Arguments } from '../ops/op'
import { none, tuple, Unknown, type Value } from '../trace/values'
import { classAttribute } from './attributes'
import { whereAllIsCaught } from './branch'
import type { Interpreter } from './interpreter'
import { type ClassObject, NativeFunction, NativeType } from './objects'
import { PythonRaise } from './signals'
import { resolveTrace, traceMark } from './trace-marks'

export const isAutogradFunction = (cls: ClassObject): boolean =>
  cls.mro.some((c) => c.bases.some((b) => b instanceof NativeType && b.isOpaque && b.name === 'Function'))

/** `apply`: the class's `forward`, which gets a context first unless `setup_context` does. */
export const appliedFunction = (cls: ClassObject): Value =>
  new NativeFunction('apply', (args, interp) => {
    const context = contextOf(interp, args)
    const call = (name: string, positional: readonly Value[]): Value =>
      interp.callValue(classAttribute(interp, cls, name), { ...args, positional })
    const setsUp = cls.find('setup_context') !== undefined
    const output = call('forward', [...(setsUp ? [] : [context]), ...args.positional])
    if (!interp.isConcrete || !cls.find('backward')) return output
    asideFrom(interp, () => {
      if (setsUp) call('setup_context', [context, tuple(args.positional), output])
      const outputs = interp.settle(output)
      const given = outputs.kind === 'tuple' ? outputs.items : [outputs]
      const gradients = given.map((value) => gradientOf(interp.settle(value)))
      const backward = classAttribute(interp, cls, 'backward')
      interp.callValue(backward, { positional: [context, ...gradients], keywords: new Map(), isOpen: false })
    })
    return output
  })

/** The context of a call; in a function's own run nothing is known of it. */
function contextOf(interp: Interpreter, args: Arguments): Value {
  const type = interp.isConcrete
    ? interp.prelude('shapescope.autograd')?.lookup('FunctionContext', interp)
    : null
  const unknownContext = new Unknown('ctx', 'the context of a function')
  return type
    ? interp.callValue(type, { positional: [tuple(args.positional)], keywords: new Map(), isOpen: false })
    : unknownContext
}

/** The gradient of a tensor has its shape. */
const gradientOf = (value: Value): Value =>
  value.kind === 'tensor' ? { ...value, layout: null, values: null, isParameter: false } : none

/** Runs what may run later, if at all: its shapes are seen, what it changes and what fails in it is not. */
function asideFrom(interp: Interpreter, run: () => void): void {
  const [mark, trace, problems] = [interp.trail.mark(), traceMark(interp), interp.problems.length]
  try {
    whereAllIsCaught(interp, run)
  } catch (error) {
    if (!(error instanceof PythonRaise)) throw error
  } finally {
    resolveTrace(interp, trace)
    interp.trail.undo(mark)
    interp.problems.length = problems
  }
}
