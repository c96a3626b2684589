// What a run depends on: the definitions it read, so that it is done again only when one changes.

import type { Value } from '../trace/values'
import { DataReads } from './data/files'
import type { SourceFiles } from './modules'
import {
  BoundMethod,
  ClassObject,
  Descriptor,
  FunctionObject,
  InstanceObject,
  ModuleObject,
  NativeModule,
  NativeType,
  PartialObject,
} from './objects'

const numbers = new WeakMap<object, number>()
let next = 1
const numberOf = (object: object): number => {
  let number = numbers.get(object)
  if (number === undefined) numbers.set(object, (number = next++))
  return number
}

/**
 * A text that is the same for two values made from the same source: functions and classes by their
 * syntax nodes, which keep their identity while their text does not change. Null where it cannot
 * be told, so that whoever read the value is run again.
 */
export function fingerprint(value: Value, depth = 0): string | null {
  if (depth > 4) return null
  switch (value.kind) {
    case 'none':
    case 'ellipsis':
      return value.kind
    case 'device':
      return `device ${value.type}`
    case 'bool':
    case 'float':
    case 'str':
      return `${value.kind} ${value.value}`
    case 'int':
      return value.dim.value === null ? null : `i${value.dim.value}`
    case 'dtype':
      return `d${value.dtype}`
    case 'tuple':
      return list(value.items, depth)
    case 'list': {
      const items = value.slots.get('items')
      return Array.isArray(items) ? list(items, depth) : null
    }
    case 'dict': {
      const parts = [...value.entries].map(([key, entry]) => [key, fingerprint(entry.value, depth + 1)])
      return parts.every(([, v]) => v !== null) ? `{${parts.join()}}` : null
    }
    case 'tensor':
      return value.shape.gap === null && value.shape.lead.every((d) => d.value !== null)
        ? `t${value.dtype}[${value.shape.lead.map((d) => d.value)}]${value.layout === 'contiguous'}`
        : null
    case 'unknown':
      return 'unknown'
    case 'object':
      return objectFingerprint(value, depth)
    default:
      return null
  }
}

const list = (items: readonly Value[], depth: number): string | null => {
  const parts = items.map((i) => fingerprint(i, depth + 1))
  return parts.includes(null) ? null : `(${parts.join()})`
}

function objectFingerprint(value: Value & { kind: 'object' }, depth: number): string | null {
  if (value instanceof FunctionObject) return `f${numberOf(value.definition)}`
  if (value instanceof ClassObject) return classFingerprint(value)
  if (value instanceof ModuleObject || value instanceof NativeModule || value instanceof NativeType)
    return `m${numberOf(value)}`
  if (value instanceof Descriptor || value instanceof BoundMethod || value instanceof PartialObject)
    return fingerprint(value.callable, depth + 1)
  if (value instanceof InstanceObject) {
    const parts = [...value.attributes].map(([key, v]) => `${key}=${fingerprint(v, depth + 1)}`)
    return parts.some((p) => p.endsWith('=null')) ? null : `${classFingerprint(value.cls)}{${parts.join()}}`
  }
  return `o${numberOf(value)}`
}

const shells = new WeakMap<ClassObject['definition'], string>()

/** A class without its methods' bodies: whoever runs one of them depends on it by itself. */
function shell({ name, definition }: ClassObject): string {
  let text = shells.get(definition)
  if (text === undefined) {
    const parts = definition.body.map((s) =>
      s.kind === 'FunctionDef' ? `${s.name}${s.decorators.length}` : numberOf(s),
    )
    shells.set(definition, (text = `${name}:${parts.join('.')}`))
  }
  return text
}

/** A class is its shell and those of its bases. */
function classFingerprint(cls: ClassObject): string {
  if (cls.module.isPrelude) return `p${numberOf(cls)}`
  return cls.mro.map((c) => (c.module.isPrelude ? `p${numberOf(c)}` : shell(c))).join('|')
}

const fingerprintOf = (value: Value | undefined): string | null =>
  value === undefined ? 'absent' : fingerprint(value)

/** What the global names of a module are while nothing runs, each looked at once. */
export class Globals {
  readonly #seen = new Map<string, string | null>()
  constructor(readonly module: ModuleObject) {}

  fingerprint(name: string): string | null {
    let seen = this.#seen.get(name)
    if (seen === undefined) this.#seen.set(name, (seen = fingerprintOf(this.module.globals.get(name))))
    return seen
  }
}

/** The global names that a run read, with what they were, and the files of data. */
export class Reads {
  readonly data = new DataReads()
  /** Names of the file's own module, which a later analysis makes anew. */
  readonly #own = new Map<string, string | null>()
  readonly #others = new Set<ModuleObject>()
  constructor(readonly mainPath: string) {}

  note(module: ModuleObject, name: string, value: Value | undefined): void {
    if (module.isPrelude) return
    this.dependOn(module)
    if (module.path === this.mainPath && !this.#own.has(name)) this.#own.set(name, fingerprintOf(value))
  }

  /** Another module that counts as a whole. */
  dependOn(module: ModuleObject): void {
    if (module.path !== this.mainPath && !module.isPrelude) this.#others.add(module)
  }

  /** Takes over what another run read. */
  absorb(other: Reads): void {
    for (const module of other.#others) this.#others.add(module)
    this.data.absorb(other.data)
    for (const [name, value] of other.#own) if (!this.#own.has(name)) this.#own.set(name, value)
  }

  /**
   * True if every name that was read is still what it was. `main` are those of the file's own module, run anew;
   * other modules stay the same object while neither they nor what they import change.
   */
  areCurrent(main: Globals, moduleNow: (path: string) => ModuleObject | null, files: SourceFiles): boolean {
    if (!this.data.areCurrent(files)) return false
    for (const module of this.#others) if (moduleNow(module.path) !== module) return false
    for (const [name, old] of this.#own) if (old === null || old !== main.fingerprint(name)) return false
    return true
  }
}
