// Why shapes of a file are not known, for the command that lists it.

import { type UnknownCause, type UnknownsWish, unknownsRequest } from '../protocol/contexts'
import type { Feature } from './feature'

export const unknowns: Feature = {
  capabilities: {},
  register(session) {
    session.connection.onRequest(unknownsRequest, ({ uri }: UnknownsWish, token) =>
      session.answer(uri, token, [], ({ path, document, workspace }): UnknownCause[] =>
        workspace.unknowns(path).map(({ start, reason }) => ({ ...document.positionAt(start), reason })),
      ),
    )
  },
}
