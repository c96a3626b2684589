// VS Code without a desktop: the server inside the npm package code-server, kept in .vscode-test/.
import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const version = '4.100.3'
const home = join(root, '.vscode-test', `code-server-${version}`)
const vscode = join(home, 'node_modules/code-server/lib/vscode')
const finished = join(home, 'installed')

/**
 * Native modules that would have to be compiled, and what stands in for them: the server's own log files
 * and its watch over a crashed parent. Everything else comes compiled or is WebAssembly.
 */
const standIns = {
  '@vscode/spdlog': `
const silent = () => {}
const logger = new Proxy({}, { get: (_, name) => (name === 'then' ? undefined : silent) })
exports.version = 0
exports.setLevel = silent
exports.setFlushOn = silent
exports.createRotatingLogger = async () => logger
exports.createAsyncRotatingLogger = async () => logger
`,
  'native-watchdog': `
exports.start = () => {}
`,
}

async function npm(folder, ...parameters) {
  const command = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const shell = process.platform === 'win32'
  await promisify(execFile)(command, [...parameters, ...quiet], { cwd: folder, shell })
}

/** Installs the server on its first use; nothing is compiled. */
export async function installServer(say = console.log) {
  if (existsSync(finished)) return
  say(`Installing VS Code for the browser (code-server ${version}) into .vscode-test/ …`)
  rmSync(home, { recursive: true, force: true })
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, 'package.json'), JSON.stringify({ private: true }))
  await npm(home, 'install', `code-server@${version}`)
  await npm(vscode, 'install', '--omit=dev')
  for (const [name, source] of Object.entries(standIns)) {
    writeFileSync(join(vscode, 'node_modules', name, 'index.js'), source.trimStart())
  }
  writeFileSync(finished, '')
}

/** A port of the loopback interface that is free now. */
function freePort() {
  return new Promise((done, fail) => {
    const probe = createServer()
    probe.on('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => done(port))
    })
  })
}

/** Starts the server; `address` is where it answers, on this machine only. */
export async function startServer(dataFolder, environment = {}) {
  const port = await freePort()
  const parameters = ['--host', '127.0.0.1', '--port', `${port}`, '--without-connection-token']
  parameters.push(
    '--accept-server-license-terms',
    '--server-data-dir',
    dataFolder,
    '--telemetry-level',
    'off',
  )
  const server = spawn(process.execPath, [join(vscode, 'out/server-main.js'), ...parameters], {
    // the tests need no marketplace, and nothing outside this machine is asked
    env: { ...process.env, EXTENSIONS_GALLERY: '{}', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const ready = new Promise((done, fail) => {
    const read = (chunk) => {
      output += chunk
      if (output.includes('Extension host agent listening')) done()
    }
    server.stdout.on('data', read)
    server.stderr.on('data', read)
    server.on('exit', () => fail(new Error(`The VS Code server stopped:\n${output}`)))
    server.on('error', fail)
    setTimeout(
      () => fail(new Error(`The VS Code server did not start within 60 s:\n${output}`)),
      60_000,
    ).unref()
  })
  try {
    await ready
  } catch (problem) {
    server.kill()
    throw problem
  }
  return {
    port,
    output: () => output,
    address: (folder, payload) => {
      const query = new URLSearchParams({ folder, payload: JSON.stringify(payload) })
      return `http://localhost:${port}/?${query}`
    },
    remote: (path) => `vscode-remote://localhost:${port}${path}`,
    exited: new Promise((done) => server.once('exit', done)),
    stop: () => server.kill(),
  }
}
