// The heads at a glance, as buttons that show one of them large.

import { useEffect, useRef } from 'preact/hooks'
import type { Theme } from './colours'
import { picture } from './draw'
import type { ThumbnailState } from './head'
import type { Matrix } from './matrix'
import { whole } from './window'

interface Props extends ThumbnailState {
  readonly chosen: number
  readonly theme: Theme
  readonly onHead: (head: number) => void
}

export function Thumbnails({ pictures, shown, of, chosen, theme, onHead }: Props) {
  const extent = shown < of ? `its first ${shown.toLocaleString('en')} positions` : 'all of it'
  return (
    <fieldset class="heads" aria-label="Heads">
      {pictures.map((matrix, at) => (
        <button
          key={String(at)}
          type="button"
          class="head"
          aria-pressed={at === chosen}
          aria-label={`Head ${at}`}
          title={`Head ${at}, ${extent}`}
          onClick={() => onHead(at)}
        >
          <Thumbnail matrix={matrix} theme={theme} />
          <span>{at}</span>
        </button>
      ))}
      {shown < of && <span class="note">{`The small maps show ${extent}.`}</span>}
    </fieldset>
  )
}

function Thumbnail({ matrix, theme }: { matrix: Matrix | null; theme: Theme }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const element = canvas.current
    if (!element || !matrix) return
    const image = picture(matrix, whole(matrix), element.width, element.height, theme)
    element.getContext('2d')?.putImageData(image, 0, 0)
  }, [matrix, theme])
  return <canvas ref={canvas} width={112} height={112} />
}
