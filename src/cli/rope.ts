// `shapescope rope`: the frequency tables that a Hugging Face config.json describes.

import { readFileSync } from 'node:fs'
import { type ConfigReading, type LayerEncoding, readConfig } from '../encodings'
import type { RopeCommand } from './rope-options'
import { ropeCsv, ropeJson, ropeText } from './rope-report'

export interface RopeOutcome {
  /** Empty where nothing could be said. */
  readonly output: string
  /** One line each, for stderr. */
  readonly complaints: readonly string[]
  readonly status: number
}

const refused = 2

export function ropeOutcome({ path, format, length, layerType }: RopeCommand): RopeOutcome {
  const text = textOf(path)
  if (typeof text !== 'string') return wrong(`cannot read ${path}: ${text.problem}`)
  const result = readConfig(text, length === undefined ? {} : { length })
  if (!result.ok) {
    const { line, column, message } = result.problem
    return wrong(`cannot read ${path}: line ${line}, column ${column}: ${message}`)
  }
  const { reading } = result
  const error = reading.notes.find(({ severity }) => severity === 'error')
  if (error) return wrong(`cannot read ${path}: ${error.message}`)
  const layers = chosen(reading, layerType)
  if (typeof layers === 'string') return wrong(`${path}: ${layers}`)
  const complaints = reading.notes
    .filter(({ severity }) => severity === 'warning')
    .map(({ message }) => `shapescope: ${path}: ${message}`)
  const write = { text: ropeText, json: ropeJson, csv: ropeCsv }[format]
  return { output: write(layers, length), complaints, status: 0 }
}

/** The layers to print, or why there are none. */
function chosen(
  { layers, layerTypes }: ConfigReading,
  wanted: string | undefined,
): readonly LayerEncoding[] | string {
  if (wanted === undefined) {
    const tables = layers.filter(({ encoding }) => encoding.frequencies)
    return tables.length > 0 ? tables : layers
  }
  const named = layers.filter(({ layerType }) => layerType === wanted)
  if (named.length > 0) return named
  const all = layers.filter(({ layerType }) => layerType === null)
  if (layerTypes.includes(wanted) && all.length > 0) return all
  const known = new Set([...layers.flatMap(({ layerType }) => layerType ?? []), ...layerTypes])
  if (known.size === 0) return `there is no layer type ${wanted}: all layers are alike`
  return `there is no layer type ${wanted}: there are ${[...known].join(', ')}`
}

function textOf(path: string): string | { problem: string } {
  try {
    return readFileSync(path, 'utf8')
  } catch (problem) {
    const { code } = problem as NodeJS.ErrnoException
    if (code === 'ENOENT') return { problem: 'there is no such file' }
    if (code === 'EISDIR') return { problem: 'it is a folder' }
    return { problem: problem instanceof Error ? problem.message : String(problem) }
  }
}

const wrong = (complaint: string): RopeOutcome => ({
  output: '',
  complaints: [`shapescope: ${complaint}`],
  status: refused,
})
