// What a class annotates, as Python gives it: `cls.__annotations__`, `inspect.get_annotations` and `typing.get_type_hints`.

import { type DictEntry, type DictValue, dict, none, str, type Value } from '../trace/values'
import { keptAnnotation, typeOfAnnotation } from './annotations'
import { ComputedEntries } from './computed-entries'
import type { Interpreter } from './interpreter'
import { ClassObject, NativeFunction } from './objects'

/** The annotations of some classes by name, those of the last one first; each is read when it is asked for. */
class AnnotationEntries extends ComputedEntries {
  readonly #read = new Map<string, () => DictEntry>()
  constructor(interp: Interpreter, classes: readonly ClassObject[], read: typeof typeOfAnnotation) {
    super()
    for (const { definition, module } of classes)
      for (const statement of definition.body) {
        if (statement.kind !== 'AnnAssign' || statement.target.kind !== 'Name') continue
        const { annotation, target } = statement
        this.#read.set(`s:${target.id}`, () => ({
          key: str(target.id),
          value: read(interp, module.scope, annotation),
        }))
      }
  }
  override get size(): number {
    return this.#read.size
  }
  override get(key: string): DictEntry | undefined {
    const read = this.#read.get(key)
    const entry = read?.()
    if (entry) this.#read.set(key, () => entry)
    return entry
  }
  override has(key: string): boolean {
    return this.#read.has(key)
  }
  override set(key: string, entry: DictEntry): this {
    this.#read.set(key, () => entry)
    return this
  }
  override delete(key: string): boolean {
    return this.#read.delete(key)
  }
  override keys(): MapIterator<string> {
    return this.#read.keys()
  }
}

/** What the class itself annotates. */
export const annotationsOf = (interp: Interpreter, cls: ClassObject): DictValue => ({
  ...dict(),
  entries: new AnnotationEntries(interp, [cls], keptAnnotation),
})

/** What the class and its bases annotate, the class's own before those of its bases; texts are evaluated. */
function typeHintsOf(interp: Interpreter, cls: ClassObject): DictValue {
  const entries = new AnnotationEntries(interp, [...cls.mro].reverse(), typeOfAnnotation)
  const hints = { ...dict(), entries }
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
