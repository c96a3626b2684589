// The files that the command line reads: paths, encodings, imports, and what cannot be read.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Folder, namesIn } from './shapescope'

const source = 'import torch\nx = torch.zeros(2, 3)\n'
const shown = ['2:0 x [2, 3]']

describe('command line, inputs', () => {
  let folder: Folder

  beforeEach(() => {
    folder = new Folder()
  })

  afterEach(() => folder.remove())

  it('says what is wrong with a wrong use in one line, and exits with 2', () => {
    folder.write('a.py', source)
    const uses = [
      [],
      ['look', 'a.py'],
      ['check'],
      ['trace'],
      ['trace', 'a.py', 'a.py'],
      ['check', 'a.py', '--format', 'xml'],
      ['trace', 'a.py', '--format', 'sarif'],
      ['explain', 'no-such-code'],
      ['explain', 'view-mismatch', 'cat-mismatch'],
      ['check', 'a.py', '--colour'],
      ['check', 'a.py', '--search-path'],
      ['check', 'a.py', '--search-path', 'nowhere'],
    ]
    for (const use of uses) {
      const { status, stdout, stderr } = folder.run(use)
      assert.equal(status, 2, use.join(' '))
      assert.equal(stdout, '')
      assert.match(stderr, /^shapescope: .+\n$/, use.join(' '))
    }
  })

  it('names a file that it cannot read, looks at the others, and exits with 2', () => {
    folder.write('a.py', source)
    folder.write('binary.py', new Uint8Array([0x7f, 0x45, 0, 1, 2]))
    folder.write('latin.py', Buffer.from('import torch\n# caf\xe9\n', 'latin1'))
    folder.write('klingon.py', '# coding: klingon\n')
    folder.write('empty/readme.txt', '')
    folder.write('large.py', '#'.repeat(5 * 1024 * 1024))
    const cases: [string, RegExp][] = [
      ['missing.py', /no such file/],
      ['binary.py', /binary/],
      ['latin.py', /not UTF-8 \(line 2\)/],
      ['klingon.py', /klingon/],
      ['empty', /no \.py file/],
      ['large.py', /too large/],
    ]
    for (const [name, why] of cases) {
      const { status, stdout, stderr } = folder.run(['check', name, 'a.py', '--format', 'json'])
      assert.equal(status, 2, name)
      assert.deepEqual(namesIn(JSON.parse(stdout)), shown)
      assert.match(stderr, /^[^\n]+\n$/)
      assert.ok(stderr.includes(name), stderr)
      assert.match(stderr, why)
      assert.equal(folder.run(['trace', name]).status, 2)
    }
  })

  it('names a file that it may not read', function () {
    const path = folder.write('secret.py', source)
    chmodSync(path, 0)
    if (process.getuid?.() === 0 || process.platform === 'win32') this.skip()
    const { status, stderr } = folder.run(['check', 'secret.py'])
    assert.equal(status, 2)
    assert.equal(stderr, 'shapescope: cannot read secret.py: permission denied\n')
  })

  it('traces no folder', () => {
    folder.write('a.py', source)
    const { status, stderr } = folder.run(['trace', '.'])
    assert.equal(status, 2)
    assert.match(stderr, /cannot read \.: it is a folder/)
  })

  it('takes every encoding that Python would', () => {
    const text = 'import torch\ncafé = torch.zeros(2)\n'
    const encoded: [string, Uint8Array | string, string][] = [
      ['mark.py', `\ufeff${text}`, '2:0 café [2]'],
      ['cookie.py', Buffer.from(`# -*- coding: latin-1 -*-\n${text}`, 'latin1'), '3:0 café [2]'],
      [
        'second.py',
        Buffer.from(`#!/usr/bin/python\n# vim: set fileencoding=iso_8859_1 :\n${text}`, 'latin1'),
        '4:0 café [2]',
      ],
      ['utf.py', `# coding: UTF-8\n${text}`, '3:0 café [2]'],
      ['late.py', `\n\n# coding: latin-1\n${text}`, '5:0 café [2]'],
      ['lines.py', text.replaceAll('\n', '\r\n'), '2:0 café [2]'],
      ['old.py', text.replaceAll('\n', '\r'), '2:0 café [2]'],
      ['tab.py', 'import torch\nif True:\n\tcafé = torch.zeros(2)\n', '3:1 café [2]'],
      ['bare', text, '2:0 café [2]'],
    ]
    for (const [name, content, expected] of encoded) {
      folder.write(name, content)
      assert.deepEqual(namesIn(folder.json('check', name)), [expected], name)
    }
  })

  it('reports a syntax error and what is around it', () => {
    folder.write('broken.py', `${source}y = = 3\nz = x.t()\n`)
    const { status, stdout, stderr } = folder.run(['check', 'broken.py', '--format', 'json'])
    assert.equal(status, 1)
    assert.equal(stderr, '')
    const report = JSON.parse(stdout)
    assert.deepEqual(namesIn(report), [...shown, '4:0 z [3, 2]'])
    const [diagnostic] = report.files[0].diagnostics
    assert.equal(diagnostic.code, 'syntax-error')
    assert.equal(diagnostic.severity, 'error')
    assert.equal(diagnostic.range[0], 3)
  })

  it('looks at every Python file below a folder, each once, in order', () => {
    for (const name of ['b.py', 'a/z.py', 'a/y.txt', '.hidden/c.py', '__pycache__/d.py', 'env/lib/e.py'])
      folder.write(name, source)
    folder.write('env/pyvenv.cfg', '')
    if (process.platform !== 'win32') symlinkSync(folder.path, join(folder.path, 'a', 'circle'))
    const paths = (...given: string[]) =>
      folder.json('check', ...given).files.map(({ path }) => path.replaceAll('\\', '/'))
    assert.deepEqual(paths('.'), ['a/z.py', 'b.py'])
    assert.deepEqual(paths('b.py', '.', './b.py'), ['b.py', 'a/z.py'])
    assert.deepEqual(paths('env'), ['env/lib/e.py'])
  })

  it('writes paths as they were given, and imported files with their whole path', () => {
    folder.write('pack/__init__.py', '')
    const imported = folder.write(
      'pack/make.py',
      'import torch\n\ndef make(n):\n    y = torch.zeros(n)\n    return y\n',
    )
    const main = folder.write('main.py', 'from pack.make import make\nx = make(3)\n')
    for (const given of ['main.py', `.${'/'}main.py`, main]) {
      const { files } = folder.json('trace', given)
      assert.equal(files[0]?.path, given)
      const made = files.find(({ path }) => path.endsWith('make.py'))
      assert.equal(resolve(made?.path ?? ''), resolve(imported))
      assert.deepEqual(made?.nodes.find(({ kind }) => kind === 'target')?.tensors[0]?.shape, [3])
    }
  })

  it('finds modules in search paths and in virtual environments', () => {
    const library = 'import torch\n\ndef make(n):\n    return torch.zeros(n, 2)\n'
    folder.write('project/main.py', 'from helpers.make import make\nx = make(3)\n')
    const x = () => namesIn({ version: 1, files: folder.json('trace', 'project/main.py').files.slice(0, 1) })
    assert.deepEqual(x(), [])
    folder.write('libs/helpers/make.py', library)
    const found = folder.json('trace', 'project/main.py', '--search-path', 'project', '--search-path', 'libs')
    assert.deepEqual(namesIn(found), ['2:0 x [3, 2]'])
    folder.write('project/.venv/lib/python3.12/site-packages/helpers/make.py', library)
    assert.deepEqual(x(), ['2:0 x [3, 2]'])
    folder.write('other/main.py', 'from helpers.make import make\nx = make(3)\n')
    const environment = { VIRTUAL_ENV: join(folder.path, 'project/.venv') }
    const { stdout } = folder.run(['trace', 'other/main.py', '--format', 'json'], environment)
    assert.deepEqual(namesIn(JSON.parse(stdout)), ['2:0 x [3, 2]'])
  })

  it('tells an error inside an imported file where the checked file calls it', () => {
    folder.write('layers.py', 'def mix(a, b):\n    return a @ b\n')
    folder.write(
      'main.py',
      'import torch\nfrom layers import mix\n\ny = mix(torch.zeros(2, 3), torch.zeros(4, 5))\n',
    )
    const alone = folder.json('check', 'main.py').files
    assert.deepEqual(
      alone.map(({ path, diagnostics }) => [path, diagnostics[0]?.range]),
      [['main.py', [4, 4, 4, 45]]],
    )
    const text = folder.run(['check', 'main.py']).stdout.replaceAll('\\', '/')
    assert.match(text, /refused in \S+\/layers\.py, line 2$/m)
    assert.match(folder.run(['check', '.']).stdout, /called from main\.py, line 4$/m)
    const both = folder.json('check', '.').files
    assert.deepEqual(
      both.map(({ path, diagnostics }) => [path, diagnostics[0]?.range]),
      [
        ['layers.py', [2, 11, 2, 16]],
        ['main.py', undefined],
      ],
    )
    const traced = folder.json('trace', 'main.py').files
    assert.deepEqual(
      traced.map(({ diagnostics }) => diagnostics.length),
      [0, 1],
    )
  })

  it('runs no Python', function () {
    if (process.platform === 'win32') this.skip()
    for (const name of ['python', 'python3'])
      chmodSync(folder.write(`bin/${name}`, '#!/bin/sh\ntouch "$0.ran"\n'), 0o755)
    folder.write('a.py', `${source}open("touched", "w").write("!")\nimport os\nos.system("touch touched")\n`)
    for (const command of ['check', 'trace'])
      assert.equal(folder.run([command, 'a.py'], { PATH: join(folder.path, 'bin') }).status, 0)
    for (const name of ['bin/python.ran', 'bin/python3.ran', 'touched'])
      assert.ok(!existsSync(join(folder.path, name)))
  })

  it('ends quietly when nobody reads on', function () {
    if (process.platform === 'win32') this.skip()
    folder.write('a.py', `import torch\n${'x = torch.zeros(2, 3)\n'.repeat(5000)}`)
    const command = `'${process.execPath}' '${resolve('dist/cli.js')}' trace a.py --format json | head -c 10`
    const { stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: folder.path, encoding: 'utf8' })
    assert.equal(stdout, '{"version"')
    assert.equal(stderr, '')
  })
})
