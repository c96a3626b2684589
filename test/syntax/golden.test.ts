// The tree against Python's own `ast`, node by node, on the recorded snippets.

import { strict as assert } from 'node:assert'
import { readdirSync, readFileSync } from 'node:fs'
import { parseModule } from '../../src/syntax/parse'
import { load, rowsOf } from './support'

const FOLDER = 'test/syntax/snippets'

describe('syntax: the tree equals Python’s', () => {
  before(load)
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.py'))) {
    it(file, () => {
      const module = parseModule(readFileSync(`${FOLDER}/${file}`, 'utf8'))
      const golden = JSON.parse(readFileSync(`${FOLDER}/${file.replace('.py', '.json')}`, 'utf8'))
      assert.deepEqual(module.problems, [])
      const lines = (rows: unknown[]) => rows.map((row) => JSON.stringify(row))
      assert.deepEqual(lines(rowsOf(module)), lines(golden))
    })
  }
})
