// What a language feature of the server is given and what it has to offer.

import type { CancellationToken, Connection, Range, ServerCapabilities } from 'vscode-languageserver/node'
import type { TextDocument } from 'vscode-languageserver-textdocument'
import type { Workspace } from '../ide/api'
import type { ClientOptions } from '../protocol/client'
import type { Settings } from '../protocol/settings'

/** One open document with its analysis up to date. */
export interface Fresh {
  path: string
  document: TextDocument
  workspace: Workspace
  settings: Settings
}

export interface Session {
  readonly connection: Connection
  readonly settings: Settings
  readonly client: ClientOptions
  /** True if the client asks for the tooltip of a hint once it shows it. */
  readonly resolvesTooltips: boolean
  /**
   * Answers a request about a document once its analysis is up to date. A document that is not open, a
   * cancelled request and a failing analysis (which is logged) get the empty answer.
   */
  answer<T>(uri: string, token: CancellationToken, empty: T, give: (fresh: Fresh) => T): Promise<T>
  /**
   * The same for a part of the document, which is analysed first: the rest of it may still be to come. With
   * `labelsOnly` the labels of hints are all that is asked for, which are there first.
   */
  answerPart<T>(
    uri: string,
    part: Range,
    token: CancellationToken,
    empty: T,
    give: (fresh: Fresh) => T,
    labelsOnly?: boolean,
  ): Promise<T>
  /** The analyser; there once the client has initialised the server. */
  readonly workspace: Workspace
  /** Has the client ask again for what it shows, and pushes diagnostics again. */
  shapesChanged(): void
  /** A document to turn offsets of any file into positions, or null when it cannot be read. */
  documentAt(path: string): TextDocument | null
}

/** A feature translates between LSP and `src/ide`; it computes nothing of its own. */
export interface Feature {
  capabilities: ServerCapabilities
  register(session: Session): void
  /** Called when a document was analysed or the settings changed. */
  publish?(session: Session, fresh: Fresh): void
  /** Called when a document was closed. */
  closed?(session: Session, uri: string): void
}
