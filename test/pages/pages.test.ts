// Runs every test page: each program of each page is one test.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { load } from '../syntax/support'
import { failuresOf } from './harness'
import { readPage } from './page'

const folders = ['test/pages', 'media/help']

before(load)

const pages = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .sort()
    .map((name) => ({ name, markdown: readFileSync(`${folder}/${name}`, 'utf8') })),
)
for (const { name, markdown } of pages) {
  describe(`page ${name}`, () => {
    for (const program of readPage(markdown))
      it(`${program.headings.slice(1).join(' › ')} (line ${program.main.line})`, () => {
        const failures = failuresOf(program)
        if (failures.length > 0) assert.fail(failures.join('\n'))
      })
  })
}
