// Attention from queries and keys: every head small, one large, from scores over the mask to weights; and two encodings' difference.

import { useMemo, useState } from 'preact/hooks'
import type { GivenHeads } from '../src/compute'
import type { BackendState } from './backends/use'
import type { Theme } from './colours'
import { queriesOf } from './given'
import { type HeadOptions, type HeadState, useHead, useThumbnails } from './head'
import { Heatmap } from './heatmap'
import { difference } from './matrix'
import { NumberField } from './numbers'
import type { Named } from './positions'
import { type AttentionDraft, attentionLimits } from './state'
import { Thumbnails } from './thumbnails'
import { useView } from './view'

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
  const number = (key: keyof typeof attentionLimits, meaning: string, name: string = key) => (
    <NumberField
      name={name}
      meaning={meaning}
      range={attentionLimits[key]}
      value={draft[key]}
      onChange={(value) => set({ [key]: value })}
    />
  )
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
      {draft.mask === 'sliding' && number('window', 'The keys that a query sees, itself included.')}
      <label>
        q and k{' '}
        <select
          name="source"
          value={draft.source}
          onChange={(event) => set({ source: event.currentTarget.value as AttentionDraft['source'] })}
        >
          <option>random</option>
          <option>given</option>
        </select>
      </label>
      {draft.source === 'random' && (
        <>
          {number('heads', 'How many heads are shown.')}
          {number('length', 'How many positions attend to each other.', 'positions')}
          {number('seed', 'Queries and keys are normal numbers that follow from it.')}
        </>
      )}
    </div>
  )
}

interface MapsProps extends ControlsProps {
  readonly encodings: readonly Named[]
  /** Queries and keys that take the place of random ones. */
  readonly given: GivenHeads | null
  readonly backend: BackendState
  readonly theme: Theme
  readonly height: number
  readonly onHeadDim: (which: 'first' | 'second', headDim: number) => void
}

/** The maps of one or two encodings, with one view for all. */
export function AttentionMaps(props: MapsProps) {
  const { encodings, draft, given, backend, theme, height, onChange, onHeadDim } = props
  const { stage, seed, form, window: size } = draft
  const heads = given ? given.heads : draft.heads
  const length = given ? given.keys : draft.length
  const queries = useMemo(() => (given ? queriesOf(given, draft) : null), [given, draft.queryStart])
  const head = Math.min(draft.head, heads - 1)
  const options = useMemo<HeadOptions>(
    () => ({
      mask: draft.mask === 'sliding' ? { kind: 'sliding', window: size } : { kind: draft.mask },
      stage,
      length,
      seed,
      form,
      head,
      ...(given && queries ? { given: given.vector, queries } : {}),
    }),
    [draft.mask, size, stage, length, seed, form, head, given, queries],
  )
  const fits = (named: Named | undefined): boolean => !given || named?.encoding.headDim === given.headDim
  const [first, second] = encodings
  const own = useHead(first ?? null, backend, fits(first) ? options : null)
  const other = useHead(second ?? null, backend, fits(second) ? options : null)
  const view = useView(own.matrix?.rows ?? queries?.count ?? length, own.matrix?.columns ?? length)
  const both = useMemo(
    () => (own.matrix && other.matrix ? difference(own.matrix, other.matrix) : null),
    [own.matrix, other.matrix],
  )
  const isIdle = own.isIdle && (!second || other.isIdle)
  const pick = (at: number): void => onChange({ ...draft, head: at })
  const stripOf = (named: Named) => (
    <Strip
      named={named}
      isNamed={encodings.length > 1}
      backend={backend}
      options={fits(named) ? options : null}
      heads={heads}
      head={head}
      theme={theme}
      isTurn={isIdle}
      onHead={pick}
    />
  )
  const mapOf = (which: 'first' | 'second', named: Named, state: HeadState) => (
    <section class="attention" aria-label={`Attention with ${named.name}`}>
      {given && !fits(named) && (
        <HeadDimProblem named={named} headDim={given.headDim} onFix={() => onHeadDim(which, given.headDim)} />
      )}
      {state.matrix && (
        <Heatmap matrix={state.matrix} theme={theme} height={height} view={view} onWindow={state.want} />
      )}
      <Progress what={state.busy} onStop={state.stop} />
      {state.problem && <p class="problem">The backend failed: {state.problem}</p>}
    </section>
  )
  return (
    <>
      {first && heads > 1 && stripOf(first)}
      {second && heads > 1 && stripOf(second)}
      <div class={second ? 'beside three' : 'beside'}>
        {first && mapOf('first', first, own)}
        {second && mapOf('second', second, other)}
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
    </>
  )
}

function HeadDimProblem({ named, headDim, onFix }: { named: Named; headDim: number; onFix: () => void }) {
  return (
    <p class="problem" role="alert">
      {`q has ${headDim} in dim -1, ${named.name} has a head_dim of ${named.encoding.headDim}: `}
      <button type="button" class="quiet" onClick={onFix}>
        Set head_dim to {headDim}
      </button>
    </p>
  )
}

/** What is under way, with a way to end it. */
function Progress({ what, onStop }: { what: string | null; onStop: () => void }) {
  return (
    <p class="note busy" role="status">
      {what && (
        <>
          {what}{' '}
          <button type="button" class="quiet" onClick={onStop}>
            Stop
          </button>
        </>
      )}
    </p>
  )
}

interface StripProps {
  readonly named: Named
  readonly isNamed: boolean
  readonly backend: BackendState
  readonly options: HeadOptions | null
  readonly heads: number
  readonly head: number
  readonly theme: Theme
  /** The large maps are done, so that the small ones have their turn. */
  readonly isTurn: boolean
  readonly onHead: (head: number) => void
}

/** The heads of an encoding at a glance. */
function Strip(props: StripProps) {
  const { named, isNamed, backend, options, heads, head, theme, isTurn, onHead } = props
  const [isStopped, setStopped] = useState(false)
  const thumbnails = useThumbnails(named.encoding, backend, options, heads, isTurn && !isStopped)
  return (
    <section class="strip" aria-label={`Heads of ${named.name}`}>
      {isNamed && <h3>{named.name}</h3>}
      <Thumbnails {...thumbnails} chosen={head} theme={theme} onHead={onHead} />
      {thumbnails.busy && <Progress what={thumbnails.busy} onStop={() => setStopped(true)} />}
      {isStopped && (
        <button type="button" class="quiet" onClick={() => setStopped(false)}>
          Compute the other heads
        </button>
      )}
    </section>
  )
}
