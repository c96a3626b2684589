// cos, sin and the angle of each pair at each position, of one encoding or of two and their difference.

import { useMemo } from 'preact/hooks'
import type { Theme } from './colours'
import { Heatmap } from './heatmap'
import { difference, rotationMatrix } from './matrix'
import type { Named } from './positions'
import type { State } from './state'
import { useView } from './view'

interface Props {
  readonly encodings: readonly Named[]
  readonly quantity: State['quantity']
  readonly length: number
  readonly theme: Theme
  readonly height: number
  readonly onQuantity: (quantity: State['quantity']) => void
}

export function Rotations({ encodings, quantity, length, theme, height, onQuantity }: Props) {
  const rotations = useMemo(
    () =>
      encodings.flatMap(({ name, encoding }) => {
        const matrix = rotationMatrix(encoding, quantity, length)
        return matrix ? [{ ...matrix, title: `${name}: ${matrix.title}` }] : []
      }),
    [encodings, quantity, length],
  )
  const [first, second] = rotations
  const both = useMemo(() => (first && second ? difference(first, second) : null), [first, second])
  const view = useView(first?.rows ?? 1, first?.columns ?? 1)
  const shown = both ? [...rotations, { ...both, title: 'the first minus the second' }] : rotations
  // encodings that turn another number of pairs have a view of their own
  const isShared = (columns: number): boolean => columns === first?.columns
  return (
    <>
      <fieldset class="choice controls">
        <legend class="hidden">Quantity</legend>
        {(['cos', 'sin', 'angle'] as const).map((one) => (
          <button key={one} type="button" aria-pressed={quantity === one} onClick={() => onQuantity(one)}>
            {one}
          </button>
        ))}
      </fieldset>
      {rotations.length === 0 && <p class="note">This encoding turns no pairs: it has no cos and sin.</p>}
      <div class={shown.length > 1 ? 'beside three' : 'beside'}>
        {shown.map((matrix, at) => (
          <Heatmap
            key={String(at)}
            matrix={matrix}
            theme={theme}
            height={height}
            {...(isShared(matrix.columns) ? { view } : {})}
          />
        ))}
      </div>
    </>
  )
}
