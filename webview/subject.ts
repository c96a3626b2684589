// From what the extension asks to show to the state that shows it.

import { longest, readConfig } from '../src/encodings'
import type { Subject } from '../src/protocol/visualiser'
import { draftOf } from './drafts'
import { stateInText } from './link'
import { mostPositions, type Source, type SourceLayers, type State } from './state'

/** A config that cannot be read leaves the picture as it is, and says why. */
export function withSubject(state: State, subject: Subject): State {
  if (subject.kind === 'state') {
    const message = 'The link cannot be opened: copy the whole of it.'
    const notes = [{ severity: 'error' as const, message }]
    return stateInText(subject.text) ?? { ...state, source: { name: subject.name, layers: [], notes } }
  }
  const source = sourceOf(subject)
  const [first] = source.layers
  return first ? withLayers({ ...state, source }, first) : { ...state, source }
}

/** Shows the encoding of some layers of the source. */
export function withLayers(state: State, { draft, context }: SourceLayers): State {
  if (context === null) return { ...state, first: draft }
  const known = Math.min(Math.max(Math.trunc(context), 1), longest)
  return { ...state, first: draft, context: known, length: Math.min(known, mostPositions, 1024) }
}

function sourceOf(subject: Exclude<Subject, { kind: 'state' }>): Source {
  const { name } = subject
  if (subject.kind === 'encoding') {
    const { context } = subject
    const keys = [...Object.keys(subject.values), ...(context === null ? [] : ['context'])]
    return {
      name,
      layers: [{ name, draft: draftOf(subject.id, subject.values), context }],
      notes: [{ severity: 'info', message: foundText(keys) }],
    }
  }
  const result = readConfig(subject.text)
  if (!result.ok) {
    const { line, column, message } = result.problem
    const text = `${name} cannot be read: line ${line}, column ${column}: ${message}`
    return { name, layers: [], notes: [{ severity: 'error', message: text }] }
  }
  const { layers, notes } = result.reading
  return {
    name,
    layers: layers.map(({ layerType, ropeType, kind, encoding, context }) => ({
      name: layerType === null ? `all layers: ${ropeType}` : `${layerType}: ${ropeType}`,
      draft: draftOf(kind.id, encoding.values),
      context,
    })),
    notes: notes.map(({ severity, message }) => ({ severity, message })),
  }
}

/** Says what is not known of the code. */
const foundText = (keys: readonly string[]): string =>
  keys.length === 0
    ? 'The code does not tell its parameters: defaults are shown.'
    : `Found in the code: ${keys.join(', ')}. The others are defaults.`
