// Registries: dicts of an imported module that decorators elsewhere in its package fill.

import type { DictValue } from '../trace/values'
import type { Interpreter } from './interpreter'
import { ModuleObject } from './objects'

type DictEntry = NonNullable<ReturnType<DictValue['entries']['get']>>

/**
 * The entry of a dict. Where a function of a package asks a dict of its own module for a name that is
 * not there yet, what defines that name in the package is run first: imported bodies run as their
 * names are asked for, and Python would have run them all.
 */
export function entryOf(interp: Interpreter, dict: DictValue, key: string): DictEntry | undefined {
  const entry = dict.entries.get(key)
  const name = /^s:([A-Za-z_]\w*)$/.exec(key)?.[1]
  const module = interp.activation?.scope.module
  if (entry || name === undefined || !module?.pending) return entry
  if (![...module.globals.values()].includes(dict)) return undefined
  for (
    let end = module.name.length;
    end > 0 && !dict.entries.has(key);
    end = module.name.lastIndexOf('.', end - 1)
  ) {
    const around = interp.modules.load(module.name.slice(0, end), module, interp)
    if (around instanceof ModuleObject) around.pending?.demandEverywhere(name, interp)
  }
  return dict.entries.get(key)
}
