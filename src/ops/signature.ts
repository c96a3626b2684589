// Signatures of operations as text, `softmax(input: Tensor, dim: int, dtype: dtype? = None)`.

export type ParameterType =
  /** A tensor. With `?`, also None; `operand` also takes a Python number; `Tensors` a sequence of tensors. */
  | 'Tensor'
  | 'Tensor?'
  | 'operand'
  | 'operand?'
  | 'Tensors'
  /** `ints` takes an int or a sequence of ints. */
  | 'int'
  | 'int?'
  | 'ints'
  | 'ints?'
  | 'bool'
  | 'float'
  | 'str'
  | 'str?'
  | 'dtype?'
  /** `any?` is one of several values, None among them, as long as that is not decided. */
  | 'any'
  | 'any?'

export interface OpParameter {
  name: string
  type: ParameterType
  /** The default as source text, or null if the argument must be given. */
  default: string | null
  isKeywordOnly: boolean
  /** `*size: ints`: takes one sequence or all other arguments; `*rest: any` takes them as values. */
  isVariadic: boolean
  /** `**axes: any`: takes all keyword arguments that are not named before it. */
  isKeywords: boolean
}

export interface Signature {
  name: string
  parameters: readonly OpParameter[]
}

/** Parses a signature; a mistake in one throws at load time, where a test sees it. */
export function parseSignature(text: string): Signature {
  const match = /^([\w.]+)\((.*)\)$/.exec(text)
  if (!match) throw new Error(`not a signature: ${text}`)
  const [, name = '', inside = ''] = match
  let isKeywordOnly = false
  const parameters: OpParameter[] = []
  for (const part of inside.split(/,\s*/)) {
    if (part === '') continue
    if (part === '*') {
      isKeywordOnly = true
      continue
    }
    const field = /^(\*{0,2})(\w+)(?:: ([\w?]+))?(?: = (.+))?$/.exec(part)
    if (!field) throw new Error(`not a parameter: «${part}» in ${text}`)
    const [, star, parameter = '', type = 'any', fallback = null] = field
    parameters.push({
      name: parameter,
      type: type as ParameterType,
      default: fallback,
      isKeywordOnly,
      isVariadic: star === '*',
      isKeywords: star === '**',
    })
  }
  return { name, parameters }
}
