// Which Python the user has selected, as the client tells the server.

export const interpreterNotification = 'shapescope/interpreter'

export interface Interpreters {
  /** Paths of executables or of environments' folders, the strongest first. */
  paths: string[]
}
