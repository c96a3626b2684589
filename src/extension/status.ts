// The sign in the status bar: turns while the server analyses, and opens the output on a click.

import * as vscode from 'vscode'

export interface Activity extends vscode.Disposable {
  busy(busy: boolean): void
}

export function showActivity(): Activity {
  const item = vscode.window.createStatusBarItem('shapescope.activity', vscode.StatusBarAlignment.Right, 80)
  item.name = 'ShapeScope'
  item.command = 'shapescope.showOutput'
  const busy = (isBusy: boolean): void => {
    item.text = isBusy ? '$(loading~spin) ShapeScope' : '$(symbol-ruler) ShapeScope'
    item.tooltip = isBusy
      ? 'ShapeScope is analysing tensor shapes. Click for its output.'
      : 'ShapeScope is up to date. Click for its output.'
  }
  const showForPython = (editor: vscode.TextEditor | undefined): void => {
    if (editor?.document.languageId === 'python') item.show()
    else item.hide()
  }
  busy(false)
  showForPython(vscode.window.activeTextEditor)
  const listener = vscode.window.onDidChangeActiveTextEditor(showForPython)
  return {
    busy,
    dispose() {
      listener.dispose()
      item.dispose()
    },
  }
}
