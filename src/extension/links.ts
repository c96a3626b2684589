// Links that open the visualisation with a state, vscode://shapescope.shapescope/visualise?state=…, are copied and opened here.

import * as vscode from 'vscode'
import { type Subject, visualiseCommand } from '../protocol/visualiser'

/** The name of this extension, as package.json has it. */
const authority = 'shapescope.shapescope'
const path = '/visualise'

export async function copyLink(state: string): Promise<void> {
  const link = vscode.Uri.from({
    scheme: vscode.env.uriScheme,
    authority,
    path,
    query: `state=${state}`,
  })
  // the text of a state needs no escapes
  await vscode.env.clipboard.writeText(link.toString(true))
  vscode.window.setStatusBarMessage('Copied a link to what shows', 3000)
}

/** Opens them; the page checks the state. */
export function serveLinks(): vscode.Disposable {
  return vscode.window.registerUriHandler({
    handleUri(uri) {
      const text = new URLSearchParams(uri.query).get('state')
      if (uri.path !== path || text === null) {
        void vscode.window.showErrorMessage(`ShapeScope has no link ${uri.path}: copy it again on the page.`)
        return
      }
      const subject: Subject = { kind: 'state', name: 'link', text }
      void vscode.commands.executeCommand(visualiseCommand, subject)
    },
  })
}
