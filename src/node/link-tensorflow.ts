// Links the native part of @tensorflow/tfjs-node-gpu with the TensorFlow that a Python has installed.

import { execFileSync, fork } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { ComputeReply } from '../protocol/computing'

const usage = `usage: link-tensorflow [--python PYTHON] [--folder FOLDER]

  --python  a Python that has tensorflow, tensorflow-cpu or tensorflow[and-cuda] installed (python3)
  --folder  where @tensorflow/tfjs-node-gpu is installed (beside ShapeScope)

The package's own library is TensorFlow 2.9 for CUDA 11. This compiles its addon against the C API of
a Python's TensorFlow instead, and with it against the CUDA that this one brings.`

/** What the user has to mend; anything else is a fault of this program. */
class Refusal extends Error {}

const locate = `
import importlib.util, os
spec = importlib.util.find_spec('tensorflow')
print(os.path.dirname(spec.origin) if spec and spec.origin else '')
`

/** The folder of the installed tensorflow, found without importing it. */
function tensorflowOf(python: string): string {
  let folder: string
  try {
    folder = execFileSync(python, ['-c', locate], { encoding: 'utf8' }).trim()
  } catch {
    throw new Refusal(`${python} does not run: name a Python with --python`)
  }
  if (folder === '')
    throw new Refusal(`${python} has no TensorFlow: ${python} -m pip install 'tensorflow[and-cuda]'`)
  for (const part of [...libraries, 'include/tensorflow/c/c_api.h'])
    if (!existsSync(join(folder, part)))
      throw new Refusal(`${folder} has no ${part}: it has to be 2.10 or later`)
  return folder
}

/** The C API is in the first. */
const libraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']

function packageOf(require: NodeJS.Require): string {
  try {
    return dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json'))
  } catch {
    throw new Refusal(
      '@tensorflow/tfjs-node-gpu is not installed: npm install --ignore-scripts @tensorflow/tfjs-node-gpu',
    )
  }
}

/** The folder with node_api.h: that of this Node, of the system, or of a package. */
function headersOf(require: NodeJS.Require): string {
  const places = [resolve(dirname(process.execPath), '../include/node'), '/usr/include/node']
  try {
    const { include_dir } = require('node-api-headers') as { include_dir: string }
    places.unshift(include_dir)
  } catch {
    // the other places may have them
  }
  const found = places.find((place) => existsSync(join(place, 'node_api.h')))
  if (!found) throw new Refusal('there is no node_api.h: npm install node-api-headers')
  return found
}

/** Where the package looks for its addon, for the newest Node-API that it knows. */
function addonOf(folder: string): { path: string; version: number } {
  const { binary } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    binary: { module_name: string; module_path: string; napi_versions: number[] }
  }
  const version = Math.max(...binary.napi_versions.filter((one) => one <= Number(process.versions.napi)))
  const place = binary.module_path.replace('{napi_build_version}', String(version))
  return { path: join(folder, place, `${binary.module_name}.node`), version }
}

function compile(folder: string, tensorflow: string, headers: string): string {
  const { path, version } = addonOf(folder)
  mkdirSync(dirname(path), { recursive: true })
  const compiler = process.env.CXX ?? 'g++'
  const parameters = [
    ...['-std=c++17', '-O2', '-shared', '-fPIC', `-DNAPI_VERSION=${version}`],
    ...[headers, join(tensorflow, 'include'), folder].map((place) => `-I${place}`),
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(folder, 'binding', file)),
    ...[`-L${tensorflow}`, ...libraries.map((name) => `-l:${name}`), `-Wl,-rpath,${tensorflow}`],
    ...['-o', path],
  ]
  try {
    execFileSync(compiler, parameters, { stdio: ['ignore', 'inherit', 'inherit'] })
  } catch (problem) {
    const { code } = problem as NodeJS.ErrnoException
    if (code === 'ENOENT')
      throw new Refusal(`${compiler} is missing: install a C++ compiler, or name one in CXX`)
    throw new Refusal(`${compiler} refuses the addon; what it said is above`)
  }
  return path
}

/** Starts the process that the visualisation starts, and says what it found. */
function tryIt(folder: string | undefined): Promise<string> {
  const program = join(dirname(fileURLToPath(import.meta.url)), 'tensorflow-worker.js')
  const environment = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' }
  const child = fork(program, folder ? [folder] : [], { serialization: 'advanced', env: environment })
  return new Promise((settle, reject) => {
    child.on('message', (reply: ComputeReply) => {
      child.kill()
      if (reply.kind === 'ready') settle(reply.title)
      else reject(new Refusal(reply.kind === 'absent' ? reply.why : `it answers ${reply.kind}`))
    })
    child.on('exit', (code, signal) =>
      reject(new Refusal(`it ends when it starts (${signal ?? `code ${code}`})`)),
    )
    child.send({ kind: 'start' })
  })
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      python: { type: 'string', default: 'python3' },
      folder: { type: 'string' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) return console.log(usage)
  if (process.platform !== 'linux')
    throw new Refusal(
      `this links on Linux; on ${process.platform} take the package's own library: npm rebuild @tensorflow/tfjs-node-gpu --ignore-scripts=false`,
    )
  const place = values.folder === undefined ? undefined : resolve(values.folder)
  const require = createRequire(place ? join(place, 'package.json') : import.meta.url)
  const folder = packageOf(require)
  const tensorflow = tensorflowOf(values.python)
  console.log(`Linking ${folder}\n   with ${tensorflow}`)
  console.log(`Wrote   ${compile(folder, tensorflow, headersOf(require))}`)
  console.log(`Works:  ${await tryIt(place)}`)
}

await main().catch((problem: unknown) => {
  console.error(problem instanceof Refusal ? `link-tensorflow: ${problem.message}` : problem)
  process.exitCode = 1
})
