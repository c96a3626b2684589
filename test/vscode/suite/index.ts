// The extension host's entry: runs the tests with mocha and leaves the results where the runner looks.

import { writeFileSync } from 'node:fs'

interface Failure {
  title: string
  message: string
}

export async function run(): Promise<void> {
  const { default: Mocha } = await import('mocha')
  const grep = process.env.SHAPESCOPE_GREP
  const mocha = new Mocha({ ui: 'bdd', timeout: 30_000, slow: 5_000, ...(grep ? { grep } : {}) })
  // bundled, so that a test file registers its tests when it is loaded rather than found by mocha
  mocha.suite.emit('pre-require', globalThis as unknown as Mocha.MochaGlobals, '', mocha)
  await Promise.all([
    import('./hints.test'),
    import('./diagnostics.test'),
    import('./contexts.test'),
    import('./settings.test'),
    import('./visualiser.test'),
  ])
  const failures: Failure[] = []
  let passed = 0
  await new Promise<void>((done) => {
    mocha
      .run(() => done())
      .on('pass', () => passed++)
      .on('fail', (test, problem) => {
        failures.push({ title: test.fullTitle(), message: problem.stack ?? problem.message })
      })
  })
  const results = process.env.SHAPESCOPE_RESULTS
  if (results) writeFileSync(results, JSON.stringify({ passed, failed: failures.length, failures }))
  if (failures.length > 0) throw new Error(`${failures.length} tests failed`)
}
