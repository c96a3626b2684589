// A module whose statements are parsed as they are asked for, and bodies of functions when they are called.

import { readLines } from './lexer'
import { Builder } from './parse'
import type { Statement } from './tree'
import { cutUnits, type UnitShape } from './units'

/** A top-level statement that may not be parsed yet. */
export interface LazyUnit {
  /**
   * The names that it binds or that its decorators may change, where that is plain from its first lines;
   * null if it has to be parsed.
   */
  readonly names: readonly string[] | null
  statements(): readonly Statement[]
}

/** `def name`, `class name`, or `name = ` before a table, with the decorators above it. */
const DEFINITION = /(?:@[^\n]*\n\s*)*(?:async\s+)?(?:def|class)\s+(\w+)/y
const TABLE = /(\w+)(?:\s*:\s*[\w.[\], ]+)?\s*=\s*(?:[{[]|r?["'])(?!.*:=)/y

/** A decorator that is a method of something, which may keep what it decorates: `@registry.register('x')`. */
const METHOD = /@(\w+)(?:\.\w+)+\(/g

function namesOf(text: string, start: number): string[] | null {
  for (const pattern of [DEFINITION, TABLE]) {
    pattern.lastIndex = start
    const [head = '', name] = pattern.exec(text) ?? []
    if (name !== undefined) return [name, ...Array.from(head.matchAll(METHOD), ([, root = '']) => root)]
  }
  return null
}

/** Cuts a module into its statements without parsing them; never throws once the grammar is loaded. */
export function readLazily(text: string): LazyUnit[] {
  const { lines, comments } = readLines(text)
  const builder = new Builder(text, lines, comments, true)
  return cutUnits(text, lines).map((shape) => new Unit(builder, shape, namesOf(text, shape.start)))
}

class Unit implements LazyUnit {
  #statements: readonly Statement[] | null = null
  constructor(
    readonly builder: Builder,
    readonly shape: UnitShape,
    readonly names: readonly string[] | null,
  ) {}
  statements(): readonly Statement[] {
    this.#statements ??= this.builder.unit(this.shape).body
    return this.#statements
  }
}
