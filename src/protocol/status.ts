// What the language server tells its client besides LSP: whether it is analysing.

/** Sent by the server when analysing takes long enough to be noticed, and again when it is done. */
export const statusNotification = 'shapescope/status'

export interface Status {
  busy: boolean
}
