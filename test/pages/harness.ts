// Analyses a page's program and compares it with what its comments assert.

import type { NameSource } from '../../src/dims/print'
import { printDim } from '../../src/dims/print'
import { edited } from '../../src/ide/actions'
import type { Diagnostic, Workspace } from '../../src/ide/api'
import { assumptionsOf, diagnosticsOf } from '../../src/ide/diagnostics'
import { contiguityOf, namesOf } from '../../src/ide/nodes'
import { shapeText } from '../../src/ide/shape-text'
import { createWorkspace } from '../../src/ide/workspace'
import { analyse, type Run } from '../../src/interpreter/analysis'
import type { SourceFiles } from '../../src/interpreter/modules'
import { LineIndex } from '../../src/syntax/lines'
import { parseModule } from '../../src/syntax/parse'
import type { ModuleTree } from '../../src/syntax/tree'
import type { TraceEvent } from '../../src/trace/trace'
import type { Value } from '../../src/trace/values'
import {
  type Expectation,
  expectationsOf,
  type Program,
  type ProgramFile,
  readShape,
  type ShapeText,
} from './page'

/** `reveal` is an ordinary function, so that the analyser needs to know nothing of tests. */
const helper = 'def reveal(value):\n    return value\ndef reveal_shape(value):\n    return value\n'
const header = 'from page_reveal import reveal, reveal_shape\n'

/** What is wrong with a program's analysis, one line each; empty if every assertion holds. */
export function failuresOf(program: Program): string[] {
  const texts = new Map(program.files.map((f) => [f.path, f.isData ? f.text : header + f.text]))
  texts.set('/page/page_reveal.py', helper)
  const trees = new Map<string, ModuleTree>()
  const treeOf = (path: string): ModuleTree | null => {
    const text = texts.get(path)
    if (text === undefined) return null
    const tree = trees.get(path) ?? parseModule(text)
    trees.set(path, tree)
    return tree
  }
  const files: SourceFiles = {
    text: (path) => texts.get(path) ?? null,
    isFile: (path) => texts.has(path),
    isFolder: (path) => namesIn([...texts.keys()], path) !== null,
    names: (path) => namesIn([...texts.keys()], path),
  }
  const main = treeOf(program.main.path)
  if (!main) return ['there is no main file']
  const runs = [...analyse(program.main.path, main, { files, searchPaths: [] })]
  return program.files.flatMap((file) => {
    const tree = file.isData ? null : treeOf(file.path)
    return tree ? new FileCheck(file, tree, runs, texts).failures() : []
  })
}

/** What lies in a folder of some files; null where none is below it. */
export function namesIn(files: readonly string[], folder: string): string[] | null {
  const below = files.filter((file) => file.startsWith(`${folder}/`))
  const names = new Set(below.map((file) => file.slice(folder.length + 1).split('/')[0] ?? ''))
  return names.size > 0 ? [...names].sort() : null
}

class FileCheck {
  readonly #index: LineIndex
  readonly #expected: readonly Expectation[]
  readonly #failures: string[] = []

  constructor(
    readonly file: ProgramFile,
    readonly tree: ModuleTree,
    readonly runs: readonly Run[],
    readonly texts: ReadonlyMap<string, string>,
  ) {
    this.#index = new LineIndex(tree.text)
    this.#expected = expectationsOf(file.text)
  }

  failures(): string[] {
    for (const run of this.runs) if (run.isCut) this.#failures.push(`the run ${run.name} was cut off`)
    this.#checkReveals()
    this.#checkProblems()
    this.#checkTexts()
    return this.#failures
  }

