// torch.fft, stft and istft.

import { add, constant, type Dim, floorDivide, fresh, multiply, one, subtract } from '../dims/dim'
import { categoryOf, type DType, promote, toComplex, toReal } from '../tensors/dtype'
import { dimsOf, openShape, type Shape, shapeOf } from '../tensors/shape'
import { defaultDType } from './defaults'
import { inOrder, type Kind, orderAfter } from './fft-order'
import { append, intList, splitLast } from './nn-core'
import { likeInput } from './norms'
import { failed, type OpCall, type OpEntry, type Rule, result } from './op'

const code = 'fft-mismatch'

/** The complex dtype of a transform: integers count as float32. */
const complexOf = (dtype: DType | null): DType | null =>
  dtype === null
    ? null
    : categoryOf(dtype) === 'complex'
      ? dtype
      : categoryOf(dtype) === 'float'
        ? toComplex(dtype)
        : 'complex64'

function outDType(c: OpCall, dtype: DType | null, kind: Kind): DType | null {
  if (kind === 'r2c' && dtype && categoryOf(dtype) === 'complex')
    c.refuse('dtype-mismatch', `${c.name}: the input must be real, and it is torch.${dtype}`)
  const complex = complexOf(dtype)
  return kind === 'c2r' && complex ? toReal(complex) : complex
}

const halved = (size: Dim): Dim => add(floorDivide(size, constant(2)), one)
const doubled = (size: Dim): Dim => multiply(constant(2), subtract(size, one))

/** Each transformed axis with the length given for it, or null. */
function transformed(
  c: OpCall,
  input: Shape,
  defaultAxes: 'all' | readonly number[],
): [number, Dim | null][] | null {
  const dims = dimsOf(input)
  if (!dims) return null
  const [s, axes] = [c.env.settle(c.value('s')), c.env.settle(c.value('dim'))]
  const sizes = s.kind === 'none' ? null : intList(c, s)
  if (s.kind !== 'none' && !sizes) return null
  let named: readonly Dim[]
  if (axes.kind !== 'none') {
    const list = intList(c, axes)
    if (!list) return null
    named = list
  } else if (sizes && defaultAxes === 'all') named = sizes.map((_, i) => constant(i - sizes.length))
  else named = (defaultAxes === 'all' ? dims.map((_, i) => i) : defaultAxes).map(constant)
  if (sizes && sizes.length !== named.length)
    c.refuse(code, `${c.name}: s has ${sizes.length} numbers and dim has ${named.length}`)
  const pairs: [number, Dim | null][] = []
  for (const [i, d] of named.entries()) {
    const at =
      dims.length === 0 ? c.refuse('dim-out-of-range', `${c.name}: the input has no dims`) : c.axis(input, d)
    if (at === 'failed') return c.stop(failed())
    if (at === null) return null
    if (pairs.some(([other]) => other === at))
      c.refuse('dim-out-of-range', `${c.name}: dim ${at} is named twice`)
    const size = sizes?.[i]
    pairs.push([at, size && size.value !== -1 ? size : null])
  }
  return pairs
}

/** A transform over several axes; half of the last axis is left out of a real one. */
const many =
  (kind: Kind, axes: 'all' | readonly number[]): Rule =>
  (c) => {
    const input = c.tensor('input')
    const dtype = outDType(c, input.dtype, kind)
    const dims = dimsOf(input.shape)
    const pairs = transformed(c, input.shape, axes)
    if (!dims || !pairs) return result(openShape(), dtype, null)
    const cut = [...dims]
    const out = [...dims]
    for (const [n, [i, size]] of pairs.entries()) {
      const own = dims[i] ?? one
      const isLast = n === pairs.length - 1
      const full = size ?? (isLast && kind === 'c2r' ? doubled(own) : own)
      checkLength(c, full)
      cut[i] = size === null ? own : isLast && kind === 'c2r' ? halved(size) : size
      out[i] = isLast && kind === 'r2c' ? halved(full) : full
    }
    const order = orderAfter(
      c,
      input,
      cut,
      pairs.map(([i]) => i),
      kind,
    )
    return inOrder(
      out.map((d) => c.facts.dims.resolve(d)),
      dtype,
      order,
    )
  }

function checkLength(c: OpCall, size: Dim): void {
  if (size.value !== null && size.value < 1)
    c.refuse(code, `${c.name}: a transform of ${size.value} points is not possible`)
}

