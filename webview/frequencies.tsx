// The frequency table: sorted by any column, only the rows that show are made, copied as CSV.

import { useContext, useMemo, useState } from 'preact/hooks'
import {
  type Encoding,
  type FrequencyRow,
  frequencyCells,
  frequencyColumns,
  frequencyTable,
} from '../src/encodings'
import { OutletContext } from './exports'
import { numberText } from './matrix'

const rowHeight = 24
const spare = 6

type Key = keyof FrequencyRow

const columns: readonly { key: Key; title: string; meaning: string }[] = [
  { key: 'pair', title: 'pair', meaning: 'The pair of dimensions, from 0' },
  { key: 'unscaled', title: 'θ', meaning: 'Radians a position, before any scaling' },
  { key: 'theta', title: 'θ scaled', meaning: 'Radians a position, as it is used' },
  { key: 'wavelength', title: 'wavelength', meaning: 'Positions a turn' },
  { key: 'turns', title: 'turns', meaning: 'Full turns within the length' },
  { key: 'band', title: 'band', meaning: 'What the scaling does to the pair' },
]

export function FrequencyTable({
  encoding,
  length,
  title,
}: {
  encoding: Encoding
  length: number
  title: string
}) {
  const outlet = useContext(OutletContext)
  const [sort, setSort] = useState<{ key: Key; isDown: boolean }>({ key: 'pair', isDown: false })
  const [top, setTop] = useState(0)
  const { frequencies } = encoding
  const rows = useMemo(() => (frequencies ? frequencyTable(frequencies, length) : []), [frequencies, length])
  const sorted = useMemo(() => {
    const sign = sort.isDown ? -1 : 1
    return [...rows].sort((a, b) => sign * compare(a[sort.key], b[sort.key]) || a.pair - b.pair)
  }, [rows, sort])
  if (!frequencies) return <p class="note">{encoding.kind.title} has no frequencies.</p>
  const isScaled = frequencies.theta !== frequencies.unscaled
  const shownColumns = columns.filter(({ key }) =>
    key === 'band' ? frequencies.bands : key !== 'theta' || isScaled,
  )
  const from = Math.max(0, Math.floor(top / rowHeight) - spare)
  const to = Math.min(sorted.length, from + 60 + 2 * spare)
  const csv = (): string =>
    [frequencyColumns.join(','), ...sorted.map((row) => frequencyCells(row).join(','))]
      .map((line) => `${line}\n`)
      .join('')
  return (
    <section aria-label={`Frequencies of ${title}`}>
      <div class="bar">
        <h3>{title}</h3>
        <span class="note">
          {rows.length} pairs
          {encoding.rotation && `, cos and sin times ${numberText(encoding.rotation.attentionFactor)}`}
        </span>
        <span class="spring" />
        <button
          type="button"
          class="quiet"
          title="Copy as CSV"
          onClick={() => outlet.copy(csv(), `${rows.length} rows as CSV`)}
        >
          Copy
        </button>
        <button
          type="button"
          class="quiet"
          title="Save as CSV"
          onClick={() => outlet.save('frequencies.csv', { encoding: 'text', data: csv() })}
        >
          CSV
        </button>
      </div>
      <section
        class="rows"
        aria-label={`Table of ${title}`}
        tabIndex={0}
        onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}
      >
        <table aria-rowcount={sorted.length + 1}>
          <thead>
            <tr>
              {shownColumns.map(({ key, title, meaning }) => (
                <th
                  key={key}
                  scope="col"
                  aria-sort={sort.key !== key ? 'none' : sort.isDown ? 'descending' : 'ascending'}
                >
                  <button
                    type="button"
                    title={meaning}
                    onClick={() => setSort({ key, isDown: sort.key === key && !sort.isDown })}
                  >
                    {title}
                    <span class="arrow">{sort.key !== key ? '' : sort.isDown ? '▾' : '▴'}</span>
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {from > 0 && <tr style={{ height: `${from * rowHeight}px` }} />}
            {sorted.slice(from, to).map((row, at) => (
              <tr key={row.pair} aria-rowindex={from + at + 2}>
                {shownColumns.map(({ key }) => (
                  <td key={key} class={key === 'band' ? `band ${row.band}` : ''}>
                    {key === 'band'
                      ? row.band
                      : key === 'pair'
                        ? row.pair
                        : numberText(row[key] as number, 7)}
                  </td>
                ))}
              </tr>
            ))}
            {to < sorted.length && <tr style={{ height: `${(sorted.length - to) * rowHeight}px` }} />}
          </tbody>
        </table>
      </section>
    </section>
  )
}

const compare = (a: number | string | null, b: number | string | null): number =>
  typeof a === 'number' && typeof b === 'number'
    ? a < b
      ? -1
      : a > b
        ? 1
        : 0
    : String(a).localeCompare(String(b))
