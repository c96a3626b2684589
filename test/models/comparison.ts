// Holds what `shapescope trace` says of a program against what PyTorch had there.

/** [shape, dtype, contiguous], as record.py writes it. */
export type RecordedTensor = [number[], string, boolean | null]
/** [line, column, end line, end column, kind, name, tensors] */
export type RecordedNode = [number, number, number, number, string, string | null, RecordedTensor[]]
export interface RecordedFile {
  readonly file: string
  readonly sha256: string
  readonly nodes: readonly RecordedNode[]
}
export interface Recorded {
  readonly torch: string
  readonly files: readonly RecordedFile[]
}

/** The command line's JSON, as far as it is compared. */
export interface TracedTensor {
  readonly shape: readonly (number | string)[] | null
  readonly dtype: string | null
  readonly contiguous: boolean | null
}
export interface TracedNode {
  readonly range: readonly [number, number, number, number]
  readonly kind: string
  readonly name: string | null
  readonly tensors: readonly TracedTensor[]
}

/**
 * exact: the same shapes with the same dtypes, no layout contradicted.
 * partial: something is not known, or a tensor is left out; nothing is contradicted.
 * wrong: a tensor that never was there.
 * missing: no tensor at all.
 */
export type Verdict = 'exact' | 'partial' | 'wrong' | 'missing'

export interface Difference {
  readonly node: RecordedNode
  readonly verdict: Exclude<Verdict, 'exact'>
  readonly traced: string
}

export interface FileComparison {
  readonly counts: Readonly<Record<Verdict, number>>
  readonly differences: readonly Difference[]
  /** Tensors where PyTorch never had one. */
  readonly extra: readonly TracedNode[]
}

export function compareFile(
  recorded: readonly RecordedNode[],
  traced: readonly TracedNode[],
): FileComparison {
  const counts: Record<Verdict, number> = { exact: 0, partial: 0, wrong: 0, missing: 0 }
  const differences: Difference[] = []
  const byKey = new Map(traced.map((node) => [`${node.range} ${node.kind}`, node]))
  for (const node of recorded) {
    const [line, column, endLine, endColumn, kind, , tensors] = node
    const key = `${[line, column, endLine, endColumn]} ${kind}`
    const found = byKey.get(key)?.tensors ?? []
    byKey.delete(key)
    const verdict = judge(tensors, found)
    counts[verdict]++
    if (verdict !== 'exact') differences.push({ node, verdict, traced: found.map(tracedText).join(' | ') })
  }
  return { counts, differences, extra: [...byKey.values()] }
}

/** What the tensors of a node are worth against those that PyTorch had there. */
export function judge(recorded: readonly RecordedTensor[], traced: readonly TracedTensor[]): Verdict {
  if (traced.length === 0) return 'missing'
  if (traced.some((t) => !recorded.some((r) => agrees(r, t)))) return 'wrong'
  const isAllKnown = traced.every((t) => isKnown(t))
  const isCovered = recorded.every((r) => traced.some((t) => agrees(r, t)))
  return isAllKnown && isCovered ? 'exact' : 'partial'
}

const isKnown = ({ shape, dtype }: TracedTensor): boolean =>
  dtype !== null && shape?.every((d) => typeof d === 'number') === true

/** True if nothing that is known of a tensor contradicts a recorded one. */
function agrees([shape, dtype, contiguous]: RecordedTensor, traced: TracedTensor): boolean {
  if (traced.dtype !== null && traced.dtype !== dtype) return false
  if (traced.contiguous !== null && contiguous !== null && traced.contiguous !== contiguous) return false
  return traced.shape === null || shapeAgrees(shape, traced.shape)
}

/**
 * True if a tensor may be one that a function shows on its own, where a name stands for one size. The order in
 * memory is not asked for: a size of 1, as a step of decoding has, changes it.
 */
export function fitsAlone([shape, dtype]: RecordedTensor, shown: TracedTensor): boolean {
  if (shown.dtype !== null && shown.dtype !== dtype) return false
  if (shown.shape === null) return true
  if (!shapeAgrees(shape, shown.shape)) return false
  const sizes = new Map<string, number | undefined>()
  const gap = shown.shape.indexOf('...')
  return shown.shape.every((d, i) => {
    if (typeof d !== 'string' || !/^[A-Za-z_]\w*$/.test(d)) return true
    const size = shape[gap >= 0 && i > gap ? i + shape.length - (shown.shape?.length ?? 0) : i]
    const known = sizes.get(d) ?? size
    sizes.set(d, known)
    return known === size
  })
}

/** A name or `?` stands for any size, `...` for any number of them. */
function shapeAgrees(shape: readonly number[], traced: readonly (number | string)[]): boolean {
  const gap = traced.indexOf('...')
  if (gap < 0) return shape.length === traced.length && traced.every((d, i) => sizeAgrees(shape[i], d))
  const trail = traced.slice(gap + 1)
  if (shape.length < gap + trail.length) return false
  const end = shape.slice(shape.length - trail.length)
  return (
    traced.slice(0, gap).every((d, i) => sizeAgrees(shape[i], d)) &&
    trail.every((d, i) => sizeAgrees(end[i], d))
  )
}

const sizeAgrees = (size: number | undefined, traced: number | string): boolean =>
  typeof traced === 'string' || size === traced

const layoutText = (contiguous: boolean | null): string =>
  contiguous === null ? '' : contiguous ? '' : ' strided'

export const recordedText = ([shape, dtype, contiguous]: RecordedTensor): string =>
  `[${shape.join(', ')}] ${dtype}${layoutText(contiguous)}`

export const tracedText = ({ shape, dtype, contiguous }: TracedTensor): string =>
  `[${shape?.join(', ') ?? '...'}] ${dtype ?? '?'}${contiguous === null ? ' layout?' : layoutText(contiguous)}`
