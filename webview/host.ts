// The page's side of the channel to the extension, and its state that VS Code keeps over reloads.

import { Channel } from '../src/protocol/channel'
import { readToPage, type ToHost, type ToPage } from '../src/protocol/visualiser'

interface VsCodeApi {
  postMessage(message: unknown): void
  getState(): unknown
  setState(state: unknown): void
}

declare function acquireVsCodeApi(): VsCodeApi

export interface Host {
  send(message: ToHost): void
  readonly savedState: unknown
  save(state: unknown): void
}

/** May be called once in a page. */
export function connect(handle: (message: ToPage) => void): Host {
  const api = acquireVsCodeApi()
  const channel = new Channel<ToHost, ToPage>(
    {
      post: (message) => api.postMessage(message),
      listen(receive) {
        const listener = (event: MessageEvent): void => receive(event.data)
        window.addEventListener('message', listener)
        return () => window.removeEventListener('message', listener)
      },
    },
    readToPage,
    handle,
    // other scripts of the editor post into this window too
    () => {},
  )
  const fault = (message: string): void => channel.send({ type: 'fault', message })
  window.addEventListener('error', ({ message }) => fault(message))
  window.addEventListener('unhandledrejection', ({ reason }) =>
    fault(reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)),
  )
  return {
    send: (message) => channel.send(message),
    savedState: api.getState(),
    save: (state) => api.setState(state),
  }
}
