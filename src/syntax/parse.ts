// Parses a module, unit by unit; over an edit, units of unchanged text keep their nodes.

import { attachComments } from './comments'
import { docstringOf } from './compounds'
import { Context } from './context'
import { type Edit, editOf, indexFrom, readLinesAgain } from './edit'
import { parseRaw, type RawTree } from './grammar'
import { type LogicalLine, readLines } from './lexer'
import { repair } from './repair'
import { statements } from './statements'
import type { ClassDef, Comment, FunctionDef, ModuleTree, NodeBase, Statement, SyntaxProblem } from './tree'
import { cutUnits, type UnitShape } from './units'

/** A piece of text that was parsed on its own, with everything that was made of it. */
interface Unit {
  text: string
  start: number
  column: number
  body: Statement[]
  /** Every object with offsets, those of members apart. */
  nodes: NodeBase[]
  problems: SyntaxProblem[]
  members: Unit[]
}

const FUNCTION = /(?:async\s+)?def\b/y
const NOTHING: RawTree = { kids: [], faults: [] }

/** What a module was made of, for the parse after an edit. */
interface Parts {
  readonly lines: LogicalLine[]
  readonly units: Unit[]
}
const partsOf = new WeakMap<ModuleTree, Parts>()

/**
 * Parses Python text; never throws once the grammar is loaded. With `previous`, code of unchanged text keeps
 * its node objects, moved in place: `previous` must not be used afterwards.
 */
export function parseModule(text: string, previous?: ModuleTree): ModuleTree {
  const parts = previous && partsOf.get(previous)
  const edit = parts ? editOf(previous.text, text) : null
  const { lines, comments } =
    parts && edit
      ? readLinesAgain(text, edit, { lines: parts.lines, comments: previous.comments })
      : readLines(text)
  const shapes = cutUnits(text, lines)
  const builder = new Builder(text, lines, comments, false, edit)
  const units = builder.build(shapes, parts?.units ?? [])
  const body: Statement[] = []
  const problems: SyntaxProblem[] = []
  for (const unit of units) {
    for (const node of unit.body) body.push(node)
    collectProblems(unit, problems)
  }
  problems.sort((a, b) => a.start - b.start)
  const module: ModuleTree = { text, body, comments, problems }
  partsOf.set(module, { lines, units })
  return module
}

function collectProblems(unit: Unit, problems: SyntaxProblem[]): void {
  for (const problem of unit.problems) problems.push(problem)
  for (const member of unit.members) collectProblems(member, problems)
}

/** The grammar wants `\n` or `\r\n` at line ends, and no NULs. */
const cleaned = (text: string): string =>
  text.includes('\r') || text.includes('\0') ? text.replace(/\r(?!\n)/g, '\n').replace(/\0/g, ' ') : text

/** Makes the nodes of units; `isLazy` leaves the bodies of functions for when they are read. */
export class Builder {
  /** Units of the previous module that found no place yet, by text. */
  private readonly pool = new Map<string, { unit: Unit; parents: Unit[] }[]>()
  private readonly used = new Set<Unit>()

  constructor(
    readonly text: string,
    private readonly lines: LogicalLine[],
    private readonly comments: readonly Comment[],
    private readonly isLazy = false,
    private readonly edit: Edit | null = null,
  ) {}

  build(shapes: UnitShape[], old: Unit[]): Unit[] {
    const units: Unit[] = []
    const least = Math.min(shapes.length, old.length)
    let front = 0
    while (front < least && this.matches(shapes[front], old[front])) front++
    let back = 0
    while (back < least - front && this.matches(shapes[shapes.length - 1 - back], old[old.length - 1 - back]))
      back++
    for (let i = front; i < old.length - back; i++) this.offer(old[i], [])
    shapes.forEach((shape, i) => {
      const fromBack = shapes.length - i
      const kept = i < front ? old[i] : fromBack <= back ? old[old.length - fromBack] : undefined
      if (kept) units.push(move(kept, shape.start))
      else units.push(this.unit(shape))
    })
    return units
  }

  private matches(shape: UnitShape | undefined, unit: Unit | undefined): boolean {
    if (!shape || !unit || shape.column !== unit.column || shape.end - shape.start !== unit.text.length)
      return false
    return this.isUntouched(shape, unit.start) || this.text.startsWith(unit.text, shape.start)
  }

