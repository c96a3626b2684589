// The messages between the extension and the page of the visualisation, and how each side reads them.

import { type ComputeReply, type ComputeRequest, readComputeReply, readComputeRequest } from './computing'

/** Opens the page; its argument is a `Subject`, the address of a config, or nothing. */
export const visualiseCommand = 'shapescope.visualiseRope'

/** The RoPE of a file that is nearest to a line: a `Subject`, or null. */
export const ropeRequest = 'shapescope/rope'
export interface RopeWish {
  uri: string
  line: number
}

/**
 * Where attention maps are computed: `auto` takes the first of webgpu, webgl, wasm and cpu that
 * works, the first two only on a GPU; `node-gpu` is TensorFlow in a process beside the extension.
 */
export const backendChoices = ['auto', 'webgpu', 'webgl', 'wasm', 'cpu', 'node-gpu'] as const
export type BackendChoice = (typeof backendChoices)[number]

/** What the page is to show. */
export type Subject =
  /** The text of a config.json; the page reads it. */
  | { readonly kind: 'config'; readonly name: string; readonly text: string }
  /** An encoding by its id, with some of its parameters, found in code. */
  | {
      readonly kind: 'encoding'
      readonly name: string
      readonly id: string
      readonly values: Values
      /** How many positions the code has; null where that is not known. */
      readonly context: number | null
    }
  /** The state in a link; the page reads it. */
  | { readonly kind: 'state'; readonly name: string; readonly text: string }

export type Values = Readonly<Record<string, number | string>>

export type ToPage =
  | { readonly type: 'show'; readonly subject: Subject }
  | { readonly type: 'settings'; readonly backend: BackendChoice }
  /** The file that was asked for, as it is; `problem` says why there is none. */
  | { readonly type: 'loaded'; readonly side: GivenSide; readonly name: string; readonly data: Uint8Array }
  | { readonly type: 'unloaded'; readonly side: GivenSide; readonly name: string; readonly problem: string }
  | { readonly type: 'computed'; readonly reply: ComputeReply }

/** Queries or keys that a person gives. */
export type GivenSide = 'q' | 'k'

/** The most bytes of a file that a page is given. */
export const mostBytes = 256 * 2 ** 20

export type ToHost =
  /** The page listens. */
  | { readonly type: 'ready' }
  /** An encoding stands on the screen, from the subject of that name. */
  | { readonly type: 'drawn'; readonly encoding: string; readonly source: string | null }
  | { readonly type: 'copy'; readonly text: string; readonly what: string }
  /** Copies a link with this state. */
  | { readonly type: 'link'; readonly state: string }
  /** Asks for a file of queries or keys, and reads it. */
  | { readonly type: 'load'; readonly side: GivenSide }
  /** Asks for a place, and writes there. */
  | { readonly type: 'save'; readonly file: string; readonly content: FileContent }
  /** For the process of the backend `node-gpu`. */
  | { readonly type: 'compute'; readonly request: ComputeRequest }
  /** A fault of the page, for the log. */
  | { readonly type: 'fault'; readonly message: string }

export interface FileContent {
  readonly encoding: 'text' | 'base64'
  readonly data: string
}

export function readToPage(sent: unknown): ToPage | null {
  const message = fields(sent)
  switch (message.type) {
    case 'show': {
      const subject = readSubject(message.subject)
      return subject && { type: 'show', subject }
    }
    case 'settings':
      return { type: 'settings', backend: readBackend(message.backend) }
    case 'loaded': {
      const { side, name, data } = message
      if (!isSide(side) || !isText(name) || !(data instanceof Uint8Array)) return null
      return { type: 'loaded', side, name, data }
    }
    case 'unloaded': {
      const { side, name, problem } = message
      if (!isSide(side) || !isText(name) || !isText(problem)) return null
      return { type: 'unloaded', side, name, problem }
    }
    case 'computed': {
      const reply = readComputeReply(message.reply)
      return reply && { type: 'computed', reply }
    }
    default:
      return null
  }
}

export function readToHost(sent: unknown): ToHost | null {
  const { type, ...rest } = fields(sent)
  switch (type) {
    case 'ready':
      return { type }
    case 'drawn':
      if (!isText(rest.encoding) || !(rest.source === null || isText(rest.source))) return null
      return { type, encoding: rest.encoding, source: rest.source }
    case 'copy':
      return isText(rest.text) && isText(rest.what) ? { type, text: rest.text, what: rest.what } : null
    case 'link':
      return isText(rest.state) && /^[\w-]*$/.test(rest.state) ? { type, state: rest.state } : null
    case 'load':
      return isSide(rest.side) ? { type, side: rest.side } : null
    case 'save': {
      const { encoding, data } = fields(rest.content)
      const isKnown = encoding === 'text' || encoding === 'base64'
      if (!isKnown || !isText(data) || !isFileName(rest.file)) return null
      return { type, file: rest.file, content: { encoding, data } }
    }
    case 'compute': {
      const request = readComputeRequest(rest.request)
      return request && { type, request }
    }
    case 'fault':
      return isText(rest.message) ? { type, message: rest.message } : null
    default:
      return null
  }
}

/** Also of a command's argument, which any extension may give. */
export function readSubject(sent: unknown): Subject | null {
  const { kind, name, ...rest } = fields(sent)
  if (!isText(name)) return null
  if (kind === 'config' || kind === 'state') return isText(rest.text) ? { kind, name, text: rest.text } : null
  if (kind !== 'encoding' || !isText(rest.id)) return null
  const values = Object.entries(fields(rest.values)).filter(
    (entry): entry is [string, number | string] => typeof entry[1] === 'number' || isText(entry[1]),
  )
  const context = typeof rest.context === 'number' ? rest.context : null
  return { kind, name, id: rest.id, values: Object.fromEntries(values), context }
}

export const readBackend = (sent: unknown): BackendChoice =>
  backendChoices.find((choice) => choice === sent) ?? 'auto'

const isSide = (value: unknown): value is GivenSide => value === 'q' || value === 'k'

const isText = (value: unknown): value is string => typeof value === 'string'

/** A name and an ending, with no way into another folder. */
const isFileName = (value: unknown): value is string => isText(value) && /^[\w-]+\.\w+$/.test(value)

const fields = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
