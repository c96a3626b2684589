// Reads test pages: Markdown whose Python blocks are programs with assertions in their comments.

/** One Python file of a program, with where it stands in the page. */
export interface ProgramFile {
  readonly path: string
  readonly text: string
  /** The page's line of the file's first line, from 1. */
  readonly line: number
  /** True for one that programs read: JSON, YAML or TOML. */
  readonly isData: boolean
}

/** One program: its own file last, after the files that it imports. */
export interface Program {
  /** The headings that it stands below, outermost first. */
  readonly headings: readonly string[]
  readonly files: readonly ProgramFile[]
  readonly main: ProgramFile
}

/** What a comment asserts of its line; `line` counts from 0 in the file. */
export type Expectation =
  | { kind: 'reveal'; line: number; program: string | null; generic: string | null }
  | { kind: 'problem'; line: number; severity: string; code: string; text: string }
  | { kind: 'range'; line: number; severity: string; code: string; start: number; end: number }
  | { kind: 'hint' | 'hover'; line: number; name: string; text: string }
  | { kind: 'assumes' | 'fix'; line: number; text: string }

const fence = /^```(?:python|(json|yaml|toml)(?=\s+file=))(?:\s+file=(\S+))?(\s+main)?\s*$/

export function readPage(markdown: string): Program[] {
  const lines = markdown.split('\n')
  const programs: Program[] = []
  const headings: string[] = []
  let imported: ProgramFile[] = []
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? ''
    const heading = /^(#+) (.*)$/.exec(line)
    if (heading) headings.splice((heading[1] ?? '').length - 1, Number.POSITIVE_INFINITY, heading[2] ?? '')
    const opened = fence.exec(line)
    if (!opened) continue
    const end = lines.indexOf('```', i)
    const [, data, name, isMain] = opened
    const file = {
      path: `/page/${name ?? 'main.py'}`,
      text: `${lines.slice(i + 1, end).join('\n')}\n`,
      line: i + 2,
      isData: data !== undefined,
    }
    i = end
    if (name && !isMain) {
      imported.push(file)
      continue
    }
    programs.push({ headings: headings.filter(Boolean), files: [...imported, file], main: file })
    imported = []
  }
  return programs
}

const marker = /\s+# (?=(?:error|warning|info|hint|hover|assumes|fix): )/

/** The assertions in the comments of a file. */
export function expectationsOf(text: string): Expectation[] {
  const found: Expectation[] = []
  let subject = 0
  text.split('\n').forEach((whole, line) => {
    const carets = /^(\s*#\s*)(\^+)\s+(?:(warning|info) )?([a-z-]+)\s*$/.exec(whole)
    if (carets) {
      const start = (carets[1] ?? '').length
      const end = start + (carets[2] ?? '').length
      found.push({
        kind: 'range',
        line: subject,
        severity: carets[3] ?? 'error',
        code: carets[4] ?? '',
        start,
        end,
      })
      return
    }
    subject = line
    const [code = '', ...comments] = whole.split(marker)
    const revealed = /\breveal(?:_shape)?\(.*\)\s+# (.*)$/.exec(code)
    if (revealed) {
      const [program = '', generic] = (revealed[1] ?? '').split(/;?\s*\bgeneric /)
      found.push({ kind: 'reveal', line, program: program.trim() || null, generic: generic ?? null })
    }
    for (const comment of comments) found.push(...commentExpectation(comment, line))
  })
  return found
}

function commentExpectation(comment: string, line: number): Expectation[] {
  const [, kind = '', rest = ''] = /^(\w+): (.*)$/.exec(comment) ?? []
  if (kind === 'assumes' || kind === 'fix') return [{ kind, line, text: rest.trim() }]
  if (kind === 'hint' || kind === 'hover') {
    const [, name = '', text = ''] = /^(\w+): (.*)$/.exec(rest) ?? []
    return [{ kind, line, name, text: text.trim() }]
  }
  const [, code = '', text = ''] = /^\[([a-z-]+)\]\s*(.*)$/.exec(rest) ?? []
  return [{ kind: 'problem', line, severity: kind, code, text: text.trim() }]
}

/** `[2, 3] float32 not contiguous` in its parts; dtype and contiguity are null where not said. */
export interface ShapeText {
  readonly shape: string
  readonly dtype: string | null
  readonly contiguous: boolean | null
}

export function readShape(text: string): ShapeText {
  const [, shape = text, dtype, layout] =
    /^(\[.*\]|\S+)(?: ((?!contiguous|not )\w+))?(?: (contiguous|not contiguous))?$/.exec(text.trim()) ?? []
  return { shape, dtype: dtype ?? null, contiguous: layout ? layout === 'contiguous' : null }
}
