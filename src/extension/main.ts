// The VS Code extension: starts the language server and gives it commands and a sign in the status bar.

import * as vscode from 'vscode'
import { startClient } from './client'
import { configLenses } from './config-lens'
import { callerCommands, traceCommands } from './contexts'
import { serveHelp } from './help'
import { followInterpreter } from './interpreter'
import { showActivity } from './status'
import { toggleInlayHints } from './toggle'
import { unknownsCommand } from './unknowns'
import { serveVisualiser } from './visualiser'

let stop: (() => Promise<void>) | null = null

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const output = vscode.window.createOutputChannel('ShapeScope', { log: true })
  const activity = showActivity()
  const client = startClient(context, output, activity.busy)
  stop = () => client.stop()
  const command = (name: string, run: () => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(`shapescope.${name}`, run)
  context.subscriptions.push(
    output,
    activity,
    serveHelp(context),
    callerCommands(client),
    traceCommands(client),
    unknownsCommand(client),
    serveVisualiser(context, client, output),
    configLenses(),
    command('toggleInlayHints', toggleInlayHints),
    command('showOutput', () => output.show()),
    command('restartServer', async () => {
      activity.busy(false)
      await client.restart()
    }),
  )
  try {
    await client.start()
    context.subscriptions.push(await followInterpreter(client))
  } catch (problem) {
    output.error(problem instanceof Error ? problem : String(problem))
    const show = 'Show Output'
    const message =
      'The ShapeScope server did not start. The output says why; then run “ShapeScope: Restart Server”.'
    // not awaited: the commands above must work while the message stands there
    void vscode.window.showErrorMessage(message, show).then((chosen) => chosen === show && output.show())
  }
}

export async function deactivate(): Promise<void> {
  await stop?.()
}
