// The help pages: one for each code, with an example that has the problem and one that does not.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { edited } from '../../src/ide/actions'
import { createWorkspace } from '../../src/ide/workspace'
import { codes } from '../../src/trace/codes'
import { readPage } from '../pages/page'
import { load } from '../syntax/support'

const folder = 'media/help'
const path = '/page/main.py'

const withoutComments = (text: string): string => text.replace(/ {2}# .*$/gm, '').trim()

/** The codes whose first fix turns the failing example into the one that works. */
const mended = [
  'broadcast-mismatch',
  'dim-out-of-range',
  'illegal-view',
  'loss-broadcast',
  'matmul-mismatch',
  'size-coincidence',
  'suspicious-broadcast',
  'suspicious-softmax',
  'write-to-expanded',
]

describe('help pages', () => {
  before(load)

  it('are there for every code and for nothing else', () => {
    assert.deepEqual(
      readdirSync(folder).sort(),
      codes.map((code) => `${code}.md`),
    )
  })

  it('are of codes that are reported', () => {
    const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('codes.ts'))
      .map((name) => readFileSync(`src/${name}`, 'utf8'))
      .join('\n')
    const unused = codes.filter((code) => !sources.includes(`'${code}'`))
    assert.deepEqual(unused, [])
  })

  for (const code of codes) {
    describe(code, () => {
      const markdown = readFileSync(`${folder}/${code}.md`, 'utf8')
      const [wrong, right, ...more] = readPage(markdown).map(({ main }) => main.text)

      it('has a title, an example with the problem and one without', () => {
        assert.ok(markdown.startsWith(`# ${code}\n`))
        assert.deepEqual(more, [])
        assert.ok(code === 'assumption' ? wrong?.includes('assumes: ') : wrong?.includes(`[${code}]`))
        assert.doesNotMatch(right ?? '', /(?:error|warning|assumes): /)
      })

      if (!mended.includes(code)) return
      it('has an example that the first fix mends', () => {
        const text = withoutComments(wrong ?? '')
        const files = { read: () => null, isFile: () => false, isFolder: () => false }
        const workspace = createWorkspace(files, { searchPaths: [] })
        workspace.setText(path, text)
        const action = workspace
          .actions(path, 0, text.length)
          .find(({ diagnostic }) => diagnostic.code === code)
        assert.equal(edited(text, action?.edits ?? []), withoutComments(right ?? ''))
      })
    })
  }
})
