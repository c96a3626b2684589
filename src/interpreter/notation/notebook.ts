// What shape comments and docstrings said during a run, each with the value that it was said of.

import type { Dim } from '../../dims/dim'
import type { Comment, Expression, FunctionDef, Statement } from '../../syntax/tree'
import { walk } from '../../syntax/walk'
import { dimsOf } from '../../tensors/shape'
import type { Frame } from '../../trace/trace'
import type { Value } from '../../trace/values'
import type { Interpreter } from '../interpreter'
import { assume } from './assumed'
import { notesIn, type ShapeNote } from './comment'
import { classDocstringNotes, docstringNotes, returned } from './docstring'
import { codeSize, type DimNames, nameDim, namesOfRun, nameWeight } from './names'
import { namesIn } from './shape'

/** One value that a note was about when its statement ran. */
export interface Visit {
  readonly note: ShapeNote
  /** Kept resolved as the run goes on. */
  value: Value
  /** How many events there were. */
  readonly order: number
  readonly frame: Frame
  /** The variable or parameter that it is bound to. */
  readonly target: string | null
  readonly isParameter: boolean
  /** True for a comment above a statement, which may also be about what comes before or later. */
  readonly isAbove: boolean
  /** What the statement was made from, where the comment stands above it. */
  readonly inputs: readonly Value[]
  /** The sizes that the code has under the names in the note. */
  readonly sizes: ReadonlyMap<string, Dim>
  readonly names: DimNames
}

/** The notes of a run. */
export class Notebook {
  readonly visits: Visit[] = []
  /** The notes that this run takes as true, since without them nothing tells. */
  assumed: Pick<ReadonlySet<ShapeNote>, 'has'> = new Set()

  clear(): void {
    this.visits.length = 0
  }
}

/** The comments of an assignment, once its targets are bound. */
export function noteAssignment(
  interp: Interpreter,
  node: Statement,
  targets: readonly Expression[],
  value: Value,
): void {
  const { notes } = node
  if (!notes || !interp.isRecording) return
  const inputs = notes.above.length > 0 ? inputsOf(interp, node) : []
  forEachNote(notes.above, notes.behind, (note, isAbove) => {
    const about = (target: string | null, v: Value): void =>
      visit(interp, note, v, { target, isAbove, inputs })
    if (note.subject !== null) {
      const own = targets.find((t) => nameOf(t) === note.subject)
      const other = own ? value : variable(interp, note.subject)
      if (other && (!own || targets.length === 1)) about(note.subject, own?.kind === 'Name' ? value : other)
      return
    }
    const [only] = targets
    if (!only || targets.length > 1 || only.kind === 'Subscript') return
    if (only.kind !== 'Tuple' && only.kind !== 'List') {
      about(nameOf(only), value)
      return
    }
    // Of a tensor that is taken apart, its rank tells whether the whole is meant.
    const [shape] = note.shapes
    if (rankOf(interp, value) === shape?.dims.length) {
      about(null, value)
      return
    }
    only.elts.forEach((elt, i) => {
      // What goes by `_` is not meant.
      const isMeant = elt.kind === 'Name' && !/^_+$/.test(elt.id) && (note.index ?? i) === i
      const part = isMeant ? variable(interp, elt.id) : undefined
      if (part) about(nameOf(elt), part)
    })
  })
}

/** The comments of a `return`. */
export function noteReturn(interp: Interpreter, node: Statement, value: Value): void {
  const { notes } = node
  if (!notes || !interp.isRecording) return
  const inputs = notes.above.length > 0 ? inputsOf(interp, node) : []
  forEachNote(notes.above, notes.behind, (note, isAbove) => {
    const part =
      note.subject !== null
        ? variable(interp, note.subject)
        : note.index !== null && value.kind === 'tuple'
          ? value.items[note.index]
          : value
    if (part) visit(interp, note, part, { target: note.subject, isAbove, inputs })
  })
}

/** The comment behind an argument, an element, or a call of a chain: it is about that value alone. */
export function noteExpression(interp: Interpreter, node: Expression, value: Value): void {
  const { notes } = node
  if (!notes?.behind || !interp.isRecording) return
  const target = nameOf(node)
  for (const note of notesIn(notes.behind, false)) {
    if (note.index !== null || (note.subject !== null && note.subject !== target)) continue
    // `x,  # (B, T, C) -> (B, C, T)` speaks of the call.
    if (target === null || !/->|=>|→/.test(notes.behind.text)) visit(interp, note, value, { target })
  }
}

/** What is written beside a function's parameters, at its header and in its docstring, before its body runs. */
export function noteParameters(
  interp: Interpreter,
  definition: FunctionDef,
  bound: ReadonlyMap<string, Value>,
): void {
  if (!interp.isRecording) return
  const about = (note: ShapeNote, name: string): void => {
    const value = bound.get(name)
    if (value) visit(interp, note, value, { target: name, isParameter: true })
  }
  const { params, notes } = definition
  for (const { name, notes: own } of params)
    if (own)
      forEachNote([], own.behind, (note) => {
        if (note.subject === null || note.subject === name) about(note, name)
      })
  const others = params.filter((p, i) => !(i === 0 && /^(self|cls)$/.test(p.name)))
  const [only] = others
  forEachNote([], notes?.behind ?? null, (note) => {
    const name = note.subject ?? (others.length === 1 ? only?.name : undefined)
    if (name !== undefined) about(note, name)
  })
  for (const note of docstringOf(interp, definition))
    if (note.subject !== null && note.subject !== returned) about(note, note.subject)
}

