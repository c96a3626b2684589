// The help pages of problems: documents of their own scheme, shown as Markdown previews.

import * as vscode from 'vscode'
import { helpScheme } from '../protocol/client'

/** Makes the pages in media/help readable under `shapescope-help:/CODE.md`. */
export function serveHelp(context: vscode.ExtensionContext): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(helpScheme, {
    async provideTextDocumentContent({ path }) {
      const name = path.slice(path.lastIndexOf('/') + 1)
      const page = vscode.Uri.joinPath(context.extensionUri, 'media', 'help', name)
      return new TextDecoder().decode(await vscode.workspace.fs.readFile(page))
    },
  })
}
