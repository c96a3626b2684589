// Which of its callers a function is shown for, and which program the editor follows.

/** Shows a function as one of its callers sees it (null: in general). */
export const pickRequest = 'shapescope/pick'
export interface Pick {
  uri: string
  /** The function with its class: `Attention.forward`. */
  name: string
  caller: string | null
}

/** Follows a file as a program in all files that it enters (null: no more). */
export const traceRequest = 'shapescope/trace'
export interface TraceWish {
  uri: string | null
}
export interface Traced {
  /** The addresses of the files that the program entered, its own first. */
  files: string[]
  /** True if the program was too long to be followed to its end. */
  isCut: boolean
}

/** Where values of a file stopped being known. */
export const unknownsRequest = 'shapescope/unknowns'
export interface UnknownsWish {
  uri: string
}
export interface UnknownCause {
  line: number
  character: number
  reason: string
}

/** The commands of the client that lenses run. */
export const pickCommand = 'shapescope.pickCaller'
export const showCommand = 'shapescope.showCaller'
export interface CallerChoice {
  caller: string | null
  label: string
  description: string
}