/** A transform over one axis. */
const single =
  (kind: Kind): Rule =>
  (c) => {
    const input = c.tensor('input')
    const dtype = outDType(c, input.dtype, kind)
    const axis = c.int('dim')
    const given = c.intOrNone('n')
    const own = axis.value === null ? null : c.facts.at(input.shape, axis.value)
    const known = c.facts.resolve(input.shape)
    if (own === 'out-of-range' || (!known.gap && known.lead.length === 0)) {
      if (!known.gap && known.lead.length === 0)
        c.refuse('dim-out-of-range', `${c.name}: the input has no dims`)
      const i = c.axis(known, axis)
      return i === 'failed' ? failed() : c.stop()
    }
    if (!own || axis.value === null) return result(openShape(), dtype, null)
    const full = given ?? (kind === 'c2r' ? doubled(own) : own)
    checkLength(c, full)
    const size = c.facts.dims.resolve(kind === 'r2c' ? halved(full) : full)
    const shape = replaced(known, axis.value, size)
    const [dims, out] = [dimsOf(known), dimsOf(shape)]
    // The last dim of a dense tensor stays where it is.
    if (!dims || !out)
      return result(shape, dtype, axis.value === -1 && input.layout === 'contiguous' ? 'contiguous' : null)
    const index = axis.value < 0 ? axis.value + dims.length : axis.value
    const read = given && kind === 'c2r' ? halved(given) : given
    const cut = dims.map((d, i) => (i === index && read ? read : d))
    return inOrder(out, dtype, orderAfter(c, { ...input, shape: known }, cut, [index], kind))
  }

/** A shape with another size at an index that is known to be there. */
function replaced(shape: Shape, index: number, size: Dim): Shape {
  const put = (dims: readonly Dim[], at: number): Dim[] => dims.map((d, i) => (i === at ? size : d))
  if (!shape.gap) return shapeOf(put(shape.lead, index < 0 ? index + shape.lead.length : index))
  return index >= 0
    ? { ...shape, lead: put(shape.lead, index) }
    : { ...shape, trail: put(shape.trail, shape.trail.length + index) }
}

const shifted: Rule = (c) => {
  const input = c.tensor('input')
  const given = intList(c, c.value('dim'))
  for (const d of given ?? []) if (c.axis(input.shape, d) === 'failed') return failed()
  return result(
    input.shape,
    input.dtype,
    input.layout === 'contiguous' ? 'contiguous' : likeInput(c, input) === 'contiguous' ? 'contiguous' : null,
  )
}

const frequencies =
  (isHalf: boolean): Rule =>
  (c) => {
    const size = c.int('n')
    return result(
      shapeOf([isHalf ? halved(size) : size]),
      c.dtype('dtype') === undefined ? defaultDType(c.env) : (c.dtype('dtype') ?? null),
    )
  }

const stft: Rule = (c) => {
  const input = c.tensor('input')
  const points = c.int('n_fft')
  const hop = c.intOrNone('hop_length') ?? floorDivide(points, constant(4))
  const split = splitLast(c, input.shape, 1)
  const rest = split && split !== 'too-few' ? dimsOf(split.rest) : null
  if (split === 'too-few' || (rest && rest.length > 1))
    return c.refuse(code, `${c.name}: the input must have 1 or 2 dims, and it is ${c.show(input.shape)}`)
  const asComplex = c.value('return_complex')
  const flag =
    asComplex.kind === 'none'
      ? input.dtype
        ? categoryOf(input.dtype) === 'complex'
        : null
      : asComplex.kind === 'bool'
        ? asComplex.value
        : null
  const isComplexInput = input.dtype ? categoryOf(input.dtype) === 'complex' : null
  const sided = c.value('onesided')
  const isOneSided =
    sided.kind === 'none'
      ? isComplexInput === null
        ? null
        : !isComplexInput
      : sided.kind === 'bool'
        ? sided.value
        : null
  const centre = c.bool('center')
  if (!split || !rest || flag === null || isOneSided === null || centre === null)
    return result(openShape(), null, null)
  const length = split.last[0] as Dim
  const padded = centre ? add(length, multiply(constant(2), floorDivide(points, constant(2)))) : length
  const frames = add(floorDivide(subtract(padded, points), hop), one)
  if (frames.value !== null && frames.value < 1)
    c.refuse(
      code,
      `${c.name}: n_fft ${c.showDim(points)} is more than the ${c.showDim(padded)} samples of ` +
        `${c.show(input.shape)}`,
    )
  const shape = append(split.rest, isOneSided ? halved(points) : points, c.facts.dims.resolve(frames))
  const windowed = windowedDType(c, input.dtype)
  // Each frame is transformed, then the frames become the last dim.
  const dims = dimsOf(flag ? shape : append(shape, constant(2)))
  if (!dims) return result(openShape(), null, null)
  const order = [...dims.keys()]
  order.splice(rest.length, 2, rest.length + 1, rest.length)
  const isSorted = rest.length === 0 || input.layout === 'contiguous'
  return inOrder(dims, flag ? complexOf(windowed) : windowed && toReal(windowed), isSorted ? order : null)
}

