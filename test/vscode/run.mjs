// Runs the suite in a real VS Code: the desktop one where it is given, else the server in a browser.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureChromium, startChromium } from './chromium.mjs'
import { checkRestart } from './restart.mjs'
import { installServer, root, startServer } from './server.mjs'

const suite = join(root, 'out/test/vscode/suite.cjs')
const screenshots = join(root, 'out/screenshots')
const limit = 5 * 60_000

/** Settings of the test's VS Code: no offers, no telemetry, nothing that moves in a screenshot. */
const settings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.commandCenter.enabled': false,
  'files.autoSave': 'off',
  'editor.minimap.enabled': false,
  'editor.cursorBlinking': 'solid',
  'telemetry.telemetryLevel': 'off',
  'extensions.ignoreRecommendations': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'security.workspace.trust.enabled': false,
  'window.menuBarVisibility': 'compact',
  'git.enabled': false,
}

/** Runs every test; resolves to `{ passed, failed, failures, where }`. */
export async function runVsCodeSuite() {
  const scratch = mkdtempSync(join(tmpdir(), 'shapescope-vscode-'))
  const workspace = join(scratch, 'samples')
  const results = join(scratch, 'results.json')
  cpSync(join(root, 'media/samples'), workspace, { recursive: true })
  rmSync(screenshots, { recursive: true, force: true })
  mkdirSync(screenshots, { recursive: true })
  try {
    const where = process.env.SHAPESCOPE_VSCODE
      ? await runOnDesktop(process.env.SHAPESCOPE_VSCODE, scratch, workspace, results)
      : await runInBrowser(scratch, workspace, results)
    if (!existsSync(results)) throw new Error('VS Code ended before the suite did.')
    return { ...JSON.parse(readFileSync(results, 'utf8')), where }
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
}

function writeUserSettings(data) {
  mkdirSync(join(data, 'User'), { recursive: true })
  writeFileSync(join(data, 'User/settings.json'), JSON.stringify(settings, null, 2))
}

/** `given` is the path of an executable, or `download`: the newest one, kept in .vscode-test/. */
async function runOnDesktop(given, scratch, workspace, results) {
  const data = join(scratch, 'data')
  writeUserSettings(data)
  const { downloadAndUnzipVSCode, runTests } = await import('@vscode/test-electron')
  const vscodeExecutablePath = given === 'download' ? await downloadAndUnzipVSCode() : given
  await runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: root,
    extensionTestsPath: suite,
    extensionTestsEnv: { SHAPESCOPE_RESULTS: results, SHAPESCOPE_WORKSPACE: workspace },
    launchArgs: [workspace, '--user-data-dir', data, '--disable-extensions', '--disable-gpu'],
  }).catch((problem) => {
    if (!existsSync(results)) throw problem
  })
  return 'desktop VS Code'
}

async function runInBrowser(scratch, workspace, results) {
  const executable = ensureChromium()
  await installServer()
  const data = join(scratch, 'server')
  writeUserSettings(join(data, 'data'))
  const server = await startServer(data, {
    SHAPESCOPE_RESULTS: results,
    SHAPESCOPE_WORKSPACE: workspace,
    SHAPESCOPE_SCREENSHOTS: screenshots,
  })
  const browser = await startChromium(executable)
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } })
    await driveSuite(page, server, workspace)
    if (/visualisation|^$/.test(process.env.SHAPESCOPE_GREP ?? ''))
      await addRestart(page, server, workspace, data, results)
  } finally {
    await browser.close()
    server.stop()
    await server.exited
  }
  return `VS Code server in ${executable.split(/[\\/]/).pop()}`
}

/** Opens the workbench on the suite; returns when the suite has ended. */
async function driveSuite(page, server, workspace) {
  const log = []
  let end
  const ended = new Promise((done, fail) => {
    end = done
    setTimeout(() => fail(new Error(`The suite ran for over 5 minutes.\n${log.join('\n')}`)), limit).unref()
    server.exited.then(() => fail(new Error(`The VS Code server stopped.\n${server.output()}`)))
  })
  await page.exposeFunction('codeAutomationExit', end)
  await page.exposeFunction('codeAutomationLog', async (_type, parameters) => {
    const text = parameters.map(String).join(' ')
    const request = /^@screenshot (\S+)$/.exec(text)
    if (request) await takeScreenshot(page, request[1])
    else log.push(text)
  })
  await page.goto(
    server.address(remotePath(workspace), [
      ['extensionDevelopmentPath', server.remote(remotePath(root))],
      ['extensionTestsPath', server.remote(remotePath(suite))],
      ['skipWelcome', 'true'],
    ]),
  )
  await ended
  if (process.env.SHAPESCOPE_LOG) console.log(log.join('\n'))
}

/** A window without the suite, in the same browser, so that it finds what the last one kept. */
async function addRestart(page, server, workspace, data, results) {
  const file = join(data, 'data/User/settings.json')
  const picture = join(screenshots, 'restart.png')
  const address = server.address(remotePath(workspace), [
    ['extensionDevelopmentPath', server.remote(remotePath(root))],
    ['skipWelcome', 'true'],
  ])
  const { passed, failures } = await checkRestart(page, address, {
    file,
    values: settings,
    picture,
    folder: workspace,
  })
  const all = JSON.parse(readFileSync(results, 'utf8'))
  all.failures.push(...failures)
  writeFileSync(results, JSON.stringify({ ...all, passed: all.passed + passed, failed: all.failures.length }))
}

const remotePath = (local) => (process.platform === 'win32' ? `/${local.replaceAll('\\', '/')}` : local)

async function takeScreenshot(page, name) {
  // the suite waits for the file, so it must appear complete
  writeFileSync(join(screenshots, `${name}.png`), await page.screenshot())
}
