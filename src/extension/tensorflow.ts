// The child process of the backend node-gpu: started when a page asks for it, ended with the page.

import { type ChildProcess, fork } from 'node:child_process'
import { type ComputeReply, type ComputeRequest, readComputeReply } from '../protocol/computing'

/** CUDA's first start may take long; a library that hangs must not hold up the page for ever. */
const startLimit = 60_000

export interface WorkerPlace {
  /** The program that the process runs. */
  readonly program: string
  /** Where `@tensorflow/tfjs-node-gpu` is installed; null for beside the program. */
  readonly folder: string | null
}

/** A fault of the library ends the process, and nothing else; the next `start` makes a new one. */
export class TensorFlowProcess {
  #child: ChildProcess | null = null
  #limit: NodeJS.Timeout | null = null

  constructor(
    private readonly place: () => WorkerPlace,
    private readonly answer: (reply: ComputeReply) => void,
    /** What the process prints, line by line. */
    private readonly log: (line: string) => void,
  ) {}

  ask(request: ComputeRequest): void {
    if (request.kind === 'start') {
      this.#child ??= this.#spawn()
      this.#arrived()
      this.#limit = setTimeout(() => {
        this.#drop({ kind: 'absent', why: `TensorFlow did not start within ${startLimit / 1000} s` })
      }, startLimit)
    }
    if (this.#child) this.#child.send(request)
    else this.answer({ kind: 'lost', why: 'the process of TensorFlow is not running' })
  }

  dispose(): void {
    this.#forget()?.kill()
  }

  #spawn(): ChildProcess {
    const { program, folder } = this.place()
    const child = fork(program, folder === null ? [] : [folder], {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        ...process.env,
        ELECTRON_RUN_AS_NODE: '1',
        // other programs need the card's memory too
        TF_FORCE_GPU_ALLOW_GROWTH: 'true',
        TF_CPP_MIN_LOG_LEVEL: '2',
      },
    })
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => this.log(text.trimEnd()))
    child.on('message', (sent) => {
      const reply = readComputeReply(sent)
      if (!reply || child !== this.#child) return
      if (reply.kind === 'ready' || reply.kind === 'absent') this.#arrived()
      this.answer(reply)
    })
    const ended = (why: string): void => {
      if (child !== this.#child) return
      const isStarting = this.#limit !== null
      this.#drop({ kind: isStarting ? 'absent' : 'lost', why: `the process of TensorFlow ${why}` })
    }
    child.on('error', ({ message }) => ended(`failed: ${message}`))
    child.on('exit', (code, signal) => ended(`ended (${signal ?? `code ${code}`})`))
    return child
  }

  #arrived(): void {
    if (this.#limit) clearTimeout(this.#limit)
    this.#limit = null
  }

  #forget(): ChildProcess | null {
    const child = this.#child
    this.#arrived()
    this.#child = null
    return child
  }

  #drop(last: ComputeReply): void {
    this.#forget()?.kill()
    this.answer(last)
  }
}
