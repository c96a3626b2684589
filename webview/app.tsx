// The page: parameters on one side, the views of their encodings on the other.

import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { type Encoding, longest, type Precision, type Problem } from '../src/encodings'
import type { BackendChoice } from '../src/protocol/visualiser'
import { AttentionControls, AttentionMaps } from './attention'
import { type BackendState, useBackend } from './backends/use'
import type { Theme } from './colours'
import { encodingOf } from './drafts'
import { Form } from './form'
import { FrequencyTable } from './frequencies'
import { GivenFields, useGiven } from './given'
import { NumberField } from './numbers'
import { Pairs } from './pairs'
import { type Named, Positions } from './positions'
import { Rotations } from './rotations'
import { Sharing } from './sharing'
import { type Draft, mostPositions, type State, type View, views } from './state'
import { withLayers } from './subject'

const titles: Readonly<Record<View, string>> = {
  frequencies: 'Frequencies',
  rotation: 'Cos and sin',
  positions: 'Positions',
  attention: 'Attention',
  pairs: 'Pairs',
}

/** What a person looks at. */
const leads: Readonly<Record<View, string>> = {
  frequencies:
    'Each pair of dimensions turns by θ radians from one position to the next; a full turn takes its wavelength.',
  rotation: 'How far each pair is turned at each position: the first pairs fast, the last ones slowly.',
  positions: 'The score that positions alone give query i and key j, before any content.',
  attention:
    'Queries and keys, placed by the encoding: their scores, the mask, and the weights after the softmax.',
  pairs: 'Each clock is a pair of dimensions; its hand shows how far the pair is turned at the position.',
}

interface Props {
  readonly state: State
  /** Null until the extension has told. */
  readonly backendChoice: BackendChoice | null
  readonly theme: Theme
  readonly onChange: (change: Partial<State>) => void
}

export function App({ state, backendChoice, theme, onChange }: Props) {
  const [first, firstProblems] = useEncoding(state.first, state.precision)
  const [second, secondProblems] = useEncoding(state.second, state.precision)
  const encodings = useMemo(() => {
    const found: Named[] = first ? [{ name: first.kind.title, encoding: first }] : []
    // two of one kind are told apart
    const isSame = first?.kind === second?.kind
    if (second)
      found.push({ name: isSame ? `${second.kind.title} (second)` : second.kind.title, encoding: second })
    return found
  }, [first, second])
  return (
    <div class="app">
      <aside aria-label="Parameters">
        <SourceNotes state={state} onChange={onChange} />
        <Form
          heading={state.second ? 'First encoding' : 'Encoding'}
          draft={state.first}
          problems={firstProblems}
          onChange={(draft) => onChange({ first: draft })}
        />
        {state.second && (
          <Form
            heading="Second encoding"
            draft={state.second}
            problems={secondProblems}
            onChange={(draft) => onChange({ second: draft })}
          />
        )}
        <div class="actions">
          <button
            type="button"
            onClick={() =>
              onChange({
                second: state.second ? null : { ...state.first, kind: 'rope', typed: shared(state.first) },
              })
            }
          >
            {state.second ? 'Stop comparing' : 'Compare with another'}
          </button>
        </div>
        <fieldset class="form">
          <legend>Picture</legend>
          <NumberField
            name="context"
            meaning="The positions within which turns are counted."
            unit="positions"
            range={[1, longest]}
            value={state.context}
            onChange={(context) => onChange({ context })}
          />
          <NumberField
            name="length"
            meaning="The positions that are drawn."
            unit="positions"
            range={[1, mostPositions]}
            value={state.length}
            onChange={(length) => onChange({ length })}
          />
          <div class="field kind-flag">
            <label for="precision" title="Rounded to fp32 wherever PyTorch rounds, instead of fp64">
              angles as PyTorch computes them, in fp32
            </label>
            <input
              id="precision"
              type="checkbox"
              checked={state.precision === 'f32'}
              onChange={(event) => onChange({ precision: event.currentTarget.checked ? 'f32' : 'f64' })}
            />
          </div>
        </fieldset>
      </aside>
      <main>
        <div class="top">
          <Tabs view={state.view} onView={(view) => onChange({ view })} />
          <Sharing state={state} onState={onChange} />
        </div>
        <div id="view" role="tabpanel" aria-label={titles[state.view]}>
          <p class="note lead">{leads[state.view]}</p>
          <Shown
            state={state}
            encodings={encodings}
            backendChoice={backendChoice}
            theme={theme}
            onChange={onChange}
          />
        </div>
      </main>
    </div>
  )
}

