// `npm run code`: opens a real VS Code with the extension loaded on the samples.
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { installServer, root, startServer } from './server.mjs'

const samples = join(root, 'media/samples')
const windows = process.platform === 'win32'
const canShow = windows || process.platform === 'darwin' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY

function hasCommand(name) {
  return spawnSync(name, ['--version'], { stdio: 'ignore', shell: windows }).status === 0
}

const desktop = process.env.SHAPESCOPE_VSCODE ?? 'code'
if (canShow && !process.argv.includes('--browser') && hasCommand(desktop)) {
  console.log('Opening VS Code on the samples …')
  const parameters = [`--extensionDevelopmentPath=${root}`, samples, join(samples, 'rope_attention.py')]
  spawn(desktop, parameters, { stdio: 'inherit', shell: windows })
} else {
  await installServer()
  const data = join(root, '.vscode-test/browser-data')
  mkdirSync(data, { recursive: true })
  const server = await startServer(data)
  const address = server.address(samples, [
    ['extensionDevelopmentPath', server.remote(root)],
    ['openFile', server.remote(join(samples, 'rope_attention.py'))],
    ['skipWelcome', 'true'],
  ])
  console.log(
    `VS Code with ShapeScope runs on this machine. Open it in a browser:\n\n  ${address}\n\nCtrl+C ends it.`,
  )
  if (canShow) {
    const opener = windows ? 'explorer' : process.platform === 'darwin' ? 'open' : 'xdg-open'
    // where there is no opener, the address printed above is enough
    spawn(opener, [address], { stdio: 'ignore' }).on('error', () => {})
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, server.stop)
  await server.exited
}
