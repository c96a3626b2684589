// The child process of the backend node-gpu: started when a page asks for it, ended with the page.

import { type ChildProcess, fork } from 'node:child_process'
import { type ComputeReply, type ComputeRequest, readComputeReply } from '../protocol/computing'

/** In milliseconds, after which a library hangs and its process is ended. */
export interface Limits {
  /** CUDA's first start may take long. */
  readonly start: number
  /** From one answer to the next; a request is a tile, which takes a second at most. */
  readonly answer: number
}

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
  #isStarting = false
  /** Requests that wait for their values. */
  #waiting = 0
  /** Why the next start is refused, once: what hung would hang again. */
  #refusal: string | null = null

  constructor(
    private readonly place: () => WorkerPlace,
    private readonly answer: (reply: ComputeReply) => void,
    /** What the process prints, line by line. */
    private readonly log: (line: string) => void,
    private readonly limits: Limits = { start: 60_000, answer: 30_000 },
  ) {}

  ask(request: ComputeRequest): void {
    if (request.kind === 'start') {
      const why = this.#refusal
      this.#refusal = null
      if (why !== null) {
        this.answer({ kind: 'absent', why })
        return
      }
      this.#child ??= this.#spawn()
      this.#isStarting = true
      this.#waiting = 0
      this.#expectAnswer()
    } else if (this.#child && this.#waiting++ === 0) this.#expectAnswer()
    if (this.#child) this.#child.send(request)
    else this.answer({ kind: 'lost', why: 'the process of TensorFlow is not running' })
  }

  dispose(): void {
    this.#forget()?.kill('SIGKILL')
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
      this.#arrived(reply)
      this.answer(reply)
    })
    const ended = (why: string): void => {
      if (child !== this.#child) return
      this.#drop(`the process of TensorFlow ${why}`)
    }
    child.on('error', ({ message }) => ended(`failed: ${message}`))
    child.on('exit', (code, signal) => ended(`ended (${signal ?? `code ${code}`})`))
    return child
  }

  /** An answer to the start belongs to no request; one to an earlier page's request comes before it. */
  #arrived({ kind }: ComputeReply): void {
    if (kind === 'ready' || kind === 'absent') this.#isStarting = false
    else if (!this.#isStarting) this.#waiting = Math.max(0, this.#waiting - 1)
    this.#expectAnswer()
  }

  /** Ends the process if nothing comes in time, where something is waited for. */
  #expectAnswer(): void {
    if (this.#limit) clearTimeout(this.#limit)
    this.#limit = null
    if (!this.#isStarting && this.#waiting === 0) return
    const limit = this.#isStarting ? this.limits.start : this.limits.answer
    this.#limit = setTimeout(() => {
      const why = `TensorFlow did not ${this.#isStarting ? 'start' : 'answer'} within ${limit / 1000} s`
      if (!this.#isStarting) this.#refusal = why
      this.#drop(why)
    }, limit)
  }

  #forget(): ChildProcess | null {
    const child = this.#child
    this.#child = null
    this.#isStarting = false
    this.#waiting = 0
    this.#expectAnswer()
    return child
  }

  #drop(why: string): void {
    const kind = this.#isStarting ? 'absent' : 'lost'
    // what hangs hears no polite signal
    this.#forget()?.kill('SIGKILL')
    this.answer({ kind, why })
  }
}