function Shown({
  state,
  encodings,
  backendChoice,
  theme,
  onChange,
}: Props & { encodings: readonly Named[] }) {
  const height = useHeight(state.view, encodings.length > 1)
  const onPosition = useCallback((position: number) => onChange({ position }), [onChange])
  const { view, quantity, length, attention } = state
  switch (view) {
    case 'frequencies':
      return (
        <div class="beside">
          {encodings.map(({ name, encoding }) => (
            <FrequencyTable key={name} title={name} encoding={encoding} length={state.context} />
          ))}
        </div>
      )
    case 'rotation':
      return (
        <Rotations
          encodings={encodings}
          quantity={quantity}
          length={length}
          theme={theme}
          height={height}
          onQuantity={(one) => onChange({ quantity: one })}
        />
      )
    case 'positions': {
      const heads = Math.max(1, ...encodings.map(({ encoding }) => encoding.heads))
      return (
        <>
          {heads > 1 && (
            <div class="controls">
              <NumberField
                name="head"
                meaning="The head whose map is drawn."
                range={[0, heads - 1]}
                value={Math.min(attention.head, heads - 1)}
                onChange={(head) =>
                  onChange({
                    attention: {
                      ...attention,
                      head,
                      heads: Math.max(attention.heads, Math.min(32, head + 1)),
                    },
                  })
                }
              />
            </div>
          )}
          <Positions
            encodings={encodings}
            head={attention.head}
            length={length}
            theme={theme}
            height={height}
          />
        </>
      )
    }
    case 'attention':
      return (
        <AttentionView
          state={state}
          encodings={encodings}
          backendChoice={backendChoice}
          theme={theme}
          onChange={onChange}
          height={height}
        />
      )
    case 'pairs':
      return <Pairs encodings={encodings} position={state.position} length={length} onPosition={onPosition} />
  }
}

/** The backend starts when attention is first looked at. */
function AttentionView({
  state,
  encodings,
  backendChoice,
  theme,
  height,
  onChange,
}: Props & { encodings: readonly Named[]; height: number }) {
  const backend = useBackend(backendChoice)
  const given = useGiven(state.attention)
  const isGiven = state.attention.source === 'given'
  const setAttention = (attention: State['attention']): void => onChange({ attention })
  const setHeadDim = (which: 'first' | 'second', headDim: number): void => {
    const draft = state[which]
    if (draft) onChange({ [which]: { ...draft, typed: { ...draft.typed, head_dim: String(headDim) } } })
  }
  return (
    <>
      <AttentionControls draft={state.attention} onChange={setAttention} />
      {isGiven && <GivenFields draft={state.attention} given={given} onChange={setAttention} />}
      <BackendNote backend={backend} />
      {isGiven && !given.heads ? (
        <p class="note">Paste queries and keys, or load them from files, to see how they attend.</p>
      ) : (
        <AttentionMaps
          encodings={encodings}
          draft={state.attention}
          given={isGiven ? given.heads : null}
          backend={backend}
          theme={theme}
          height={height}
          onChange={setAttention}
          onHeadDim={setHeadDim}
        />
      )}
    </>
  )
}