/** What a docstring says of the value that a function gives back. */
export function noteResult(interp: Interpreter, definition: FunctionDef, value: Value): void {
  if (!interp.isRecording) return
  for (const note of docstringOf(interp, definition))
    if (note.subject === returned) visit(interp, note, value, {})
}

/** What a function's docstring says; of a module's `forward` that has none, what the docstring of its class says. */
function docstringOf(interp: Interpreter, { name, notes, params }: FunctionDef): readonly ShapeNote[] {
  const names = params.map((p) => p.name)
  if (notes?.docstring) return docstringNotes(notes.docstring, names)
  const cls = name === 'forward' ? interp.activation?.callable?.owner?.definition : null
  const [statement] = cls?.body ?? []
  if (!cls?.notes?.docstring || !statement) return []
  // The run is made anew when the docstring changes.
  interp.startedDefinitions.add(statement)
  const init = cls.body.find((s) => s.kind === 'FunctionDef' && s.name === '__init__')
  const others = init?.kind === 'FunctionDef' ? init.params.map((p) => p.name) : []
  const [, ...own] = params
  const [only, ...more] = own.filter((p) => p.default === null && p.category !== 'var-keyword')
  return classDocstringNotes(
    cls.notes.docstring,
    own.map((p) => p.name).filter((p) => !others.includes(p)),
    more.length === 0 ? (only?.name ?? null) : null,
  )
}

function forEachNote(
  above: readonly Comment[],
  behind: Comment | null,
  visitNote: (note: ShapeNote, isAbove: boolean) => void,
): void {
  // Of several lines the last says what comes out: `# (B, T, C)`, `# -> (B, C, T)`.
  const shapes = above.map((comment) => notesIn(comment, true))
  const last = shapes.findLastIndex((notes) => notes.some((n) => n.subject === null))
  shapes.forEach((notes, i) => {
    for (const note of notes) if (note.subject !== null || i === last) visitNote(note, true)
  })
  if (behind) for (const note of notesIn(behind, false)) visitNote(note, false)
}

const nameOf = (node: Expression): string | null => (node.kind === 'Name' ? node.id : null)

const variable = (interp: Interpreter, name: string): Value | undefined =>
  interp.activation?.scope.variables.get(name)

/** The values of the variables that a statement has just read, those apart that it calls. */
function inputsOf(interp: Interpreter, node: Statement): Value[] {
  const called = new Set<unknown>()
  walk(node, (inner) => {
    if (inner.kind === 'Call') called.add(inner.func)
  })
  const inputs: Value[] = []
  const frame = interp.activation?.frame
  for (let i = interp.events.length - 1; i >= 0; i--) {
    const event = interp.events[i]
    if (!event || event.frame !== frame) continue
    if (event.place.start < node.start || event.place.end > node.end) break
    if (event.kind === 'name' && !called.has(event.place)) inputs.push(event.value)
  }
  return inputs
}

function visit(
  interp: Interpreter,
  note: ShapeNote,
  value: Value,
  about: Partial<Pick<Visit, 'target' | 'isParameter' | 'isAbove' | 'inputs'>>,
): void {
  const { activation } = interp
  if (!activation) return
  const sizes = new Map<string, Dim>()
  for (const shape of note.shapes)
    for (const dim of shape.dims)
      for (const name of dim.kind === 'size' ? namesIn(dim.formula) : []) {
        const size = codeSize(interp, name)
        // What the code calls by this name is no size, so that this is no shape.
        if (size === 'thing') return
        if (size) sizes.set(name, size)
      }
  const seen: Visit = {
    note,
    value,
    order: interp.events.length,
    frame: activation.frame,
    target: about.target ?? null,
    isParameter: about.isParameter ?? false,
    isAbove: about.isAbove ?? false,
    inputs: about.inputs ?? [],
    sizes,
    names: namesOfRun(activation).noted,
  }
  interp.notes.visits.push(seen)
  if (interp.notes.assumed.has(note)) assume(interp, seen)
  nameFrom(interp, seen)
}

/** Gives the names in a note to the dims that have none or a worse one. */
export function nameFrom(
  interp: Interpreter,
  { note, value, names, isAbove, inputs, sizes, frame }: Visit,
): void {
  const [shape, ...others] = note.shapes
  const settled = interp.settle(value)
  if (!shape || others.length > 0 || settled.kind !== 'tensor') return
  const dims = dimsOf(interp.facts.resolve(settled.shape))
  if (!dims || dims.length !== shape.dims.length) return
  // A comment above may be about the tensor as it was before.
  if (isAbove && note.subject === null && inputs.some((i) => rankOf(interp, i) === dims.length)) return
  shape.dims.forEach((noted, i) => {
    const dim = dims[i]
    if (!dim || noted.kind !== 'size' || noted.formula.kind !== 'name') return
    const { name } = noted.formula
    const code = sizes.get(name)
    if (code && interp.dims.equal(code, dim).kind === 'refuted') return
    if (names.get(name) === null) names.set(interp, name, dim)
    nameDim(interp, dim, name, nameWeight.comment, { module: frame.module, place: note.range })
  })
}

const rankOf = (interp: Interpreter, value: Value): number | null => {
  const settled = interp.settle(value)
  return settled.kind === 'tensor' ? (dimsOf(interp.facts.resolve(settled.shape))?.length ?? null) : null
}
