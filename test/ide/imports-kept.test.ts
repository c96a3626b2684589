// Imported modules are kept while nothing that their bodies import changes.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { plainNames } from '../../src/dims/print'
import { analyseProgram, startDefinitions } from '../../src/interpreter/analysis'
import { SharedModules, type SourceFiles } from '../../src/interpreter/modules'
import { loadGrammar } from '../../src/syntax/grammar'
import { parseModule } from '../../src/syntax/parse'
import { printShape } from '../../src/tensors/print'

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

/** The files that the analysis of a file reads. */
function readFor(main: string, all: Record<string, string>): string[] {
  const read = new Set<string>()
  const files: SourceFiles = {
    text: (path) => {
      read.add(path)
      return all[path] ?? null
    },
    isFile: (path) => path in all,
    isFolder: () => false,
  }
  const around = { files, searchPaths: ['/project'], shared: new SharedModules() }
  const { definitions } = startDefinitions(main, parseModule(all[main] ?? ''), around)
  for (const _ of definitions.runEdited());
  return [...read]
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
  it('that only the decorator of a class would bring in are not read', () => {
    const note = 'def note(thing):\n    import far\n    return far.noted(thing)\n'
    const read = (decorated: string): string[] =>
      readFor(main, {
        [main]: `from lib import note\n@note\n${decorated}\n    pass\n`,
        '/project/lib.py': note,
        '/project/far.py': '',
      })
    assert.deepEqual(read('class Model:'), ['/project/lib.py'])
    assert.deepEqual(read('def model():'), ['/project/lib.py', '/project/far.py'])
  })
  it('have the decorators of their classes followed in a program', () => {
    const program = '/app/run.py'
    const all: Record<string, string> = {
      [program]: 'from layers import Layer\nx = Layer().forward()\n',
      '/site/layers.py':
        'import torch\nfrom tools import wider\n@wider\nclass Layer:\n    def forward(self):\n        return torch.zeros(2)\n',
      '/site/tools.py':
        'import torch\ndef wider(cls):\n    cls.forward = lambda self: torch.zeros(2, 5)\n    return cls\n',
    }
    const files: SourceFiles = {
      text: (path) => all[path] ?? null,
      isFile: (path) => path in all,
      isFolder: () => false,
    }
    const run = analyseProgram(program, parseModule(all[program] ?? ''), { files, searchPaths: ['/site'] })
    const [x] = run.events.flatMap((e) =>
      e.frame.module === program && e.value.kind === 'tensor' ? [printShape(e.value.shape, plainNames)] : [],
    )
    assert.equal(x, '[2, 5]')
  })
})
