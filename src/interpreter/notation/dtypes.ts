// The kinds of element that annotations name: jaxtyping's `Float`, `Int32`, torchtyping's `float`.

import { type DType, dtypeAliases, dtypeBytes, isDType } from '../../tensors/dtype'

/** What an annotation says of a tensor's elements. */
export interface ElementKind {
  /** As the annotation writes it. */
  readonly text: string
  readonly dtypes: readonly DType[]
}

const all = Object.keys(dtypeBytes).filter(isDType)
const where = (pattern: RegExp): DType[] => all.filter((d) => pattern.test(d))

/** jaxtyping's dtypes, https://docs.kidger.site/jaxtyping/api/array/#dtype */
const groups: Record<string, readonly DType[]> = {
  Shaped: all,
  Bool: ['bool'],
  Key: ['uint32'],
  Num: where(/int|float|complex/),
  Inexact: where(/float|complex/),
  Float: where(/float/),
  Complex: where(/^complex/),
  Integer: where(/int/),
  Int: where(/^int/),
  UInt: where(/^uint/),
  Real: where(/int|float/),
}

/** The kind of a jaxtyping dtype by its name, or null if it is none. */
export function jaxtypingKind(name: string): ElementKind | null {
  const group = groups[name]
  if (group) return { text: name, dtypes: group }
  const lower = name.toLowerCase()
  const isExact = /^(?:U?Int(?:8|16|32|64)|Float(?:16|32|64)|BFloat16|Complex(?:64|128))$/.test(name)
  return isExact && isDType(lower) ? { text: name, dtypes: [lower] } : null
}

/** torchtyping's Python types, which stand for one dtype each. */
const pythonTypes: Record<string, DType> = { int: 'int64', float: 'float32', bool: 'bool' }

/** The kind that `float` or `torch.float32` is within `TensorType[…]`, or null. */
export function torchtypingKind(text: string, isOfTorch: boolean): ElementKind | null {
  const dtype = isOfTorch ? (dtypeAliases[text] ?? text) : (pythonTypes[text] ?? '')
  return isDType(dtype) ? { text: isOfTorch ? `torch.${text}` : text, dtypes: [dtype] } : null
}

/** What torch and the people who annotate call tensors. `FloatTensor` says little: it is written for any float. */
const tensorNames = new Set(['Tensor', 'FloatTensor', 'LongTensor', 'BoolTensor', 'IntTensor', 'HalfTensor'])
export const isTensorName = (name: string): boolean => tensorNames.has(name)

/** The dtype that a kind leaves no choice of, or null. */
export const onlyDType = (kind: ElementKind | null): DType | null =>
  kind?.dtypes.length === 1 ? (kind.dtypes[0] ?? null) : null
