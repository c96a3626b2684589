// The command that turns the shapes in the text on and off.

import * as vscode from 'vscode'

export async function toggleInlayHints(): Promise<void> {
  const settings = vscode.workspace.getConfiguration('shapescope.inlayHints')
  const enabled = settings.get<boolean>('enabled', true)
  // changed where it is set, so that the change is not hidden by a stronger setting
  const inWorkspace = settings.inspect<boolean>('enabled')?.workspaceValue !== undefined
  const target = inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global
  await settings.update('enabled', !enabled, target)
  if (!enabled && vscode.workspace.getConfiguration('editor').get('inlayHints.enabled') === 'off') {
    const message =
      'Inlay hints are off for the whole editor. Set “editor.inlayHints.enabled” to see the shapes.'
    const open = 'Open Setting'
    if ((await vscode.window.showInformationMessage(message, open)) === open) {
      await vscode.commands.executeCommand('workbench.action.openSettings', 'editor.inlayHints.enabled')
    }
  }
}
