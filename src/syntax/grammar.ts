// The tree-sitter grammar of Python: loads it from bytes and reads its trees into plain objects, fast.

import { Language, Parser, type Tree } from 'web-tree-sitter'

/** One node of the grammar's tree, as a plain object; comments and ERROR nodes in odd places are left out. */
export interface RawNode {
  type: string
  start: number
  end: number
  kids: RawNode[]
  /** False for punctuation and keywords. */
  named: boolean
}
/** What the grammar could not place (`ERROR`), or would have liked to see (the missing token). */
export interface RawFault {
  start: number
  end: number
  missing: string | null
}
export interface RawTree {
  kids: RawNode[]
  faults: RawFault[]
}

const INNER = 0
const LEAF = 1
const TOKEN = 2
const SKIPPED = 3

const NO_KIDS: RawNode[] = []
const LEAVES = new Set([
  'identifier',
  'integer',
  'float',
  'true',
  'false',
  'none',
  'ellipsis',
  'string_start',
  'string_content',
  'string_end',
  'escape_interpolation',
  'type_conversion',
  'import_prefix',
  'wildcard_import',
  'pass_statement',
  'break_statement',
  'continue_statement',
  'keyword_separator',
  'positional_separator',
  '_',
  '\\',
])

let parser: Parser | null = null
let names: string[] = []
let traits = new Uint8Array(0)
let stringId = -1
let typeParameterId = -1

/** Starts the WebAssembly runtime and loads the Python grammar, both from bytes that the caller has read. */
export async function loadGrammar(runtimeWasm: Uint8Array, pythonWasm: Uint8Array): Promise<void> {
  if (parser) return
  await Parser.init({ wasmBinary: runtimeWasm })
  const language = await Language.load(pythonWasm)
  const count = language.nodeTypeCount
  names = Array.from({ length: count }, (_, id) => language.nodeTypeForId(id) ?? '')
  traits = new Uint8Array(count)
  for (let id = 0; id < count; id++) {
    const name = names[id] ?? ''
    if (name === 'comment' || name === 'line_continuation') traits[id] = SKIPPED
    else if (LEAVES.has(name)) traits[id] = LEAF
    else if (!language.nodeTypeIsNamed(id)) traits[id] = TOKEN
  }
  stringId = language.idForNodeType('string', true) ?? -1
  typeParameterId = language.idForNodeType('type_parameter', true) ?? -1
  const fresh = new Parser()
  fresh.setLanguage(language)
  parser = fresh
}

/** Parses a piece of text that starts at offset `base`. Throws when no grammar is loaded. */
export function parseRaw(text: string, base = 0): RawTree {
  if (!parser) throw new Error('loadGrammar must have finished before text is parsed')
  const tree = parser.parse(text)
  if (!tree) return { kids: [], faults: [] }
  try {
    return readTree(tree, text, base)
  } finally {
    tree.delete()
  }
}

/**
 * Each call into WebAssembly costs, so few are made: a token's end follows from its name, the range of an
 * inner node from its first and last child, and strings without interpolations are not entered.
 */
function readTree(tree: Tree, text: string, base: number): RawTree {
  const faulty = tree.rootNode.hasError
  const faults: RawFault[] = []
  let tolerated = 0
  const cursor = tree.walk()
  const root: RawNode = { type: 'module', start: base, end: base + text.length, kids: [], named: true }
  const stack: RawNode[] = [root]
  let parent = root
  let moved = cursor.gotoFirstChild()
  while (moved) {
    const id = cursor.nodeTypeId
    const trait = id < traits.length ? traits[id] : INNER
    let entered = false
    if (trait !== SKIPPED) {
      const node: RawNode = {
        type: names[id] ?? 'ERROR',
        start: -1,
        end: 0,
        kids: NO_KIDS,
        named: trait !== TOKEN,
      }
      const isLeaf =
        trait !== INNER ||
        (id === stringId && !isInterpolated(text, cursor.startIndex)) ||
        (id === typeParameterId && parent.type !== 'generic_type')
      if (isLeaf) {
        node.start = base + cursor.startIndex
        node.end = trait === TOKEN && !faulty ? node.start + node.type.length : base + cursor.endIndex
        if (faulty && node.start === node.end && cursor.nodeIsMissing) {
          faults.push({ start: node.start, end: node.end, missing: node.type })
        }
        // type parameters are not entered; errors in them are most often defaults, newer than the grammar
        if (faulty && id === typeParameterId && cursor.currentNode.hasError) tolerated++
        parent.kids.push(node)
      } else {
        node.kids = []
        if (cursor.gotoFirstChild()) {
          entered = true
          if (id >= traits.length)
            tolerated += readFault(
              parent,
              node,
              faults,
              base + cursor.startIndex,
              text.slice(cursor.startIndex),
            )
          else parent.kids.push(node)
          stack.push(node)
          parent = node
        } else {
          node.start = base + cursor.startIndex
          node.end = base + cursor.endIndex
          if (id >= traits.length) faults.push({ start: node.start, end: node.end, missing: null })
          else parent.kids.push(node)
        }
      }
    }
    if (entered) continue
    moved = cursor.gotoNextSibling()
    while (!moved && stack.length > 1 && cursor.gotoParent()) {
      finish(parent, cursor, base)
      stack.pop()
      parent = stack[stack.length - 1] ?? root
      moved = cursor.gotoNextSibling()
    }
  }
  cursor.delete()
  if (faulty && faults.length + tolerated === 0) faults.push(missingBreak(root, text, base))
  return { kids: root.kids, faults }
}

type Cursor = ReturnType<Tree['walk']>

function finish(node: RawNode, cursor: Cursor, base: number): void {
  const first = node.kids[0]
  const last = node.kids[node.kids.length - 1]
  node.start = first ? first.start : base + cursor.startIndex
  node.end = last ? last.end : base + cursor.endIndex
}

/**
 * Notes an ERROR; among statements it is also kept as a node. Gives 1 where the code is right: a default of a
 * type parameter is newer than the grammar, and nobody reads type parameters.
 */
function readFault(parent: RawNode, node: RawNode, faults: RawFault[], start: number, text: string): number {
  const isDefault = parent.type === 'type_parameter' && /^[^\n\]]*=/.test(text)
  if (!isDefault) faults.push({ start, end: start + 1, missing: null })
  if (parent.type === 'module' || parent.type === 'block' || parent.type === 'ERROR') parent.kids.push(node)
  return isDefault ? 1 : 0
}

/** A line break that the grammar missed is no visible node: it lies between two statements of one line. */
function missingBreak(root: RawNode, text: string, base: number): RawFault {
  let before = root.kids[0]
  for (const kid of root.kids) {
    if (before && kid !== before && !/[\n;]/.test(text.slice(before.end - base, kid.start - base))) {
      if (kid.type !== ';') return { start: kid.start, end: kid.start + 1, missing: null }
    }
    before = kid
  }
  return { start: base, end: base + 1, missing: null }
}

function isInterpolated(text: string, start: number): boolean {
  for (let i = start; i < start + 3; i++) {
    const c = text.charCodeAt(i) | 32
    if (c === 102 || c === 116) return true // f or t
  }
  return false
}
