// The maps of heads as far as they are computed: one large where it shows, and all of them small once that is done.

import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { HeadRequest, Mask } from '../src/compute'
import type { Encoding } from '../src/encodings'
import type { BackendState } from './backends/use'
import type { Matrix } from './matrix'
import type { Named } from './positions'
import type { AttentionDraft } from './state'
import { HeadTiles } from './tiles'
import { type Window, whole } from './window'

export type HeadOptions = { readonly mask: Mask } & Pick<
  AttentionDraft,
  'stage' | 'length' | 'seed' | 'form' | 'head'
> &
  Pick<HeadRequest, 'given' | 'queries'>

export interface HeadState {
  /** The last picture stays until the first tile of the next is there. */
  readonly matrix: Matrix | null
  /** What is under way; null if nothing is. */
  readonly busy: string | null
  /** True if all that shows is there. */
  readonly isIdle: boolean
  readonly problem: string | null
  want(window: Window, pixels: number): void
  stop(): void
}

/** A head of an encoding; of none, if that is null. Without options the last picture stays. */
export function useHead(named: Named | null, backend: BackendState, options: HeadOptions | null): HeadState {
  const [count, redraw] = useState(0)
  const [made, setMade] = useState<{ tiles: HeadTiles; options: HeadOptions; encoding: Encoding } | null>(
    null,
  )
  const last = useRef<Matrix | null>(null)
  const tensors = backend.kind === 'ready' ? backend.backend.tensors : null
  const encoding = named?.encoding ?? null
  useLayoutEffect(() => {
    if (!encoding) last.current = null
    if (!tensors || !encoding || !options) return setMade(null)
    // tiles that come within a frame are drawn together
    let frame = 0
    const tiles = new HeadTiles(tensors, { ...options, encoding }, options.stage, () => {
      frame ||= requestAnimationFrame(() => {
        frame = 0
        redraw((before) => before + 1)
      })
    })
    setMade({ tiles, options, encoding })
    return () => {
      cancelAnimationFrame(frame)
      tiles.dispose()
    }
  }, [tensors, encoding, options])
  const tiles = made?.tiles ?? null
  const isFresh = made?.options === options && made.encoding === encoding
  const title = options ? `${named ? `${named.name}, ` : ''}head ${options.head}: ${titleOf(options)}` : ''
  const [computed, step] = [tiles?.computed ?? 0, tiles?.step ?? 1]
  const matrix = useMemo(() => tiles?.matrix(title) ?? null, [tiles, computed, step, title])
  if (matrix && (computed > 0 || !last.current || last.current.rows !== matrix.rows)) last.current = matrix
  const want = useCallback((window: Window, pixels: number) => tiles?.want(window, pixels), [tiles])
  const stop = useCallback(() => tiles?.stop(), [tiles])
  const busy = tiles && tiles.waiting > 0 ? progressOf(tiles, options?.length ?? 0) : null
  // what shows is told anew on each change
  return useMemo(
    () => ({
      matrix: last.current,
      busy,
      isIdle: isFresh && tiles !== null && tiles.waiting === 0 && (computed > 0 || tiles.problem !== null),
      problem: tiles?.problem ?? null,
      want,
      stop,
    }),
    [count, isFresh, tiles, matrix, busy, want, stop],
  )
}

function progressOf(tiles: HeadTiles, length: number): string {
  const { computed, waiting, passed } = tiles
  const of = `${computed} of ${computed + waiting} tiles`
  if (passed === 0) return `Computing: ${of}.`
  return `Computing: ${of}, ${passed.toLocaleString('en')} of ${length.toLocaleString('en')} keys summed up.`
}

const titleOf = ({ stage, form }: HeadOptions): string =>
  stage === 'weights'
    ? form === 'linear'
      ? 'linear weights'
      : 'weights'
    : stage === 'masked'
      ? 'masked scores'
      : 'scores'

/** A small picture has at least so many values a side. */
const smallSide = 64

/** The small pictures wait for so many milliseconds of rest, since the next large one would wait for them. */
const restBefore = 150

/** The small pictures show at most so many positions. */
const mostSmall = 16_384

export interface ThumbnailState {
  readonly pictures: readonly (Matrix | null)[]
  /** How many positions they show. */
  readonly shown: number
  readonly of: number
  readonly busy: string | null
}

/** Every head at a glance, one after the other, while `isTurn`; the pictures before stay until then. */
export function useThumbnails(
  encoding: Encoding,
  backend: BackendState,
  options: HeadOptions | null,
  heads: number,
  isTurn: boolean,
): ThumbnailState {
  const [found, setFound] = useState<readonly (Matrix | null)[]>([])
  const [under, setUnder] = useState<number | null>(null)
  const done = useRef({ key: {} as unknown, count: 0 })
  const tensors = backend.kind === 'ready' ? backend.backend.tensors : null
  // another head shown large changes none of the small ones
  const alike = options && JSON.stringify({ ...options, head: 0, given: null })
  const request = useMemo(
    () => options && { ...options, encoding, tensors },
    [alike, options?.given, encoding, tensors],
  )
  const length = options?.length ?? 0
  const shown = Math.min(length, mostSmall)
  const rows = Math.min(options?.queries?.count ?? length, mostSmall)
  useEffect(() => {
    if (done.current.key !== request) done.current = { key: request, count: 0 }
    if (!tensors || !isTurn || !request) return
    let current: HeadTiles | null = null
    const start = (): void => {
      const head = done.current.count
      setUnder(head < heads ? head : null)
      if (head >= heads) return
      const tiles = new HeadTiles(tensors, { ...request, head }, request.stage, () => {
        if (tiles.waiting > 0 || (tiles.computed === 0 && !tiles.problem)) return
        const matrix = { ...tiles.matrix(`head ${head}`), rows, columns: shown }
        if (!tiles.problem) setFound((before) => Object.assign([...before], { [head]: matrix }))
        tiles.dispose()
        done.current.count++
        start()
      })
      current = tiles
      tiles.want(whole({ rows, columns: shown }), smallSide)
    }
    const begin = setTimeout(start, restBefore)
    return () => {
      clearTimeout(begin)
      current?.dispose()
      setUnder(null)
    }
  }, [request, heads, isTurn, rows, shown])
  return {
    pictures: Array.from({ length: heads }, (_, head) => found[head] ?? null),
    shown,
    of: length,
    busy: under === null ? null : `Computing head ${under} of ${heads} at a glance.`,
  }
}
