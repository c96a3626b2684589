// Which lines of a file a listing shows: those with something to say, and enough around them to read them.

import type { LineIndex } from '../syntax/lines'
import type { ModuleTree, Statement } from '../syntax/tree'

/** A line that is shown; or a stretch that is not. */
export type Row =
  | { readonly kind: 'line'; readonly line: number; readonly isFolded: boolean }
  | { readonly kind: 'gap'; readonly count: number }

/** Shorter stretches without shapes are shown: they help to read the rest. */
const longestQuiet = 8

/** The rows of a file, given the lines that have something to say. */
export function rowsToShow(tree: ModuleTree, lines: LineIndex, marked: ReadonlySet<number>): Row[] {
  const folding = new Folding(tree, lines, marked)
  folding.fold(tree.body)
  return folding.rows()
}

class Folding {
  readonly #hidden = new Set<number>()
  /** Lines whose block is left out. */
  readonly #folded = new Set<number>()
  /** The heads of functions and classes that are shown. */
  readonly #heads = new Set<number>()

  constructor(
    private readonly tree: ModuleTree,
    private readonly lines: LineIndex,
    private readonly marked: ReadonlySet<number>,
  ) {}

  fold(statements: readonly Statement[]): void {
    this.#foldImports(statements)
    for (const statement of statements) {
      if (isDocstring(statement)) this.#foldAfter(this.#line(statement.start), this.#line(statement.end))
      if (statement.kind !== 'FunctionDef' && statement.kind !== 'ClassDef') continue
      const [first] = statement.body
      if (!first) continue
      const from = this.#line(statement.start)
      const head = Math.max(from, this.#line(first.start) - 1)
      const to = this.#line(statement.end)
      if (this.#isQuiet(from, to) && this.#line(first.start) > from) {
        // what stands before the body, a comment too, is the head
        this.#foldAfter(head, to)
      } else {
        for (let line = from; line <= head; line++) this.#heads.add(line)
        this.fold(statement.body)
      }
    }
  }

  rows(): Row[] {
    const rows: Row[] = []
    const count = this.lines.lineCount
    for (let line = 0; line < count; ) {
      let end = line
      while (end < count && !this.#speaks(end)) end++
      const shown: number[] = []
      for (let quiet = line; quiet < end; quiet++) if (!this.#hidden.has(quiet)) shown.push(quiet)
      const wordy = shown.filter((quiet) => !this.#isBlank(quiet)).length
      if (wordy > longestQuiet) {
        const before = line === 0 ? [] : shown.slice(0, 2)
        const after = end === count ? [] : shown.slice(-2)
        for (const quiet of before) this.#push(rows, quiet)
        rows.push({ kind: 'gap', count: shown.length - before.length - after.length })
        for (const quiet of after) this.#push(rows, quiet)
      } else for (const quiet of shown) this.#push(rows, quiet)
      if (end < count) this.#push(rows, end)
      line = end + 1
    }
    while (isBlankRow(rows.at(-1), this)) rows.pop()
    return rows
  }

  isBlankAt(line: number): boolean {
    return this.#isBlank(line)
  }

  #push(rows: Row[], line: number): void {
    const last = rows.at(-1)
    // one blank line parts what several parted
    if (this.#isBlank(line) && (!last || isBlankRow(last, this))) return
    rows.push({ kind: 'line', line, isFolded: this.#folded.has(line) })
  }

  #foldImports(statements: readonly Statement[]): void {
    const imports = statements.filter(({ kind }) => kind === 'Import' || kind === 'ImportFrom')
    const [first] = imports
    const last = imports.at(-1)
    if (!first || !last || imports.length < 3) return
    const [from, to] = [this.#line(first.start), this.#line(last.end)]
    if (
      statements.some(
        (other) => !imports.includes(other) && other.start > first.start && other.end < last.end,
      )
    )
      return
    this.#foldAfter(from, to)
  }

  /** Leaves out what follows a line, unless it has something to say. */
  #foldAfter(line: number, to: number): void {
    if (to <= line) return
    this.#hide(line + 1, to)
    if (this.#isQuiet(line + 1, to)) this.#folded.add(line)
  }

  #hide(from: number, to: number): void {
    for (let line = from; line <= to; line++) if (!this.marked.has(line)) this.#hidden.add(line)
  }

  #isQuiet(from: number, to: number): boolean {
    for (let line = from; line <= to; line++) if (this.marked.has(line)) return false
    return true
  }

  #speaks(line: number): boolean {
    return this.marked.has(line) || this.#heads.has(line)
  }

  #isBlank(line: number): boolean {
    return this.tree.text.slice(this.lines.startOfLine(line), this.lines.endOfLine(line)).trim() === ''
  }

  #line(offset: number): number {
    return this.lines.lineAt(offset)
  }
}

function isDocstring(statement: Statement): boolean {
  return statement.kind === 'Expr' && statement.value.kind === 'String'
}

const isBlankRow = (row: Row | undefined, folding: Folding): boolean =>
  row?.kind === 'line' && folding.isBlankAt(row.line)
