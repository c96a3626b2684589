// Runs every suite, or those that are named, prints a line for each, and at the end the sum over all.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const named = process.argv.slice(2)

let passed = 0
let failed = 0
const failures = []

function report(suite, result, since) {
  const seconds = ((performance.now() - since) / 1000).toFixed(1)
  const skipped = result.skipped ? `, ${result.skipped} skipped` : ''
  console.log(
    `${suite.padEnd(24)} ${result.passed} passed, ${result.failed} failed${skipped}  (${seconds} s)`,
  )
  passed += result.passed
  failed += result.failed
  for (const { title, message } of result.failures ?? []) failures.push(`${suite}: ${title}\n${message}`)
}

/** A suite that is one command: it passes or fails as a whole. */
function runCommand(...parameters) {
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, { cwd: root, encoding: 'utf8' })
  if (status === 0) return { passed: 1, failed: 0 }
  return { passed: 0, failed: 1, failures: [{ title: parameters.join(' '), message: stdout + stderr }] }
}

/** All unit tests in one mocha process; told apart by the folder that they lie in. */
function runUnitTests(since) {
  const files = readdirSync(join(root, 'test'), { recursive: true })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.test.ts') && !name.startsWith('vscode/'))
    .map((name) => join('out/test', name.replace(/ts$/, 'js')))
    .sort()
  const results = join(root, 'out/unit.json')
  rmSync(results, { force: true })
  const mocha = join(root, 'node_modules/mocha/bin/mocha.js')
  const options = [
    '--reporter',
    'json',
    '--reporter-option',
    `output=${results}`,
    '--timeout',
    '120000',
    '--exit',
  ]
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--enable-source-maps', mocha, ...options, ...files],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
    },
  )
  if (!existsSync(results)) {
    const failure = { title: 'mocha ended early', message: stdout + stderr }
    return report('unit', { passed: 0, failed: 1, failures: [failure] }, since)
  }
  const { tests } = JSON.parse(readFileSync(results, 'utf8'))
  if (stderr) console.error(stderr.trimEnd())
  const groups = groupBy(tests, folderOf)
  for (const [folder, all] of groups) {
    const broken = all.filter(({ err }) => Object.keys(err).length > 0)
    const skipped = all.filter((test) => test.duration === undefined && !broken.includes(test)).length
    report(
      `unit: ${folder}`,
      {
        passed: all.length - broken.length - skipped,
        failed: broken.length,
        skipped,
        failures: broken.map(({ fullTitle, err }) => ({
          title: fullTitle,
          message: err.stack ?? err.message,
        })),
      },
      performance.now() - all.reduce((sum, { duration }) => sum + (duration ?? 0), 0),
    )
  }
}

/** Node 20 has no `Map.groupBy`. */
function groupBy(items, keyOf) {
  const groups = new Map()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}

/** `syntax` for out/test/syntax/x.test.js, `architecture` for out/test/architecture.test.js. */
function folderOf({ file }) {
  const [, name] = /out[\\/]test[\\/]([^\\/]+?)(?:\.test\.js)?(?:[\\/]|$)/.exec(file ?? '') ?? []
  return name ?? 'hooks'
}

async function runVsCode(since) {
  try {
    const { runVsCodeSuite } = await import('./vscode/run.mjs')
    const result = await runVsCodeSuite()
    report(`vscode (${result.where})`, result, since)
  } catch (problem) {
    report(
      'vscode',
      { passed: 0, failed: 1, failures: [{ title: 'did not run', message: problem.message }] },
      since,
    )
  }
}

const suites = {
  build: (since) => report('build', runCommand('esbuild.config.mjs'), since),
  types: (since) => report('types', runCommand('node_modules/typescript/bin/tsc'), since),
  lint: (since) => report('lint', runCommand('test/lint.mjs'), since),
  unit: runUnitTests,
  vscode: runVsCode,
}

const unknown = named.filter((name) => !(name in suites))
if (unknown.length > 0) {
  console.error(`There is no suite ${unknown.join(', ')}; name some of ${Object.keys(suites).join(', ')}.`)
  process.exit(2)
}
mkdirSync(join(root, 'out'), { recursive: true })
for (const [name, run] of Object.entries(suites)) {
  if (named.length === 0 || named.includes(name)) await run(performance.now())
}
for (const failure of failures) console.log(`\n${failure.trimEnd()}`)
if (failures.length > 0) console.log()
console.log(`${passed} passed, ${failed} failed`)
// timers and pipes of a broken suite must not keep a finished run alive
process.exit(failed > 0 ? 1 : 0)
