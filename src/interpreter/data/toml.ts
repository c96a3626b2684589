// TOML as Python's tomllib reads it: whole numbers apart from floats.

import { parse, TomlDate, TomlError } from 'smol-toml'
import { bool, float, list, str, unknown, type Value } from '../../trace/values'
import { dictOfPairs, wholeNumber } from './made'

/** What `tomllib.loads` makes of a text; null where that is no TOML. `count` is called for each value in it. */
export function valueOfToml(text: string, count: () => void): Value | null {
  try {
    return made(parse(text, { integersAsBigInt: true }), count)
  } catch (error) {
    if (error instanceof TomlError) return null
    throw error
  }
}

function made(data: unknown, count: () => void): Value {
  count()
  if (typeof data === 'bigint') return wholeNumber(data)
  if (typeof data === 'number') return float(data)
  if (typeof data === 'string') return str(data)
  if (typeof data === 'boolean') return bool(data)
  if (Array.isArray(data)) return list(data.map((item) => made(item, count)))
  if (typeof data !== 'object' || data === null || data instanceof TomlDate) return unknown('a date')
  const pairs = Object.entries(data)
  // JavaScript puts such keys first.
  if (pairs.some(([key]) => /^\d+$/.test(key))) return unknown('a table whose order is not known')
  return dictOfPairs(pairs.map(([key, value]) => [str(key), made(value, count)]))
}
