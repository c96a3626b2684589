// `import` and `from … import …`: bringing other modules' names into scope.

import type { Alias, ImportFrom } from '../syntax/tree'
import { none, type Value } from '../trace/values'
import { getAttribute } from './attributes'
import { type Interpreter, PythonRaise } from './interpreter'
import { nativeModule } from './natives'
import { ModuleObject, NativeModule } from './objects'
import { assignName } from './scopes'

/** The module of a dotted name: known to ShapeScope itself, or read from source. */
export function loadModule(interp: Interpreter, name: string): Value | null {
  const native = nativeModule(interp, name)
  if (native) return native
  const from = interp.activation?.scope.module
  return from ? interp.modules.load(name, from) : null
}

function missing(interp: Interpreter, name: string): Value {
  // `try: import x … except ImportError:` goes on with the handler.
  if (interp.importGuards > 0) throw new PythonRaise(none)
  return interp.unknown(`the module ${name} is not found; add its folder to shapescope.searchPaths`, name)
}

export function importModule(interp: Interpreter, alias: Alias): void {
  const module = loadModule(interp, alias.name)
  if (alias.asname !== null) {
    assignName(interp, alias.asname, module ?? missing(interp, alias.name))
    return
  }
  // `import a.b` binds `a`, of which `b` is then an attribute.
  const [root = alias.name] = alias.name.split('.')
  assignName(interp, root, loadModule(interp, root) ?? missing(interp, root))
}

export function importFrom(interp: Interpreter, node: ImportFrom): void {
  const name = absoluteName(interp, node.module, node.level)
  if (name === '__future__') return
  const module = name === null ? null : loadModule(interp, name)
  for (const alias of node.names) {
    if (alias.name === '*') {
      if (module instanceof ModuleObject) importAll(interp, module)
      continue
    }
    const value = importedName(interp, module, name, alias.name)
    assignName(
      interp,
      alias.asname ?? alias.name,
      value ?? missing(interp, `${name ?? node.module}.${alias.name}`),
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
    const value = module.globals.get(name)
    if (value !== undefined) return value
    const submodule = loadModule(interp, `${module.name}.${name}`)
    if (submodule) return submodule
    if (module.isPrelude) return getAttribute(interp, module, name)
    return module.isLoaded && !module.globals.has('__getattr__') ? null : getAttribute(interp, module, name)
  }
  if (module instanceof NativeModule) return getAttribute(interp, module, name)
  if (module) return getAttribute(interp, module, name)
  return moduleName === null ? null : loadModule(interp, `${moduleName}.${name}`)
}

/** A star import: all names without a leading underscore, or those of `__all__`. */
function importAll(interp: Interpreter, module: ModuleObject): void {
  const listed = module.globals.get('__all__')
  const names = listed ? interp.itemsOf(listed)?.map((v) => (v.kind === 'str' ? v.value : null)) : null
  for (const [name, value] of module.globals)
    if (names ? names.includes(name) : !name.startsWith('_')) assignName(interp, name, value)
}

/** `..module` as seen from the importing module. */
function absoluteName(interp: Interpreter, module: string, level: number): string | null {
  if (level === 0) return module
  const from = interp.activation?.scope.module
  if (!from) return null
  const parts = from.name.split('.')
  const isPackage = /__init__\.py$/.test(from.path)
  const base = parts.slice(0, parts.length - level + (isPackage ? 1 : 0))
  if (level > parts.length) return null
  return [...base, ...(module ? [module] : [])].join('.')
}
