// Shapes in docstrings: "of shape `(batch, seq)`", "x (Tensor): (B, T, C)", in Google's, NumPy's and Sphinx's styles.

import type { Comment } from '../../syntax/tree'
import { rangeOf, type ShapeNote } from './comment'
import { type NotedShape, readBracketed } from './shape'
import { trustOf } from './vocabulary'

/** The subject of notes about what a function gives back. */
export const returned = 'return'

const made = new WeakMap<Comment, readonly ShapeNote[]>()

/** The shapes that a docstring gives for a function's parameters and for what it returns. */
export function docstringNotes(docstring: Comment, parameters: readonly string[]): readonly ShapeNote[] {
  let known = made.get(docstring)
  if (!known)
    made.set(docstring, (known = readDocstring(docstring, (text) => entriesOf(text, new Set(parameters)))))
  return known
}

/**
 * What the docstring of a module's class says of `forward`: of those `parameters` that the constructor has
 * not as well, of its `input`, if it takes only one, and of what it gives back.
 */
export function classDocstringNotes(
  docstring: Comment,
  parameters: readonly string[],
  input: string | null,
): readonly ShapeNote[] {
  let known = made.get(docstring)
  const own = new Set(parameters)
  if (!known)
    made.set(
      docstring,
      (known = readDocstring(docstring, (text) => {
        const entries = entriesOf(text, own, input)
        const described = new Set(entries.flatMap((e) => e.subjects))
        return [...entries, ...mentionsIn(text, own).filter((e) => !described.has(e.subjects[0] ?? ''))]
      })),
    )
  return known
}

interface Entry {
  readonly subjects: readonly string[]
  readonly indent: number
  /** Where its text begins and ends in the docstring. */
  readonly start: number
  end: number
}

function readDocstring(docstring: Comment, find: (text: string) => readonly Entry[]): ShapeNote[] {
  const { text } = docstring
  // Most docstrings have no shape.
  if (!/[([][^)\]]*[,)\]]/.test(text)) return []
  const notes: ShapeNote[] = []
  for (const entry of find(text)) {
    const found = shapesOf(text, entry)
    if (!found) continue
    const { shapes, trust } = found
    for (const subject of entry.subjects) {
      const range = rangeOf(docstring, shapes[0])
      notes.push({ subject, index: null, shapes, trust, source: 'docstring', place: docstring, range })
    }
  }
  return notes
}

