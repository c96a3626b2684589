// Running the body of a module, as a whole or statement by statement.

import { birthsNow } from '../dims/trail'
import type { Statement } from '../syntax/tree'
import type { Frame } from '../trace/trace'
import type { Interpreter } from './interpreter'
import type { ModuleObject } from './objects'
import { PythonRaise } from './signals'
import { runBlock } from './statements'

/** Runs a module's body from its first line. */
export function runModule(interp: Interpreter, module: ModuleObject, body: readonly Statement[]): void {
  try {
    runStatements(interp, module, body)
  } finally {
    module.isLoaded = true
  }
}

/** Runs statements of a module's body; an exception ends them. */
export function runStatements(interp: Interpreter, module: ModuleObject, body: readonly Statement[]): void {
  inModule(interp, module, () => {
    try {
      runBlock(interp, body)
    } catch (error) {
      if (!(error instanceof PythonRaise)) throw error
    }
  })
}

/** Does something as a module's body. */
export function inModule(interp: Interpreter, module: ModuleObject, body: () => void): void {
  const frame: Frame = {
    module: module.path,
    name: '<module>',
    definition: null,
    caller: interp.placeFrame,
    callPlace: interp.place,
  }
  const outer = interp.activation
  const { place, placeFrame } = interp
  interp.activation = {
    frame,
    scope: module.scope,
    callable: null,
    self: null,
    mark: interp.trail.mark(),
    birth: birthsNow(),
    exits: [],
    splitAt: null,
    returnValue: null,
    yields: [],
    isYieldOpen: false,
    isRefuted: false,
    around: null,
    entering: null,
    loop: null,
    forks: interp.forks,
    hasForked: false,
  }
  interp.bodies.push(module.scope)
  try {
    body()
  } finally {
    interp.bodies.pop()
    interp.activation = outer
    interp.place = place
    interp.placeFrame = placeFrame
  }
}
