// What positions alone do to scores: the map, the decay with Su's bound, and the check that i − j is all that counts.

import { useMemo } from 'preact/hooks'
import { checkRelative, decayBound, decayCurve, type Encoding } from '../src/encodings'
import type { Theme } from './colours'
import { Curve } from './curve'
import { Heatmap } from './heatmap'
import { difference, numberText, positionMatrix } from './matrix'
import { useView } from './view'

export interface Named {
  readonly name: string
  readonly encoding: Encoding
}

interface Props {
  readonly encodings: readonly Named[]
  readonly head: number
  readonly length: number
  readonly theme: Theme
  readonly height: number
}

/** The curves are drawn over at most so many distances. */
const mostDistances = 8192

export function Positions({ encodings, head, length, theme, height }: Props) {
  const matrices = useMemo(
    () =>
      encodings.map(({ name, encoding }) => {
        const own = head % encoding.heads
        const title = encoding.heads > 1 ? `${name}, head ${own}` : name
        return { ...positionMatrix(encoding, own, length), title: `${title}: positions alone` }
      }),
    [encodings, head, length],
  )
  const [first, second] = matrices
  const both = useMemo(() => (first && second ? difference(first, second) : null), [first, second])
  const shown = both ? [...matrices, { ...both, title: 'the first minus the second' }] : matrices
  const view = useView(length, length)
  const distances = Math.min(length, mostDistances)
  const decays = useMemo(
    () =>
      encodings.flatMap(({ name, encoding }) => {
        const theta = encoding.rotation?.theta
        if (!theta) return []
        return [{ name, mean: decayCurve(theta, distances), bound: decayBound(theta, distances) }]
      }),
    [encodings, distances],
  )
  return (
    <>
      {encodings.map(({ name, encoding }) => (
        <Check key={name} name={name} encoding={encoding} />
      ))}
      <div class={shown.length > 1 ? 'beside three' : 'beside'}>
        {shown.map((matrix) => (
          <Heatmap key={matrix.title} matrix={matrix} theme={theme} height={height} view={view} />
        ))}
        {decays.length > 0 && (
          <div class="curves">
            <Curve
              title="Mean cosine"
              axis="distance"
              series={decays.map(({ name, mean }) => ({ name, values: mean }))}
            />
            <Curve
              title="Su's bound"
              axis="distance"
              series={decays.map(({ name, bound }) => ({ name, values: bound }))}
            />
          </div>
        )}
      </div>
    </>
  )
}

/** Positions that the check looks at: enough for a wrong layout, and quick. */
const checked = 32

function Check({ name, encoding }: Named) {
  const { isRelative, deviation, at } = useMemo(() => checkRelative(encoding, checked), [encoding])
  if (isRelative)
    return (
      <p class="check good">
        <b>{name}</b>: scores depend on i − j alone (they deviate by {numberText(deviation, 2)} at most).
      </p>
    )
  const { rotation } = encoding
  const isMixed = rotation && (rotation.layout === 'half-split') !== (rotation.tableLayout === 'half-split')
  return (
    <p class="check bad">
      <b>{name}</b>: scores do not depend on i − j alone. One deviates by {numberText(deviation, 4)}
      {at && ` at i ${at.i}, j ${at.j}`} from another of its distance.
      {isMixed &&
        ` The rotation pairs dimensions ${rotation.layout}, and the cos and sin tables have their columns ${rotation.tableLayout}: give both one layout.`}
    </p>
  )
}
