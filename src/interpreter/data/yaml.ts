// YAML as PyYAML reads it, which is the YAML of 2005: `on` is true, `1e-3` a text and `010` an eight.

import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import { bool, float, list, none, str, unknown, type Value } from '../../trace/values'
import { dictOfPairs, wholeNumber } from './made'

/** PyYAML's own loaders, and OmegaConf's, which knows more floats and no dates. */
export type YamlDialect = 'pyyaml' | 'omegaconf'

/** Not YAML, or not for a loader that makes plain data. */
class Refused {}

/** What a loader of plain data makes of a text; null where it refuses it. `count` is called for each value in it. */
export function valueOfYaml(text: string, dialect: YamlDialect, count: () => void): Value | null {
  const document = parseDocument(text, {
    version: '1.1',
    schema: 'failsafe',
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  })
  if (document.errors.length > 0) return null
  try {
    return new Maker(document, text, dialect, count).valueOf(document.contents)
  } catch (error) {
    if (error instanceof Refused) return null
    throw error
  }
}

const bools = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/
const ints =
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/
const floats =
  /^(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/
const moreFloats =
  /^(?:[-+]?[0-9]+(?:_[0-9]+)*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+))$/
const nulls = /^(?:~|null|Null|NULL|)$/
const dates =
  /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/

class Maker {
  /** Aliases stand for the same object. */
  readonly #made = new Map<object, Value | null>()

  constructor(
    readonly document: Document,
    readonly source: string,
    readonly dialect: YamlDialect,
    readonly count: () => void,
  ) {}

  valueOf(node: unknown): Value {
    if (node === null || node === undefined) return none
    const target = this.#behind(node)
    const known = this.#made.get(target)
    if (known) return known
    // What holds itself has no end.
    if (known === null) throw new Refused()
    this.count()
    this.#made.set(target, null)
    const value = this.#make(target)
    this.#made.set(target, value)
    return value
  }

  #make(node: object): Value {
    if (isScalar(node)) return this.#scalar(node)
    if (isSeq(node) && isPlain(node.tag, 'seq')) return list(node.items.map((item) => this.valueOf(item)))
    if (isMap(node) && isPlain(node.tag, 'map'))
      return dictOfPairs(this.#pairs(node).map(({ key, value }) => [this.valueOf(key), this.valueOf(value)]))
    return unknown('a value of a kind of its own')
  }

  /** The pairs of a mapping behind those that it merges in with `<<`. */
  #pairs(map: YAMLMap): Pair[] {
    const merged: Pair[] = []
    const own: Pair[] = []
    for (const pair of map.items)
      if (isScalar(pair.key) && pair.key.type === 'PLAIN' && pair.key.source === '<<')
        merged.push(...this.#mergedPairs(this.#behind(pair.value)))
      else own.push(pair)
    return [...merged, ...own]
  }

  #mergedPairs(node: object): Pair[] {
    if (isMap(node)) return this.#pairs(node)
    if (!isSeq(node)) throw new Refused()
    // Of several mappings the first counts most.
    return node.items.toReversed().flatMap((item) => {
      const map = this.#behind(item)
      if (!isMap(map)) throw new Refused()
      return this.#pairs(map)
    })
  }

  #behind(node: unknown): object {
    const target = isAlias(node) ? node.resolve(this.document) : node
    if (typeof target !== 'object' || target === null) throw new Refused()
    return target
  }

  #scalar({ type, source, value, tag, range }: Scalar): Value {
    // A block that the file ends in has no more line ends than the file.
    const isLast = range?.[1] === this.source.length && !this.source.endsWith('\n')
    const text = type?.startsWith('BLOCK') && isLast ? String(value).replace(/\n$/, '') : String(value)
    if (tag !== undefined) return isPlain(tag, 'str') ? str(text) : unknown('a value of a kind of its own')
    if (type !== 'PLAIN' || source === undefined) return str(text)
    if (nulls.test(text)) return none
    if (bools.test(text)) return bool(/^(?:yes|true|on)$/i.test(text))
    if (ints.test(text)) return wholeNumber(intOf(text))
    if (floats.test(text) || (this.dialect === 'omegaconf' && moreFloats.test(text)))
      return float(floatOf(text.replaceAll('_', '').toLowerCase()))
    if (this.dialect === 'pyyaml' && dates.test(text)) return unknown('a date')
    if (text === '=') throw new Refused()
    return str(text)
  }
}

const isPlain = (tag: string | undefined, kind: string): boolean =>
  tag === undefined || tag === `tag:yaml.org,2002:${kind}`

function intOf(written: string): bigint {
  const [, sign = '', digits = ''] = /^([-+]?)(.*)$/.exec(written.replaceAll('_', '')) ?? []
  const octal = /^0(\d+)$/.exec(digits)?.[1]
  const text = octal === undefined ? digits : `0o${octal}`
  let number = 0n
  try {
    for (const part of text.split(':')) number = number * 60n + BigInt(part)
  } catch {
    throw new Refused() // `0b_`
  }
  return sign === '-' ? -number : number
}

function floatOf(written: string): number {
  const [, sign = '', text = ''] = /^([-+]?)(.*)$/.exec(written) ?? []
  const size =
    text === '.inf'
      ? Number.POSITIVE_INFINITY
      : text === '.nan'
        ? Number.NaN
        : text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
  return sign === '-' ? -size : size
}
