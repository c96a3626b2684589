// Code actions: the fixes of the diagnostics in a range, and one that updates all stale comments.

import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type TextEdit,
} from 'vscode-languageserver/node'
import type { Action, Edit } from '../ide/api'
import { translate } from './diagnostics'
import type { Feature, Fresh, Session } from './feature'
import { rangeOf } from './places'

const fixAll = `${CodeActionKind.SourceFixAll}.shapescope`

export const actions: Feature = {
  capabilities: { codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, fixAll] } },
  register(session) {
    session.connection.onCodeAction((parameters, token) =>
      session.answer(parameters.textDocument.uri, token, [], (fresh) => offered(session, fresh, parameters)),
    )
  },
}

function offered(session: Session, fresh: Fresh, { range, context }: CodeActionParams): CodeAction[] {
  const { path, document, workspace, settings } = fresh
  if (settings.diagnostics.level === 'off') return []
  // `only` names a kind or one that it is part of: `source` asks for `source.fixAll.shapescope` too
  const isWanted = (kind: string): boolean =>
    context.only?.some((only) => kind === only || kind.startsWith(`${only}.`)) ?? true
  const found: CodeAction[] = []
  if (isWanted(CodeActionKind.QuickFix)) {
    const [start, end] = [document.offsetAt(range.start), document.offsetAt(range.end)]
    for (const action of workspace.actions(path, start, end)) found.push(quickFix(session, fresh, action))
  }
  // only where it is asked for: beside the fix of one comment it would be said twice
  const edits = context.only && isWanted(fixAll) ? workspace.fixAll(path) : []
  if (edits.length > 0)
    found.push({ title: 'Update all stale shape comments', kind: fixAll, edit: changes(fresh, edits) })
  return found
}

function quickFix(session: Session, fresh: Fresh, action: Action): CodeAction {
  return {
    title: action.title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [translate(session, fresh, action.diagnostic)],
    isPreferred: action.isPreferred,
    edit: changes(fresh, action.edits),
  }
}

function changes({ document }: Fresh, edits: readonly Edit[]) {
  const texts = edits.map(
    ({ start, end, newText }): TextEdit => ({ range: rangeOf(document, start, end), newText }),
  )
  return { changes: { [document.uri]: texts } }
}
