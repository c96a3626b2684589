// The frequency tables as JSON, whose form is fixed by its version, as CSV, and for people.

import {
  type Encoding,
  type FrequencyRow,
  frequencyCells,
  frequencyColumns,
  frequencyTable,
  type LayerEncoding,
} from '../encodings'

/** One object; encodings without frequencies have an empty `inv_freq`, and a base and an attention factor of null. */
export function ropeJson(layers: readonly LayerEncoding[]): string {
  const encodings = layers.map(({ layerType, ropeType, encoding }) => ({
    layer_type: layerType,
    type: ropeType,
    base: encoding.frequencies ? encoding.values.rope_theta : null,
    dim: 2 * (encoding.frequencies?.theta.length ?? 0),
    attention_factor: encoding.rotation?.attentionFactor ?? null,
    inv_freq: Array.from(encoding.frequencies?.theta ?? []),
  }))
  return `${JSON.stringify({ version: 1, encodings })}\n`
}

export function ropeCsv(layers: readonly LayerEncoding[], length: number | undefined): string {
  const lines = layers.flatMap((layer) =>
    rowsOf(layer, length).map((row) => [layer.layerType ?? '', layer.ropeType, ...frequencyCells(row)]),
  )
  return [['layer_type', 'type', ...frequencyColumns], ...lines]
    .map((cells) => `${cells.join(',')}\n`)
    .join('')
}

export function ropeText(layers: readonly LayerEncoding[], length: number | undefined): string {
  return `${layers.map((layer) => blockOf(layer, length).join('\n')).join('\n\n')}\n`
}

function blockOf(layer: LayerEncoding, length: number | undefined): string[] {
  const { layerType, kind, encoding, ropeType } = layer
  const heading = [...(layerType === null ? [] : [layerType]), `${kind.title} (${ropeType})`].join(': ')
  // a config has no say in the table's layout
  const values = Object.entries(encoding.values).filter(
    ([key, value]) => key !== 'table_layout' && value !== null && !isEmpty(value),
  )
  const lines = [heading, ...values.map(([key, value]) => `  ${key} ${shown(value)}`)]
  if (encoding.rotation) lines.push(`  cos and sin times ${significant(encoding.rotation.attentionFactor)}`)
  const rows = rowsOf(layer, length)
  if (rows.length === 0) return [...lines, '  no frequencies']
  const within = contextOf(layer, length)
  return [...lines, '', ...aligned(columnsOf(encoding, rows, within))]
}

type Column = [title: string, cell: (row: FrequencyRow) => string]

/** Columns that say nothing are left out. */
function columnsOf(encoding: Encoding, rows: readonly FrequencyRow[], context: number): string[][] {
  const isScaled = rows.some(({ unscaled, theta }) => unscaled !== theta)
  const scaled: Column = ['θ scaled', ({ theta }) => significant(theta)]
  const band: Column = ['band', (row) => row.band ?? '']
  const columns: Column[] = [
    ['pair', ({ pair }) => String(pair)],
    ['θ', ({ unscaled }) => significant(unscaled)],
    ...(isScaled ? [scaled] : []),
    [
      'wavelength',
      ({ wavelength }) => (Number.isFinite(wavelength) ? significant(wavelength) : 'stands still'),
    ],
    [`turns in ${context.toLocaleString('en')}`, ({ turns }) => significant(turns)],
    ...(encoding.frequencies?.bands ? [band] : []),
  ]
  return columns.map(([title, cell]) => [title, ...rows.map(cell)])
}

function aligned(columns: readonly (readonly string[])[]): string[] {
  const widths = columns.map((cells) => Math.max(...cells.map((cell) => cell.length)))
  return (columns[0] ?? []).map((_, row) =>
    columns.map((cells, at) => (cells[row] ?? '').padStart(widths[at] ?? 0)).join('  '),
  )
}

const rowsOf = (layer: LayerEncoding, length: number | undefined): FrequencyRow[] =>
  layer.encoding.frequencies ? frequencyTable(layer.encoding.frequencies, contextOf(layer, length)) : []

/** The context whose turns are counted: the sequence at hand, else what the model is made for. */
const contextOf = ({ context }: LayerEncoding, length: number | undefined): number =>
  length ?? context ?? usualContext

const usualContext = 4096

const significant = (value: number): string =>
  value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e7)
    ? value.toExponential(5)
    : String(Number(value.toPrecision(6)))

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0

const shown = (value: unknown): string =>
  typeof value === 'number'
    ? value.toLocaleString('en', { maximumFractionDigits: 6 })
    : Array.isArray(value)
      ? `[${value.length > 4 ? `${value.slice(0, 4).join(', ')}, …` : value.join(', ')}]`
      : String(value)
