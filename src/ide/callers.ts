// The ways in which a function is called: from where, and with which shapes.

import type { Run } from '../interpreter/analysis'
import { LineIndex } from '../syntax/lines'
import type { FunctionDef, ModuleTree } from '../syntax/tree'
import { walk } from '../syntax/walk'
import type { Place } from '../trace/trace'
import type { Caller, Lens } from './api'
import { type CallOf, callsOf, keyOf } from './calls'
import type { EventIndex } from './contexts'
import { shortened } from './shape-text'

/** The longest shape in a lens. */
const longest = 28

/** For each function that is called with known shapes: what is shown of it, and its callers. */
export function lensesOf(
  index: EventIndex,
  tree: ModuleTree,
  textOf: (path: string) => string | null,
): Lens[] {
  const { traced } = index.elsewhere
  const byDefinition = new Map<object, Call[]>()
  const take = (run: Run, now: (definition: Place) => object | null): void => {
    for (const call of callsOf(run).values()) {
      const { definition, module } = call.frame
      const current = module === index.path && definition ? now(definition) : null
      if (!current) continue
      const calls = byDefinition.get(current) ?? []
      byDefinition.set(current, calls)
      calls.push({ ...call, isTraced: run === traced })
    }
  }
  for (const run of index.runs) take(run, (definition) => definition)
  for (const { run, relocation } of index.elsewhere.runs) take(run, (old) => relocation.find(old))
  const lines = new Map<string, LineIndex>()
  const lineOf = (path: string, offset: number): number => {
    const known = lines.get(path) ?? new LineIndex(textOf(path) ?? '')
    lines.set(path, known)
    return known.lineAt(offset) + 1
  }
  const lenses: Lens[] = []
  walk(tree, (node) => {
    if (node.kind !== 'FunctionDef') return
    const lens = lensOf(node, byDefinition.get(node) ?? [], index, lineOf)
    if (lens) lenses.push(lens)
  })
  return lenses
}

interface Call extends CallOf {
  readonly isTraced: boolean
}

function lensOf(
  definition: FunctionDef,
  calls: readonly Call[],
  index: EventIndex,
  lineOf: (path: string, offset: number) => number,
): Lens | null {
  const callers = new Map<string, Caller>()
  const general = new Set(calls.filter(({ frame }) => !frame.caller).map(({ shapes }) => shapes.join(' ')))
  let name = definition.name
  for (const call of calls) {
    const { frame, shapes } = call
    const { caller, callPlace } = frame
    const [first] = shapes
    // a caller that knows no more than the function itself is not worth a choice
    if (!caller || !callPlace || first === undefined || general.has(shapes.join(' '))) continue
    name = frame.name
    const key = keyOf(call)
    if (callers.has(key)) continue
    const line = lineOf(caller.module, callPlace.start)
    const file = caller.module.slice(caller.module.lastIndexOf('/') + 1)
    callers.set(key, {
      key,
      from: caller.module === index.path ? `line ${line}` : `${file}:${line}`,
      shape: shortened(first.slice(1, -1).split(', '), longest),
      shapes,
      within: caller.name === '<module>' ? file : caller.name,
    })
  }
  if (callers.size === 0) return null
  const picked = index.elsewhere.picked.get(name)
  return {
    offset: definition.nameStart,
    name,
    callers: [...callers.values()].sort((a, b) => Number(isNumeric(b)) - Number(isNumeric(a))),
    picked: picked !== undefined && callers.has(picked) ? picked : null,
    isTraced: calls.some((call) => call.isTraced),
  }
}

/** Callers with numbers come before those with names. */
const isNumeric = ({ shapes }: Caller): boolean => shapes.every((shape) => /^[[\]\d, ]*$/.test(shape))
