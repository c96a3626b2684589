// Variables: where a name is looked up, and where an assignment to it goes.

import type { Value } from '../trace/values'
import { builtins } from './builtins'
import type { Interpreter } from './interpreter'
import { enclosingValue, type Scope } from './objects'

/** The value of a name as Python finds it: local, enclosing, module, built-in. */
export function readName(interp: Interpreter, name: string): Value | undefined {
  const scope = interp.activation?.scope ?? null
  const module = scope?.module
  // A class body's names are seen in the body itself only.
  const own = scope?.isClass ? scope.variables.get(name) : undefined
  const value = own ?? enclosingValue(scope, name)
  if (value !== undefined) return value
  const global = module?.lookup(name, interp)
  if (module) interp.reads.note(module, name, global)
  return global ?? builtins().get(name)
}

/** Binds a name in the current scope, or where `global` or `nonlocal` sends it. */
export function assignName(interp: Interpreter, name: string, value: Value): void {
  const scope = interp.activation?.scope
  if (!scope) return
  const target = scope.redirected?.get(name) ?? scope
  // What the module's body does with the name comes before what a function does.
  if (target.variables === target.module.globals) target.module.pending?.demand(name, interp)
  interp.trail.write(target.variables, name, value)
}

/** The scope that `nonlocal name` means. */
export function enclosingScopeOf(scope: Scope, name: string): Scope | null {
  for (let outer = scope.parent; outer; outer = outer.parent)
    if (!outer.isClass && outer.variables.has(name)) return outer
  return null
}
