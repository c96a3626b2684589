// Loads the parser; its two WebAssembly files lie beside the bundle that this is part of.

import { readFile } from 'node:fs/promises'
import { loadGrammar } from '../syntax/grammar'

export async function loadParser(): Promise<void> {
  const [runtime, python] = await Promise.all(
    ['web-tree-sitter.wasm', 'tree-sitter-python.wasm'].map((name) =>
      readFile(new URL(name, import.meta.url)),
    ),
  )
  if (runtime && python) await loadGrammar(runtime, python)
}
