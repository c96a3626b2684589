// What the page shows, as plain data: it is kept over reloads, and everything drawn follows from it.

import { type DimOrder, dimOrders } from '../src/compute'
import { catalogue, encodingKind, longest, type Precision } from '../src/encodings'
import type { GivenSide } from '../src/protocol/visualiser'

export const views = ['frequencies', 'rotation', 'positions', 'attention', 'pairs'] as const
export type View = (typeof views)[number]

/** An encoding as it stands in the form: what was typed, by parameter; defaults are left out. */
export interface Draft {
  readonly kind: string
  readonly typed: Readonly<Record<string, string>>
}

export interface AttentionDraft {
  readonly heads: number
  readonly length: number
  readonly seed: number
  readonly window: number
  readonly mask: 'none' | 'causal' | 'sliding'
  readonly form: 'softmax' | 'linear'
  readonly stage: 'scores' | 'masked' | 'weights'
  /** The head that is shown large. */
  readonly head: number
  /** Queries and keys are random, or given. */
  readonly source: 'random' | 'given'
  readonly given: Readonly<Record<GivenSide, GivenDraft | null>>
  /** How the dims of what is given lie, and which entry of its batch is shown. */
  readonly order: DimOrder
  readonly batch: number
  /** The position of the first given query; null for what follows from their number. */
  readonly queryStart: number | null
}

/** Given queries or keys: the text that was pasted, or null where it is too long to be kept. */
export interface GivenDraft {
  readonly name: string
  readonly text: string | null
}

export interface State {
  readonly version: 1
  readonly view: View
  readonly first: Draft
  /** The encoding that the first is compared with. */
  readonly second: Draft | null
  readonly precision: Precision
  /** The positions within which turns are counted. */
  readonly context: number
  /** The positions that are drawn. */
  readonly length: number
  readonly quantity: 'cos' | 'sin' | 'angle'
  /** The position of the clock hands. */
  readonly position: number
  readonly attention: AttentionDraft
  readonly source: Source | null
}

/** Where the parameters come from, and what else is there to choose. */
export interface Source {
  readonly name: string
  readonly layers: readonly SourceLayers[]
  readonly notes: readonly { readonly severity: 'error' | 'warning' | 'info'; readonly message: string }[]
}

/** Layers of a model that have an encoding in common. */
export interface SourceLayers {
  readonly name: string
  readonly draft: Draft
  readonly context: number | null
}

/** The most positions that are drawn. */
export const mostPositions = 131072

export const attentionLimits = {
  heads: [1, 128],
  length: [2, mostPositions],
  seed: [0, 1e9],
  window: [1, mostPositions],
} as const

export const initial: State = {
  version: 1,
  view: 'frequencies',
  first: { kind: 'rope', typed: {} },
  second: null,
  precision: 'f64',
  context: 4096,
  length: 1024,
  quantity: 'cos',
  position: 12,
  attention: {
    heads: 8,
    length: 256,
    seed: 1,
    window: 64,
    mask: 'causal',
    form: 'softmax',
    stage: 'weights',
    head: 0,
    source: 'random',
    given: { q: null, k: null },
    order: '[B, H, S, D]',
    batch: 0,
    queryStart: null,
  },
  source: null,
}

/** The state that was saved, as far as it makes sense; another version's is forgotten. */
export function readState(saved: unknown): State {
  const all = fields(saved)
  if (all.version !== 1) return initial
  const attention = fields(all.attention)
  return {
    version: 1,
    view: oneOf(views, all.view, initial.view),
    first: readDraft(all.first) ?? initial.first,
    second: readDraft(all.second),
    precision: oneOf(['f64', 'f32'], all.precision, 'f64'),
    context: within(all.context, [1, longest], initial.context),
    length: within(all.length, [1, mostPositions], initial.length),
    quantity: oneOf(['cos', 'sin', 'angle'], all.quantity, 'cos'),
    position: within(all.position, [0, mostPositions - 1], 0),
    attention: {
      heads: within(attention.heads, attentionLimits.heads, initial.attention.heads),
      length: within(attention.length, attentionLimits.length, initial.attention.length),
      seed: within(attention.seed, attentionLimits.seed, initial.attention.seed),
      window: within(attention.window, attentionLimits.window, initial.attention.window),
      mask: oneOf(['none', 'causal', 'sliding'], attention.mask, 'causal'),
      form: oneOf(['softmax', 'linear'], attention.form, 'softmax'),
      stage: oneOf(['scores', 'masked', 'weights'], attention.stage, 'weights'),
      head: within(attention.head, [0, attentionLimits.heads[1] - 1], 0),
      source: oneOf(['random', 'given'], attention.source, 'random'),
      given: { q: readGiven(fields(attention.given).q), k: readGiven(fields(attention.given).k) },
      order: oneOf(dimOrders, attention.order, initial.attention.order),
      batch: within(attention.batch, [0, mostPositions], 0),
      queryStart:
        typeof attention.queryStart === 'number' ? within(attention.queryStart, [0, longest], 0) : null,
    },
    source: readSource(all.source),
  }
}

function readSource(saved: unknown): Source | null {
  const { name, layers, notes } = fields(saved)
  if (typeof name !== 'string' || !Array.isArray(layers) || !Array.isArray(notes)) return null
  return {
    name,
    layers: layers.flatMap((one: unknown) => {
      const layer = fields(one)
      const draft = readDraft(layer.draft)
      if (!draft || typeof layer.name !== 'string') return []
      return [{ name: layer.name, draft, context: typeof layer.context === 'number' ? layer.context : null }]
    }),
    notes: notes.flatMap((one: unknown) => {
      const { severity, message } = fields(one)
      if (typeof message !== 'string') return []
      return [{ severity: oneOf(['error', 'warning', 'info'], severity, 'info'), message }]
    }),
  }
}

function readGiven(saved: unknown): GivenDraft | null {
  const { name, text } = fields(saved)
  if (typeof name !== 'string' || !(typeof text === 'string' || text === null)) return null
  return { name, text }
}

function readDraft(saved: unknown): Draft | null {
  const { kind, typed } = fields(saved)
  if (typeof kind !== 'string' || !encodingKind(kind)) return null
  const texts = Object.entries(fields(typed)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  return { kind, typed: Object.fromEntries(texts) }
}

/** Queries or keys that were given. */
export function withGiven(state: State, side: GivenSide, draft: GivenDraft): State {
  const { attention } = state
  return { ...state, attention: { ...attention, given: { ...attention.given, [side]: draft } } }
}

/** The draft of another kind keeps what was typed for parameters that both have. */
export function withKind(draft: Draft, id: string): Draft {
  const parameters = catalogue.find((kind) => kind.id === id)?.parameters ?? {}
  const kept = Object.entries(draft.typed).filter(([key]) => key in parameters)
  return { kind: id, typed: Object.fromEntries(kept) }
}

const fields = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

const oneOf = <T extends string>(choices: readonly T[], value: unknown, usual: T): T =>
  choices.find((choice) => choice === value) ?? usual

const within = (value: unknown, [least, most]: readonly [number, number], usual: number): number =>
  typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most ? value : usual
