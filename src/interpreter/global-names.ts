// `globals()` and `vars(module)`: the names of a module, read and written as a dict.

import { type DictEntry, type DictValue, dict, str, type Value } from '../trace/values'
import { ComputedEntries } from './computed-entries'
import type { Interpreter } from './interpreter'
import type { ModuleObject } from './objects'

const known = new WeakMap<ModuleObject, { readonly entries: GlobalEntries; readonly value: DictValue }>()

/** The names of a module, of the one whose code runs if none is given; the same dict each time. */
export function globalNames(interp: Interpreter, module = interp.activation?.scope.module): Value {
  if (!module) return interp.unknown('globals() outside of a module')
  let names = known.get(module)
  if (!names) {
    const entries = new GlobalEntries(module)
    names = { entries, value: { ...dict(), entries } }
    known.set(module, names)
  }
  names.entries.interp = interp
  return names.value
}

const prefix = 's:'
const nameIn = (key: string): string | null => (key.startsWith(prefix) ? key.slice(prefix.length) : null)

/** The entries of a module's dict: a name is run when it is asked for, all of them when the dict is gone through. */
class GlobalEntries extends ComputedEntries {
  interp: Interpreter | null = null
  readonly #module: ModuleObject
  constructor(module: ModuleObject) {
    super()
    this.#module = module
  }
  override get size(): number {
    return [...this.keys()].length
  }
  override get(key: string): DictEntry | undefined {
    const name = nameIn(key)
    if (name === null || !this.interp) return undefined
    const value = this.#module.lookup(name, this.interp)
    this.interp.reads.note(this.#module, name, value)
    return value && { key: str(name), value }
  }
  override has(key: string): boolean {
    return this.get(key) !== undefined
  }
  override set(key: string, { value }: DictEntry): this {
    const name = nameIn(key)
    if (name !== null) this.#module.globals.set(name, value)
    return this
  }
  override delete(key: string): boolean {
    return this.has(key) && this.#module.globals.delete(nameIn(key) ?? '')
  }
  override *keys(): MapIterator<string> {
    if (this.interp) this.#module.pending?.runAll(this.interp)
    for (const name of this.#module.globals.keys()) yield prefix + name
  }
}
