// The commands that choose whose shapes are shown: a function's caller, or a program that is followed.

import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import {
  type CallerChoice,
  type Pick,
  pickCommand,
  pickRequest,
  showCommand,
  type Traced,
  type TraceWish,
  traceRequest,
} from '../protocol/contexts'

const register = vscode.commands.registerCommand

/** What lenses run: showing a function for one caller, or asking for which. */
export function callerCommands(client: LanguageClient): vscode.Disposable {
  const show = (uri: string, name: string, caller: string | null): Promise<void> =>
    client.sendRequest(pickRequest, { uri, name, caller } satisfies Pick)
  return vscode.Disposable.from(
    register(showCommand, show),
    register(pickCommand, async (uri: string, name: string, choices: CallerChoice[]) => {
      const chosen = await vscode.window.showQuickPick(choices, {
        title: `Shapes of ${name}`,
        placeHolder: 'The caller whose shapes are shown',
        matchOnDescription: true,
      })
      if (chosen) await show(uri, name, chosen.caller)
    }),
  )
}

/** `Trace from Here` and its kin, with the sign in the status bar that a program is followed. */
export function traceCommands(client: LanguageClient): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('shapescope.trace', vscode.StatusBarAlignment.Right, 79)
  item.name = 'ShapeScope Trace'
  item.command = 'shapescope.clearTrace'
  const trace = async (uri: vscode.Uri | null): Promise<void> => {
    const wish: TraceWish = { uri: uri && client.code2ProtocolConverter.asUri(uri) }
    const found: Traced | null = await client.sendRequest(traceRequest, wish)
    await vscode.commands.executeCommand('setContext', 'shapescope.isTracing', found !== null)
    if (!uri || !found) {
      item.hide()
      if (uri) void vscode.window.showErrorMessage(`${nameOf(uri)} cannot be read.`)
      return
    }
    item.text = `$(debug-alt-small) Shapes from ${nameOf(uri)}`
    item.tooltip = tooltipOf(uri, found)
    item.show()
  }
  return vscode.Disposable.from(
    item,
    register('shapescope.traceFrom', async (uri?: vscode.Uri) => {
      const file = uri ?? vscode.window.activeTextEditor?.document.uri
      if (file) await trace(file)
    }),
    register('shapescope.traceFromFile', async () => {
      const file = await askForFile()
      if (file) await trace(file)
    }),
    register('shapescope.clearTrace', () => trace(null)),
  )
}

async function askForFile(): Promise<vscode.Uri | undefined> {
  const files = await vscode.workspace.findFiles(
    '**/*.py',
    '**/{.venv,venv,node_modules,site-packages}/**',
    2000,
  )
  const items = files
    .map((uri) => ({ label: nameOf(uri), description: vscode.workspace.asRelativePath(uri), uri }))
    .sort((a, b) => a.description.localeCompare(b.description))
  const options = { placeHolder: 'The file to follow from its first line', matchOnDescription: true }
  return (await vscode.window.showQuickPick(items, options))?.uri
}

const nameOf = ({ path }: vscode.Uri): string => path.slice(path.lastIndexOf('/') + 1)

const mostFiles = 12

function tooltipOf(uri: vscode.Uri, { files, isCut }: Traced): vscode.MarkdownString {
  const text = new vscode.MarkdownString(
    `The shapes are those that **${nameOf(uri)}** gives when it runs. Click to show them in general again.\n\n`,
  )
  if (isCut) text.appendMarkdown('The program is too long to be followed to its end.\n\n')
  const shown = files
    .slice(0, mostFiles)
    .map((file) => `- ${vscode.workspace.asRelativePath(vscode.Uri.parse(file))}`)
  if (files.length > mostFiles) shown.push(`- and ${files.length - mostFiles} more`)
  return text.appendMarkdown(`It enters:\n\n${shown.join('\n')}`)
}
