// One editor's session: its documents, settings and watched files, and requests answered from fresh analyses.

import {
  type CancellationToken,
  CodeLensRefreshRequest,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  type Range,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node'
import { TextDocument } from 'vscode-languageserver-textdocument'
import type { Workspace } from '../ide/api'
import type { WorkspaceOptions } from '../ide/workspace'
import type { DiskFiles } from '../node/disk'
import { type ClientOptions, readClientOptions } from '../protocol/client'
import { type Interpreters, interpreterNotification } from '../protocol/interpreter'
import { defaultSettings, readSettings, type Settings } from '../protocol/settings'
import { statusNotification } from '../protocol/status'
import type { Fresh, Session } from './feature'
import { features } from './features'
import type { Input } from './input/input'
import { pathOf, uriOf } from './places'
import { Schedule } from './schedule'
import { searchPaths } from './search-paths'

/** What programs read sizes from. */
const dataFiles = '**/*.{json,yaml,yml,toml}'

/** What the outside gives a session. */
export interface Surroundings {
  version: string
  files: DiskFiles
  /** The environments that the server was started in. */
  environments: readonly (string | undefined)[]
  /** Where messages are read in a thread of their own. */
  input: Input | null
  /** Made once the grammar is there. */
  createWorkspace(options: WorkspaceOptions): Promise<Workspace>
}

export class ServerSession implements Session {
  settings: Settings = defaultSettings
  private readonly documents = new TextDocuments(TextDocument)
  private readonly openPaths = new Map<string, string>()
  private readonly schedule = new Schedule(
    (path) => this.workspace.update(path),
    (path) => this.workspace.settle(path),
    {
      finished: (path) => this.publishSoon(path),
      settled: (path) => {
        this.publishSoon(path)
        this.refreshSoon(0)
      },
      busy: (busy) => void this.connection.sendNotification(statusNotification, { busy }),
      failed: (path, problem) => this.log(`Analysing ${path}`, problem),
    },
    undefined,
    () => this.isWaitedFor(),
  )
  private analyser: Workspace | null = null
  private folders: string[] = []
  /** Where imports are looked for now. */
  private searched: readonly string[] = []
  /** The interpreters that the user has selected. */
  private selected: readonly string[] = []
  client: ClientOptions = readClientOptions(undefined)
  private capabilities: InitializeParams['capabilities'] = {}
  private refreshTimer: ReturnType<typeof setTimeout> | null = null

  constructor(
    readonly connection: Connection,
    private readonly surroundings: Surroundings,
  ) {}

  start(): void {
    const { connection } = this
    connection.onInitialize((parameters) => this.initialise(parameters))
    connection.onInitialized(() => this.guard('Starting', () => this.initialised()))
    connection.onShutdown(() => {
      this.schedule.stop()
      if (this.refreshTimer) clearTimeout(this.refreshTimer)
    })
    connection.onDidChangeConfiguration(({ settings }) =>
      this.guard('Reading settings', () => this.readSettings(settings?.shapescope)),
    )
    connection.onDidChangeWatchedFiles(({ changes }) =>
      this.guard('Reading changed files', () => this.filesChanged(changes.map(({ uri }) => pathOf(uri)))),
    )
    connection.onNotification(interpreterNotification, ({ paths }: Interpreters) => {
      this.selected = paths
      return this.guard('Following the interpreter', () => this.applySearchPaths())
    })
    this.documents.onDidChangeContent(({ document }) => this.textChanged(document))
    this.documents.onDidClose(({ document }) => this.textClosed(document))
    for (const feature of features) feature.register(this)
    this.documents.listen(connection)
    connection.listen()
  }

  answer<T>(uri: string, token: CancellationToken, empty: T, give: (fresh: Fresh) => T): Promise<T> {
    return this.answerAfter(uri, this.schedule.fresh(pathOf(uri)), token, empty, give)
  }

  answerPart<T>(
    uri: string,
    { start, end }: Range,
    token: CancellationToken,
    empty: T,
    give: (fresh: Fresh) => T,
    labelsOnly = false,
  ): Promise<T> {
    const path = pathOf(uri)
    const document = this.documents.get(uri)
    if (!document || !this.analyser) return this.answer(uri, token, empty, give)
    const [from, to] = [document.offsetAt(start), document.offsetAt(end)]
    this.analyser.attend(path, from, to)
    const isReady = (): boolean => this.analyser?.isReady(path, from, to, labelsOnly) === true
    return this.answerAfter(uri, this.schedule.fresh(path, isReady), token, empty, give)
  }

  private async answerAfter<T>(
    uri: string,
    isReady: Promise<void>,
    token: CancellationToken,
    empty: T,
    give: (fresh: Fresh) => T,
  ): Promise<T> {
    try {
      await isReady
      const fresh = this.freshOf(uri)
      return fresh && !token.isCancellationRequested ? give(fresh) : empty
    } catch (problem) {
      this.log(`Answering about ${uri}`, problem)
      return empty
    }
  }

  documentAt(path: string): TextDocument | null {
    const uri = this.openPaths.get(path)
    const open = uri === undefined ? undefined : this.documents.get(uri)
    if (open) return open
    const text = this.surroundings.files.read(path)
    return text === null ? null : TextDocument.create(uriOf(path), 'python', 0, text)
  }

  private async initialise(parameters: InitializeParams): Promise<InitializeResult> {
    this.capabilities = parameters.capabilities
    this.client = readClientOptions(parameters.initializationOptions)
    const folders = parameters.workspaceFolders?.map(({ uri }) => uri) ?? []
    if (folders.length === 0 && parameters.rootUri) folders.push(parameters.rootUri)
    this.folders = folders.filter((uri) => uri.startsWith('file:')).map(pathOf)
    this.settings = readSettings(parameters.initializationOptions)
    this.searched = this.searchPaths()
    const { input, createWorkspace } = this.surroundings
    this.analyser = await createWorkspace({
      searchPaths: this.searched,
      isWaitedFor: () => this.isWaitedFor(),
      isOutdated: () => input?.isOutdated() === true,
    })
    return {
      serverInfo: { name: 'ShapeScope', version: this.surroundings.version },
      capabilities: Object.assign(
        { textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental } },
        ...features.map((feature) => feature.capabilities),
      ),
    }
  }

  private async initialised(): Promise<void> {
    const { workspace } = this.capabilities
    // The settings say where imports are found: an analysis before them would be done again.
    const isConfigured = this.readSettings(undefined)
    this.schedule.hold(isConfigured)
    if (workspace?.didChangeConfiguration?.dynamicRegistration) {
      await this.connection.client.register(DidChangeConfigurationNotification.type, {
        section: 'shapescope',
      })
    }
    if (workspace?.didChangeWatchedFiles?.dynamicRegistration) {
      const watchers = ['**/*.py', '**/pyvenv.cfg', dataFiles].map((globPattern) => ({ globPattern }))
      await this.connection.client.register(DidChangeWatchedFilesNotification.type, { watchers })
    }
    if (workspace?.workspaceFolders) {
      this.connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(removed.map(({ uri }) => pathOf(uri)))
        const stay = this.folders.filter((folder) => !gone.has(folder))
        this.folders = [...stay, ...added.map(({ uri }) => pathOf(uri))]
        this.applySearchPaths()
      })
    }
    await isConfigured
  }

  /** Asks the client for its settings where it can be asked, else takes what it sent. */
  private async readSettings(sent: unknown): Promise<void> {
    const canAsk = this.capabilities.workspace?.configuration === true
    if (!canAsk && sent === undefined) return
    const before = this.settings
    this.settings = readSettings(
      canAsk ? await this.connection.workspace.getConfiguration('shapescope') : sent,
    )
    if (before.searchPaths.join('\n') !== this.settings.searchPaths.join('\n')) this.applySearchPaths()
    const shown = ({ inlayHints, codeLens }: Settings): string => JSON.stringify([inlayHints, codeLens])
    if (shown(before) !== shown(this.settings)) this.refreshSoon(0)
    if (before.diagnostics.level !== this.settings.diagnostics.level) {
      for (const path of this.openPaths.keys()) this.publishSoon(path)
    }
  }

  private searchPaths(): string[] {
    return searchPaths({
      folders: this.folders,
      configured: this.settings.searchPaths,
      selected: this.selected,
      active: this.surroundings.environments,
    })
  }

  private applySearchPaths(): void {
    const paths = this.searchPaths()
    if (paths.join('\n') === this.searched.join('\n')) return
    this.searched = paths
    this.analyser?.setSearchPaths(paths)
    this.touchAll()
  }

  private filesChanged(changed: string[]): void {
    // Programs write data of their own, which nobody here reads.
    const isOfInterest = (path: string): boolean =>
      /\.py$|pyvenv\.cfg$/.test(path) || this.surroundings.files.wasAsked(path)
    const paths = changed.filter(isOfInterest)
    if (paths.length === 0) return
    for (const path of paths) {
      this.surroundings.files.forget(path)
      if (!this.openPaths.has(path)) this.analyser?.invalidate(path)
    }
    if (paths.some((path) => path.endsWith('pyvenv.cfg'))) this.applySearchPaths()
    this.touchAll()
  }

  private textChanged(document: TextDocument): void {
    const path = pathOf(document.uri)
    this.openPaths.set(path, document.uri)
    void this.guard(`Taking over the text of ${path}`, () => this.analyser?.setText(path, document.getText()))
    this.schedule.touch(path)
    this.touchOthers(path)
  }

  private textClosed(document: TextDocument): void {
    const path = pathOf(document.uri)
    this.openPaths.delete(path)
    this.analyser?.close(path)
    this.schedule.drop(path)
    for (const feature of features) feature.closed?.(this, document.uri)
    this.touchOthers(path)
  }

  private touchAll(): void {
    this.touchOthers(null)
  }

  /** Other open documents may import the one that changed; they follow when it is done. */
  private touchOthers(changed: string | null): void {
    let any = false
    for (const path of this.openPaths.keys()) {
      if (path === changed) continue
      this.schedule.touch(path, false)
      any = true
    }
    if (any) this.refreshSoon(300)
  }

  /** Has the client ask again for hints and lenses, which it does by itself only for the document being edited. */
  private refreshSoon(milliseconds: number): void {
    const { inlayHint, codeLens } = this.capabilities.workspace ?? {}
    if (this.refreshTimer) clearTimeout(this.refreshTimer)
    this.refreshTimer = setTimeout(() => {
      this.refreshTimer = null
      const { languages } = this.connection
      if (inlayHint?.refreshSupport)
        languages.inlayHint.refresh().catch((problem) => this.log('Refreshing hints', problem))
      if (codeLens?.refreshSupport)
        this.connection
          .sendRequest(CodeLensRefreshRequest.type)
          .catch((problem) => this.log('Refreshing lenses', problem))
    }, milliseconds)
  }

  /** Answers to requests that wait for the same analysis go out first. */
  private publishSoon(path: string): void {
    setImmediate(() => {
      const uri = this.openPaths.get(path)
      const fresh = uri !== undefined && this.schedule.isFresh(path) ? this.freshOf(uri) : null
      if (!fresh) return
      for (const feature of features) {
        void this.guard(`Publishing about ${path}`, () => feature.publish?.(this, fresh))
      }
    })
  }

  private freshOf(uri: string): Fresh | null {
    const document = this.documents.get(uri)
    if (!document) return null
    return { path: pathOf(uri), document, workspace: this.workspace, settings: this.settings }
  }

  get resolvesTooltips(): boolean {
    const { resolveSupport } = this.capabilities.textDocument?.inlayHint ?? {}
    return resolveSupport?.properties.includes('tooltip') === true
  }

  /** True while a message has arrived that is not handled yet. */
  private isWaitedFor(): boolean {
    return this.surroundings.input?.isWaiting() === true
  }

  get workspace(): Workspace {
    if (!this.analyser) throw new Error('The client asked before it initialised the server.')
    return this.analyser
  }

  shapesChanged(): void {
    for (const path of this.openPaths.keys()) this.publishSoon(path)
    this.refreshSoon(0)
  }

  /** A fault in one message's handling is told and ends there; the server lives on. */
  private async guard(doing: string, work: () => unknown): Promise<void> {
    try {
      await work()
    } catch (problem) {
      this.log(doing, problem)
    }
  }

  private log(doing: string, problem: unknown): void {
    const detail = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem)
    this.connection.console.error(
      `${doing} failed; this is a fault of ShapeScope, please report it.\n${detail}`,
    )
  }
}
