// Runs every test page: each program of each page is one test.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { load } from '../syntax/support'
import { failuresOf } from './harness'
import { readPage } from './page'

const folder = 'test/pages'

before(load)

for (const file of readdirSync(folder)
  .filter((f) => f.endsWith('.md') && f !== 'README.md')
  .sort()) {
  describe(`page ${file}`, () => {
    for (const program of readPage(readFileSync(`${folder}/${file}`, 'utf8')))
      it(`${program.headings.slice(1).join(' › ')} (line ${program.main.line})`, () => {
        const failures = failuresOf(program)
        if (failures.length > 0) assert.fail(failures.join('\n'))
      })
  })
}
