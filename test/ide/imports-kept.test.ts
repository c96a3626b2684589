// Imported modules are kept while nothing that their bodies import changes.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { startDefinitions } from '../../src/interpreter/analysis'
import { SharedModules, type SourceFiles } from '../../src/interpreter/modules'
import { loadGrammar } from '../../src/syntax/grammar'
import { parseModule } from '../../src/syntax/parse'

const main = '/project/model.py'
const texts: Record<string, string> = {
  [main]: 'import torch\nfrom lib import look\ndef f(x):\n    b, s = x.shape\n    return look(x)\n',
}

/** Whether the module `lib` is the same after the file was analysed and then edited. */
function keptOver(lib: string): boolean {
  const all: Record<string, string> = { ...texts, '/project/lib.py': lib }
  const files: SourceFiles = {
    text: (path) => all[path] ?? null,
    isFile: (path) => path in all,
    isFolder: () => false,
  }
  const shared = new SharedModules()
  const around = { files, searchPaths: ['/project'], shared }
  const tree = parseModule(all[main] ?? '')
  const { definitions } = startDefinitions(main, tree, around)
  for (const _ of definitions.runEdited());
  const before = shared.get('/project/lib.py', files, new Set())
  all[main] += '\n'
  return before?.globals.has('look') === true && before === shared.get('/project/lib.py', files, new Set())
}

describe('imported modules', () => {
  before(async () => {
    await loadGrammar(readFileSync('dist/web-tree-sitter.wasm'), readFileSync('dist/tree-sitter-python.wasm'))
  })
  it('are kept where a function of theirs imports the file', () => {
    assert.ok(keptOver('def look(x):\n    import model\n    return model.torch.relu(x)\n'))
  })
  it('are made anew where their body imports the file', () => {
    assert.equal(keptOver('import model\nmine = model.torch\ndef look(x):\n    return mine.relu(x)\n'), false)
  })
})
