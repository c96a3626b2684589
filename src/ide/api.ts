// What an editor or a command line gets from the analyser: plain data in offsets of the text.

/** Reads the files that code imports; injected so that the core never touches the disk. */
export interface FileSystem {
  /** The text of a file, or null when it cannot be read. */
  read(path: string): string | null
  isFile(path: string): boolean
  isFolder(path: string): boolean
  /** The names in a folder, in order; null where there is no such folder. */
  names?(path: string): readonly string[] | null
}

/** One inlay hint, shown right after `offset`: `: [B, H, S, D]`. */
export interface Hint {
  offset: number
  kind: 'target' | 'parameter'
  /** The shape alone, `[B, H, S, D]`, shortened to the wanted length. */
  label: string
  /** Markdown; the same as the hover of that name. Made when it is wanted. */
  tooltip: () => string
}

export interface HintOptions {
  /** Names (`[B, S, D]`) or the numbers of the first caller that has them (`[2, 16, 512]`). */
  style: 'names' | 'numbers'
  maximumLength: number
  parameters: boolean
}

export interface Hover {
  start: number
  end: number
  markdown: string
}

export type Severity = 'error' | 'warning' | 'info' | 'hint'

export interface RelatedPlace {
  path: string
  start: number
  end: number
  message: string
}

export interface Edit {
  start: number
  end: number
  newText: string
}

/** A change of the same file that mends a problem. */
export interface Fix {
  title: string
  edits: Edit[]
}

export interface Diagnostic {
  start: number
  end: number
  severity: Severity
  code: string
  message: string
  related: RelatedPlace[]
  fixes: Fix[]
}

/** What a traced program came through. */
export interface TraceSummary {
  /** The files that it entered, its own first. */
  files: string[]
  /** True if its counted work was used up before its end. */
  isCut: boolean
}

/** A place where a value stopped being known. */
export interface Cause {
  start: number
  end: number
  reason: string
}

/** A way in which a function is called. */
export interface Caller {
  /** The same over edits that change neither the caller nor the shapes. */
  key: string
  /** `line 41`, or `train.py:41` in another file. */
  from: string
  /** The first tensor's shape, shortened. */
  shape: string
  /** The shapes of all tensors that are passed. */
  shapes: string[]
  /** The function or file that calls. */
  within: string
}

/** Which shapes are shown of a function, and whose could be. */
export interface Lens {
  offset: number
  /** The function's name with its class, by which a caller is picked. */
  name: string
  callers: Caller[]
  picked: string | null
  /** True where a traced program comes through the function. */
  isTraced: boolean
}

/** A command of the lightbulb that mends a diagnostic. */
export interface Action extends Fix {
  diagnostic: Diagnostic
  /** True for the one that is nearly always wanted. */
  isPreferred: boolean
}

/** An expression that computes RoPE's frequencies θ. */
export interface RopeCode {
  /** Where θ is computed. */
  start: number
  end: number
  /** The encoding. */
  id: string
  /** Its parameters, as far as the text tells them, defaults of functions and configs included. */
  values: Readonly<Record<string, number | string>>
  /** How many positions the code makes angles for; null where it does not tell one number. */
  length: number | null
  /** The defaults of the config class that the code is written for, where that has a `model_type`. */
  config: Readonly<Record<string, number | string>> | null
}

/** The editor's open files and everything known about them. Paths are absolute. */
export interface Workspace {
  /** Opens a document or replaces its text. Nothing is analysed yet. */
  setText(path: string, text: string): void
  /** Forgets an open document; the file on disk counts again. */
  close(path: string): void
  /** Forgets what was read from disk (a watched file changed). */
  invalidate(path: string): void
  setSearchPaths(paths: readonly string[]): void
  /**
   * Brings the analysis of a document up to date, function by function: each `next()` does one
   * bounded piece of work, so that the caller can stop between pieces when the text changed again.
   */
  update(path: string): Iterator<void>
  /** Has what stands between two offsets of a file analysed before the rest of it. */
  attend(path: string, start: number, end: number): void
  /**
   * True if `hover` can answer for what stands between two offsets, also while the rest is analysed. `forHints`
   * asks for the labels of `hints` alone, which can be told before it is known which of them are assumed.
   */
  isReady(path: string, start: number, end: number, forHints?: boolean): boolean
  /**
   * True if nothing that the views show is older than the text. `update` analyses the functions that
   * were edited; functions that call them, and the file's program, follow in `settle`.
   */
  isSettled(path: string): boolean
  /** Brings the rest up to date, in bounded pieces but for the program, which is left off while somebody waits. */
  settle(path: string): Iterator<void>
  /** The views below answer from the last finished analysis, and finish a pending one first unless they are ready. */
  hints(path: string, start: number, end: number, options: HintOptions): Hint[]
  hover(path: string, offset: number): Hover | null
  diagnostics(path: string): Diagnostic[]
  /** Where values stopped being known, and why. */
  unknowns(path: string): Cause[]
  /** The functions that are called with known shapes, in order. */
  lenses(path: string): Lens[]
  /** Where RoPE's frequencies are computed, with what the text tells of them, in the order of the text. */
  ropeCode(path: string): RopeCode[]
  /** Shows a function as one of its callers sees it, or as it is in general. */
  pick(path: string, name: string, caller: string | null): void
  /** Follows a file as a program and shows its shapes wherever it comes through; null ends that. */
  traceFrom(path: string | null): TraceSummary | null
  /** What mends the diagnostics between two offsets; each was tried on a copy of the text. */
  actions(path: string, start: number, end: number): Action[]
  /** The edits that bring every stale shape comment of a file up to date. */
  fixAll(path: string): Edit[]
}
