// What a client tells the server about itself when it starts it, as `initializationOptions`.

export interface ClientOptions {
  /** What stands before a code in the address of its help page; null where pages cannot be shown. */
  helpAddress: string | null
  /** Whether the client has the commands that code lenses run. */
  hasCommands: boolean
}

/** Help pages are documents of this scheme in VS Code: `shapescope-help:/matmul-mismatch.md`. */
export const helpScheme = 'shapescope-help'

export function readClientOptions(sent: unknown): ClientOptions {
  const all = typeof sent === 'object' && sent !== null ? (sent as Record<string, unknown>) : {}
  return {
    helpAddress: typeof all.helpAddress === 'string' ? all.helpAddress : null,
    hasCommands: all.hasCommands === true,
  }
}
