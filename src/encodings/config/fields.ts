// The keys of a config object read by type: null counts as missing, another type than expected is noted.

import type { Json, JsonObject } from './json'

export interface ConfigNote {
  /** `error`: what it speaks of could not be read. */
  readonly severity: 'error' | 'warning' | 'info'
  /** The path of the key, such as `rope_scaling.factor`; null for the config as a whole. */
  readonly key: string | null
  /** A sentence for people. */
  readonly message: string
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Keys are asked for under several names, the first that is there counts. */
export class Fields {
  constructor(
    readonly object: JsonObject,
    private readonly path: string,
    private readonly notes: ConfigNote[],
  ) {}

  /** The path of a key, for people. */
  at(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`
  }

  has(key: string): boolean {
    return (this.object[key] ?? null) !== null
  }

  number(...keys: string[]): number | undefined {
    return this.#read(keys, 'a number', (value) => typeof value === 'number')
  }

  text(...keys: string[]): string | undefined {
    return this.#read(keys, 'a text', (value) => typeof value === 'string')
  }

  flag(...keys: string[]): boolean | undefined {
    return this.#read(keys, 'true or false', (value) => typeof value === 'boolean')
  }

  numbers(...keys: string[]): readonly number[] | undefined {
    return this.#read(
      keys,
      'a list of numbers',
      (value): value is readonly number[] =>
        Array.isArray(value) && value.every((one) => typeof one === 'number'),
    )
  }

  /** The object under a key; an empty one where it is missing. */
  fields(...keys: string[]): Fields {
    const key = keys.find((one) => this.has(one)) ?? ''
    const object = this.#read<JsonObject>(keys, 'an object', isObject)
    return new Fields(object ?? {}, object ? this.at(key) : this.path, this.notes)
  }

  /** An object with no keys in its place. */
  none(): Fields {
    return new Fields({}, this.path, this.notes)
  }

  note(severity: ConfigNote['severity'], key: string | null, message: string): void {
    if (this.notes.some((one) => one.message === message)) return
    this.notes.push({ severity, key: key === null ? null : this.at(key), message })
  }

  #read<T extends Json>(
    keys: readonly string[],
    expected: string,
    is: (value: Json) => value is T,
  ): T | undefined {
    const key = keys.find((one) => this.has(one))
    const value = key === undefined ? null : (this.object[key] ?? null)
    if (key === undefined || value === null) return undefined
    if (is(value)) return value
    this.note('error', key, `${this.at(key)} has to be ${expected}, and is ${shown(value)}`)
    return undefined
  }
}

function shown(value: Json): string {
  const text = JSON.stringify(value)
  return text.length > 40 ? `${text.slice(0, 39)}…` : text
}
