// The editor's messages from stdin, read in a thread of their own: a long run sees that one waits, and gives way.

import { Worker } from 'node:worker_threads'
import { type Message, type MessageReader, PortMessageReader } from 'vscode-languageserver-protocol/node'
import { Counts } from './counts'

export interface Input {
  readonly reader: MessageReader
  /** True while a message has arrived that is not handled yet. */
  isWaiting(): boolean
  /** True while one of them changes a text. */
  isOutdated(): boolean
}

/** Reads stdin until it ends; `ended` hears whether the editor had asked for the end. */
export function readInput(ended: (wasAsked: boolean) => void): Input {
  const [arrived, handled] = [new Counts(), new Counts()]
  const worker = new Worker(new URL('./input-worker.js', import.meta.url), { workerData: arrived.memory })
  let wasAsked = false
  // The connection handles one message a turn of the event loop, in their order.
  const received: Message[] = []
  const handleNext = (): void => {
    const message = received.shift()
    if (message) handled.add(message)
    if (received.length > 0) setImmediate(handleNext)
  }
  worker.on('message', (message: Message & { readonly method?: string }) => {
    if (received.push(message) === 1) setImmediate(handleNext)
    if (message.method === 'shutdown') wasAsked = true
  })
  worker.on('exit', () => ended(wasAsked))
  return {
    reader: new PortMessageReader(worker),
    isWaiting: () => arrived.messages !== handled.messages,
    isOutdated: () => arrived.changes !== handled.changes,
  }
}
