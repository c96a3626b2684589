// The panel of the visualisation: opens it, tells it what to show, and does what it asks for.

import { randomBytes } from 'node:crypto'
import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { Channel } from '../protocol/channel'
import {
  type RopeWish,
  readBackend,
  readSubject,
  readToHost,
  ropeRequest,
  type Subject,
  type ToHost,
  type ToPage,
  visualiseCommand,
} from '../protocol/visualiser'
import { loadArray } from './arrays'
import { copyLink, serveLinks } from './links'
import { pageHtml } from './page'
import { TensorFlowProcess } from './tensorflow'

const viewType = 'shapescope.visualiser'
const backendSetting = 'shapescope.compute.backend'
const folderSetting = 'shapescope.compute.nodeGpuFolder'

/** Registers the command “Visualise RoPE”; panels come back with their state when a window is reloaded. */
export function serveVisualiser(
  context: vscode.ExtensionContext,
  client: LanguageClient,
  output: vscode.LogOutputChannel,
): vscode.Disposable {
  const folder = vscode.Uri.joinPath(context.extensionUri, 'dist', 'webview')
  const options = { enableScripts: true, localResourceRoots: [folder] }
  const command = vscode.commands.registerCommand(visualiseCommand, async (given: unknown) => {
    const subject = await subjectOf(given, client)
    const title = subject ? `RoPE: ${subject.name}` : 'RoPE'
    const panel = vscode.window.createWebviewPanel(viewType, title, vscode.ViewColumn.Active, {
      retainContextWhenHidden: false,
    })
    panel.webview.options = options
    return fill(panel, folder, subject, output)
  })
  const serializer = vscode.window.registerWebviewPanelSerializer(viewType, {
    async deserializeWebviewPanel(panel) {
      panel.webview.options = options
      void fill(panel, folder, null, output)
    },
  })
  return vscode.Disposable.from(command, serializer, serveLinks())
}

/** What the page says when it has drawn what it is asked for; null if it is closed before. */
interface Drawn {
  readonly kind: 'drawn'
  readonly encoding: string
}

function fill(
  panel: vscode.WebviewPanel,
  folder: vscode.Uri,
  subject: Subject | null,
  output: vscode.LogOutputChannel,
): Promise<Drawn | null> {
  const { webview } = panel
  let unsent = subject
  let tell: (drawn: Drawn | null) => void = () => {}
  const drawn = new Promise<Drawn | null>((settle) => {
    tell = settle
  })
  const tensorflow = new TensorFlowProcess(
    () => ({
      program: vscode.Uri.joinPath(folder, '..', 'tensorflow-worker.js').fsPath,
      folder: vscode.workspace.getConfiguration().get<string>(folderSetting) || null,
    }),
    (reply) => {
      if (reply.kind === 'absent' || reply.kind === 'lost') output.warn(`node-gpu: ${reply.why}`)
      channel.send({ type: 'computed', reply })
    },
    (line) => output.info(`node-gpu: ${line}`),
  )
  const settings = (): void => {
    const backend = readBackend(vscode.workspace.getConfiguration().get(backendSetting))
    if (backend !== 'node-gpu') tensorflow.dispose()
    channel.send({ type: 'settings', backend })
  }
  const channel = new Channel<ToPage, ToHost>(
    {
      post: (message) => void webview.postMessage(message),
      listen(receive) {
        const listener = webview.onDidReceiveMessage(receive)
        return () => listener.dispose()
      },
    },
    readToHost,
    (message) => {
      switch (message.type) {
        case 'ready':
          settings()
          // a page that is hidden and comes back has kept what it shows
          if (unsent) channel.send({ type: 'show', subject: unsent })
          unsent = null
          return
        case 'drawn':
          // the page may first draw what it shows without being asked
          if (subject?.kind === 'state' || message.source === (subject?.name ?? null))
            tell({ kind: 'drawn', encoding: message.encoding })
          return
        case 'copy':
          void vscode.env.clipboard
            .writeText(message.text)
            .then(() => vscode.window.setStatusBarMessage(`Copied ${message.what}`, 3000))
          return
        case 'link':
          void copyLink(message.state)
          return
        case 'load':
          void loadArray(message.side).then((loaded) => loaded && channel.send(loaded))
          return
        case 'save':
          void save(message)
          return
        case 'compute':
          tensorflow.ask(message.request)
          return
        case 'fault':
          output.error(`visualisation: ${message.message}`)
      }
    },
    () => output.warn('visualisation: a message that is none was refused'),
  )
  const changed = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(backendSetting)) settings()
  })
  panel.onDidDispose(() => {
    tell(null)
    changed.dispose()
    tensorflow.dispose()
    channel.dispose()
  })
  const address = (file: string): string => webview.asWebviewUri(vscode.Uri.joinPath(folder, file)).toString()
  webview.html = pageHtml({
    script: address('main.js'),
    style: address('main.css'),
    source: webview.cspSource,
    nonce: randomBytes(16).toString('hex'),
  })
  return drawn
}

/** A subject given by a lens; the config under the pointer; RoPE or the config in the active editor; else null. */
async function subjectOf(given: unknown, client: LanguageClient): Promise<Subject | null> {
  const subject = readSubject(given)
  if (subject) return subject
  const editor = vscode.window.activeTextEditor
  const active = editor?.document
  if (!(given instanceof vscode.Uri) && editor?.document.languageId === 'python')
    return nearestRope(editor, client)
  const uri = given instanceof vscode.Uri ? given : active?.languageId.startsWith('json') ? active.uri : null
  if (!uri) return null
  try {
    const document = await vscode.workspace.openTextDocument(uri)
    const parts = uri.path.split('/')
    return { kind: 'config', name: parts.slice(-2).join('/').replace(/^\//, ''), text: document.getText() }
  } catch (problem) {
    const why = problem instanceof Error ? problem.message : String(problem)
    void vscode.window.showErrorMessage(`${uri.path} cannot be read: ${why}`)
    return null
  }
}

/** What the server finds in the code; null also while the server does not run. */
async function nearestRope(
  { document, selection }: vscode.TextEditor,
  client: LanguageClient,
): Promise<Subject | null> {
  if (!client.isRunning()) return null
  const uri = client.code2ProtocolConverter.asUri(document.uri)
  const wish: RopeWish = { uri, line: selection.active.line }
  return readSubject(await client.sendRequest(ropeRequest, wish))
}

async function save({ file, content }: Extract<ToHost, { type: 'save' }>): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri
  const target = await vscode.window.showSaveDialog({
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, file) } : {}),
  })
  if (!target) return
  try {
    await vscode.workspace.fs.writeFile(
      target,
      Buffer.from(content.data, content.encoding === 'text' ? 'utf8' : 'base64'),
    )
  } catch (problem) {
    const why = problem instanceof Error ? problem.message : String(problem)
    void vscode.window.showErrorMessage(`${target.path} cannot be written: ${why}`)
  }
}
