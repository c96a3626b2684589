// The editor's files and their analyses, brought up to date piece by piece.

import {
  analyseProgramUnless,
  type BodyRun,
  hasEntry,
  type Run,
  type Surroundings,
  startDefinitions,
} from '../interpreter/analysis'
import type { Definitions } from '../interpreter/definitions'
import { SharedModules, type SourceFiles } from '../interpreter/modules'
import { parseModule } from '../syntax/parse'
import type { ModuleTree } from '../syntax/tree'
import type { Frame, Place } from '../trace/trace'
import { actionsOf, commentEdits } from './actions'
import type {
  Action,
  Cause,
  Diagnostic,
  Edit,
  FileSystem,
  Hint,
  HintOptions,
  Hover,
  Lens,
  RopeCode,
  TraceSummary,
  Workspace,
} from './api'
import { lensesOf } from './callers'
import { File } from './code-scopes'
import { type Elsewhere, EventIndex, type OtherRun } from './contexts'
import { diagnosticsOf } from './diagnostics'
import { hintsOf } from './hints'
import { hoverOf } from './hover'
import { Relocation } from './relocation'
import { type LoadFile, ropeCodeOf } from './rope-code'
import { unknownsOf } from './unknowns'

interface Analysis {
  readonly tree: ModuleTree
  readonly body: BodyRun
  /** What could be imported when it was made. */
  readonly imports: number
  readonly definitions: Definitions
  /** The file as a program; after an edit the last one, until the new one is there. */
  readonly program: Run | null
  /** All that the views show. */
  readonly runs: readonly Run[]
  /** True once nothing in it is older than the text. */
  readonly isSettled: boolean
}

/** An update that goes on, and the analysis as far as it has come. */
interface Underway {
  readonly path: string
  readonly definitions: Definitions
  soFar(): Analysis
}

export interface WorkspaceOptions {
  readonly searchPaths: readonly string[]
  /** True while somebody waits for anything: what runs gives way, and runs anew later. */
  readonly isWaitedFor?: () => boolean
  /** True once a text is known to have changed again. */
  readonly isOutdated?: () => boolean
}
const never = (): boolean => false

/** What was edited gives way only if it takes more steps than this, and four times as many each time. */
const patience = 5000
/** What nobody waits for gives way at once, and then has as much patience, up to so many steps. */
const mostPatience = 80_000

export function createWorkspace(files: FileSystem, options: WorkspaceOptions): Workspace {
  const { searchPaths, isWaitedFor = never, isOutdated = never } = options
  return new AnalysedWorkspace(files, searchPaths, isWaitedFor, isOutdated)
}

class AnalysedWorkspace implements Workspace, SourceFiles {
  readonly #open = new Map<string, string>()
  readonly #trees = new Map<string, ModuleTree>()
  readonly #analyses = new Map<string, Analysis>()
  /** The last update of each file, also where it was left off: what it has run is kept for the next. */
  readonly #begun = new Map<string, Pick<Analysis, 'body' | 'definitions' | 'imports'>>()
  /** Files whose text, or the text of a file that they may import, changed since their analysis. */
  readonly #stale = new Set<string>()
  readonly #shared = new SharedModules()
  /** The callers that were picked, by file and function. */
  readonly #picked = new Map<string, Map<string, string>>()
  /** What the views of each file take from other runs than its own; made when it is asked for. */
  readonly #elsewhere = new Map<string, Elsewhere>()
  /** For each run the texts of the open files when it was made. */
  readonly #texts = new WeakMap<Run, ReadonlyMap<string, string>>()
  /** What is left of runs from before the edits of functions, with a frame of each function in it. */
  readonly #rests = new WeakMap<Run, { readonly run: Run; readonly frames: readonly Frame[] }>()
  /** The program that is followed; null in `run` until the next time that typing rests. */
  #traced: { readonly path: string; run: Run | null; isStale: boolean } | null = null
  #underway: Underway | null = null
  /** The part of each file that the editor shows. */
  readonly #attended = new Map<string, { readonly start: number; readonly end: number }>()
  readonly #rope = new Map<string, { readonly tree: ModuleTree; readonly found: RopeCode[] }>()
  /** Counts the changes of what can be imported, apart from texts. */
  #imports = 0