  /** The line of an offset in the page's file, which lacks the header. */
  #lineOf(offset: number): number {
    return this.#index.lineAt(offset) - 1
  }

  #fail(line: number, message: string): void {
    this.#failures.push(`line ${this.file.line + line}: ${message}`)
  }

  #checkReveals(): void {
    for (const expected of this.#expected) {
      if (expected.kind !== 'reveal') continue
      const program = this.#revealed('program', expected.line)
      const generic = this.#revealed('generic', expected.line)
      if (expected.program !== null) {
        const seen = program.length > 0 ? program : generic
        this.#compare(expected.line, expected.program, seen)
      }
      if (expected.generic !== null) this.#compare(expected.line, expected.generic, generic)
    }
  }

  /** The values revealed on a line, in the program or in the run of the function around it. */
  #revealed(kind: Run['kind'], line: number): Shown[] {
    const shown: Shown[] = []
    // A file with an entry block is run twice, first as if imported: the second run is the program.
    const runs = this.runs.filter((r) => r.kind === kind)
    for (const run of kind === 'program' ? runs.slice(-1) : runs) {
      for (const event of run.events) {
        if (event.kind !== 'call' || !event.name?.startsWith('reveal')) continue
        if (event.frame.module !== this.file.path || this.#lineOf(event.place.end) !== line) continue
        if (kind === 'generic' && !isWithin(event, run)) continue
        shown.push(...optionsOf(event.value).map((v) => showTop(v, namesOf(run))))
      }
    }
    return shown
  }

  #compare(line: number, text: string, seen: readonly Shown[]): void {
    const wanted = text.split(' | ').map(readShape)
    const isFit = (w: ShapeText, s: Shown): boolean =>
      w.shape === s.shape &&
      (w.dtype === null || w.dtype === s.dtype) &&
      (w.contiguous === null || w.contiguous === s.contiguous)
    if (
      wanted.every((w) => seen.some((s) => isFit(w, s))) &&
      seen.every((s) => wanted.some((w) => isFit(w, s)))
    )
      return
    const have = [...new Set(seen.map(describe))].join(' | ') || 'nothing'
    this.#fail(line, `expected ${text}, got ${have}`)
  }

  #checkProblems(): void {
    const open = new Set(this.#expected.filter((e) => e.kind === 'problem' || e.kind === 'range'))
    for (const found of diagnosticsOf(this.runs, this.tree, this.file.path)) {
      const fits = [...open].filter((e) => this.#announces(e, found))
      for (const e of fits) open.delete(e)
      const announced = this.#expected.some((e) => this.#announces(e, found))
      if (!announced) {
        const at = this.#lineOf(found.start)
        this.#fail(at, `not announced: ${this.#describe(found)}`)
      }
    }
    for (const e of open) {
      if (e.kind === 'problem') this.#fail(e.line, `no ${e.severity} [${e.code}] ${e.text}`)
      if (e.kind === 'range')
        this.#fail(e.line, `no ${e.severity} [${e.code}] at columns ${e.start} to ${e.end}`)
    }
  }

  #describe({ start, end, severity, code, message }: Diagnostic): string {
    return `${severity} [${code}] ${message} at ${JSON.stringify(this.tree.text.slice(start, end))}`
  }

  #announces(e: Expectation, found: Diagnostic): boolean {
    if (e.kind !== 'problem' && e.kind !== 'range') return false
    if (e.code !== found.code || e.severity !== found.severity) return false
    if (e.kind === 'problem') {
      const [first, last] = [this.#lineOf(found.start), this.#lineOf(found.end)]
      return first <= e.line && e.line <= last && found.message.includes(e.text)
    }
    const [start, end] = [this.#index.position(found.start), this.#index.position(found.end)]
    return start.line - 1 === e.line && start.column === e.start && end.column === e.end
  }

  #checkTexts(): void {
    const { path } = this.file
    const assumptions = assumptionsOf(this.runs, path)
    const workspace = createWorkspace(
      { read: (p) => this.texts.get(p) ?? null, isFile: (p) => this.texts.has(p), isFolder: () => false },
      { searchPaths: [] },
    )
    const options = { style: 'names', maximumLength: 200, parameters: true } as const
    for (const e of this.#expected) {
      if (e.kind === 'assumes') {
        const here = assumptions.filter(
          (a) => this.#lineOf(a.start) <= e.line && e.line <= this.#lineOf(a.end),
        )
        if (!here.some((a) => a.message.includes(e.text)))
          this.#fail(e.line, `assumes «${e.text}», got «${here.map((a) => a.message).join('; ')}»`)
      } else if (e.kind === 'fix') this.#checkFix(workspace, e.line, e.text)
      else if (e.kind === 'hint') {
        const at = this.#placeOf(e.line, e.name) + e.name.length
        const lineEnd = this.#index.endOfLine(e.line + 1)
        const hint = workspace
          .hints(path, at, lineEnd, options)
          .find((h) => nameBefore(this.tree.text, h.offset, e.name))
        if (hint?.label !== e.text)
          this.#fail(e.line, `hint ${e.text} for ${e.name}, got ${hint?.label ?? 'none'}`)
      } else if (e.kind === 'hover') {
        const hover = workspace.hover(path, this.#placeOf(e.line, e.name))
        if (!hover?.markdown.includes(e.text))
          this.#fail(
            e.line,
            `hover of ${e.name} with «${e.text}», got ${JSON.stringify(hover?.markdown ?? null)}`,
          )
      }
    }
  }

  /** That some fix of a problem on the line leaves code of that text, its lines parted by `⏎`. */
  #checkFix(workspace: Workspace, line: number, text: string): void {
    const [start, end] = [this.#index.startOfLine(line + 1), this.#index.endOfLine(line + 1)]
    const wanted = text.split('⏎').map((part) => part.trim())
    const made = workspace.actions(this.file.path, start, end).map(({ edits }) => {
      const lines = edited(this.tree.text, edits)
        .split('\n')
        .map((l) => (l.split('  # ')[0] ?? '').trim())
      const fits = lines.some((_, i) => wanted.every((part, j) => lines[i + j] === part))
      return { fits, changed: lines.slice(line + 1, line + 1 + wanted.length).join(' ⏎ ') }
    })
    if (!made.some(({ fits }) => fits))
      this.#fail(line, `fix «${text}», got ${made.map((m) => `«${m.changed}»`).join(', ') || 'none'}`)
  }

  #placeOf(line: number, name: string): number {
    const start = this.#index.startOfLine(line + 1)
    const text = this.tree.text.slice(start, this.#index.endOfLine(line + 1))
    const at = new RegExp(`\\b${name}\\b`).exec(text)?.index ?? 0
    return start + at
  }
}