/** The dtype of the frames, each of which is multiplied by the window. */
function windowedDType(c: OpCall, dtype: DType | null): DType | null {
  const window = c.env.settle(c.value('window'))
  if (window.kind === 'none') return dtype
  return window.kind === 'tensor' && window.dtype && dtype ? promote(dtype, window.dtype) : null
}

const istft: Rule = (c) => {
  const input = c.tensor('input')
  const points = c.int('n_fft')
  const hop = c.intOrNone('hop_length') ?? floorDivide(points, constant(4))
  const split = splitLast(c, input.shape, 2)
  if (split === 'too-few')
    return c.refuse(code, `${c.name}: the input needs at least 2 dims, and it is ${c.show(input.shape)}`)
  const [given, centre] = [c.intOrNone('length'), c.bool('center')]
  const dtype =
    c.bool('return_complex') === false
      ? input.dtype && toReal(input.dtype)
      : c.bool('return_complex')
        ? input.dtype
        : null
  if (!split) return result(openShape(), dtype, null)
  const frames = split.last[1] as Dim
  const total = add(points, multiply(hop, subtract(frames, one)))
  const size: Dim =
    given ??
    (centre === null
      ? fresh()
      : centre
        ? subtract(total, multiply(constant(2), floorDivide(points, constant(2))))
        : total)
  return result(append(split.rest, c.facts.dims.resolve(size)), dtype)
}

const one1 = '(input: Tensor, n: int? = None, dim: int = -1, norm: any = None)'
const multi = '(input: Tensor, s: any = None, dim: any = None, norm: any = None)'

export const fftOps: readonly OpEntry[] = [
  [`fft${one1}`, 'fft', single('c2c')],
  [`ifft${one1}`, 'fft', single('c2c')],
  [`rfft${one1}`, 'fft', single('r2c')],
  [`irfft${one1}`, 'fft', single('c2r')],
  [`hfft${one1}`, 'fft', single('c2r')],
  [`ihfft${one1}`, 'fft', single('r2c')],
  ...(['fft', 'ifft', 'rfft', 'irfft', 'hfft', 'ihfft'] as const).flatMap((name): OpEntry[] => {
    const kind: Kind =
      name === 'irfft' || name === 'hfft' ? 'c2r' : name === 'rfft' || name === 'ihfft' ? 'r2c' : 'c2c'
    return [
      [`${name}2${multi}`, 'fft', many(kind, [-2, -1])],
      [`${name}n${multi}`, 'fft', many(kind, 'all')],
    ]
  }),
  ['fftshift(input: Tensor, dim: any = None)', 'fft', shifted],
  ['ifftshift(input: Tensor, dim: any = None)', 'fft', shifted],
  ['fftfreq(n: int, d: any = 1.0, *, dtype: dtype? = None)', 'fft', frequencies(false)],
  ['rfftfreq(n: int, d: any = 1.0, *, dtype: dtype? = None)', 'fft', frequencies(true)],
  [
    'stft(input: Tensor, n_fft: int, hop_length: int? = None, win_length: any = None, window: any = ' +
      "None, center: bool = True, pad_mode: any = 'reflect', " +
      'normalized: any = False, onesided: any = None, return_complex: any = None, align_to_window: any ' +
      '= None)',
    'torch method',
    stft,
  ],
  [
    'istft(input: Tensor, n_fft: int, hop_length: int? = None, win_length: any = None, window: any = ' +
      'None, center: bool = True, normalized: any = False, ' +
      'onesided: any = None, length: int? = None, return_complex: bool = False)',
    'torch method',
    istft,
  ],
]
