// Tensor operations as messages, from the page over the extension to a child process and back.

/** Operations of two tensors of broadcastable shapes, and of one. */
export const binaryOperations = ['add', 'subtract', 'multiply', 'divide', 'minimum', 'maximum'] as const
export const unaryOperations = ['exp'] as const
/** Over the last axis. */
export const rowOperations = ['sum', 'max', 'softmax'] as const

type Single = (typeof unaryOperations)[number] | (typeof rowOperations)[number]

/** One step; tensors are numbers that the asking side gives out. */
export type Command =
  | {
      readonly op: 'tensor'
      readonly into: number
      readonly values: Float32Array
      readonly shape: readonly number[]
    }
  | { readonly op: 'indices'; readonly into: number; readonly values: Int32Array }
  | { readonly op: 'reshape'; readonly into: number; readonly x: number; readonly shape: readonly number[] }
  | {
      readonly op: 'gather'
      readonly into: number
      readonly x: number
      readonly indices: number
      readonly axis: number
    }
  | {
      readonly op: (typeof binaryOperations)[number] | 'products'
      readonly into: number
      readonly a: number
      readonly b: number
    }
  | { readonly op: Single; readonly into: number; readonly x: number }
  | { readonly op: 'free'; readonly tensors: readonly number[] }

export type ComputeRequest =
  /** Begins afresh: tensors of before are freed. */
  | { readonly kind: 'start' }
  /** Runs the commands, then sends the values of one tensor. */
  | { readonly kind: 'read'; readonly id: number; readonly commands: readonly Command[]; readonly of: number }

export type ComputeReply =
  | { readonly kind: 'ready'; readonly title: string; readonly isSoftware: boolean }
  /** It does not serve; the reason says what to do. */
  | { readonly kind: 'absent'; readonly why: string }
  | { readonly kind: 'values'; readonly id: number; readonly values: Float32Array }
  | { readonly kind: 'problem'; readonly id: number; readonly why: string }
  /** The process is gone, with all tensors. */
  | { readonly kind: 'lost'; readonly why: string }

export function readComputeRequest(sent: unknown): ComputeRequest | null {
  const { kind, ...rest } = fields(sent)
  if (kind === 'start') return { kind }
  if (kind !== 'read' || !isId(rest.id) || !isId(rest.of) || !Array.isArray(rest.commands)) return null
  const commands = rest.commands.map(readCommand)
  if (!commands.every((command) => command !== null)) return null
  return { kind, id: rest.id, of: rest.of, commands }
}

function readCommand(sent: unknown): Command | null {
  const { op, into, ...rest } = fields(sent)
  if (op === 'free') return isIds(rest.tensors) ? { op, tensors: rest.tensors } : null
  if (!isId(into)) return null
  const { values, shape, x, a, b, indices, axis } = rest
  if (op === 'tensor')
    return values instanceof Float32Array && isIds(shape) ? { op, into, values, shape } : null
  if (op === 'indices') return values instanceof Int32Array ? { op, into, values } : null
  if (op === 'reshape') return isId(x) && isIds(shape) ? { op, into, x, shape } : null
  if (op === 'gather') return isId(x) && isId(indices) && isId(axis) ? { op, into, x, indices, axis } : null
  const pair = [...binaryOperations, 'products' as const].find((one) => one === op)
  if (pair) return isId(a) && isId(b) ? { op: pair, into, a, b } : null
  const single = [...unaryOperations, ...rowOperations].find((one) => one === op)
  return single && isId(x) ? { op: single, into, x } : null
}

export function readComputeReply(sent: unknown): ComputeReply | null {
  const { kind, ...rest } = fields(sent)
  const why = typeof rest.why === 'string' ? rest.why : null
  switch (kind) {
    case 'ready':
      if (typeof rest.title !== 'string' || typeof rest.isSoftware !== 'boolean') return null
      return { kind, title: rest.title, isSoftware: rest.isSoftware }
    case 'absent':
    case 'lost':
      return why === null ? null : { kind, why }
    case 'values':
      return isId(rest.id) && rest.values instanceof Float32Array
        ? { kind, id: rest.id, values: rest.values }
        : null
    case 'problem':
      return isId(rest.id) && why !== null ? { kind, id: rest.id, why } : null
    default:
      return null
  }
}

/** A whole number that is not negative: of a tensor, a request, an axis, a size. */
const isId = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0

const isIds = (value: unknown): value is readonly number[] => Array.isArray(value) && value.every(isId)

const fields = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
