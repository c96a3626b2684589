// The language client: which documents it serves, and how the bundled server is started.

import type * as vscode from 'vscode'
import { LanguageClient, TransportKind } from 'vscode-languageclient/node'
import { type ClientOptions, helpScheme } from '../protocol/client'
import { type Status, statusNotification } from '../protocol/status'
import { serverExecArgv } from './server-process'

/** Documents on disk and new ones; over SSH and in containers the server runs beside the files. */
const schemes = ['file', 'untitled', 'vscode-remote', 'vscode-vfs']

export function startClient(
  context: vscode.ExtensionContext,
  outputChannel: vscode.LogOutputChannel,
  busy: (busy: boolean) => void,
): LanguageClient {
  const server = (...execArgv: string[]) => ({
    module: context.asAbsolutePath('dist/server.js'),
    transport: TransportKind.stdio,
    options: { execArgv: [...serverExecArgv, ...execArgv] },
  })
  const client = new LanguageClient(
    'shapescope',
    'ShapeScope',
    { run: server(), debug: server('--nolazy', '--inspect=127.0.0.1:6019') },
    {
      documentSelector: schemes.map((scheme) => ({ language: 'python', scheme })),
      initializationOptions: { helpAddress: `${helpScheme}:/`, hasCommands: true } satisfies ClientOptions,
      outputChannel,
      diagnosticCollectionName: 'shapescope',
    },
  )
  client.onNotification(statusNotification, (status: Status) => busy(status.busy))
  return client
}
