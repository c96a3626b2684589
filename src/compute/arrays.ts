// Arrays as people have them: nested lists in JSON, CSV, NumPy's .npy; read into numbers and a shape.

/** Row-major. */
export interface NumberArray {
  readonly shape: readonly number[]
  readonly values: Float32Array | Float64Array
}

export type ArrayResult =
  | { readonly ok: true; readonly value: NumberArray }
  | { readonly ok: false; readonly message: string }

const wrong = (message: string): ArrayResult => ({ ok: false, message })

/** The bytes of a file, whatever of the three it is. */
export function readArrayFile(bytes: Uint8Array): ArrayResult {
  if (isNpy(bytes)) return readNpy(bytes)
  return readArrayText(new TextDecoder().decode(bytes))
}

/** Text is JSON where it begins with a bracket, else CSV. */
export function readArrayText(text: string): ArrayResult {
  const trimmed = text.trim()
  if (trimmed === '') return wrong('it is empty: paste nested lists like [[1, 0], [0, 1]], or load a file')
  return trimmed.startsWith('[') ? readNested(trimmed) : readCsv(trimmed)
}

function readNested(text: string): ArrayResult {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (problem) {
    return wrong(`it is no JSON: ${problem instanceof Error ? problem.message : String(problem)}`)
  }
  const shape: number[] = []
  for (let part: unknown = data; Array.isArray(part); part = part[0]) shape.push(part.length)
  const size = shape.reduce((product, one) => product * one, 1)
  if (size === 0) return wrong(`its shape is [${shape.join(', ')}], which has no numbers`)
  const values = new Float64Array(size)
  let at = 0
  const walk = (part: unknown, place: string, depth: number): string | null => {
    if (depth === shape.length) {
      if (typeof part !== 'number') return `${place} is ${short(part)}: it has to be a number`
      values[at++] = part
      return null
    }
    if (!Array.isArray(part)) return `${place} is ${short(part)}: it has to be a list, as the first is`
    if (part.length !== shape[depth])
      return `${place || 'the list'} has ${part.length} entries, and the first of its kind ${shape[depth]}`
    for (const [index, one] of part.entries()) {
      const problem = walk(one, `${place}[${index}]`, depth + 1)
      if (problem !== null) return problem
    }
    return null
  }
  const problem = walk(data, '', 0)
  return problem === null ? { ok: true, value: { shape, values } } : wrong(problem)
}

/** Lines of numbers apart by commas, semicolons, tabs or spaces. */
function readCsv(text: string): ArrayResult {
  const values: number[] = []
  let columns = 0
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  for (const [row, line] of lines.entries()) {
    const cells = line
      .trim()
      .split(/[,;]\s*|\s+/)
      .filter((cell) => cell !== '')
    if (row === 0) columns = cells.length
    if (cells.length !== columns)
      return wrong(`line ${row + 1} has ${cells.length} numbers, and line 1 has ${columns}`)
    for (const cell of cells) {
      const value = Number(cell)
      if (!Number.isFinite(value)) return wrong(`line ${row + 1} has ${short(cell)}, which is no number`)
      values.push(value)
    }
  }
  return { ok: true, value: { shape: [lines.length, columns], values: Float64Array.from(values) } }
}

const short = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 24 ? `${text.slice(0, 23)}…` : text
}

const isNpy = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x93 && new TextDecoder('latin1').decode(bytes.subarray(1, 6)) === 'NUMPY'

/** Each kind of number that a .npy may hold, by NumPy's letter and size. */
const kinds: Readonly<Record<string, (view: DataView, at: number, isLittle: boolean) => number>> = {
  f2: (view, at, isLittle) => halfOf(view.getUint16(at, isLittle)),
  f4: (view, at, isLittle) => view.getFloat32(at, isLittle),
  f8: (view, at, isLittle) => view.getFloat64(at, isLittle),
  i1: (view, at) => view.getInt8(at),
  i2: (view, at, isLittle) => view.getInt16(at, isLittle),
  i4: (view, at, isLittle) => view.getInt32(at, isLittle),
  i8: (view, at, isLittle) => Number(view.getBigInt64(at, isLittle)),
  u1: (view, at) => view.getUint8(at),
  u2: (view, at, isLittle) => view.getUint16(at, isLittle),
  u4: (view, at, isLittle) => view.getUint32(at, isLittle),
  b1: (view, at) => view.getUint8(at),
}

/** The format of numpy.lib.format, versions 1 to 3: a header in Python's notation, then the numbers. */
function readNpy(bytes: Uint8Array): ArrayResult {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const isLong = (bytes[6] ?? 1) > 1
  const start = isLong ? 12 : 10
  if (bytes.length < start) return wrong('the .npy ends within its header')
  const size = isLong ? view.getUint32(8, true) : view.getUint16(8, true)
  const header = new TextDecoder('latin1').decode(bytes.subarray(start, start + size))
  const [, order, kind] = /'descr':\s*'([<>|=])(\w+)'/.exec(header) ?? []
  const read = kind === undefined ? undefined : kinds[kind]
  if (!read || kind === undefined)
    return wrong(`the .npy holds ${kind ?? 'a structure'}: save it with array.astype("float32")`)
  const shape = (/'shape':\s*\(([^)]*)\)/.exec(header)?.[1] ?? '')
    .split(',')
    .flatMap((one) => (one.trim() === '' ? [] : [Number(one)]))
  const width = Number(kind.slice(1))
  const count = shape.reduce((product, one) => product * one, 1)
  if (start + size + count * width > bytes.length)
    return wrong(`the .npy is cut off: [${shape.join(', ')}] needs ${count * width} bytes of numbers`)
  if (count === 0) return wrong(`its shape is [${shape.join(', ')}], which has no numbers`)
  const inOrder = /'fortran_order':\s*True/.test(header) ? columnMajor(shape) : (at: number): number => at
  const values = new Float32Array(count)
  for (let at = 0; at < count; at++)
    values[at] = read(view, start + size + inOrder(at) * width, order !== '>')
  return { ok: true, value: { shape, values } }
}

/** Where an element that is the so-manieth by rows lies by columns. */
function columnMajor(shape: readonly number[]): (at: number) => number {
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, one) => product * one, 1))
  return (at) => {
    let [rest, place] = [at, 0]
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const size = shape[axis] ?? 1
      place += (rest % size) * (strides[axis] ?? 0)
      rest = Math.floor(rest / size)
    }
    return place
  }
}

/** IEEE 754 binary16. */
function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25))
}
