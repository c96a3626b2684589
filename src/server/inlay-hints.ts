// Inlay hints: the shape after each assigned name, loop target and parameter.

import { type InlayHint, InlayHintKind, MarkupKind } from 'vscode-languageserver/node'
import type { Feature } from './feature'

export const inlayHints: Feature = {
  capabilities: { inlayHintProvider: true },
  register(session) {
    session.connection.languages.inlayHint.on(({ textDocument, range }, token) =>
      session.answerPart(
        textDocument.uri,
        range,
        token,
        [],
        ({ path, document, workspace, settings }): InlayHint[] => {
          const { enabled, ...options } = settings.inlayHints
          if (!enabled) return []
          const hints = workspace.hints(
            path,
            document.offsetAt(range.start),
            document.offsetAt(range.end),
            options,
          )
          return hints.map(({ offset, label, tooltip }) => ({
            position: document.positionAt(offset),
            label: `: ${label}`,
            kind: InlayHintKind.Type,
            tooltip: { kind: MarkupKind.Markdown, value: tooltip() },
          }))
        },
      ),
    )
  },
}
