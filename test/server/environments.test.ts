// The modules of the Python in use are found from its files, and follow what the user selects.

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { environmentsIn, sitePackages } from '../../src/node/environments'
import { Client, until } from './client'

describe('environments', () => {
  let folder: string

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'shapescope-environments-')))
  })

  afterEach(() => rmSync(folder, { recursive: true }))

  const write = (name: string, text = ''): string => {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    return path
  }
  const found = (given: string): string[] =>
    sitePackages(join(folder, given)).map((path) => path.slice(folder.length + 1).replaceAll('\\', '/'))

  it('are found by their folder or their executable', () => {
    write('env/pyvenv.cfg', 'home = /usr/bin\nversion = 3.11.7\n')
    write('env/lib/python3.11/site-packages/lib.py')
    write('env/bin/python')
    assert.deepEqual(found('env'), ['env/lib/python3.11/site-packages'])
    assert.deepEqual(found('env/bin/python'), ['env/lib/python3.11/site-packages'])
    assert.deepEqual(found('nowhere'), [])
  })

  it('have the modules of their own version alone', () => {
    write('usr/lib/python3.11/site-packages/lib.py')
    write('usr/lib/python3.12/site-packages/lib.py')
    write('usr/lib/python3/dist-packages/lib.py')
    write('usr/bin/python3.12')
    assert.deepEqual(found('usr/bin/python3.12'), [
      'usr/lib/python3/dist-packages',
      'usr/lib/python3.12/site-packages',
    ])
  })

  it('are followed by the system where they include it', () => {
    write('usr/lib/python3.11/site-packages/lib.py')
    write('env/lib/python3.11/site-packages/lib.py')
    const home = join(folder, 'usr', 'bin')
    write('env/pyvenv.cfg', `home = ${home}\ninclude-system-site-packages = true\nversion = 3.11\n`)
    assert.deepEqual(found('env'), ['env/lib/python3.11/site-packages', 'usr/lib/python3.11/site-packages'])
    write('env/pyvenv.cfg', `home = ${home}\ninclude-system-site-packages = false\n`)
    assert.deepEqual(found('env'), ['env/lib/python3.11/site-packages'])
  })

  it('may be those of conda and of Windows', () => {
    write('conda/conda-meta/history')
    write('conda/Lib/site-packages/lib.py')
    write('conda/python.exe')
    assert.deepEqual(found('conda/python.exe'), ['conda/Lib/site-packages'])
  })

  it('in a workspace are known by what they hold', () => {
    write('.venv/pyvenv.cfg')
    write('venv/readme.txt')
    write('.conda/conda-meta/history')
    assert.deepEqual(environmentsIn(folder), [join(folder, '.venv'), join(folder, '.conda')])
  })

  it('are searched when the user selects them, and follow the selection', async () => {
    write('one/lib/python3.11/site-packages/lib.py', 'import torch\ndef make(): return torch.zeros(1, 2)\n')
    write('two/lib/python3.11/site-packages/lib.py', 'import torch\ndef make(): return torch.zeros(3, 4)\n')
    mkdirSync(join(folder, 'work'))
    const client = await Client.start({ folder: join(folder, 'work') })
    const uri = pathToFileURL(join(folder, 'work', 'main.py')).href
    await client.open(uri, 'from lib import make\nx = make()\n')
    assert.deepEqual(await client.hintTexts(uri), [])
    for (const [name, shape] of [
      ['one', '[1, 2]'],
      ['two', '[3, 4]'],
    ] as const) {
      const paths = [join(folder, name, 'bin', 'python')]
      mkdirSync(join(folder, name, 'bin'))
      writeFileSync(join(folder, name, 'bin', 'python'), '')
      await client.connection.sendNotification('shapescope/interpreter', { paths })
      await until(`the modules of ${name}`, async () => (await client.hintTexts(uri))[0] === `2:1 : ${shape}`)
    }
    assert.equal(await client.stop(), 0)
    assert.deepEqual(client.log, [])
  })
})
