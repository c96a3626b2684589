// The backend node-gpu: tensors over messages, its process with and without TensorFlow, and the real one where it is.

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { PlainTensors, RemoteTensors, TensorServer } from '../../src/compute'
import { type Limits, TensorFlowProcess } from '../../src/extension/tensorflow'
import { readComputeReply, readComputeRequest } from '../../src/protocol/computing'
import { HostLink } from '../../webview/backends/link'
import { start } from '../../webview/backends/node-gpu'
import { assertAttention, attentionCases } from '../encodings/attention-cases'

const scratch = mkdtempSync(join(tmpdir(), 'shapescope-node-gpu-'))
const running: TensorFlowProcess[] = []

/** The page's way to the process that the extension starts. */
function linkTo(folder: string | null, limits?: Limits): HostLink {
  const link: HostLink = new HostLink((request) => tensorflow.ask(request))
  const place = { program: resolve('dist/tensorflow-worker.js'), folder }
  const tensorflow = new TensorFlowProcess(
    () => place,
    (reply) => link.hear(reply),
    () => {},
    limits,
  )
  running.push(tensorflow)
  return link
}

/** A folder with a package of that name; null for none. */
function folderWith(name: string, program: string | null): string {
  const folder = join(scratch, name)
  const place = join(folder, 'node_modules/@tensorflow/tfjs-node-gpu')
  mkdirSync(program === null ? folder : place, { recursive: true })
  if (program !== null) writeFileSync(join(place, 'index.js'), program)
  return folder
}

/** Stands in for the package: TensorFlow.js's own processor, under its name. */
const standIn = `
const tf = require(${JSON.stringify(resolve('node_modules/@tensorflow/tfjs-core'))})
require(${JSON.stringify(resolve('node_modules/@tensorflow/tfjs-backend-cpu'))})
Object.assign(tf.backend(), { isUsingGpuDevice: false, binding: { TF_Version: '0.0' } })
require('node:fs').writeFileSync(__dirname + '/pid', String(process.pid))
`

describe('tensors over messages', () => {
  it('are computed on the other side, which keeps none of them', async () => {
    const server = new TensorServer(new PlainTensors())
    const remote: RemoteTensors = new RemoteTensors('remote', (sent) => {
      const request = readComputeRequest(structuredClone(sent))
      assert.ok(request?.kind === 'read')
      void server.read(request).then((reply) => {
        const heard = readComputeReply(structuredClone(reply))
        assert.ok(heard)
        remote.receive(heard)
      })
    })
    for (const one of attentionCases) await assertAttention(remote, one)
    assert.deepEqual(Array.from(await remote.read(remote.tensor([1, 2], [2]))), [1, 2])
    assert.equal(server.size, 1)
  })

  it('say what is wrong with a request, and go on', async () => {
    const server = new TensorServer(new PlainTensors())
    assert.deepEqual(await server.read({ kind: 'read', id: 1, commands: [], of: 7 }), {
      kind: 'problem',
      id: 1,
      why: 'there is no tensor 7',
    })
  })

  it('are refused where they are none', () => {
    const read = { kind: 'read', id: 1, of: 1 }
    for (const command of [
      { op: 'require', into: 1, x: 2 },
      { op: 'add', into: 1, a: 2 },
      { op: 'tensor', into: 1, values: [1], shape: [1] },
      { op: 'sum', into: 1, x: -1 },
    ])
      assert.equal(readComputeRequest({ ...read, commands: [command] }), null, command.op)
    assert.equal(readComputeReply({ kind: 'values', id: 1, values: 'many' }), null)
  })
})

function isRunning(id: number): boolean {
  try {
    return process.kill(id, 0)
  } catch {
    return false
  }
}

describe('the process of TensorFlow', () => {
  after(() => {
    for (const tensorflow of running) tensorflow.dispose()
    rmSync(scratch, { recursive: true, force: true })
  })

  it('says what to do where the package is missing', async () => {
    await assert.rejects(start(linkTo(folderWith('empty', null))), /is not installed: install it in a folder/)
  })

  it('says what to do where its native library is missing', async () => {
    const program = "throw new Error('The Node.js native addon module (tfjs_binding.node) can not be found')"
    await assert.rejects(
      start(linkTo(folderWith('bare', program))),
      /has no native library: .*link-tensorflow/,
    )
  })

  it('says that it crashed', async () => {
    await assert.rejects(start(linkTo(folderWith('broken', 'process.abort()'))), /ended \(SIGABRT\)/)
  })

  it('computes, is lost when it is killed, and starts again', async () => {
    const folder = folderWith('stand-in', standIn)
    const one = attentionCases[0]
    assert.ok(one)
    const link = linkTo(folder)
    const first = await start(link)
    assert.deepEqual([first.title, first.isSoftware], ['TensorFlow 0.0 (CPU, it found no GPU)', true])
    await assertAttention(first.tensors, one)
    process.kill(
      Number(readFileSync(join(folder, 'node_modules/@tensorflow/tfjs-node-gpu/pid'), 'utf8')),
      'SIGKILL',
    )
    assert.match(await first.lost, /ended \(SIGKILL\)/)
    await assert.rejects(assertAttention(first.tensors, one), /ended/)
    await assertAttention((await start(link)).tensors, one)
  })

  it('is ended when a computation hangs, and refuses the next start alone', async () => {
    const hanging = `${standIn}; tf.backend().read = () => { for (;;) {} }`
    const folder = folderWith('hanging', hanging)
    const one = attentionCases[0]
    assert.ok(one)
    const link = linkTo(folder, { start: 30_000, answer: 200 })
    const first = await start(link)
    await assert.rejects(assertAttention(first.tensors, one), /did not answer within 0.2 s/)
    assert.match(await first.lost, /did not answer/)
    const id = Number(readFileSync(join(folder, 'node_modules/@tensorflow/tfjs-node-gpu/pid'), 'utf8'))
    while (isRunning(id)) await new Promise((done) => setTimeout(done, 10))
    await assert.rejects(start(link), /did not answer/)
    await start(link)
  })

  it('is ended when it does not start', async () => {
    const link = linkTo(folderWith('stuck', 'for (;;) {}'), { start: 500, answer: 200 })
    await assert.rejects(start(link), /did not start within 0.5 s/)
  })

  it('computes every attention map as PyTorch does', async function () {
    const started = await start(linkTo(null)).catch((problem: Error) => problem)
    if (started instanceof Error) {
      console.log(`        not run here: ${started.message}`)
      this.skip()
    }
    for (const one of attentionCases) await assertAttention(started.tensors, one)
    console.log(`        ${attentionCases.length} maps with ${started.title}`)
  })
})
