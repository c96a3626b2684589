// How many messages came, and how many of them change a text; in memory that two threads share.

import { DidChangeTextDocumentNotification, type Message } from 'vscode-languageserver-protocol/node'

export class Counts {
  readonly #counts: Int32Array
  constructor(memory = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)) {
    this.#counts = new Int32Array(memory)
  }

  get memory(): ArrayBufferLike {
    return this.#counts.buffer
  }
  get messages(): number {
    return Atomics.load(this.#counts, 0)
  }
  get changes(): number {
    return Atomics.load(this.#counts, 1)
  }
  add(message: Message & { readonly method?: string }): void {
    Atomics.add(this.#counts, 0, 1)
    if (message.method === DidChangeTextDocumentNotification.method) Atomics.add(this.#counts, 1, 1)
  }
}
