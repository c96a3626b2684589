// Registries: dicts of an imported module that decorators elsewhere in its package fill.

import type { DictValue, Value } from '../trace/values'
import type { Interpreter } from './interpreter'
import { ClassObject, FunctionObject, ModuleObject } from './objects'
import type { PendingBody } from './pending'

type DictEntry = NonNullable<ReturnType<DictValue['entries']['get']>>

/**
 * The entry of a dict. Where a function of a package asks a dict of its own module for a name, a function
 * or a class that is not there yet, what defines that name in the package, or mentions it in its
 * decorators, is run first: imported bodies run as their names are asked for, and Python would have run them all.
 */
export function entryOf(
  interp: Interpreter,
  dict: DictValue,
  text: string,
  key?: Value,
): DictEntry | undefined {
  const entry = dict.entries.get(text)
  const module = interp.activation?.scope.module
  if (entry || !module?.pending) return entry
  const values = [...module.globals.values()]
  const ofClass = values.some((v) => v instanceof ClassObject && [...v.attributes.values()].includes(dict))
  if (!ofClass && !values.includes(dict)) return entry
  const name = /^s:([A-Za-z_]\w*)$/.exec(text)?.[1]
  const demandAround = (demand: (body: PendingBody) => void): void => {
    for (const { pending } of modulesAround(interp, module)) {
      if (dict.entries.has(text)) return
      if (pending) demand(pending)
    }
  }
  // A class that notes its subclasses (`__init_subclass__`): those whose names contain the one that is asked for.
  if (ofClass && name !== undefined) demandAround((body) => body.demandLike(name, interp))
  else if (name !== undefined) {
    // The modules that are under way may have entered something in a registry of this one when they were imported.
    for (const around of new Set([module, ...interp.stack.map((a) => a.scope.module)]))
      around.pending?.demandTold(name, interp)
    demandAround((body) => body.demandEverywhere(name, interp))
  } else if (key instanceof FunctionObject) key.scope.module.pending?.demandTold(key.name, interp)
  else if (key instanceof ClassObject) key.module.pending?.demandTold(key.name, interp)
  return dict.entries.get(text)
}

/** A module and the packages that it lies in, from the inside out. */
function* modulesAround(interp: Interpreter, module: ModuleObject): Generator<ModuleObject> {
  for (let end = module.name.length; end > 0; end = module.name.lastIndexOf('.', end - 1)) {
    const around = interp.modules.load(module.name.slice(0, end), module, interp)
    if (around instanceof ModuleObject) yield around
  }
}