  /** True for text that the edit left as it is, where it is or moved by the edit's length. */
  private isUntouched({ start, end }: UnitShape, before: number): boolean {
    if (!this.edit) return false
    const { front, back, moved } = this.edit
    return start === before ? end <= front : start === before + moved && start >= this.text.length - back
  }

  private offer(unit: Unit | undefined, parents: Unit[]): void {
    if (!unit) return
    const key = `${unit.column} ${unit.text}`
    const waiting = this.pool.get(key)
    if (waiting) waiting.push({ unit, parents })
    else this.pool.set(key, [{ unit, parents }])
    for (const member of unit.members) this.offer(member, [...parents, unit])
  }

  /** An unused unit of the same text; its members and what it is a member of are used up with it. */
  private take(key: string): Unit | null {
    const waiting = this.pool.get(key)
    for (let found = waiting?.shift(); found; found = waiting?.shift()) {
      if (this.used.has(found.unit)) continue
      for (const parent of found.parents) this.used.add(parent)
      const mark = (unit: Unit) => {
        this.used.add(unit)
        unit.members.forEach(mark)
      }
      // a class with a member that was used elsewhere is marked itself, so that all below is free here
      mark(found.unit)
      return found.unit
    }
    return null
  }

  unit(shape: UnitShape): Unit {
    const source = this.text.slice(shape.start, shape.end)
    const kept = this.pool.size > 0 ? this.take(`${shape.column} ${source}`) : null
    if (kept) return move(kept, shape.start)
    return (
      (shape.members && this.classUnit(shape, source, shape.members)) ??
      (this.isLazy ? this.functionUnit(shape, source) : null) ??
      this.leaf(shape, source)
    )
  }

  /** A function of which only the header is parsed; its body is when it is read. */
  private functionUnit(shape: UnitShape, source: string): Unit | null {
    let head = shape.from
    while (head < shape.to && this.text[this.lines[head]?.start ?? -1] === '@') head++
    const header = this.lines[head]
    if (!header || head + 1 >= shape.to || header.problem || header.open.length > 0) return null
    FUNCTION.lastIndex = header.start
    if (this.text[header.end - 1] !== ':' || !FUNCTION.test(this.text)) return null
    const unit = this.headerUnit(shape, source, header.end)
    const [node] = unit?.body ?? []
    if (!unit || node?.kind !== 'FunctionDef') return null
    let body: Statement[] | null = null
    const read = (): Statement[] => {
      const [whole] = this.leaf(shape, source).body
      if (whole?.kind !== 'FunctionDef') return []
      if (whole.notes) node.notes = whole.notes
      node.params.forEach((parameter, i) => {
        const notes = whole.params[i]?.notes
        if (notes) parameter.notes = notes
      })
      return whole.body
    }
    Object.defineProperties(node, {
      body: { get: () => (body ??= read()) },
      docstring: { get: () => docstringOf((body ??= read())) },
    })
    node.end = shape.end
    return unit
  }

  /** A class or a function as far as its header goes, with a body of `pass`. */
  private headerUnit(shape: UnitShape, source: string, headerEnd: number): Unit | null {
    const from = this.lineStart(shape.start)
    const { kids, faults } = parseRaw(`${cleaned(this.text.slice(from, headerEnd))} pass`, from)
    if (faults.length > 0) return null
    const c = new Context(this.text, new Map())
    const body = guarded(c, shape, () => statements(c, kids))
    if (body.length !== 1) return null
    const { start, column } = shape
    return { text: source, start, column, body, nodes: c.nodes, problems: c.problems, members: [] }
  }

  /** A class: its header is parsed with a body of `pass`, which its members then replace. */
  private classUnit(shape: UnitShape, source: string, shapes: UnitShape[]): Unit | null {
    const first = shapes[0]
    const header = first && this.lines[first.from - 1]
    if (!header) return null
    const unit = this.headerUnit(shape, source, header.end)
    const [node] = unit?.body ?? []
    if (!unit || node?.kind !== 'ClassDef') return null
    unit.members = shapes.map((member) => this.unit(member))
    node.body = unit.members.flatMap((member) => member.body)
    node.end = node.body[node.body.length - 1]?.end ?? header.end
    node.docstring = docstringOf(node.body)
    const [opening] = node.body
    if (node.docstring !== null && opening) {
      // The member moves on its own.
      const docstring = {
        text: this.text.slice(opening.start, opening.end),
        get start() {
          return opening.start
        },
        get end() {
          return opening.end
        },
      }
      node.notes = { above: [], behind: null, docstring }
    }
    return unit
  }

