// A real LSP client: starts the bundled server as any editor does and speaks with it over stdio.

import { type ChildProcess, spawn } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import {
  type CodeAction,
  CodeActionRequest,
  ConfigurationRequest,
  createProtocolConnection,
  type Diagnostic,
  DidChangeConfigurationNotification,
  DidChangeTextDocumentNotification,
  DidChangeWatchedFilesNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  FileChangeType,
  type FileEvent,
  type Hover,
  HoverRequest,
  InitializedNotification,
  type InitializeParams,
  InitializeRequest,
  type InitializeResult,
  type InlayHint,
  InlayHintRefreshRequest,
  InlayHintRequest,
  InlayHintResolveRequest,
  LogMessageNotification,
  type Position,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
  type Range,
  RegistrationRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node'
import { serverExecArgv } from '../../src/extension/server-process'

const everything: Range = { start: { line: 0, character: 0 }, end: { line: 1_000_000, character: 0 } }

export interface ClientOptions {
  folder?: string
  /** The part under `shapescope.`; undefined: the client cannot be asked for settings. */
  settings?: unknown
  /** What the client says about itself. */
  own?: unknown
  /** False for a client that wants the tooltips of hints with the hints; editors ask for one when they show it. */
  resolvesTooltips?: boolean
}

export class Client {
  readonly connection: ProtocolConnection
  readonly log: string[] = []
  readonly published: PublishDiagnosticsParams[] = []
  refreshes = 0
  private readonly process: ChildProcess
  private readonly versions = new Map<string, number>()
  private readonly exited: Promise<number | null>
  private settings: unknown

  private constructor(private readonly options: ClientOptions) {
    this.settings = options.settings
    this.process = spawn(process.execPath, [...serverExecArgv, 'dist/server.js', '--stdio'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const { stdin, stdout } = this.process
    if (!stdin || !stdout) throw new Error('The server has no pipes.')
    this.exited = new Promise((done) => this.process.once('exit', (code) => done(code)))
    this.connection = createProtocolConnection(
      new StreamMessageReader(stdout),
      new StreamMessageWriter(stdin),
    )
    this.connection.onNotification(
      PublishDiagnosticsNotification.type,
      (sent) => void this.published.push(sent),
    )
    this.connection.onNotification(LogMessageNotification.type, ({ message }) => void this.log.push(message))
    this.connection.onRequest(ConfigurationRequest.type, ({ items }) => items.map(() => this.settings))
    this.connection.onRequest(RegistrationRequest.type, () => {})
    this.connection.onRequest(InlayHintRefreshRequest.type, () => {
      this.refreshes++
    })
    this.connection.listen()
  }

  static async start(options: ClientOptions = {}): Promise<Client> {
    const client = new Client(options)
    await client.initialise()
    return client
  }

  private async initialise(): Promise<void> {
    const { folder, settings, resolvesTooltips = true } = this.options
    const parameters: InitializeParams = {
      processId: process.pid,
      rootUri: null,
      initializationOptions: this.options.own,
      workspaceFolders: folder === undefined ? null : [{ uri: pathToFileURL(folder).href, name: 'test' }],
      capabilities: {
        workspace: {
          configuration: settings !== undefined,
          didChangeConfiguration: { dynamicRegistration: settings !== undefined },
          inlayHint: { refreshSupport: true },
        },
        textDocument: resolvesTooltips ? { inlayHint: { resolveSupport: { properties: ['tooltip'] } } } : {},
      },
    }
    this.initialised = await this.connection.sendRequest(InitializeRequest.type, parameters)
    await this.connection.sendNotification(InitializedNotification.type, {})
  }

  /** What the server said that it can do. */
  initialised: InitializeResult = { capabilities: {} }

  get pid(): number {
    return this.process.pid ?? 0
  }

  async open(uri: string, text: string): Promise<void> {
    this.versions.set(uri, 1)
    const textDocument = { uri, languageId: 'python', version: 1, text }
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument })
  }

  async close(uri: string): Promise<void> {
    await this.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } })
  }

  /** An edit as an editor sends it: only what changed. */
  async change(uri: string, range: Range, text: string): Promise<void> {
    const version = (this.versions.get(uri) ?? 0) + 1
    this.versions.set(uri, version)
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version },
      contentChanges: [{ range, text }],
    })
  }

  /** What an editor tells when a file on disk appeared, changed or went. */
  async fileChanged(uri: string): Promise<void> {
    const changes: FileEvent[] = [{ uri, type: FileChangeType.Changed }]
    await this.connection.sendNotification(DidChangeWatchedFilesNotification.type, { changes })
  }

  async configure(settings: unknown): Promise<void> {
    this.settings = settings
    const sent = this.options.settings === undefined ? { shapescope: settings } : null
    await this.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: sent })
  }

  async hints(uri: string, range = everything): Promise<InlayHint[]> {
    return (await this.connection.sendRequest(InlayHintRequest.type, { textDocument: { uri }, range })) ?? []
  }

  /** A hint as an editor asks for it again before it shows its tooltip. */
  resolved(hint: InlayHint): Promise<InlayHint> {
    return this.connection.sendRequest(InlayHintResolveRequest.type, hint)
  }

  /** The hints as `line:column label`, counted from 1 and 0 as Python does. */
  async hintTexts(uri: string): Promise<string[]> {
    const hints = await this.hints(uri)
    return hints.map(({ position, label }) => `${position.line + 1}:${position.character} ${String(label)}`)
  }

  hover(uri: string, position: Position): Promise<Hover | null> {
    return this.connection.sendRequest(HoverRequest.type, { textDocument: { uri }, position })
  }

  /** The code actions of a range, as the lightbulb asks for them; `only` names kinds. */
  async actions(uri: string, range: Range, only?: string[]): Promise<CodeAction[]> {
    const context = { diagnostics: [], ...(only ? { only } : {}) }
    const parameters = { textDocument: { uri }, range, context }
    const found = (await this.connection.sendRequest(CodeActionRequest.type, parameters)) ?? []
    return found.filter((one): one is CodeAction => !('arguments' in one))
  }

  /** The diagnostics of a version of a document, as soon as they were pushed. */
  async diagnostics(uri: string): Promise<Diagnostic[]> {
    const version = this.versions.get(uri)
    const last = () => this.published.findLast((sent) => sent.uri === uri && sent.version === version)
    await until(`diagnostics of ${uri}`, () => last() !== undefined)
    return last()?.diagnostics ?? []
  }

  /** Ends the server as the protocol has it; its exit status. */
  async stop(): Promise<number | null> {
    await this.connection.sendRequest(ShutdownRequest.type)
    await this.connection.sendNotification(ExitNotification.type)
    const code = await this.exited
    this.connection.dispose()
    return code
  }

  /** Ends the connection without a word, as a client that crashed. */
  async abandon(): Promise<number | null> {
    this.connection.dispose()
    this.process.stdin?.destroy()
    return this.exited
  }
}

export async function until(what: string, good: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 10_000; !(await good()); ) {
    if (Date.now() > end) throw new Error(`Waited 10 s for ${what}`)
    await new Promise((done) => setTimeout(done, 5))
  }
}

/** The position of a piece of text that is there. */
export function positionOf(text: string, piece: string): Position {
  const at = text.indexOf(piece)
  if (at < 0) throw new Error(`“${piece}” is not in the text`)
  const before = text.slice(0, at).split('\n')
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 }
}

export function rangeOf(text: string, piece: string): Range {
  const start = positionOf(text, piece)
  return { start, end: { line: start.line, character: start.character + piece.length } }
}
