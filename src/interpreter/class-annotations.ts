// What a class annotates, as Python gives it: `cls.__annotations__`, `inspect.get_annotations` and `typing.get_type_hints`.

import { type DictEntry, type DictValue, dict, none, str, type Value } from '../trace/values'
import { typeOfAnnotation } from './annotations'
import type { Interpreter } from './interpreter'
import { ClassObject, NativeFunction } from './objects'

/** The annotations of some classes by name, those of the last one first; each is evaluated when it is asked for. */
class AnnotationEntries extends Map<string, DictEntry> {
  readonly #waiting = new Map<string, () => Value>()
  constructor(interp: Interpreter, classes: readonly ClassObject[]) {
    super()
    for (const { definition, module } of classes)
      for (const statement of definition.body) {
        if (statement.kind !== 'AnnAssign' || statement.target.kind !== 'Name') continue
        const { annotation, target } = statement
        this.set(`s:${target.id}`, { key: str(target.id), value: none })
        this.#waiting.set(`s:${target.id}`, () => typeOfAnnotation(interp, module.scope, annotation))
      }
  }
  override get(key: string): DictEntry | undefined {
    const entry = super.get(key)
    const evaluated = this.#waiting.get(key)
    if (!entry || !evaluated) return entry
    this.#waiting.delete(key)
    const known = { ...entry, value: evaluated() }
    this.set(key, known)
    return known
  }
  override *entries(): MapIterator<[string, DictEntry]> {
    for (const key of this.keys()) {
      const entry = this.get(key)
      if (entry) yield [key, entry]
    }
  }
  override *values(): MapIterator<DictEntry> {
    for (const [, entry] of this.entries()) yield entry
  }
  override [Symbol.iterator](): MapIterator<[string, DictEntry]> {
    return this.entries()
  }
  override forEach(callback: (entry: DictEntry, key: string, map: Map<string, DictEntry>) => void): void {
    for (const [key, entry] of this.entries()) callback(entry, key, this)
  }
}

/** What the class itself annotates. */
export const annotationsOf = (interp: Interpreter, cls: ClassObject): DictValue => ({
  ...dict(),
  entries: new AnnotationEntries(interp, [cls]),
})

/** What the class and its bases annotate, the class's own before those of its bases. */
function typeHintsOf(interp: Interpreter, cls: ClassObject): DictValue {
  const hints = { ...dict(), entries: new AnnotationEntries(interp, [...cls.mro].reverse()) }
  if (cls.hasUnknownBase) hints.state.set('isOpen', true)
  return hints
}

const ofClass = (name: string, find: (interp: Interpreter, cls: ClassObject) => DictValue): Value =>
  new NativeFunction(name, ({ positional: [of = none] }, interp) => {
    const cls = interp.settle(of)
    return cls instanceof ClassObject ? find(interp, cls) : interp.unknown('the annotations of a value')
  })

export const getAnnotations = ofClass('get_annotations', annotationsOf)
export const getTypeHints = ofClass('get_type_hints', typeHintsOf)
