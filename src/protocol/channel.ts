// A typed channel between the extension and a page: messages are checked where they arrive.

/** How messages leave and arrive: the host's `Webview`, or the page's `acquireVsCodeApi()` and `window`. */
export interface Port {
  post(message: unknown): void
  /** Calls back with whatever arrives, until the result is called. */
  listen(receive: (message: unknown) => void): () => void
}

/** `Out` is what this side says, `In` what it hears. Both sides use this class. */
export class Channel<Out, In> {
  readonly #stop: () => void

  /** `read` gives null for what is no message; that is told to `refused` and goes no further. */
  constructor(
    private readonly port: Port,
    read: (message: unknown) => In | null,
    handle: (message: In) => void,
    refused: (message: unknown) => void,
  ) {
    this.#stop = port.listen((sent) => {
      const message = read(sent)
      if (message === null) refused(sent)
      else handle(message)
    })
  }

  send(message: Out): void {
    this.port.post(message)
  }

  dispose(): void {
    this.#stop()
  }
}
