// What the syntax tests share: loading the grammar, and listing a tree as the recorder of goldens does.

import { readFileSync } from 'node:fs'
import { loadGrammar } from '../../src/syntax/grammar'
import { LineIndex } from '../../src/syntax/lines'
import type { ModuleTree, Node } from '../../src/syntax/tree'
import { childrenOf } from '../../src/syntax/walk'

/** Loads the grammar from the installed packages; tests run in the repository root. */
export async function load(): Promise<void> {
  await loadGrammar(
    readFileSync('node_modules/web-tree-sitter/web-tree-sitter.wasm'),
    readFileSync('node_modules/tree-sitter-python/tree-sitter-python.wasm'),
  )
}

export type Row = [
  kind: string,
  line: number,
  column: number,
  endLine: number,
  endColumn: number,
  key: string,
]

/** Every node as kind, range and key field, ordered as `record_ast.py` orders them. */
export function rowsOf(module: ModuleTree): Row[] {
  const index = new LineIndex(module.text)
  const rows: Row[] = []
  const visit = (node: Node) => {
    const line = index.position(node.start).line
    const endLine = index.position(node.end).line
    // Python gives a type alias's name a node of its own; no recorded snippet has one
    rows.push([
      node.kind,
      line,
      index.characterColumn(node.start),
      endLine,
      index.characterColumn(node.end),
      key(node),
    ])
    if (node.kind === 'FString' && line !== endLine) return
    for (const child of childrenOf(node)) visit(child)
  }
  for (const node of module.body) visit(node)
  return rows.sort(compare)
}

function compare(a: Row, b: Row): number {
  return a[1] - b[1] || a[2] - b[2] || b[3] - a[3] || b[4] - a[4] || order(a[0], b[0]) || order(a[5], b[5])
}

/** By code points, as Python compares strings. */
function order(a: string, b: string): number {
  const left = [...a]
  const right = [...b]
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

function key(node: Node): string {
  switch (node.kind) {
    case 'Name':
      return node.id
    case 'Attribute':
      return node.attr
    case 'BinOp':
    case 'UnaryOp':
    case 'BoolOp':
    case 'AugAssign':
      return node.op
    case 'Compare':
      return node.ops.join(' ')
    case 'FunctionDef':
    case 'ClassDef':
    case 'Parameter':
      return node.name
    case 'ExceptHandler':
    case 'MatchCapture':
    case 'MatchStar':
      return node.name ?? ''
    case 'Keyword':
      return node.arg ?? '**'
    case 'Alias':
      return node.name + (node.asname === null ? '' : ` as ${node.asname}`)
    case 'ImportFrom':
      return '.'.repeat(node.level) + node.module
    case 'Global':
    case 'Nonlocal':
      return node.names.join(' ')
    case 'String':
      // the recorder cannot write lone surrogates
      return node.value.replace(/[\ud800-\udfff]/gu, '\ufffd')
    case 'Number':
      return pythonFloat(node.value)
    case 'Constant':
      return node.value === 'ellipsis' ? '...' : node.value === null ? 'None' : node.value ? 'True' : 'False'
    default:
      return ''
  }
}

/** A number as Python's `repr(float)` prints it. */
export function pythonFloat(value: number): string {
  if (value === Infinity) return 'inf'
  const text = String(value)
  const size = Math.abs(value)
  if (size !== 0 && (size >= 1e16 || size < 1e-4)) {
    const [digits = '', power = ''] = value.toExponential().split('e')
    const exponent = power.slice(1)
    return `${digits}e${power[0]}${exponent.length < 2 ? `0${exponent}` : exponent}`
  }
  return text.includes('.') ? text : `${text}.0`
}