const section =
  /^\s*(?:#+ |\*\*)?(Args?|Arguments?|Parameters?|Inputs?|Keyword Args|Returns?|Outputs?|Yields?|Raises|Examples?|Usage|Notes?|References?|Shapes?|Attributes|See Also|Warnings?|Math)(?:\*\*)?\s*(?::+|$)\s*(.*)$/i
const sphinx = /^\s*:(?:param|parameter|arg|argument)\s+(?:[^:]*?\s)?(\w+)\s*:|^\s*:(returns?)\s*:/
const named = /^\s*(?:[-*+]\s+)?[`*]{0,3}(\w+(?:\s*,\s*\w+)*)[`*]{0,3}(?=\s*[(:[]|\s+-\s|\s*$)/

/** `- Input: (N, *, H)` in the docstring of a class. */
const flow = /^\s*(?:[-*+]\s+)?[`*]{0,3}(inputs?|outputs?)[`*]{0,3}\s*:+[ \t]*(?=\S)/i
/** `x` of shape (B, T), within a sentence. */
const mention =
  /`(\w+)`\s+(?:tensors?\s+)?(?:of|with|in)\s+(?:the\s+)?shape\s+(?=(?::math:)?[`"]{0,2}([([][^`")\]]*[)\]]))/g

const mentionsIn = (text: string, parameters: ReadonlySet<string>): Entry[] =>
  [...text.matchAll(mention)].flatMap(([all, name = '', shape = ''], i, found) => {
    const start = (found[i]?.index ?? 0) + all.length
    const end = text.indexOf(shape, start) + shape.length
    return parameters.has(name) ? [{ subjects: [name], indent: 0, start: start - 'shape '.length, end }] : []
  })

/**
 * The parts of a docstring that are about a parameter or the result. In that of a class, `input` is what
 * `forward` takes, or null if that is more than one tensor.
 */
function entriesOf(text: string, parameters: ReadonlySet<string>, input?: string | null): Entry[] {
  const entries: Entry[] = []
  let current: Entry | null = null
  let isExample = false
  let at = 0
  for (const line of text.split('\n')) {
    const start = at
    at += line.length + 1
    if (line.trim() === '') continue
    const indent = line.length - line.trimStart().length
    const flows = input === undefined ? null : flow.exec(line)
    if (flows) {
      const subject = /^out/i.test(flows[1] ?? '') ? returned : input
      current = subject
        ? { subjects: [subject], indent, start: start + flows[0].length, end: start + line.length }
        : null
      if (current) entries.push(current)
      continue
    }
    const opened = entryAt(line, start, indent, parameters)
    const header = section.exec(line)
    if (header && !opened) {
      isExample = /^(?:example|usage|raises|note|reference|see|warning|math)/i.test(header[1] ?? '')
      const isReturn = /^(?:returns?|outputs?|yields?)$/i.test(header[1] ?? '')
      const from = start + line.length - (header[2] ?? '').length
      current = isReturn ? { subjects: [returned], indent, start: from, end: start + line.length } : null
      if (current) entries.push(current)
    } else if (opened && !isExample && !(current?.subjects[0] === returned && indent > current.indent)) {
      current = opened
      entries.push(current)
    } else if (current && (indent > current.indent || isUnderline(line) || current.subjects[0] === returned))
      current.end = start + line.length
    else current = null
  }
  return entries
}

const isUnderline = (line: string): boolean => /^\s*-{3,}\s*$/.test(line)

function entryAt(line: string, start: number, indent: number, parameters: ReadonlySet<string>): Entry | null {
  const end = start + line.length
  const field = sphinx.exec(line)
  if (field) {
    const subject = field[2] ? returned : (field[1] ?? '')
    if (!field[2] && !parameters.has(subject)) return null
    return { subjects: [subject], indent, start: start + field[0].length, end }
  }
  const found = named.exec(line)
  const names = found?.[1]?.split(/\s*,\s*/) ?? []
  if (!found || names.length === 0 || !names.every((n) => parameters.has(n))) return null
  return { subjects: names, indent, start: start + found[0].length, end }
}

const shapeWord =
  /(?<!\.)\b(?:shapes?|sizes?|dims|dimensions?)\b\s*(?:\(?(?:is|are|of|as|will be)\b)?\s*[:=]?\s*(?::math:)?[`"]{0,2}(?=[([])/gi
/** A description that begins with the shape: `(torch.Tensor): (B, T, C)`, `: Tensor [B, T]`, `(Tensor[B, T])`. */
const leading =
  /^(?:\s*\([^()]*\)\s*:|\s*:)?\s*(?:an?\s+)?(?:(?:input|output|float|long|bool|int)\s+)?(?:\(?(?:torch\.)?(?:\w*Tensor|tensor)\)?\s*(?:of|with)?[\s,:]*)?(?::math:)?[`"]{0,2}(?=[([])/
const several =
  /\btuples?\b|\blists?\b|\bdicts?\b|\bsequences?\b|\beach\b|\bList\[|\bTuple\[|\bnamedtuple\b|\biterable\b/i

const conditional = /\b(?:if|when|unless|otherwise|else|depending)\b/i
const sentenceAround = (text: string, at: number): string => {
  const from = Math.max(text.lastIndexOf('. ', at), text.lastIndexOf('.\n', at))
  const to = text.slice(at).search(/\.\s/)
  return text.slice(from + 1, to < 0 ? undefined : at + to)
}

/** The shapes of one entry: one, or the alternatives that it names; null where there is none that is sure. */
function shapesOf(text: string, { subjects, start, end }: Entry): Pick<ShapeNote, 'shapes' | 'trust'> | null {
  const entry = text.slice(start, end)
  const shapes: NotedShape[] = []
  let isSure = true
  const add = (at: number, saysShape: boolean): void => {
    const shape = readBracketed(text, at)
    if (!shape || shape.end > end || shapes.some((s) => s.start === at)) return
    const trust = trustOf(shape, saysShape, () => false)
    if (trust === 'none') return
    if (trust === 'names') isSure = false
    shapes.push(shape)
  }
  const first = leading.exec(entry)
  if (first) add(start + first[0].length, false)
  for (const found of entry.matchAll(shapeWord))
    add(start + found.index + found[0].length, /shape/i.test(found[0]))
  for (const shape of [...shapes]) {
    const or = /^[`"]{0,2}(?:[^.()[\]]{0,60}?)\bor\b\s*(?:of shape\s*)?(?::math:)?[`"]{0,2}(?=[([])/.exec(
      text.slice(shape.end, end),
    )
    if (or) add(shape.end + or[0].length, true)
  }
  const [only] = shapes
  if (!only || several.test(entry.slice(0, only.start - start))) return null
  // What is given back in one case need not be in another.
  if (subjects[0] === returned && conditional.test(sentenceAround(entry, only.start - start))) isSure = false
  return { shapes, trust: isSure ? 'shape' : 'names' }
}
