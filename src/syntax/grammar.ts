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
  'identifier', 'integer', 'float', 'true', 'false', 'none', 'ellipsis', 'string_start', 'string_content',
  'string_end', 'escape_interpolation', 'type_conversion', 'import_prefix', 'wildcard_import', 'pass_statement',
  'break_statement', 'continue_statement', 'keyword_separator', 'positional_separator', '_', '\\',
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

/** Whether `loadGrammar` has finished. */
export function isGrammarLoaded(): boolean {
  return parser !== null
}

/** Parses a piece of text; offsets in the result are those in `text`. Throws when no grammar is loaded. */
export function parseRaw(text: string): RawTree {
  if (!parser) throw new Error('loadGrammar must have finished before text is parsed')
  const tree = parser.parse(text)
  if (!tree) return { kids: [], faults: [] }
  try {
    return readTree(tree, text)
  } finally {
    tree.delete()
  }
}

/**
 * Each call into WebAssembly costs, so few are made: a token's end follows from its name, the range of an
 * inner node from its first and last child, and strings without interpolations are not entered.
 */
function readTree(tree: Tree, text: string): RawTree {
  const faulty = tree.rootNode.hasError
  const faults: RawFault[] = []
  const cursor = tree.walk()
  const root: RawNode = { type: 'module', start: 0, end: text.length, kids: [], named: true }
  const stack: RawNode[] = [root]
  let parent = root
  let moved = cursor.gotoFirstChild()
  while (moved) {
    const id = cursor.nodeTypeId
    const trait = id < traits.length ? traits[id] : INNER
    let entered = false
    if (trait !== SKIPPED) {
      const node: RawNode = { type: names[id] ?? 'ERROR', start: -1, end: 0, kids: NO_KIDS, named: trait !== TOKEN }
      const isLeaf = trait !== INNER || (id === stringId && !isInterpolated(text, cursor.startIndex)) ||
        (id === typeParameterId && parent.type !== 'generic_type')
      if (isLeaf) {
        node.start = cursor.startIndex
        node.end = trait === TOKEN && !faulty ? node.start + node.type.length : cursor.endIndex
        if (faulty && node.start === node.end && cursor.nodeIsMissing) {
          faults.push({ start: node.start, end: node.end, missing: node.type })
        }
        parent.kids.push(node)
      } else {
        node.kids = []
        if (cursor.gotoFirstChild()) {
          entered = true
          if (id >= traits.length) readFault(node, parent, faults, cursor)
          else parent.kids.push(node)
          stack.push(node)
          parent = node
        } else {
          node.start = cursor.startIndex
          node.end = cursor.endIndex
          if (id >= traits.length) faults.push({ start: node.start, end: node.end, missing: null })
          else parent.kids.push(node)
        }
      }
    }
    if (entered) continue
    moved = cursor.gotoNextSibling()
    while (!moved && stack.length > 1 && cursor.gotoParent()) {
      finish(parent, cursor)
      stack.pop()
      parent = stack[stack.length - 1] ?? root
      moved = cursor.gotoNextSibling()
    }
  }
  cursor.delete()
  return { kids: root.kids, faults }
}

type Cursor = ReturnType<Tree['walk']>

function finish(node: RawNode, cursor: Cursor): void {
  const first = node.kids[0]
  const last = node.kids[node.kids.length - 1]
  node.start = first ? first.start : cursor.startIndex
  node.end = last ? last.end : cursor.endIndex
}

/** Notes an ERROR whose first child the cursor stands on; among statements it is also kept as a node. */
function readFault(node: RawNode, parent: RawNode, faults: RawFault[], cursor: Cursor): void {
  // a default of a type parameter is newer than the grammar, and nobody reads type parameters
  const isDefault = parent.type === 'type_parameter' && names[cursor.nodeTypeId] === '='
  if (!isDefault) faults.push({ start: cursor.startIndex, end: cursor.startIndex + 1, missing: null })
  if (parent.type === 'module' || parent.type === 'block' || parent.type === 'ERROR') parent.kids.push(node)
}

function isInterpolated(text: string, start: number): boolean {
  for (let i = start; i < start + 3; i++) {
    const c = text.charCodeAt(i) | 32
    if (c === 102 || c === 116) return true // f or t
  }
  return false
}
