// The command that lists where the shapes of a file stopped being known, and why.

import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { type UnknownCause, type UnknownsWish, unknownsRequest } from '../protocol/contexts'

export function unknownsCommand(client: LanguageClient): vscode.Disposable {
  return vscode.commands.registerCommand('shapescope.explainUnknown', async () => {
    const editor = vscode.window.activeTextEditor
    if (!editor) return
    const wish: UnknownsWish = { uri: client.code2ProtocolConverter.asUri(editor.document.uri) }
    const causes: UnknownCause[] = await client.sendRequest(unknownsRequest, wish)
    if (causes.length === 0) {
      void vscode.window.showInformationMessage('Every value in this file is known.')
      return
    }
    const reveal = ({ line, character }: UnknownCause): void => {
      const place = new vscode.Position(line, character)
      editor.selection = new vscode.Selection(place, place)
      editor.revealRange(
        new vscode.Range(place, place),
        vscode.TextEditorRevealType.InCenterIfOutsideViewport,
      )
    }
    const items = causes.map((cause) => ({
      label: `line ${cause.line + 1}`,
      description: editor.document.lineAt(cause.line).text.trim(),
      detail: cause.reason,
      cause,
    }))
    const before = editor.selection
    const chosen = await vscode.window.showQuickPick(items, {
      title: `${causes.length === 1 ? '1 value is' : `${causes.length} values are`} not known`,
      placeHolder: 'Where values stop being known, and why',
      matchOnDescription: true,
      matchOnDetail: true,
      onDidSelectItem: (item) =>
        typeof item !== 'string' && 'cause' in item && reveal(item.cause as UnknownCause),
    })
    if (!chosen) editor.selection = before
    else await vscode.window.showTextDocument(editor.document, { selection: editor.selection })
  })
}
