// What the command line prints, in each of its formats.

import assert from 'node:assert/strict'
import { version } from '../../package.json'
import { Folder, namesIn } from './shapescope'

const escapeCode = '\x1b'

const good = `import torch


def scores(q):
    b, s, d = q.shape
    out = q @ q.transpose(1, 2)
    return out


if __name__ == "__main__":
    result = scores(torch.zeros(2, 16, 64))
`

const wrong = `import torch

a = torch.zeros(2, 3)
b = torch.zeros(4, 5)
c = a @ b
`

describe('command line, formats', () => {
  let folder: Folder

  beforeEach(() => {
    folder = new Folder()
  })

  afterEach(() => folder.remove())

  it('prints a trace as JSON', () => {
    folder.write('good.py', good)
    const { status, stdout, stderr } = folder.run(['trace', 'good.py', '--format', 'json'])
    assert.equal(status, 0)
    assert.equal(stderr, '')
    const report = JSON.parse(stdout)
    assert.deepEqual(Object.keys(report), ['version', 'files'])
    assert.equal(report.version, 1)
    assert.equal(report.files.length, 1)
    assert.equal(report.files[0].path, 'good.py')
    assert.deepEqual(report.files[0].diagnostics, [])
    assert.deepEqual(namesIn(report), ['6:4 out [2, 16, 16]', '11:4 result [2, 16, 16]'])
    const [first] = report.files[0].nodes
    assert.deepEqual(first, {
      range: [4, 11, 4, 12],
      kind: 'parameter',
      name: 'q',
      tensors: [{ shape: [2, 16, 64], dtype: 'float32', contiguous: true }],
    })
  })

  it('prints a check as JSON, in names and with the numbers of the callers', () => {
    folder.write('good.py', good)
    const out = namesIn(folder.json('check', 'good.py')).find((text) => text.startsWith('6:4'))
    assert.match(out ?? '', /^6:4 out \[b, s, s\] \| \[2, 16, 16\]$/)
  })

  it('prints assumptions as hints', () => {
    folder.write('split.py', 'def split(x, h):\n    b, s, d = x.shape\n    y = x.view(b, s, h, d // h)\n')
    const [file] = folder.json('check', 'split.py').files
    const hints = file?.diagnostics.filter(({ severity }) => severity === 'hint')
    assert.equal(hints?.length, 1)
    assert.equal(hints?.[0]?.code, 'assumption')
    assert.match(hints?.[0]?.message ?? '', /divi/)
  })

  it('counts columns in characters', () => {
    folder.write('emoji.py', 'import torch\ns = "😀é"; x = torch.zeros(2, 3)\n')
    assert.deepEqual(namesIn(folder.json('trace', 'emoji.py')), ['2:10 x [2, 3]'])
  })

  it('shows shapes beside the code', () => {
    folder.write('good.py', good)
    const { stdout, status } = folder.run(['trace', 'good.py'])
    assert.equal(status, 0)
    assert.match(stdout, /^ +6 {6}out = q @ q\.transpose\(1, 2\) +out \[2, 16, 16\]$/m)
    assert.match(stdout, /^ +7 {6}return out +→ \[2, 16, 16\]$/m)
    assert.match(stdout, /1 file · \d+ tensors, all of known rank · no errors · no warnings · [\d.]+ s\n$/)
    const columns = stdout.split('\n').flatMap((line) => /(?:out|result|→) \[/.exec(line)?.index ?? [])
    assert.equal(new Set(columns.slice(0, 2)).size, 1, 'the shapes are aligned')
  })

  it('shows names and numbers side by side', () => {
    folder.write('good.py', good)
    assert.match(folder.run(['check', 'good.py']).stdout, /out \[b, s, s\] {2}= \[2, 16, 16\]$/m)
  })

  it('keeps within the width of a page', () => {
    folder.write('good.py', good)
    for (const command of ['check', 'trace'])
      for (const line of folder.run([command, 'good.py']).stdout.split('\n'))
        assert.ok(line.length <= 110, line)
  })

  it('shows an error under its code, with both shapes and where they come from', () => {
    folder.write('wrong.py', wrong)
    const { stdout, status } = folder.run(['check', 'wrong.py'])
    assert.equal(status, 1)
    const lines = stdout.split('\n')
    const at = lines.findIndex((line) => line.includes('c = a @ b'))
    const code = lines[at] ?? ''
    assert.equal(lines[at + 1], `${' '.repeat(code.indexOf('a @ b'))}^^^^^`)
    assert.match(lines[at + 2] ?? '', /error: .*\[2, 3\].*\[4, 5\]/)
    assert.match(stdout, /a is \[2, 3\] from line 3/)
    assert.match(stdout, /b is \[4, 5\] from line 4/)
    assert.match(stdout, /1 error /)
  })

  it('shows of several files only what is wrong, with its place', () => {
    folder.write('good.py', good)
    folder.write('sub/wrong.py', wrong)
    const { stdout, status } = folder.run(['check', '.'])
    assert.equal(status, 1)
    assert.match(stdout, /^sub[\\/]wrong\.py:5:5$/m)
    assert.doesNotMatch(stdout, /def scores/)
    assert.match(stdout, /^2 files · /m)
  })

  it('colours where it is told to, and nowhere else', () => {
    folder.write('wrong.py', wrong)
    const parameters = ['check', 'wrong.py']
    assert.ok(!folder.run(parameters).stdout.includes(escapeCode))
    assert.ok(folder.run(parameters, { FORCE_COLOR: '1' }).stdout.includes(`${escapeCode}[1;31merror`))
    assert.ok(!folder.run(parameters, { FORCE_COLOR: '1', NO_COLOR: '1' }).stdout.includes(escapeCode))
  })

  it('shows no control characters of the code', () => {
    folder.write('control.py', 'import torch\nx = torch.zeros(2)  # \x1b[31m\x07\n')
    const { stdout } = folder.run(['trace', 'control.py'])
    assert.ok(
      [...stdout].every((character) => character === '\n' || character >= ' '),
      JSON.stringify(stdout),
    )
  })

  it('annotates for GitHub', () => {
    folder.write('a,b.py', wrong)
    const { stdout, status } = folder.run(['check', 'a,b.py', '--format', 'github'])
    assert.equal(status, 1)
    assert.match(
      stdout,
      /^::error file=a%2Cb\.py,line=5,endLine=5,col=5,endColumn=9,title=ShapeScope%3A matmul-\w+::.*\[2, 3\].*\n$/,
    )
    folder.write('good.py', good)
    assert.equal(folder.run(['check', 'good.py', '--format', 'github']).stdout, '')
  })

  it('writes SARIF', () => {
    folder.write('sub dir/wrong.py', wrong)
    const { stdout, status } = folder.run(['check', '.', '--format', 'sarif'])
    assert.equal(status, 1)
    const log = JSON.parse(stdout)
    assert.equal(log.version, '2.1.0')
    const [run] = log.runs
    assert.equal(run.tool.driver.version, version)
    const [result, ...others] = run.results
    assert.deepEqual(others, [])
    assert.equal(result.level, 'error')
    assert.equal(run.tool.driver.rules[result.ruleIndex].id, result.ruleId)
    const { artifactLocation, region } = result.locations[0].physicalLocation
    assert.equal(artifactLocation.uri, 'sub%20dir/wrong.py')
    assert.deepEqual(region, { startLine: 5, startColumn: 5, endLine: 5, endColumn: 10 })
    assert.equal(result.relatedLocations.length, 2)
    assert.ok(result.message.text.includes('[2, 3]'))
  })

  it('has help and a version', () => {
    const help = folder.run(['--help'])
    assert.equal(help.status, 0)
    assert.match(help.stdout, /^usage: shapescope check/)
    assert.match(help.stdout, /^ +shapescope rope {2}CONFIG/m)
    assert.deepEqual(folder.run(['--version']), { status: 0, stdout: `${version}\n`, stderr: '' })
  })
})
