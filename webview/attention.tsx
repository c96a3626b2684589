// Attention from queries and keys: every head small, one large, from scores over the mask to weights; and two encodings' difference.

import { useMemo, useState } from 'preact/hooks'
import type { BackendState } from './backends/use'
import type { Theme } from './colours'
import { type HeadOptions, useHead, useThumbnails } from './head'
import { Heatmap } from './heatmap'
import { difference } from './matrix'
import { NumberField } from './numbers'
import type { Named } from './positions'
import { type AttentionDraft, attentionLimits } from './state'
import { Thumbnails } from './thumbnails'
import { useView, type View } from './view'

const stages = {
  scores: 'Scores',
  masked: 'After the mask',
  weights: 'After the softmax',
} as const

interface ControlsProps {
  readonly draft: AttentionDraft
  readonly onChange: (draft: AttentionDraft) => void
}

export function AttentionControls({ draft, onChange }: ControlsProps) {
  const set = (change: Partial<AttentionDraft>): void => onChange({ ...draft, ...change })
  return (
    <div class="controls">
      <fieldset class="choice">
        <legend class="hidden">Stage</legend>
        {Object.entries(stages).map(([stage, title]) => (
          <button
            key={stage}
            type="button"
            aria-pressed={draft.stage === stage}
            onClick={() => set({ stage: stage as AttentionDraft['stage'] })}
          >
            {stage === 'weights' && draft.form === 'linear' ? 'After normalising' : title}
          </button>
        ))}
      </fieldset>
      <label>
        mask{' '}
        <select
          value={draft.mask}
          onChange={(event) => set({ mask: event.currentTarget.value as AttentionDraft['mask'] })}
        >
          <option>none</option>
          <option>causal</option>
          <option>sliding</option>
        </select>
      </label>
      <label>
        attention{' '}
        <select
          value={draft.form}
          onChange={(event) => set({ form: event.currentTarget.value as AttentionDraft['form'] })}
        >
          <option>softmax</option>
          <option>linear</option>
        </select>
      </label>
      {draft.mask === 'sliding' && (
        <NumberField
          name="window"
          meaning="The keys that a query sees, itself included."
          range={attentionLimits.window}
          value={draft.window}
          onChange={(window) => set({ window })}
        />
      )}
      <NumberField
        name="heads"
        meaning="How many heads are shown."
        range={attentionLimits.heads}
        value={draft.heads}
        onChange={(heads) => set({ heads, head: Math.min(draft.head, heads - 1) })}
      />
      <NumberField
        name="queries and keys"
        meaning="How many positions attend to each other."
        range={attentionLimits.length}
        value={draft.length}
        onChange={(length) => set({ length })}
      />
      <NumberField
        name="seed"
        meaning="Queries and keys are normal numbers that follow from it."
        range={attentionLimits.seed}
        value={draft.seed}
        onChange={(seed) => set({ seed })}
      />
    </div>
  )
}

interface MapsProps extends ControlsProps {
  readonly encodings: readonly Named[]
  readonly backend: BackendState
  readonly theme: Theme
  readonly height: number
}

/** The maps of one or two encodings, with one view for all. */
export function AttentionMaps({ encodings, draft, backend, theme, height, onChange }: MapsProps) {
  const { stage, length, seed, form, window: size, head, heads } = draft
  const options = useMemo<HeadOptions>(
    () => ({
      mask: draft.mask === 'sliding' ? { kind: 'sliding', window: size } : { kind: draft.mask },
      stage,
      length,
      seed,
      form,
      head,
    }),
    [draft.mask, size, stage, length, seed, form, head],
  )
  const [first, second] = encodings
  const [own, other] = [useHead(first ?? null, backend, options), useHead(second ?? null, backend, options)]
  const shownLength = own.matrix?.rows ?? length
  const view = useView(shownLength, shownLength)
  const both = useMemo(
    () => (own.matrix && other.matrix ? difference(own.matrix, other.matrix) : null),
    [own.matrix, other.matrix],
  )
  const isIdle = own.isIdle && (!second || other.isIdle)
  const shared = { backend, options, heads, theme, height, view, isIdle }
  const pick = (at: number): void => onChange({ ...draft, head: at })
  return (
    <div class="beside">
      {first && <OneMap {...shared} named={first} head={own} onHead={pick} />}
      {second && <OneMap {...shared} named={second} head={other} onHead={pick} />}
      {both && (
        <section class="attention" aria-label="Difference">
          <Heatmap
            matrix={{ ...both, title: `the first minus the second, head ${head}` }}
            theme={theme}
            height={height}
            view={view}
          />
        </section>
      )}
    </div>
  )
}

interface OneProps {
  readonly named: Named
  readonly head: ReturnType<typeof useHead>
  readonly backend: BackendState
  readonly options: HeadOptions
  readonly heads: number
  readonly theme: Theme
  readonly height: number
  readonly view: View
  /** The large maps are done, so that the small ones have their turn. */
  readonly isIdle: boolean
  readonly onHead: (head: number) => void
}

function OneMap(props: OneProps) {
  const { named, head, backend, options, heads, theme, height, view, isIdle, onHead } = props
  const [isStopped, setStopped] = useState(false)
  const thumbnails = useThumbnails(named.encoding, backend, options, heads, isIdle && !isStopped)
  const busy = head.busy ?? thumbnails.busy
  return (
    <section class="attention" aria-label={`Attention with ${named.name}`}>
      <Thumbnails {...thumbnails} heads={heads} chosen={options.head} theme={theme} onHead={onHead} />
      {head.matrix && (
        <Heatmap matrix={head.matrix} theme={theme} height={height} view={view} onWindow={head.want} />
      )}
      <p class="note busy" role="status">
        {busy && (
          <>
            {busy}{' '}
            <button
              type="button"
              class="quiet"
              onClick={() => {
                head.stop()
                setStopped(true)
              }}
            >
              Stop
            </button>
          </>
        )}
        {isStopped && !busy && (
          <button type="button" class="quiet" onClick={() => setStopped(false)}>
            Compute the other heads
          </button>
        )}
        {head.problem && <span class="problem">The backend failed: {head.problem}</span>}
      </p>
    </section>
  )
}