  private leaf(shape: UnitShape, source: string): Unit {
    const from = this.lineStart(shape.start)
    // the grammar is slow over text with an open bracket or string: such text is repaired first
    const isBroken = this.lines
      .slice(shape.from, shape.to)
      .some((line) => line.open.length > 0 || line.problem)
    let { kids, faults } = isBroken ? NOTHING : parseRaw(cleaned(this.text.slice(from, shape.end)), from)
    let c = new Context(this.text, new Map())
    if (isBroken || faults.length > 0) {
      const repaired = repair(this.text, cleaned(this.text), shape.start, shape.end, faults)
      c = new Context(this.text, repaired.salvaged)
      for (const { start, end, message } of repaired.problems) c.problem(start, end, message)
      kids = repaired.kids
    }
    const body = guarded(c, shape, () => statements(c, kids))
    this.checkIndentation(c, shape)
    attachComments(c, body, this.commentsIn(shape))
    return {
      text: source,
      start: shape.start,
      column: shape.column,
      body,
      nodes: c.nodes,
      problems: c.problems,
      members: [],
    }
  }

  /** The comments within a unit; one behind its last line is part of it. */
  private commentsIn({ start, end }: UnitShape): Comment[] {
    return this.comments.slice(indexFrom(this.comments, start), indexFrom(this.comments, end))
  }

  private lineStart(at: number): number {
    const line = this.text.lastIndexOf('\n', at - 1) + 1
    const before = this.text.slice(line, at)
    return at - (before.length - before.replace(/[ \t\f\0]+$/, '').length)
  }

  /** The grammar takes any indentation, so it is checked here. */
  private checkIndentation(c: Context, shape: UnitShape): void {
    const levels = [shape.column]
    for (let i = shape.from + 1; i < shape.to; i++) {
      const line = this.lines[i]
      const before = this.lines[i - 1]
      if (!line || !before) continue
      const top = levels[levels.length - 1] ?? 0
      if (line.column > top) {
        if (this.text[before.end - 1] !== ':' && before.open.length === 0 && c.problems.length === 0) {
          c.problem(line.start, line.start + 1, 'unexpected indentation')
        }
        levels.push(line.column)
      } else if (line.column < top) {
        while ((levels[levels.length - 1] ?? 0) > line.column) levels.pop()
        if (levels[levels.length - 1] !== line.column && c.problems.length === 0) {
          c.problem(line.start, line.start + 1, 'this indentation matches no block above')
        }
      }
    }
  }
}

/** Whatever goes wrong in a conversion costs its own unit only. */
function guarded(c: Context, shape: UnitShape, convert: () => Statement[]): Statement[] {
  try {
    return convert()
  } catch {
    c.problem(shape.start, Math.max(shape.start + 1, shape.end), 'this code could not be read')
    return [c.add({ kind: 'ErrorStmt', start: shape.start, end: shape.end, children: [] })]
  }
}

type Movable = { kind?: string } & NodeBase

/** Moves a unit to another offset, in place. */
function move(unit: Unit, start: number): Unit {
  const delta = start - unit.start
  if (delta !== 0) moveBy(unit, delta)
  return unit
}

function moveBy(unit: Unit, delta: number): void {
  unit.start += delta
  for (const node of unit.nodes as Movable[]) {
    node.start += delta
    node.end += delta
    if (node.kind === 'Attribute') {
      const attribute = node as NodeBase & { attrStart: number; attrEnd: number }
      attribute.attrStart += delta
      attribute.attrEnd += delta
    } else if (node.kind === 'BinOp') {
      const operation = node as NodeBase & { opStart: number }
      operation.opStart += delta
    } else if (node.kind === 'FunctionDef' || node.kind === 'ClassDef') {
      const definition = node as FunctionDef | ClassDef
      definition.nameStart += delta
      definition.nameEnd += delta
    }
  }
  for (const member of unit.members) moveBy(member, delta)
}
