// `import` and `from … import …`: bringing other modules' names into scope.

import type { Alias, ImportFrom } from '../syntax/tree'
import type { Value } from '../trace/values'
import { missing, raiseIfBroken } from './absent'
import { getAttribute } from './attributes'
import type { Interpreter } from './interpreter'
import { nativeModule } from './natives'
import { ModuleObject, NativeModule } from './objects'
import { assignName } from './scopes'

/** The module of a dotted name: known to ShapeScope itself, or read from source. */
export function loadModule(interp: Interpreter, name: string, from = importing(interp)): Value | null {
  return nativeModule(interp, name) ?? (from ? interp.modules.load(name, from, interp) : null)
}

const importing = (interp: Interpreter): ModuleObject | undefined => interp.activation?.scope.module

export function importModule(interp: Interpreter, alias: Alias): void {
  const module = loadModule(interp, alias.name)
  raiseIfBroken(interp, module)
  if (alias.asname !== null) {
    assignName(interp, alias.asname, module ?? missing(interp, alias.name))
    return
  }
  // `import a.b` binds `a`, of which `b` is then an attribute.
  const [root = alias.name] = alias.name.split('.')
  assignName(interp, root, loadModule(interp, root) ?? missing(interp, root))
}

export function importFrom(interp: Interpreter, node: ImportFrom): void {
  const name = absoluteName(importing(interp), node)
  if (name === '__future__') return
  const module = name === null ? null : loadModule(interp, name)
  raiseIfBroken(interp, module)
  for (const alias of node.names) {
    if (alias.name === '*') {
      if (module instanceof ModuleObject)
        for (const [bound, value] of exportsOf(interp, module)) assignName(interp, bound, value)
      continue
    }
    const value = importedName(interp, module, name, alias.name)
    assignName(
      interp,
      alias.asname ?? alias.name,
      value ?? missing(interp, `${name ?? node.module}.${alias.name}`, module !== null),
    )
  }
}

function importedName(
  interp: Interpreter,
  module: Value | null,
  moduleName: string | null,
  name: string,
): Value | null {
  if (module instanceof ModuleObject) {
    const value = module.lookup(name, interp)
    if (value !== undefined) return value
    if (setsOwnNames(module)) return interp.unknown(`${module.name} sets its names as it runs`, name)
    const found = loadModule(interp, `${module.name}.${name}`) ?? module.lookupDeclared(name, interp)
    if (found) return found
    if (module.isPrelude) return getAttribute(interp, module, name)
    return module.isLoaded && module.lookup('__getattr__', interp) === undefined
      ? null
      : getAttribute(interp, module, name)
  }
  if (module instanceof NativeModule) return getAttribute(interp, module, name)
  if (module) return getAttribute(interp, module, name)
  return moduleName === null ? null : loadModule(interp, `${moduleName}.${name}`)
}

const namesSet = new WeakMap<ModuleObject, boolean>()
/**
 * True for a module that sets attributes on itself: what one of its names means its text does not tell. One that
 * puts another module in its place leaves that to it.
 */
function setsOwnNames(module: ModuleObject): boolean {
  let known = namesSet.get(module)
  if (known === undefined) {
    const text = module.text ?? ''
    const own = /\bsys\.modules\[__name__\](\s*=[^=])?/g
    const [first, ...others] = [...text.matchAll(own)].map(([, isReplaced]) => isReplaced === undefined)
    known = first === true && others.every(Boolean) && /\bsetattr\(/.test(text)
    namesSet.set(module, known)
  }
  return known
}

/** What a star import gives: the names of `__all__`, or all without a leading underscore. */
function* exportsOf(interp: Interpreter, module: ModuleObject): Generator<[string, Value]> {
  const listed = listedNames(interp, module)
  if (!listed) module.pending?.runAll(interp)
  for (const name of listed ?? [...module.globals.keys()].filter((n) => !n.startsWith('_'))) {
    const value = module.lookupDeclared(name, interp)
    if (value !== undefined) yield [name, value]
  }
}

/** The names of a module's `__all__`, as far as they are known, or null if it has none. */
function listedNames(interp: Interpreter, module: ModuleObject): string[] | null {
  const listed = module.lookup('__all__', interp)
  const names = listed ? interp.itemsOf(listed) : null
  return names?.flatMap((v) => (v.kind === 'str' && v.value !== null ? [v.value] : [])) ?? null
}

/** The module of a star import. */
export const starModule = (interp: Interpreter, node: ImportFrom): ModuleObject | null => {
  const name = absoluteName(importing(interp), node)
  const module = name === null ? null : loadModule(interp, name)
  return module instanceof ModuleObject ? module : null
}

/** All that a star import brings into the module whose body runs. */
export function starExports(interp: Interpreter, node: ImportFrom): Iterable<[string, Value]> {
  const module = starModule(interp, node)
  return module ? exportsOf(interp, module) : []
}

/** What a star import gives for one name, without looking at the others. */
export function starExport(interp: Interpreter, node: ImportFrom, name: string): Value | undefined {
  const module = starModule(interp, node)
  if (!module) return undefined
  const listed = listedNames(interp, module)
  const isExported = listed ? listed.includes(name) : !name.startsWith('_')
  return isExported ? module.lookupDeclared(name, interp) : undefined
}

/** The module that an import names, `..module` as seen from the importing module; null where that has no such parent. */
export function absoluteName(from: ModuleObject | undefined, { module, level }: ImportFrom): string | null {
  if (level === 0) return module
  if (!from) return null
  const parts = from.name.split('.')
  const isPackage = /__init__\.py$/.test(from.path)
  const base = parts.slice(0, parts.length - level + (isPackage ? 1 : 0))
  if (level > parts.length) return null
  return [...base, ...(module ? [module] : [])].join('.')
}