  constructor(
    readonly files: FileSystem,
    private searchPaths: readonly string[],
    private readonly isWaitedFor: () => boolean,
    private readonly isOutdated: () => boolean,
  ) {}

  setText(path: string, text: string): void {
    if (!this.#open.has(path)) this.#imports++
    this.#open.set(path, text)
    this.#changed()
  }
  close(path: string): void {
    this.#imports++
    this.#open.delete(path)
    this.#attended.delete(path)
    this.#analyses.delete(path)
    this.#begun.delete(path)
    this.#trees.delete(path)
    this.#changed()
  }
  invalidate(path: string): void {
    this.#imports++
    if (!this.#open.has(path)) this.#trees.delete(path)
    this.#changed()
  }
  setSearchPaths(paths: readonly string[]): void {
    this.searchPaths = paths
    this.#imports++
    this.#changed()
  }
  #changed(): void {
    this.#rope.clear()
    this.#underway = null
    for (const path of this.#analyses.keys()) this.#stale.add(path)
    if (this.#traced) this.#traced.isStale = true
  }

  // ---- the files as the analyser reads them ----

  tree(path: string): ModuleTree | null {
    const text = this.#open.get(path)
    const known = this.#trees.get(path)
    if (known && (text === undefined || known.text === text)) return known
    const source = text ?? this.files.read(path)
    if (source === null) return null
    const tree = parseModule(source, known)
    this.#trees.set(path, tree)
    return tree
  }
  text(path: string): string | null {
    return this.#open.get(path) ?? this.files.read(path)
  }
  isFile(path: string): boolean {
    return this.#open.has(path) || this.files.isFile(path)
  }
  isFolder(path: string): boolean {
    return this.files.isFolder(path)
  }
  names(path: string): readonly string[] | null {
    return this.files.names?.(path) ?? null
  }

  update(path: string): Generator<void> {
    const isPatient = this.#growingPatience(patience, Number.POSITIVE_INFINITY)
    return this.#update(path, (done) => this.isOutdated() || !isPatient(done))
  }
  /** Whether work that has done so many steps goes on although somebody waits: for longer each time that it did not. */
  #growingPatience(first: number, most: number): (done: number) => boolean {
    let steps = first
    return (done) => {
      if (done < steps || !this.isWaitedFor()) return true
      steps = Math.min(most, Math.max(patience, 4 * steps))
      return false
    }
  }
  *#update(path: string, givesWay: (steps: number) => boolean): Generator<void> {
    const tree = this.tree(path)
    if (!tree) return
    const old = this.#analyses.get(path)
    const begun = this.#begun.get(path)
    const previous = begun && {
      body: begun.imports === this.#imports ? begun.body : null,
      definitions: begun.definitions,
    }
    const imports = this.#imports
    const { body, definitions } = startDefinitions(path, tree, this.#around(path), previous)
    this.#begun.set(path, { body, definitions, imports })
    const soFar = (): Analysis => {
      const { fresh, stale } = definitions.runs
      const program = old?.program ?? null
      const before = [...stale, ...(program ? [program] : [])]
      const runs = [body.run, ...fresh, ...before.map((run) => this.#withoutEdited(run, definitions))]
      const isSettled = stale.length === 0 && !hasEntry(tree)
      return { tree, body, imports, definitions, program, runs, isSettled }
    }
    this.#underway = { path, definitions, soFar }
    yield
    const isAttended = (place: Place): boolean => {
      const part = this.#attended.get(path)
      return part !== undefined && overlaps(place, part)
    }
    for (const _ of definitions.runEdited(isAttended, givesWay)) yield
    this.#underway = null
    this.#keep(path, soFar())
    this.#stale.delete(path)
  }

  attend(path: string, start: number, end: number): void {
    this.#attended.set(path, { start, end })
  }
  isReady(path: string, start: number, end: number, forHints = false): boolean {
    const isDone = this.#analyses.has(path) && !this.#stale.has(path)
    return isDone || this.#underwayFor(path, start, end, forHints) !== null
  }
  /** The update that goes on, if it has come past a part of its file, or early runs have, which are enough for hints. */
  #underwayFor(path: string, start: number, end: number, forHints: boolean): Underway | null {
    const underway = this.#underway?.path === path ? this.#underway : null
    return underway?.definitions.haveRun((place) => overlaps(place, { start, end }), forHints)
      ? underway
      : null
  }

  isSettled(path: string): boolean {
    return (
      !this.#stale.has(path) && this.#analyses.get(path)?.isSettled === true && this.#traced?.isStale !== true
    )
  }

  *settle(path: string): Generator<void> {
    const analysis = this.#fresh(path)
    if (!analysis) return
    const isPatient = this.#growingPatience(0, mostPatience)
    const givesWay = (done: number): boolean => !isPatient(done)
    while (this.#traced?.isStale) {
      this.#trace(this.#traced.path, givesWay)
      yield
    }
    if (analysis.isSettled) return
    const { tree, body, imports, definitions } = analysis
    for (const _ of definitions.runStale(givesWay)) yield
    let program: Run | null = null
    while (hasEntry(tree) && !program) {
      program = analyseProgramUnless(givesWay, path, tree, this.#around(path))
      if (!program) yield
    }
    const runs = [body.run, ...definitions.runs.fresh, ...(program ? [program] : [])]
    this.#keep(path, { tree, body, imports, definitions, program, runs, isSettled: true })
  }

  #keep(path: string, analysis: Analysis): void {
    this.#noteTexts(analysis.runs)
    this.#analyses.set(path, analysis)
    this.#elsewhere.clear()
  }

  // ---- what other files say of a file ----

  /** The runs that came from outside through a file, with where its functions stand now. */
  #otherRuns(path: string, tree: ModuleTree): OtherRun[] {
    const others = [...this.#analyses].filter(([other]) => other !== path).map(([, analysis]) => analysis)
    const traced = this.#traced?.run ? [{ runs: [this.#traced.run] }] : []
    return [...others, ...traced].flatMap(({ runs }) =>
      runs.flatMap((run) => {
        const text = this.#texts.get(run)?.get(path)
        return text === undefined ? [] : [{ run, relocation: new Relocation(text, tree) }]
      }),
    )
  }

  /** Remembers from which texts a run was made. */
  #noteTexts(runs: readonly Run[]): void {
    const texts = new Map(this.#open)
    for (const run of runs) if (!this.#texts.has(run)) this.#texts.set(run, texts)
  }

  #indexOf(path: string, analysis: Analysis): EventIndex {
    const elsewhere = this.#elsewhere.get(path) ?? {
      runs: this.#otherRuns(path, analysis.tree),
      traced: this.#traced?.run ?? null,
      picked: this.#picked.get(path) ?? new Map(),
    }
    this.#elsewhere.set(path, elsewhere)
    const underway = this.#underway?.path === path ? this.#underway.definitions : null
    return new EventIndex(analysis.runs, path, elsewhere, underway?.haveRun(() => true) === false)
  }

  #around(path: string): Surroundings {
    // an open file shows its callers in other ones
    const records = (other: string): boolean => other === path || this.#open.has(other)
    return { files: this, searchPaths: this.searchPaths, shared: this.#shared, records }
  }

  #fresh(path: string): Analysis | null {
    if (!this.#analyses.has(path) || this.#stale.has(path)) for (const _ of this.#update(path, never));
    return this.#analyses.get(path) ?? null
  }

  hints(path: string, start: number, end: number, options: HintOptions): Hint[] {
    const analysis = this.#underwayFor(path, start, end, true)?.soFar() ?? this.#fresh(path)
    return analysis ? hintsOf(this.#indexOf(path, analysis), analysis.tree.text, start, end, options) : []
  }
  hover(path: string, offset: number): Hover | null {
    const analysis = this.#underwayFor(path, offset, offset, false)?.soFar() ?? this.#fresh(path)
    return analysis ? hoverOf(this.#indexOf(path, analysis), analysis.tree.text, offset) : null
  }
  diagnostics(path: string): Diagnostic[] {
    const analysis = this.#fresh(path)
    return analysis ? diagnosticsOf(analysis.runs, analysis.tree, path) : []
  }
  unknowns(path: string): Cause[] {
    const analysis = this.#fresh(path)
    return analysis ? unknownsOf(analysis.runs, path) : []
  }
  lenses(path: string): Lens[] {
    const analysis = this.#fresh(path)
    if (!analysis) return []
    return lensesOf(this.#indexOf(path, analysis), analysis.tree, (other) => this.tree(other)?.text ?? null)
  }
  ropeCode(path: string): RopeCode[] {
    const tree = this.tree(path)
    if (!tree) return []
    const known = this.#rope.get(path)
    if (known?.tree === tree) return known.found
    const found = ropeCodeOf(tree, this.#beside(path))
    this.#rope.set(path, { tree, found })
    return found
  }
  /** Modules that a file imports by a relative name, or by one that starts in a folder around it. */
  #beside(path: string, files = new Map<string, File>()): LoadFile {
    return (module, level) => {
      if (module === '') return null
      const folder = path.split(/[\\/]/).slice(0, -Math.max(level, 1))
      const folders = level > 0 ? [folder] : [folder, folder.slice(0, -1), folder.slice(0, -2)]
      for (const start of folders) {
        const target = `${[...start, ...module.split('.')].join('/')}.py`
        const known = files.get(target)
        const tree = known || !this.isFile(target) ? null : this.tree(target)
        const file = known ?? (tree && new File(tree, this.#beside(target, files)))
        if (file) files.set(target, file)
        if (file) return file
      }
      return null
    }
  }
  pick(path: string, name: string, caller: string | null): void {
    const picked = this.#picked.get(path) ?? new Map<string, string>()
    this.#picked.set(path, picked)
    if (caller === null) picked.delete(name)
    else picked.set(name, caller)
    this.#elsewhere.delete(path)
  }
  traceFrom(path: string | null): TraceSummary | null {
    this.#elsewhere.clear()
    this.#traced = null
    const run = path === null ? null : this.#trace(path, never)
    if (path === null || !run) return null
    const files = new Set([path, ...run.events.map(({ frame }) => frame.module)])
    return { files: [...files], isCut: run.isCut }
  }
  /** Follows a program, unless it gives way; null also where there is no such file. */
  #trace(path: string, givesWay: (steps: number) => boolean): Run | null {
    const tree = this.tree(path)
    const around = { ...this.#around(path), records: () => true }
    const run = tree && analyseProgramUnless(givesWay, path, tree, around)
    if (tree && !run) return null
    this.#elsewhere.clear()
    this.#traced = run && { path, run, isStale: false }
    if (run) this.#noteTexts([run])
    return run
  }
  actions(path: string, start: number, end: number): Action[] {
    const analysis = this.#fresh(path)
    return analysis ? actionsOf(analysis, path, this.#around(path), start, end) : []
  }
  fixAll(path: string): Edit[] {
    return commentEdits(this.diagnostics(path))
  }

  /** A run from before an edit, without what it says of the edited functions. */
  #withoutEdited(run: Run, definitions: Definitions): Run {
    const known = this.#rests.get(run)
    if (known?.frames.every((frame) => isCurrent(frame, definitions))) return known.run
    const rest = withoutEdited(known?.run ?? run, definitions)
    const texts = this.#texts.get(run)
    if (texts) this.#texts.set(rest, texts)
    const frames = [...rest.events, ...rest.problems, ...rest.assumptions].map(({ frame }) => frame)
    const ofEach = new Map(frames.map((frame) => [frame.definition, frame]))
    this.#rests.set(run, { run: rest, frames: [...ofEach.values()] })
    return rest
  }
}

const overlaps = (a: Place, b: Place): boolean => a.start <= b.end && b.start <= a.end

/** A run from before an edit, without what it says of the edited functions, whose text has changed. */
function withoutEdited(run: Run, definitions: Definitions): Run {
  const isLeft = ({ frame }: { readonly frame: Frame }): boolean => isCurrent(frame, definitions)
  return {
    ...run,
    events: run.events.filter(isLeft),
    problems: run.problems.filter(isLeft),
    assumptions: run.assumptions.filter(isLeft),
  }
}

const isCurrent = ({ definition }: Frame, definitions: Definitions): boolean =>
  definition !== null && definitions.isAlive(definition)