/** A hint stands behind the name, or behind a parameter's annotation. */
const nameBefore = (text: string, offset: number, name: string): boolean =>
  new RegExp(`\\b${name}\\b[^,(=]*$`).test(
    text
      .slice(Math.max(0, offset - 80), offset)
      .split('\n')
      .at(-1) ?? '',
  )

/** True for the function's own frame and for functions that are defined in it. */
function isWithin(event: TraceEvent, run: Run): boolean {
  const own = event.frame.definition
  return (
    own !== null &&
    run.definition !== null &&
    own.start >= run.definition.start &&
    own.end <= run.definition.end
  )
}

interface Shown extends ShapeText {
  readonly value: Value
}

const describe = (s: Shown): string =>
  s.dtype === null && s.contiguous === null
    ? s.shape
    : `${s.shape} ${s.dtype} ${s.contiguous === null ? 'contiguity unknown' : s.contiguous ? 'contiguous' : 'not contiguous'}`

const optionsOf = (value: Value): readonly Value[] =>
  value.kind === 'union' ? value.options.flatMap(optionsOf) : [value]

function showTop(value: Value, names: NameSource): Shown {
  if (value.kind !== 'tensor') return { shape: show(value, names), dtype: null, contiguous: null, value }
  return { shape: shapeText(value.shape, names), dtype: value.dtype, contiguous: contiguityOf(value), value }
}

const pythonFloat = (n: number): string =>
  Number.isInteger(n) ? n.toFixed(1) : String(Number(n.toPrecision(6)))

/** A value as `check_pages.py` writes it too. */
export function show(value: Value, names: NameSource): string {
  const all = (values: readonly Value[]): string => values.map((v) => show(v, names)).join(', ')
  switch (value.kind) {
    case 'none':
      return 'None'
    case 'int':
      return printDim(value.dim, names)
    case 'bool':
      return value.value === null ? 'bool' : value.value ? 'True' : 'False'
    case 'float':
      return value.value === null ? 'float' : pythonFloat(value.value)
    case 'str':
      return value.value === null ? 'str' : `'${value.value}'`
    case 'tensor':
      return `Tensor${shapeText(value.shape, names)}`
    case 'tuple':
      return value.items.length === 1 ? `(${all(value.items)},)` : `(${all(value.items)})`
    case 'size':
      return `Size${shapeText(value.shape, names)}`
    case 'sequence':
      return `${show(value.element, names)} x ${value.length ? printDim(value.length, names) : '?'}`
    case 'list': {
      const items = value.slots.get('items') ?? []
      return 'kind' in items ? `[${show(items, names)}]` : `[${all(items)}]`
    }
    case 'dict': {
      const entries = [...value.entries.values()].map((e) => `${show(e.key, names)}: ${show(e.value, names)}`)
      if (value.state.get('isOpen')) entries.push('...')
      return `{${entries.join(', ')}}`
    }
    case 'range':
      return `range(${printDim(value.start, names)}, ${printDim(value.stop, names)})`
    case 'dtype':
      return value.dtype ?? 'dtype'
    case 'union':
      return value.options.map((o) => show(o, names)).join(' or ')
    default:
      return value.kind
  }
}
