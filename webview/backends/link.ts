// The way to the extension's process of TensorFlow: requests go out, replies come to whoever listens.

import { createContext } from 'preact'
import type { ComputeReply, ComputeRequest } from '../../src/protocol/computing'

export interface ComputeLink {
  send(request: ComputeRequest): void
  /** One listens at a time: the one before hears no more. */
  listen(receive: (reply: ComputeReply) => void): void
}

export const ComputeContext = createContext<ComputeLink | null>(null)

/** Also takes what the extension says, for the listener. */
export class HostLink implements ComputeLink {
  #receive: (reply: ComputeReply) => void = () => {}

  constructor(readonly send: (request: ComputeRequest) => void) {}

  listen(receive: (reply: ComputeReply) => void): void {
    this.#receive = receive
  }

  hear(reply: ComputeReply): void {
    this.#receive(reply)
  }
}
