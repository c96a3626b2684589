// What the command line tells about codes.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { codes } from '../../src/trace/codes'
import { Folder } from './shapescope'

describe('command line, explanations', () => {
  let folder: Folder

  beforeEach(() => {
    folder = new Folder()
  })

  afterEach(() => folder.remove())

  it('prints the page of a code', () => {
    const { status, stdout, stderr } = folder.run(['explain', 'matmul-mismatch'])
    assert.equal(status, 0)
    assert.equal(stderr, '')
    assert.equal(stdout, readFileSync('media/help/matmul-mismatch.md', 'utf8'))
  })

  it('lists the codes', () => {
    const { status, stdout } = folder.run(['explain'])
    assert.equal(status, 0)
    assert.deepEqual(stdout.trimEnd().split('\n'), [...codes])
  })
})
