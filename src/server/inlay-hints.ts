// Inlay hints: the shape after each assigned name, loop target and parameter.

import { type InlayHint, InlayHintKind, type MarkupContent, MarkupKind } from 'vscode-languageserver/node'
import type { Hint } from '../ide/api'
import type { Feature, Fresh } from './feature'

export const inlayHints: Feature = {
  capabilities: { inlayHintProvider: { resolveProvider: true } },
  register(session) {
    const { inlayHint } = session.connection.languages
    inlayHint.on(({ textDocument: { uri }, range }, token) =>
      session.answerPart(
        uri,
        range,
        token,
        [],
        (fresh): InlayHint[] => {
          const { document } = fresh
          if (!fresh.settings.inlayHints.enabled) return []
          const [start, end] = [document.offsetAt(range.start), document.offsetAt(range.end)]
          return hintsIn(fresh, start, end).map((hint) => ({
            position: document.positionAt(hint.offset),
            label: labelOf(hint),
            kind: InlayHintKind.Type,
            ...(session.resolvesTooltips ? { data: uri } : { tooltip: tooltipOf(hint) }),
          }))
        },
        session.resolvesTooltips,
      ),
    )
    inlayHint.resolve(async (shown, token) => {
      const { position, label } = shown
      const uri: unknown = shown.data
      if (typeof uri !== 'string') return shown
      return session.answerPart(uri, { start: position, end: position }, token, shown, (fresh) => {
        const offset = fresh.document.offsetAt(position)
        const hint = hintsIn(fresh, offset, offset).find((one) => labelOf(one) === label)
        return hint ? { ...shown, tooltip: tooltipOf(hint) } : shown
      })
    })
  },
}

const hintsIn = ({ path, workspace, settings }: Fresh, start: number, end: number): Hint[] => {
  const { enabled: _, ...options } = settings.inlayHints
  return workspace.hints(path, start, end, options)
}

const labelOf = ({ label }: Hint): string => `: ${label}`

const tooltipOf = ({ tooltip }: Hint): MarkupContent => ({ kind: MarkupKind.Markdown, value: tooltip() })
