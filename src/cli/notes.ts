// What a listing says beside each line: the names that are bound there, parameters and results, with their shapes.

import { chosen, type Seen } from '../ide/contexts'
import { namesOf, tensorsIn } from '../ide/nodes'
import { shapeText } from '../ide/shape-text'
import type { Run } from '../interpreter/analysis'
import type { LineIndex } from '../syntax/lines'
import type { Expression, ModuleTree, Node } from '../syntax/tree'
import { walk } from '../syntax/walk'
import { shapeParts } from '../tensors/print'
import type { Place, TraceEvent } from '../trace/trace'

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
  const seenAt = indexOf(runs, path, tree)
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
  /** Of several results those that are no tensors are `…`. */
  const putResult = (at: Place, value: Expression): void => {
    const parts = value.kind === 'Tuple' ? value.elts : [value]
    const results = parts.map((part) => noteOf('', seenAt.get(part) ?? [], style))
    if (results.every((note) => note === null)) return
    const all = results.map((note) => note ?? { label: '', shapes: ['…'], numbers: [], dtype: null })
    const line = lines.lineAt(at.start)
    const labelled = all.map((note, i) => (i === 0 ? { ...note, label: result } : note))
    notes.set(line, [...(notes.get(line) ?? []), ...labelled])
  }
  walk(tree, (node) => {
    for (const { at, label, value } of boundBy(node)) put(at, label, seenAt.get(value) ?? [])
    if (node.kind === 'Name' || node.kind === 'Parameter') {
      const label = node.kind === 'Name' ? node.id : node.name
      put(
        node,
        label,
        (seenAt.get(node) ?? []).filter(({ event }) => isBinding(event)),
      )
    }
    if (node.kind === 'Return' && node.value) putResult(node, node.value)
    return node.kind !== 'Lambda'
  })
  return notes
}

/** The label of what a function returns; further parts of it have none. */
const result = '→'

interface Bound {
  readonly at: Place
  readonly label: string
  /** The node whose value it is. */
  readonly value: Place
}

const isBinding = ({ kind }: TraceEvent): boolean => kind === 'target' || kind === 'parameter'

/** The attributes that an assignment binds; names are nodes of their own. */
function boundBy(node: Node): Bound[] {
  if (node.kind !== 'Assign') return []
  const { value } = node
  return node.targets.flatMap((at) => {
    const label = dotted(at)
    return label === null ? [] : [{ at, label, value }]
  })
}

/** `self.cache`; null for what is no attribute of a name. */
function dotted(target: Expression): string | null {
  if (target.kind !== 'Attribute') return null
  const owner = target.value.kind === 'Name' ? target.value.id : dotted(target.value)
  return owner === null ? null : `${owner}.${target.attr}`
}

/** Everything seen in a file, by the syntax node that it was seen at; of names only where they are bound. */
function indexOf(runs: readonly Run[], path: string, tree: ModuleTree): Map<Place, Seen[]> {
  const index = new Map<Place, Seen[]>()
  const results = new Set<Place>()
  walk(tree, (node) => {
    if (node.kind === 'Assign') results.add(node.value)
    if (node.kind === 'Return' && node.value) {
      results.add(node.value)
      if (node.value.kind === 'Tuple') for (const part of node.value.elts) results.add(part)
    }
  })
  for (const run of runs) {
    const names = namesOf(run)
    for (const event of run.events) {
      if (event.frame.module !== path) continue
      if (!isBinding(event) && !results.has(event.place)) continue
      const seen = index.get(event.place)
      if (seen) seen.push({ event, names, run })
      else index.set(event.place, [{ event, names, run }])
    }
  }
  return index
}

function noteOf(label: string, seen: readonly Seen[], style: Style): Note | null {
  const shown = chosen(seen, style)
  const shapes = shapesIn(shown)
  if (shapes.length === 0) return null
  const program = style === 'names' ? shapesIn(seen.filter(({ run }) => run.kind === 'program')) : []
  const numbers = program.every((shape) => shapes.includes(shape)) ? [] : program
  const dtypes = new Set(shown.flatMap(({ event }) => tensorsIn(event.value).map(({ dtype }) => dtype)))
  const [dtype] = dtypes.size === 1 ? dtypes : []
  return { label, shapes, numbers, dtype: dtype && dtype !== 'float32' ? dtype : null }
}

/** The different shapes, once each; beside those of known rank the others say nothing, unless one value may have either. */
function shapesIn(seen: readonly Seen[]): string[] {
  const tensors = seen.flatMap(({ event, names }) =>
    tensorsIn(event.value).map(({ shape }) => ({ shape, names, isOption: event.value.kind === 'union' })),
  )
  const isRanked = tensors.some(({ shape }) => shape.gap === null)
  const ranked = tensors.filter(({ shape, isOption }) => isRanked && (shape.gap === null || isOption))
  const partly = tensors.filter(({ shape }) => shape.lead.length + shape.trail.length > 0)
  const told = new Map<string, string[]>()
  for (const { shape, names } of ranked.length > 0 ? ranked : partly)
    told.set(shapeText(shape, names), shapeParts(shape, names))
  const all = [...told]
  return all.filter((one) => !all.some((other) => saysLess(one[1], other[1]))).map(([text]) => text)
}

/** True if one shape is another with `?` in place of some dims. */
function saysLess(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length || one.join() === other.join()) return false
  return one.every((d, i) => d === '?' || d === other[i])
}

/** Names that are bound side by side and are alike share one note. */
function isAlike(a: Note, b: Note): boolean {
  if (a.label === result || b.label === '') return false
  const same = (x: readonly string[], y: readonly string[]): boolean => x.join() === y.join()
  return same(a.shapes, b.shapes) && same(a.numbers, b.numbers) && a.dtype === b.dtype
}

function joined(a: Note, b: Note): Note {
  return a.label.split(', ').includes(b.label) ? a : { ...a, label: `${a.label}, ${b.label}` }
}
