// What a listing says beside each line: the names that are bound there, parameters and results, with their shapes.

import { chosen, type Seen } from '../ide/contexts'
import { tensorsIn } from '../ide/nodes'
import { shapeText } from '../ide/shape-text'
import type { Run } from '../interpreter/analysis'
import type { LineIndex } from '../syntax/lines'
import type { Expression, ModuleTree, Node } from '../syntax/tree'
import { walk } from '../syntax/walk'
import type { Place } from '../trace/trace'

/** One name, or the result, with its different shapes. */
export interface Note {
  /** `q`, or `q, k, v` where all three are alike; `→` for a result. */
  readonly label: string
  readonly shapes: readonly string[]
  /** The program's own numbers, where the shapes are in names. */
  readonly numbers: readonly string[]
  /** Null where it is not known, or is what nearly all tensors are. */
  readonly dtype: string | null
}

export type Style = 'names' | 'numbers'

/** The notes of a file by line, from 0. */
export function notesOf(
  runs: readonly Run[],
  path: string,
  tree: ModuleTree,
  lines: LineIndex,
  style: Style,
): Map<number, Note[]> {
  const seenAt = indexOf(runs, path)
  const notes = new Map<number, Note[]>()
  const put = (at: Place, label: string, seen: readonly Seen[]): void => {
    const note = noteOf(label, seen, style)
    if (!note) return
    const line = lines.lineAt(at.start)
    const others = notes.get(line) ?? []
    const last = others.at(-1)
    if (last && isAlike(last, note)) others[others.length - 1] = joined(last, note)
    else others.push(note)
    notes.set(line, others)
  }
  walk(tree, (node) => {
    for (const { at, label, value } of boundBy(node)) {
      const seen = seenAt.get(value)
      if (seen) put(at, label, seen)
    }
    if (node.kind === 'Return' && node.value) {
      const parts = node.value.kind === 'Tuple' ? node.value.elts : [node.value]
      for (const part of parts) put(node, '→', seenAt.get(part) ?? [])
    }
    return node.kind !== 'Lambda'
  })
  return notes
}

function indexOf(runs: readonly Run[], path: string): Map<Place, Seen[]> {
  const index = new Map<Place, Seen[]>()
  for (const run of runs) {
    const names = { nameOf: nameIn(run), aliasOf: aliasIn(run) }
    for (const event of run.events) {
      if (event.frame.module !== path) continue
      const seen = index.get(event.place)
      if (seen) seen.push({ event, names, run })
      else index.set(event.place, [{ event, names, run }])
    }
  }
  return index
}

interface Bound {
  readonly at: Place
  readonly label: string
  /** The node whose value it is. */
  readonly value: Place
}

/** What a node binds itself; names and parameters are nodes of their own. */
function boundBy(node: Node): Bound[] {
  if (node.kind === 'Parameter') return [{ at: node, label: node.name, value: node }]
  return []
}
