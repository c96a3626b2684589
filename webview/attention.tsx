// Attention with random queries and keys: every head small, one large, from scores over the mask to weights.

import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Mask } from '../src/compute'
import type { Encoding } from '../src/encodings'
import type { BackendState } from './backends/use'
import type { Theme } from './colours'
import { picture } from './draw'
import { Heatmap } from './heatmap'
import type { Matrix } from './matrix'
import { NumberField } from './numbers'
import { type AttentionDraft, attentionLimits } from './state'
import { HeadTiles } from './tiles'
import { type Window, whole } from './window'

interface Props {
  readonly name: string
  readonly encoding: Encoding
  readonly draft: AttentionDraft
  readonly backend: BackendState
  readonly theme: Theme
  readonly height: number
  readonly onChange: (draft: AttentionDraft) => void
}

/** Small pictures show the first positions. */
const corner = 96

const stages = {
  scores: 'Scores',
  masked: 'After the mask',
  weights: 'After the softmax',
} as const

export function AttentionControls({ draft, onChange }: Pick<Props, 'draft' | 'onChange'>) {
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

export function Attention({ name, encoding, draft, backend, theme, height, onChange }: Props) {
  const { stage, length, seed, form, window: size, heads, head } = draft
  const mask = useMemo<Mask>(
    () => (draft.mask === 'sliding' ? { kind: 'sliding', window: size } : { kind: draft.mask }),
    [draft.mask, size],
  )
  const [large, busy, tiles] = useHead(encoding, backend, { mask, stage, length, seed, form, head })
  const small = useCorners(encoding, backend, { mask, stage, length, seed, form, heads })
  const want = useCallback((window: Window) => tiles?.want(window), [tiles])
  return (
    <section class="attention" aria-label={`Attention with ${name}`}>
      <fieldset class="heads" aria-label="Heads">
        {small.map((matrix, at) => (
          <button
            key={String(at)}
            type="button"
            class="head"
            aria-pressed={at === head}
            aria-label={`Head ${at}`}
            title={`Head ${at}, the first ${Math.min(corner, length)} positions`}
            onClick={() => onChange({ ...draft, head: at })}
          >
            <Thumbnail matrix={matrix} theme={theme} />
            <span>{at}</span>
          </button>
        ))}
      </fieldset>
      {large && <Heatmap matrix={large} theme={theme} height={height} onWindow={want} />}
      <p class="note busy" role="status">
        {busy && (
          <>
            {busy}{' '}
            <button type="button" class="quiet" onClick={() => tiles?.stop()}>
              Stop
            </button>
          </>
        )}
        {tiles?.problem && <span class="problem">The backend failed: {tiles.problem}</span>}
      </p>
    </section>
  )
}

type HeadOptions = { mask: Mask } & Pick<AttentionDraft, 'stage' | 'length' | 'seed' | 'form' | 'head'>

/** The large map as far as it is computed, what is under way, and the tiles themselves. */
function useHead(
  encoding: Encoding,
  backend: BackendState,
  { mask, stage, length, seed, form, head }: HeadOptions,
): [Matrix | null, string | null, HeadTiles | null] {
  const [, redraw] = useState(0)
  const [tiles, setTiles] = useState<HeadTiles | null>(null)
  const last = useRef<Matrix | null>(null)
  const tensors = backend.kind === 'ready' ? backend.backend.tensors : null
  useEffect(() => {
    if (!tensors) return
    const request = { encoding, head, length, seed, mask, form }
    const made = new HeadTiles(tensors, request, stage, () => redraw((count) => count + 1))
    setTiles(made)
    return () => made.dispose()
  }, [tensors, encoding, mask, stage, length, seed, form, head])
  const count = tiles?.computed ?? 0
  const matrix = useMemo(() => tiles?.matrix(`head ${head}, ${titleOf(stage, form)}`) ?? null, [tiles, count])
  // the last picture stays until the first tile of the next is there
  if (matrix && (count > 0 || !last.current || last.current.rows !== matrix.rows)) last.current = matrix
  const busy = tiles && tiles.waiting > 0 ? `Computing: ${count} of ${count + tiles.waiting} tiles.` : null
  return [last.current, busy, tiles]
}

const titleOf = (stage: AttentionDraft['stage'], form: AttentionDraft['form']): string =>
  stage === 'weights' ? `${form} attention weights` : stage === 'masked' ? 'masked scores' : 'scores'

type CornerOptions = { mask: Mask } & Pick<AttentionDraft, 'stage' | 'length' | 'seed' | 'form' | 'heads'>

/** The first positions of every head, one after the other. */
function useCorners(
  encoding: Encoding,
  backend: BackendState,
  { mask, stage, length, seed, form, heads }: CornerOptions,
): (Matrix | null)[] {
  const [found, setFound] = useState<(Matrix | null)[]>([])
  const tensors = backend.kind === 'ready' ? backend.backend.tensors : null
  useEffect(() => {
    if (!tensors) return
    let next: HeadTiles | null = null
    const size = Math.min(corner, length)
    const start = (head: number): void => {
      if (head === heads) return
      const tiles = new HeadTiles(tensors, { encoding, head, length, seed, mask, form }, stage, () => {
        if (tiles.waiting > 0 || tiles.computed === 0) return
        const matrix = { ...tiles.matrix(`head ${head}`), rows: size, columns: size }
        setFound((before) => Object.assign([...before], { [head]: matrix }))
        tiles.dispose()
        start(head + 1)
      })
      next = tiles
      tiles.want({ top: 0, left: 0, height: size, width: size })
    }
    start(0)
    return () => next?.dispose()
  }, [tensors, encoding, mask, stage, length, seed, form, heads])
  return Array.from({ length: heads }, (_, head) => found[head] ?? null)
}

function Thumbnail({ matrix, theme }: { matrix: Matrix | null; theme: Theme }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const element = canvas.current
    if (!element || !matrix) return
    const image = picture(matrix, whole(matrix), element.width, element.height, theme)
    element.getContext('2d')?.putImageData(image, 0, 0)
  }, [matrix, theme])
  return <canvas ref={canvas} width={96} height={96} />
}
