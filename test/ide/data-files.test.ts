// Files that programs read as data: which are read, and what follows when they change.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createWorkspace } from '../../src/ide/workspace'
import { loadGrammar } from '../../src/syntax/grammar'
import { namesIn } from '../pages/harness'

const options = { style: 'names', maximumLength: 80, parameters: true } as const

/** A workspace over files that a test changes. */
function workspaceOf(files: Record<string, string>, searchPaths: string[] = []) {
  const names = (path: string): string[] | null => namesIn(Object.keys(files), path)
  const workspace = createWorkspace(
    {
      read: (path) => files[path] ?? null,
      isFile: (path) => path in files,
      isFolder: (path) => names(path) !== null,
      names,
    },
    { searchPaths },
  )
  return {
    workspace,
    /** The hints of a file, after it is analysed with its program. */
    hints(path: string): string[] {
      for (const work of [workspace.update(path), workspace.settle(path)]) while (!work.next().done);
      return workspace.hints(path, 0, Number.POSITIVE_INFINITY, options).map(({ label }) => label)
    },
    write(path: string, text: string): void {
      files[path] = text
      workspace.invalidate(path)
    },
  }
}

const sized = (path: string): string =>
  `import json, os, torch\nfrom pathlib import Path\nx = torch.zeros(1, json.load(open(${path}))['n'])\n`

describe('files of data', () => {
  before(async () => {
    await loadGrammar(readFileSync('dist/web-tree-sitter.wasm'), readFileSync('dist/tree-sitter-python.wasm'))
  })

  it('are read again when they change: by a body, by a function and by another module', () => {
    const files: Record<string, string> = {
      '/app/main.py': sized("'sizes.json'"),
      '/app/made.py':
        "import json, torch\nfrom pathlib import Path\nPATH = Path(__file__).parent / 'sizes.json'\ndef make():\n    y = torch.zeros(2, json.loads(PATH.read_text())['n'])\n    return y\n",
      '/app/held.py':
        "import json\nfrom pathlib import Path\nSIZES = json.loads(Path(__file__).with_name('sizes.json').read_text())\n",
      '/app/user.py': "import torch\nfrom held import SIZES\nz = torch.zeros(3, SIZES['n'])\n",
      '/app/sizes.json': '{"n": 4}',
    }
    const { hints, write } = workspaceOf(files)
    const all = (): string[] => ['main', 'made', 'user'].flatMap((name) => hints(`/app/${name}.py`))
    assert.deepEqual(all(), ['[1, 4]', '[2, 4]', '[3, 4]'])
    write('/app/sizes.json', '{"n": 5}')
    assert.deepEqual(all(), ['[1, 5]', '[2, 5]', '[3, 5]'])
    write('/app/sizes.json', 'nothing')
    assert.deepEqual(all(), ['[1, n]', '[2, n]', '[3, n]'])
  })

  it('are those below the program and the search paths alone', () => {
    const files: Record<string, string> = { '/lib/a/b.json': '{"n": 6}', '/etc/b.json': '{"n": 7}' }
    const read = (path: string): string[] =>
      workspaceOf({ ...files, '/app/main.py': sized(path) }, ['/lib']).hints('/app/main.py')
    assert.deepEqual(read("'/lib/a/b.json'"), ['[1, 6]'])
    assert.deepEqual(read("'/etc/b.json'"), ['[1, n]'])
    assert.deepEqual(read("os.path.join('/lib/a', '..', '..', 'etc', 'b.json')"), ['[1, n]'])
    assert.deepEqual(read("os.path.join('/lib/c', '..', 'a', 'b.json')"), ['[1, n]'])
  })

  it('count a relative path from where the program may be started, if that is one file', () => {
    const files = { '/work/app/main.py': sized("'cfg/n.json'"), '/work/cfg/n.json': '{"n": 8}' }
    const hints = (more: Record<string, string>): string[] =>
      workspaceOf({ ...files, ...more }, ['/work']).hints('/work/app/main.py')
    assert.deepEqual(hints({}), ['[1, 8]'])
    assert.deepEqual(hints({ '/work/app/cfg/n.json': '{"n": 9}' }), ['[1, n]'])
  })

  it('may be there later, and are not known once the program writes them', () => {
    const text = `${sized("'n.json'")}if Path('later').exists():\n    y = torch.zeros(1)\nelse:\n    y = torch.zeros(2)\nwith open('n.json', 'w') as f:\n    json.dump({'n': 3}, f)\nz = torch.zeros(2, json.load(open('n.json'))['n'])\n`
    const { hints } = workspaceOf({ '/app/main.py': text, '/app/n.json': '{"n": 2}' })
    assert.deepEqual(hints('/app/main.py'), ['[1, 2]', '[1]', '[2]', '[2, n]'])
  })

  it('of a library stand in for what is not beside the program', () => {
    const library =
      "import glob, json, os\nROOT = os.path.dirname(__file__)\ndef find(name):\n    if os.path.exists(name):\n        return name\n    found = glob.glob(os.path.join(ROOT, '**', name), recursive=True)\n    return found[0] if found else None\ndef load(name):\n    return json.load(open(find(name) or find('usual.json')))\n"
    const files = {
      '/app/main.py': "import torch\nfrom nets import load\nx = torch.zeros(1, load('own.json')['n'])\n",
      '/lib/nets/__init__.py': library,
      '/lib/nets/cfg/usual.json': '{"n": 8}',
    }
    const { hints, write } = workspaceOf(files, ['/lib'])
    assert.deepEqual(hints('/app/main.py'), ['[1, 8]'])
    write('/app/own.json', '{"n": 9}')
    assert.deepEqual(hints('/app/main.py'), ['[1, 9]'])
  })

  it('that are found are looked for again where one more comes', () => {
    const text =
      "import json, torch\nfrom pathlib import Path\n[path] = (Path(__file__).parent / 'cfg').glob('*.json')\nx = torch.zeros(1, json.loads(path.read_text())['n'])\n"
    const { hints, write } = workspaceOf({ '/app/main.py': text, '/app/cfg/a.json': '{"n": 4}' })
    assert.deepEqual(hints('/app/main.py'), ['[1, 4]'])
    write('/app/cfg/b.json', '{"n": 5}')
    assert.deepEqual(hints('/app/main.py'), ['[1, n]'])
  })

  it('are whole for what reads them as data, and of many lines otherwise', () => {
    const text =
      "import json, torch\nwith open('long.json') as f:\n    for line in f:\n        x = torch.zeros(len(line), 2)\nz = torch.zeros(1, json.load(open('long.json'))['n'])\n"
    const { hints } = workspaceOf({
      '/app/main.py': text,
      '/app/long.json': `{"names": [\n${'"a",\n'.repeat(6000)}"b"], "n": 4}`,
    })
    assert.deepEqual(hints('/app/main.py'), ['[?, 2]', '[1, 4]'])
  })

  it('say why they are not known', () => {
    const reasons = (path: string, data: Record<string, string>): string[] => {
      const { workspace, hints } = workspaceOf({ '/app/main.py': sized(path), ...data })
      hints('/app/main.py')
      return workspace.unknowns('/app/main.py').map(({ reason }) => reason)
    }
    assert.match(reasons("'n.json'", {})[0] ?? '', /there is no file n\.json below/)
    assert.match(reasons("'n.json'", { '/app/n.json': '{' })[0] ?? '', /not JSON/)
    assert.match(reasons("'n.json'", { '/app/n.json': ' '.repeat(1_000_001) })[0] ?? '', /too large/)
    assert.match(reasons('os.environ["X"]', {})[0] ?? '', /which file is read is not known/)
  })
})