function BackendNote({ backend }: { backend: BackendState }) {
  if (backend.kind === 'starting')
    return (
      <p class="note backend" role="status">
        Starting a backend …
      </p>
    )
  if (backend.kind === 'failed') return <p class="problem backend">No attention maps: {backend.why}.</p>
  return (
    <p class="note backend" role="status">
      Computed with <b>{backend.backend.title}</b>
      {backend.backend.isSoftware && backend.backend.name !== 'node-gpu' && (
        <span>
          {' · the processor stands in for a GPU, and is faster with the setting '}
          <code>shapescope.compute.backend: wasm</code>
        </span>
      )}
      {backend.notes.map((note) => (
        <span key={note}>{` · ${note}`}</span>
      ))}
    </p>
  )
}

function Tabs({ view, onView }: { view: View; onView: (view: View) => void }) {
  const list = useRef<HTMLDivElement>(null)
  const move = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const next = views[(views.indexOf(view) + step + views.length) % views.length]
    if (step === 0 || !next) return
    onView(next)
    list.current?.querySelector<HTMLElement>(`[data-view=${next}]`)?.focus()
  }
  return (
    <div class="tabs" role="tablist" ref={list} onKeyDown={move}>
      {views.map((one) => (
        <button
          key={one}
          type="button"
          role="tab"
          data-view={one}
          aria-selected={one === view}
          aria-controls="view"
          tabIndex={one === view ? 0 : -1}
          onClick={() => onView(one)}
        >
          {titles[one]}
        </button>
      ))}
    </div>
  )
}

function SourceNotes({ state, onChange }: Pick<Props, 'state' | 'onChange'>) {
  const { source } = state
  if (!source) return null
  return (
    <div class="source">
      <h2>{source.name}</h2>
      {source.layers.length > 1 && (
        <label>
          Layers{' '}
          <select
            onChange={(event) => {
              const layers = source.layers[event.currentTarget.selectedIndex]
              if (layers) onChange(withLayers(state, layers))
            }}
          >
            {source.layers.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      )}
      {source.notes.map(({ severity, message }) => (
        <p key={message} class={severity === 'error' ? 'problem' : `note ${severity}`} role="status">
          {message}
        </p>
      ))}
    </div>
  )
}

/** The encoding of a draft, or the last one that was right; and what is wrong now. */
function useEncoding(draft: Draft | null, precision: Precision): [Encoding | null, readonly Problem[]] {
  const last = useRef<Encoding | null>(null)
  const made = useMemo(() => (draft ? encodingOf(draft, precision) : null), [draft, precision])
  if (!made) last.current = null
  else if (made.ok) last.current = made.value
  return [last.current, made && !made.ok ? made.problems : []]
}

/** What another encoding takes over from the first, to be compared with. */
const shared = ({ typed }: Draft): Record<string, string> =>
  Object.fromEntries(
    ['head_dim', 'rope_theta', 'partial_rotary_factor', 'layout'].flatMap((key) =>
      typed[key] === undefined ? [] : [[key, typed[key]]],
    ),
  )

/** How high maps may be, so that one fits into the window with what stands around it. */
function useHeight(view: View, isCompared: boolean): number {
  const [room, setRoom] = useState(() => globalThis.innerHeight)
  useEffect(() => {
    const follow = (): void => setRoom(globalThis.innerHeight)
    globalThis.addEventListener('resize', follow)
    return () => globalThis.removeEventListener('resize', follow)
  }, [])
  const around = view === 'attention' ? 400 : 260
  return Math.min(isCompared ? 480 : 960, Math.max(300, room - around))
}

/** Told when the editor's theme changes. */
export function useTheme(read: () => Theme): Theme {
  const [theme, setTheme] = useState(read)
  useEffect(() => {
    // the class may have come before this listens
    setTheme(read)
    const observer = new MutationObserver(() => setTheme(read))
    observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] })
    return () => observer.disconnect()
  }, [read])
  return theme
}
