// A module whose statements are parsed as they are asked for, and bodies of functions when they are called.

import { readLines } from './lexer'
import { Builder } from './parse'
import type { Statement } from './tree'
import { cutUnits, type UnitShape } from './units'

/** A top-level statement that may not be parsed yet. */
export interface LazyUnit {
  /** The names that it binds, where that is plain from its first line; null if it has to be parsed. */
  readonly names: readonly string[] | null
  /** The text of a definition's decorators, if that is what it is. */
  readonly decorators: string
  statements(): readonly Statement[]
  /** The plain texts that a class with bases gives its attributes: a base may enter it somewhere under one of them. */
  labels(): readonly string[]
}

/** `def name`, `class name`, or `name = ` before a table, with the decorators above it. */
const DEFINITION = /(@.*?^)?(?:async\s+)?(?:def|class)\s+(\w+)/msy
const TABLE = /()(\w+)(?:\s*:\s*[\w.[\], ]+)?\s*=\s*(?:[{[]|r?["'])(?!.*:=)/y

const SUBCLASS = /^class\s+\w+\(/m
const LABEL = /^[ \t]+\w+(?:\s*:[^=\n]*)?\s*=\s*["'](\w+)["']\s*$/gm

type Head = Pick<LazyUnit, 'names' | 'decorators'>

function headOf(text: string, start: number): Head {
  for (const pattern of [DEFINITION, TABLE]) {
    pattern.lastIndex = start
    const [, decorators = '', name] = pattern.exec(text) ?? []
    if (name !== undefined) return { names: [name], decorators }
  }
  return { names: null, decorators: '' }
}

/** Cuts a module into its statements without parsing them; never throws once the grammar is loaded. */
export function readLazily(text: string): LazyUnit[] {
  const { lines, comments } = readLines(text)
  const builder = new Builder(text, lines, comments, true)
  return cutUnits(text, lines).map((shape) => new Unit(builder, shape, headOf(text, shape.start)))
}

class Unit implements LazyUnit {
  #statements: readonly Statement[] | null = null
  #labels: readonly string[] | null = null
  readonly names: readonly string[] | null
  readonly decorators: string
  constructor(
    readonly builder: Builder,
    readonly shape: UnitShape,
    { names, decorators }: Head,
  ) {
    this.names = names
    this.decorators = decorators
  }
  statements(): readonly Statement[] {
    this.#statements ??= this.builder.unit(this.shape).body
    return this.#statements
  }
  labels(): readonly string[] {
    if (this.#labels) return this.#labels
    const text = this.builder.text.slice(this.shape.start, this.shape.end)
    this.#labels = SUBCLASS.test(text) ? Array.from(text.matchAll(LABEL), ([, label = '']) => label) : []
    return this.#labels
  }
}
