// Hover: the analyser's Markdown for the thing under the pointer.

import { MarkupKind } from 'vscode-languageserver/node'
import type { Feature } from './feature'
import { rangeOf } from './places'

export const hover: Feature = {
  capabilities: { hoverProvider: true },
  register(session) {
    session.connection.onHover(({ textDocument, position }, token) =>
      session.answerPart(
        textDocument.uri,
        { start: position, end: position },
        token,
        null,
        ({ path, document, workspace }) => {
          const found = workspace.hover(path, document.offsetAt(position))
          if (!found) return null
          return {
            contents: { kind: MarkupKind.Markdown, value: found.markdown },
            range: rangeOf(document, found.start, found.end),
          }
        },
      ),
    )
  },
}
