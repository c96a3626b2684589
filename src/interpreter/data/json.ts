// JSON as Python's json module reads it: whole numbers apart from floats, and NaN and infinities besides.

import { bool, float, list, none, str, type Value } from '../../trace/values'
import { dictOfPairs, wholeNumber } from './made'

/** Deeper ones Python refuses. */
const deepest = 500

/** Not JSON. */
class Refused {}

/** What `json.loads` makes of a text; null where that is no JSON. `count` is called for each value in it. */
export function valueOfJson(text: string, count: () => void): Value | null {
  try {
    return new Reader(text, count).whole()
  } catch (error) {
    if (error instanceof Refused) return null
    throw error
  }
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y
const SPACE = /[ \t\n\r]*/y
const PLAIN = /[ !#-[\]-\uffff]*/y

const words: readonly (readonly [string, Value])[] = [
  ['true', bool(true)],
  ['false', bool(false)],
  ['null', none],
  ['NaN', float(Number.NaN)],
  ['Infinity', float(Number.POSITIVE_INFINITY)],
  ['-Infinity', float(Number.NEGATIVE_INFINITY)],
]

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

class Reader {
  #at = 0

  constructor(
    readonly text: string,
    readonly count: () => void,
  ) {}

  whole(): Value {
    const value = this.#value(0)
    this.#skip(SPACE)
    if (this.#at < this.text.length) throw new Refused()
    return value
  }

  #value(depth: number): Value {
    if (depth > deepest) throw new Refused()
    this.count()
    this.#skip(SPACE)
    if (this.#takes('"')) return str(this.#string())
    if (this.#takes('[')) return this.#list(depth)
    if (this.#takes('{')) return this.#dict(depth)
    for (const [word, value] of words) if (this.#takes(word)) return value
    return this.#number()
  }

  #number(): Value {
    NUMBER.lastIndex = this.#at
    const [all, fraction, exponent] = NUMBER.exec(this.text) ?? []
    if (all === undefined) throw new Refused()
    this.#at += all.length
    return fraction === undefined && exponent === undefined ? wholeNumber(BigInt(all)) : float(Number(all))
  }

  #list(depth: number): Value {
    const items: Value[] = []
    this.#skip(SPACE)
    if (this.#takes(']')) return list(items)
    for (;;) {
      items.push(this.#value(depth + 1))
      this.#skip(SPACE)
      if (this.#takes(']')) return list(items)
      this.#expect(',')
    }
  }

  #dict(depth: number): Value {
    const pairs: [Value, Value][] = []
    this.#skip(SPACE)
    if (this.#takes('}')) return dictOfPairs(pairs)
    for (;;) {
      this.#skip(SPACE)
      this.#expect('"')
      const key = str(this.#string())
      this.#skip(SPACE)
      this.#expect(':')
      pairs.push([key, this.#value(depth + 1)])
      this.#skip(SPACE)
      if (this.#takes('}')) return dictOfPairs(pairs)
      this.#expect(',')
    }
  }

  /** A string behind its first quote. */
  #string(): string {
    let string = ''
    for (;;) {
      string += this.#skip(PLAIN)
      if (this.#takes('"')) return string
      this.#expect('\\')
      const letter = this.text.charAt(this.#at++)
      const code = this.text.slice(this.#at, this.#at + 4)
      if (letter === 'u' && /^[0-9a-fA-F]{4}$/.test(code)) {
        string += String.fromCharCode(Number.parseInt(code, 16))
        this.#at += 4
      } else {
        const meant = escapes[letter]
        if (meant === undefined) throw new Refused()
        string += meant
      }
    }
  }

  #skip(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const [skipped = ''] = pattern.exec(this.text) ?? []
    this.#at += skipped.length
    return skipped
  }

  #takes(word: string): boolean {
    if (!this.text.startsWith(word, this.#at)) return false
    this.#at += word.length
    return true
  }

  #expect(letter: string): void {
    if (!this.#takes(letter)) throw new Refused()
  }
}
