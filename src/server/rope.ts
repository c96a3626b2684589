// RoPE in code for the visualisation: the lens above it, and what lies nearest to the cursor.

import type { CodeLens } from 'vscode-languageserver/node'
import type { TextDocument } from 'vscode-languageserver-textdocument'
import { type LayerEncoding, readConfig } from '../encodings'
import type { RopeCode } from '../ide/api'
import { type RopeWish, ropeRequest, type Subject, visualiseCommand } from '../protocol/visualiser'
import type { Feature } from './feature'
import { rangeOf } from './places'

export const rope: Feature = {
  capabilities: {},
  register(session) {
    session.connection.onRequest<Subject | null, unknown>(ropeRequest, ({ uri, line }: RopeWish, token) =>
      session.answer(uri, token, null, ({ path, document, workspace }): Subject | null => {
        const all = workspace.ropeCode(path).map((code) => ({
          code,
          distance: Math.abs(document.positionAt(code.start).line - line),
        }))
        const [nearest] = all.sort((a, b) => a.distance - b.distance)
        return nearest ? shownFor(path, nearest.code).subject : null
      }),
    )
  },
}

export function ropeLens(path: string, document: TextDocument, code: RopeCode): CodeLens {
  const { subject, title } = shownFor(path, code)
  return {
    range: rangeOf(document, code.start, code.end),
    command: { title, command: visualiseCommand, arguments: [subject] },
  }
}

/** What the visualisation shows: the model that the code belongs to, else what the code itself tells. */
function shownFor(path: string, code: RopeCode): { subject: Subject; title: string } {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
  const model = modelOf(code)
  if (model) {
    const title = titled([String(code.config?.model_type), ...sizesOf(model.layers)])
    const subject: Subject = {
      kind: 'config',
      name: `${name} (${code.config?.model_type})`,
      text: model.text,
    }
    return { subject, title }
  }
  const { head_dim, rope_theta, layout } = code.values
  const known = [
    ...(code.id === 'rope' ? [] : [code.id.replace('rope-', '')]),
    ...(head_dim === undefined ? [] : [`dim ${head_dim}`]),
    ...(typeof rope_theta === 'number' ? [`base ${rope_theta.toLocaleString('en')}`] : []),
    ...(layout === undefined ? [] : [String(layout)]),
  ]
  const subject: Subject = { kind: 'encoding', name, id: code.id, values: code.values, context: code.length }
  return { subject, title: titled(known) }
}

/** The config of a known model type; what transformers has for the type comes before what its class says of RoPE. */
function modelOf({ config }: RopeCode): { text: string; layers: readonly LayerEncoding[] } | null {
  if (!config) return null
  const { head_dim, rope_theta, partial_rotary_factor, ...sizes } = config
  for (const given of [sizes, config]) {
    const text = JSON.stringify(given, null, 2)
    const read = readConfig(text)
    const layers = read.ok ? read.reading.layers.filter(({ encoding }) => encoding.frequencies) : []
    if (layers.length > 0) return { text, layers }
  }
  return null
}

/** Those of a model whose layers are alike. */
function sizesOf(layers: readonly LayerEncoding[]): string[] {
  const [layer, ...others] = layers
  const base = layer?.encoding.values.rope_theta
  if (!layer || others.length > 0 || typeof base !== 'number') return []
  return [`dim ${layer.encoding.headDim}`, `base ${base.toLocaleString('en')}`]
}

const titled = (known: readonly string[]): string =>
  known.length > 0 ? `Visualise RoPE (${known.join(', ')})` : 'Visualise RoPE'
