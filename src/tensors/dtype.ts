// Element types: PyTorch's names, sizes and promotion (c10/core/ScalarType.h, promoteTypes).

export const dtypeBytes = {
  bool: 1,
  uint8: 1,
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  float16: 2,
  bfloat16: 2,
  float32: 4,
  float64: 8,
  complex32: 4,
  complex64: 8,
  complex128: 16,
  uint16: 2,
  uint32: 4,
  uint64: 8,
  float8_e4m3fn: 1,
  float8_e5m2: 1,
} as const

export type DType = keyof typeof dtypeBytes

/** The dtypes that Python's own types stand for where a dtype is asked for. */
export const pythonDTypes: Readonly<Record<string, DType>> = {
  bool: 'bool',
  int: 'int64',
  float: 'float64',
  complex: 'complex128',
}

/** Other names that `torch` has for a dtype. */
export const dtypeAliases: Record<string, DType> = {
  float: 'float32',
  double: 'float64',
  half: 'float16',
  long: 'int64',
  int: 'int32',
  short: 'int16',
  cfloat: 'complex64',
  cdouble: 'complex128',
  chalf: 'complex32',
}

export const isDType = (name: string): name is DType => Object.hasOwn(dtypeBytes, name)

type Category = 'bool' | 'integer' | 'float' | 'complex'

export function categoryOf(dtype: DType): Category {
  if (dtype === 'bool') return 'bool'
  if (dtype.startsWith('complex')) return 'complex'
  return dtype.includes('float') ? 'float' : 'integer'
}
export const isFloating = (dtype: DType): boolean => categoryOf(dtype) === 'float'

const rank: Category[] = ['bool', 'integer', 'float', 'complex']

/** The dtype of two tensors' elementwise result when both have dims (or both have none). */
export function promote(a: DType, b: DType): DType {
  if (a === b) return a
  const [x, y] = [categoryOf(a), categoryOf(b)]
  if (x !== y) {
    const [low, high, lowCategory, highCategory] =
      rank.indexOf(x) < rank.indexOf(y) ? [a, b, x, y] : [b, a, y, x]
    if (highCategory === 'complex' && lowCategory === 'float')
      return low === 'float64'
        ? 'complex128'
        : low === 'float32' || low === 'bfloat16'
          ? promote('complex64', high)
          : high
    return high
  }
  if (x === 'integer') {
    if (a === 'uint8' || b === 'uint8') {
      const other = a === 'uint8' ? b : a
      return other === 'int8' ? 'int16' : other
    }
    return dtypeBytes[a] >= dtypeBytes[b] ? a : b
  }
  if (x === 'float' && dtypeBytes[a] === 2 && dtypeBytes[b] === 2) return 'float32'
  return dtypeBytes[a] >= dtypeBytes[b] ? a : b
}

/** The dtype that a Python number or a 0-d tensor brings: it counts only if its category is higher. */
export function promoteWithScalar(tensor: DType, scalar: DType): DType {
  const [x, y] = [categoryOf(tensor), categoryOf(scalar)]
  if (rank.indexOf(y) <= rank.indexOf(x)) return tensor
  if (y !== 'complex') return scalar
  return x === 'float' ? toComplex(tensor) : scalar
}

/** The complex dtype whose parts have the given float dtype. */
export const toComplex = (dtype: DType): DType =>
  dtype === 'float64' ? 'complex128' : dtype === 'float16' ? 'complex32' : 'complex64'

/** The float dtype of a complex dtype's parts. */
export const toReal = (dtype: DType): DType =>
  dtype === 'complex128'
    ? 'float64'
    : dtype === 'complex64'
      ? 'float32'
      : dtype === 'complex32'
        ? 'float16'
        : dtype
