// Which words people write for sizes, so that `(batch, seq_len)` is told from `(key, value)`.

import { type NotedDim, type NotedShape, namesIn } from './shape'

const words = (text: string): Set<string> => new Set(text.trim().split(/\s+/))

/** Parts of names that speak of a size on their own. */
const sizeWords = words(`
  b bs bsz bz nb batch batches batchsize minibatch size sizes len length lengths seq seqs seqlen seqlength sequence
  slen qlen klen tlen dim dims dimension dimensions d hidden hid embed emb embd heads head nhead nheads nh hs hd hdim
  channel channels chan chans ch height width depth num n nb time times timesteps steps t s c h w l hsz vocab
  classes experts feat feats patches frames groups ngroups windows codebooks beams features tokens queries keys
  k topk m e f dk dv dq qk inner outer freqs mels bins layers points pixels objects boxes anchors levels
  samples positions chunks blocks ws wh ww chunk count cap capacity states nhid ntoken ntokens r g p v u q z i j o a
`)
/** Words that stand for sizes beside such words, and for things where they stand alone. */
const otherWords = words(`
  query key value token frame patch feature freq image images video text audio src tgt source target group block
  window level layer label labels class max min total new old per kv q query queries box point state mask masks
  grid row rows col cols column columns input output in out latent latents region regions head mem memory
  position positions pos past future ctx context prefix suffix cls image txt img vis lang language word words char chars
  phoneme phonemes mel bin noise sample view views camera cameras axis neighbors neighbours expert object sentence
  x y xy xyz coord coords rgb rgba real imag kernel stride rank order degree node nodes edge edges graph top
  global local padded valid full half left right up down upper lower world orig original reduced downsampled upsampled
  conv spatial temporal nvar nvars descriptor attn number prediction forecast encoder decoder doc docs action actions obs agents agent time choices choice num spans span types type codes code
`)

/** Single letters that mean sizes; `x`, `y`, `i` and `j` alone are mostly coordinates. */
const isLetter = (name: string): boolean => /^[A-Z]\d?'*$|^[a-hk-wz]\d?'*$/.test(name)

type Grade = 'size' | 'other' | 'none'

/** How surely a name is a size's. */
export function gradeOf(name: string): Grade {
  const last = name.split('.').at(-1) ?? name
  if (isLetter(last)) return 'size'
  if (/^[A-Za-z]'+$|^[xyij]$/.test(last)) return 'other'
  // `C_in`, `S_LOCAL`, `d_model`, `n_heads`, `num_layers`.
  if (/^(?:[A-Z]|[dn]|num|len|max|dim|total)\d?_[A-Za-z0-9_]+'*$/.test(last)) return 'size'
  // Abbreviations of sizes: `Lq`, `Nk`, `Hq`, `nW`, `nH`, `HW`, `BS`.
  if (/^[A-Z][a-z]$|^[BCDEFHKLMNPQSTVW]{2}$|^n[A-Z]\w?$/.test(last)) return 'size'
  const parts = last
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/_|(?<=[a-z])(?=\d+$)/)
    .filter((p) => p !== '' && !/^\d+$/.test(p))
  if (parts.length === 0 || !parts.every((p) => sizeWords.has(p) || otherWords.has(p))) return 'none'
  return parts.some((p) => sizeWords.has(p)) ? 'size' : 'other'
}

/**
 * How far a written shape can be trusted to be one.
 * - `shape`: it is a shape.
 * - `names`: it may also be a pair of sizes, coordinates or values, so that it only names dims.
 * - `none`: it is prose.
 */
export type Trust = 'shape' | 'names' | 'none'

export function trustOf(shape: NotedShape, saysShape: boolean, isSize: (name: string) => boolean): Trust {
  const { dims, style } = shape
  const sized = dims.filter((d) => d.kind === 'size')
  const grades = sized.map((d) => dimGrade(d, isSize))
  if (grades.includes('none') && !saysShape) return 'none'
  const numbers = sized.filter((d) => d.formula.kind === 'number')
  if (numbers.length === dims.length) return numbersTrust(numbers.map(numberIn), saysShape)
  if (saysShape) return 'shape'
  const strong = grades.filter((g) => g === 'size').length
  if (dims.length === 1) return singleTrust(shape, strong === 1)
  if (strong * 2 < sized.length || (strong === 0 && sized.length > 0)) return 'none'
  if (sized.length === 0) return 'none'
  if (isPair(dims)) return 'names'
  if (style.open === '' && style.separator.trim() === ',' && dims.length < 3) return 'none'
  return 'shape'
}

const numberIn = (d: NotedDim): number =>
  d.kind === 'size' && d.formula.kind === 'number' ? d.formula.value : 0

/** `[0, 1]` is an interval and `(1, 2, 3)` may be values; `(16, 3, 224, 224)` is a shape. */
function numbersTrust(values: readonly number[], saysShape: boolean): Trust {
  if (saysShape) return 'shape'
  const isLikely = values.length >= 3 && values.every((v) => v > 0) && Math.max(...values) >= 16
  const isRising = values.every((v, i) => i === 0 || v > (values[i - 1] ?? 0))
  return isLikely && !isRising ? 'shape' : 'none'
}

/** `(N,)` is a shape; `(optional)`, `[head]` and `(B)` may be notes. */
function singleTrust({ style, dims: [only] }: NotedShape, isStrong: boolean): Trust {
  if (!isStrong || only?.kind !== 'size' || style.open === '') return 'none'
  return style.open.startsWith('(') || only.formula.kind === 'name' ? 'names' : 'none'
}

/** `(h, w)`, `(height, width)`, `(x, y)`: sizes or coordinates as a pair rather than a shape. */
function isPair(dims: readonly NotedDim[]): boolean {
  const names = dims.map((d) => d.text.toLowerCase().replace(/^(num|n|new|image|img|grid|patch)_/, ''))
  const coordinates =
    /^[hwdtzxyij]$|^(height|width|depth|top|left|rows?|cols?|[hw]\d|time|min|max|start|end)$/
  return dims.length <= 3 && names.every((n) => coordinates.test(n.replace(/'+$/, '')))
}

function dimGrade(d: NotedDim, isSize: (name: string) => boolean): Grade {
  if (d.kind !== 'size') return 'size'
  const grades = namesIn(d.formula).map((n) => (isSize(n) ? 'size' : gradeOf(n)))
  if (grades.includes('none')) return 'none'
  return grades.includes('other') && !grades.includes('size') ? 'other' : 'size'
}
