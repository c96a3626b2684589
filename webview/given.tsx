// Queries and keys that a person pastes or loads: the fields for them, and what is wrong with them.

import { createContext } from 'preact'
import { useContext, useId, useMemo, useRef } from 'preact/hooks'
import {
  type ArrayResult,
  type DimOrder,
  dimOrders,
  type GivenHeads,
  pairGiven,
  readArrayText,
} from '../src/compute'
import { longest } from '../src/encodings'
import type { GivenSide } from '../src/protocol/visualiser'
import { NumberField } from './numbers'
import type { AttentionDraft, GivenDraft } from './state'

/** An array that is too long to be kept over reloads: from a file, or pasted. */
export interface LoadedArray {
  readonly name: string
  readonly result: ArrayResult
}

export interface Arrays {
  readonly loaded: Readonly<Record<GivenSide, LoadedArray | null>>
  /** Asks for a file. */
  load(side: GivenSide): void
  keep(side: GivenSide, array: LoadedArray): void
}

export const ArraysContext = createContext<Arrays>({ loaded: { q: null, k: null }, load() {}, keep() {} })

/** Longer texts are not kept over reloads. */
const mostKept = 200_000

export interface Given {
  /** The last that were right; null before there are any. */
  readonly heads: GivenHeads | null
  readonly problems: Readonly<Record<GivenSide, string | null>>
  readonly shapes: Readonly<Record<GivenSide, readonly number[] | null>>
}

/** Reads and pairs what is given. */
export function useGiven({ given, order, batch }: AttentionDraft): Given {
  const { loaded } = useContext(ArraysContext)
  const q = useMemo(() => readOne('q', given.q, loaded.q), [given.q, loaded.q])
  const k = useMemo(() => readOne('k', given.k, loaded.k), [given.k, loaded.k])
  const pair = useMemo(
    () => (q?.ok && k?.ok ? pairGiven(q.value, k.value, order, batch) : null),
    [q, k, order, batch],
  )
  const last = useRef<GivenHeads | null>(null)
  if (pair?.ok) last.current = pair.value
  const heads = last.current
  return useMemo(() => {
    const problemOf = (side: GivenSide, result: ArrayResult | null): string | null => {
      if (result && !result.ok) return result.message
      return pair && !pair.ok && pair.of === side ? pair.message : null
    }
    return {
      heads,
      problems: { q: problemOf('q', q), k: problemOf('k', k) },
      shapes: { q: q?.ok ? q.value.shape : null, k: k?.ok ? k.value.shape : null },
    }
  }, [heads, pair, q, k])
}

/** Null where nothing is given yet. */
function readOne(side: GivenSide, draft: GivenDraft | null, loaded: LoadedArray | null): ArrayResult | null {
  if (!draft) return null
  if (draft.text !== null) return named(side, readArrayText(draft.text))
  if (loaded) return named(side, loaded.result)
  return { ok: false, message: `${draft.name} is not kept over a reload: load it again` }
}

/** Fewer queries than keys are the last ones, as in decoding with a cache, unless a person says where they are. */
export function queriesOf({ queries, keys }: GivenHeads, { queryStart }: AttentionDraft) {
  return { count: queries, from: queryStart ?? Math.max(0, keys - queries) }
}

const named = (side: GivenSide, result: ArrayResult): ArrayResult =>
  result.ok ? result : { ok: false, message: `${side} cannot be read: ${result.message}` }

interface Props {
  readonly draft: AttentionDraft
  readonly given: Given
  readonly onChange: (draft: AttentionDraft) => void
}

export function GivenFields({ draft, given, onChange }: Props) {
  const batches = given.heads?.batches ?? 1
  const order = useId()
  return (
    <fieldset class="given" aria-label="Given queries and keys">
      <OneArray side="q" title="Queries" draft={draft} given={given} onChange={onChange} />
      <OneArray side="k" title="Keys" draft={draft} given={given} onChange={onChange} />
      <div class="controls">
        <label for={order}>
          dims{' '}
          <select
            id={order}
            value={draft.order}
            onChange={(event) => onChange({ ...draft, order: event.currentTarget.value as DimOrder })}
          >
            {dimOrders.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        {batches > 1 && (
          <NumberField
            name="batch"
            meaning="The entry of the batch that is shown."
            range={[0, batches - 1]}
            value={Math.min(draft.batch, batches - 1)}
            onChange={(batch) => onChange({ ...draft, batch })}
          />
        )}
        {given.heads && given.heads.queries !== given.heads.keys && (
          <NumberField
            name="first query"
            meaning="The position of the first query; keys begin at 0. Queries that are fewer are the last ones unless this says otherwise."
            range={[0, longest]}
            value={queriesOf(given.heads, draft).from}
            onChange={(queryStart) => onChange({ ...draft, queryStart })}
          />
        )}
      </div>
    </fieldset>
  )
}

function OneArray({ side, title, draft, given, onChange }: Props & { side: GivenSide; title: string }) {
  const { load, keep } = useContext(ArraysContext)
  const id = useId()
  const own = draft.given[side]
  const shape = given.shapes[side]
  const problem = given.problems[side]
  const set = (next: GivenDraft): void => onChange({ ...draft, given: { ...draft.given, [side]: next } })
  const paste = (text: string): void => {
    const isKept = text.length <= mostKept
    if (!isKept) keep(side, { name: 'pasted', result: readArrayText(text) })
    set({ name: 'pasted', text: isKept ? text : null })
  }
  return (
    <div class="field array">
      <div class="bar">
        <label for={id}>{title}</label>
        {shape && <code>{`[${shape.join(', ')}]`}</code>}
        {own && own.text === null && <span class="note">{own.name}</span>}
        <span class="spring" />
        <button type="button" class="quiet" onClick={() => load(side)}>
          Load …
        </button>
      </div>
      <textarea
        id={id}
        name={side}
        rows={2}
        spellcheck={false}
        placeholder="[[0.1, −0.2, …], …], CSV, or load a .npy"
        aria-invalid={problem !== null}
        aria-describedby={`${id}-about`}
        value={own?.text ?? ''}
        onInput={(event) => paste(event.currentTarget.value)}
      />
      <span id={`${id}-about`} class={problem ? 'problem' : 'hidden'} aria-live="polite">
        {problem ?? 'Nested lists in JSON, lines of CSV, or a file of NumPy.'}
      </span>
    </div>
  )
}
