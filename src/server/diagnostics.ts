// Diagnostics: pushed to the client whenever a document was analysed.

import {
  type DiagnosticRelatedInformation,
  DiagnosticSeverity,
  type Diagnostic as LspDiagnostic,
} from 'vscode-languageserver/node'
import type { Diagnostic, RelatedPlace, Severity } from '../ide/api'
import type { Settings } from '../protocol/settings'
import type { Feature, Fresh, Session } from './feature'
import { rangeOf } from './places'

const severities: Record<Severity, DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
}

export const diagnostics: Feature = {
  capabilities: {},
  register() {},
  publish(session, fresh) {
    const shown = wanted(fresh, session.settings.diagnostics.level)
    void session.connection.sendDiagnostics({
      uri: fresh.document.uri,
      version: fresh.document.version,
      diagnostics: shown.map((diagnostic) => translate(session, fresh, diagnostic)),
    })
  },
  closed(session, uri) {
    void session.connection.sendDiagnostics({ uri, diagnostics: [] })
  },
}

function wanted({ path, workspace }: Fresh, level: Settings['diagnostics']['level']): Diagnostic[] {
  if (level === 'off') return []
  const all = workspace.diagnostics(path)
  return level === 'errors' ? all.filter(({ severity }) => severity === 'error') : all
}

/** A diagnostic as the protocol has it. */
export function translate(session: Session, { document }: Fresh, diagnostic: Diagnostic): LspDiagnostic {
  return {
    range: rangeOf(document, diagnostic.start, diagnostic.end),
    severity: severities[diagnostic.severity],
    code: diagnostic.code,
    ...helpOf(session, diagnostic.code),
    source: 'ShapeScope',
    message: diagnostic.message,
    relatedInformation: diagnostic.related.flatMap((place) => related(session, place)),
  }
}

/** Where the page about a code is, for clients that can show it. */
function helpOf({ client }: Session, code: string): Pick<LspDiagnostic, 'codeDescription'> {
  const { helpAddress } = client
  return helpAddress === null ? {} : { codeDescription: { href: `${helpAddress}${code}.md` } }
}

/** None when the file it lies in is gone by now. */
function related(session: Session, place: RelatedPlace): DiagnosticRelatedInformation[] {
  const document = session.documentAt(place.path)
  if (!document) return []
  const location = { uri: document.uri, range: rangeOf(document, place.start, place.end) }
  return [{ location, message: place.message }]
}
