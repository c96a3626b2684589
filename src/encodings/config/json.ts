// JSON as Python reads it: NaN and Infinity too; what is broken is told with its line and column.

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

export interface JsonProblem {
  /** What was expected, for people. */
  readonly message: string
  /** Both from 1. */
  readonly line: number
  readonly column: number
}

export type Parsed =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly problem: JsonProblem }

/** Reads a text; never throws. */
export function parseJson(text: string): Parsed {
  const reader = new Reader(text.startsWith('\ufeff') ? text.slice(1) : text)
  const value = reader.whole()
  if (value !== undefined) return { ok: true, value }
  return { ok: false, problem: reader.problem() }
}

const deepest = 200

const words: Readonly<Record<string, Json>> = {
  null: null,
  true: true,
  false: false,
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y
const word = /-?[A-Za-z]+/y
const text = /"(?:[^"\\\n]+|\\.)*"/y
const space = /[ \t\r\n]*/y

/** One left-to-right pass; each method gives undefined where the text is wrong, and notes what it expected. */
class Reader {
  #at = 0
  #expected = 'a value'

  constructor(private readonly source: string) {}

  whole(): Json | undefined {
    const value = this.#value(0)
    if (value === undefined) return undefined
    this.#skip()
    return this.#at === this.source.length ? value : this.#fail('the end of the file')
  }

  problem(): JsonProblem {
    const before = this.source.slice(0, this.#at)
    const column = this.#at - before.lastIndexOf('\n')
    const found = this.source[this.#at]
    const shown =
      found === undefined ? 'the file ends' : found === '\n' ? 'the line ends' : `there is ${found}`
    return {
      message: `${this.#expected} is expected, and ${shown}`,
      line: before.split('\n').length,
      column,
    }
  }

  #fail(expected: string): undefined {
    this.#expected = expected
    return undefined
  }

  #value(depth: number): Json | undefined {
    this.#skip()
    const first = this.source[this.#at]
    if (depth > deepest) return this.#fail('a shallower nesting')
    if (first === '{') return this.#object(depth)
    if (first === '[') return this.#array(depth)
    if (first === '"') return this.#string('a closed string')
    const found = this.#match(word)
    if (found !== undefined) {
      const value = words[found]
      if (value !== undefined) return value
      this.#at -= found.length
      return this.#fail('a value')
    }
    const digits = this.#match(number)
    return digits === undefined ? this.#fail('a value') : Number(digits)
  }

  #object(depth: number): Json | undefined {
    const entries: [string, Json][] = []
    this.#at++
    if (this.#take('}')) return {}
    do {
      this.#skip()
      const key = this.#string('a key in double quotes')
      if (key === undefined) return undefined
      if (!this.#take(':')) return this.#fail('a colon')
      const value = this.#value(depth + 1)
      if (value === undefined) return undefined
      entries.push([key, value])
    } while (this.#take(','))
    return this.#take('}') ? Object.fromEntries(entries) : this.#fail('a comma or }')
  }

  #array(depth: number): Json | undefined {
    const values: Json[] = []
    this.#at++
    if (this.#take(']')) return []
    do {
      const value = this.#value(depth + 1)
      if (value === undefined) return undefined
      values.push(value)
    } while (this.#take(','))
    return this.#take(']') ? values : this.#fail('a comma or ]')
  }

  #string(expected: string): string | undefined {
    const found = this.#match(text)
    if (found === undefined) return this.#fail(expected)
    try {
      return JSON.parse(found) as string
    } catch {
      this.#at -= found.length
      return this.#fail('a string without control characters or unknown escapes')
    }
  }

  #take(character: string): boolean {
    this.#skip()
    if (this.source[this.#at] !== character) return false
    this.#at++
    return true
  }

  #skip(): void {
    this.#match(space)
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const [found] = pattern.exec(this.source) ?? []
    if (found !== undefined) this.#at += found.length
    return found
  }
}
