// Lenses: whose shapes are shown of a function and whose could be, RoPE to visualise; and the program that is followed.

import type { CodeLens, Command } from 'vscode-languageserver/node'
import type { Lens } from '../ide/api'
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
import type { Feature } from './feature'
import { pathOf, rangeOf, uriOf } from './places'
import { ropeLens } from './rope'

export const lenses: Feature = {
  capabilities: { codeLensProvider: {} },
  register(session) {
    const { connection } = session
    connection.onCodeLens(({ textDocument: { uri } }, token) =>
      session.answer(uri, token, [], ({ path, document, workspace, settings }) => {
        if (!settings.codeLens.enabled || !session.client.hasCommands) return []
        const rope = workspace.ropeCode(path).map((code) => ropeLens(path, document, code))
        const callers = workspace.lenses(path).flatMap((lens): CodeLens[] => {
          const range = rangeOf(document, lens.offset, lens.offset)
          return commandsOf(uri, lens).map((command) => ({ range, command }))
        })
        return [...callers, ...rope]
      }),
    )
    connection.onRequest(pickRequest, ({ uri, name, caller }: Pick) => {
      session.workspace.pick(pathOf(uri), name, caller)
      session.shapesChanged()
    })
    connection.onRequest(traceRequest, ({ uri }: TraceWish): Traced | null => {
      const found = session.workspace.traceFrom(uri === null ? null : pathOf(uri))
      session.shapesChanged()
      return found && { files: found.files.map(uriOf), isCut: found.isCut }
    })
  },
}

/** `shapes: in general`, then the first caller, then how many more there are. */
function commandsOf(uri: string, lens: Lens): Command[] {
  const choices: CallerChoice[] = [
    { caller: null, label: 'In general', description: 'with nothing known of the callers' },
    ...lens.callers.map(({ key, from, shapes, within }) => ({
      caller: key,
      label: `$(symbol-method) ${from}`,
      description: `${shapes.join('  ')} · ${within}`,
    })),
  ]
  const pick = { command: pickCommand, arguments: [uri, lens.name, choices] }
  const show = (caller: string | null) => ({ command: showCommand, arguments: [uri, lens.name, caller] })
  const shown = lens.callers.find(({ key }) => key === lens.picked)
  if (shown)
    return [
      { title: `shapes: from ${shown.from} ${shown.shape}`, ...pick },
      { title: 'in general', ...show(null) },
    ]
  const [first, ...others] = lens.callers
  if (!first) return []
  const commands: Command[] = [
    { title: lens.isTraced ? 'shapes: traced' : 'shapes: in general', ...pick },
    { title: `from ${first.from} ${first.shape}`, ...show(first.key) },
  ]
  if (others.length > 0) commands.push({ title: `${others.length} more…`, ...pick })
  return commands
}
