// Finds or installs a Chromium, and starts it without a window and without talking to anybody but this machine.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge']
const usual = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** The browser named by SHAPESCOPE_CHROMIUM, else the first one installed; null when there is none. */
export function findChromium() {
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
  return (
    [process.env.SHAPESCOPE_CHROMIUM ?? '', ...onPath, ...usual].find((path) => path && existsSync(path)) ??
    null
  )
}

/** On Debian as root a missing Chromium is installed; elsewhere it is said what to install. */
export function ensureChromium(say = console.log) {
  const found = findChromium()
  if (found) return found
  const canInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  if (canInstall) {
    say('Installing Chromium from Debian …')
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const options = { env: environment, encoding: 'utf8' }
    spawnSync('apt-get', ['update', '-qq'], options)
    const packages = ['chromium', 'fonts-dejavu-core']
    const { stderr } = spawnSync(
      'apt-get',
      ['install', '-y', '-qq', '--no-install-recommends', ...packages],
      options,
    )
    const installed = findChromium()
    if (installed) return installed
    throw new Error(`Chromium could not be installed:\n${stderr}`)
  }
  throw new Error(
    'No Chromium found. Install it (Debian: apt-get install chromium), name one in SHAPESCOPE_CHROMIUM, or name a desktop VS Code in SHAPESCOPE_VSCODE.',
  )
}

export function startChromium(executablePath) {
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-quic',
      // WebGPU and WebGL computed by the processor where there is no graphics card
      '--enable-unsafe-webgpu',
      '--use-webgpu-adapter=swiftshader',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
    ],
  })
}
