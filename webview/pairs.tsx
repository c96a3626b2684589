// The pairs as clock hands at a position, with play and step, and the position's digits to the base β.

import { useEffect, useState } from 'preact/hooks'
import { angle, betaOf, digitsOf, type Encoding, growthAt, rounding } from '../src/encodings'
import { numberText } from './matrix'
import { NumberField } from './numbers'

interface Props {
  readonly encodings: readonly { readonly name: string; readonly encoding: Encoding }[]
  readonly position: number
  readonly length: number
  readonly onPosition: (position: number) => void
}

const mostClocks = 64

export function Pairs({ encodings, position, length, onPosition }: Props) {
  const [isPlaying, setPlaying] = useState(false)
  const at = Math.min(position, length - 1)
  useEffect(() => {
    if (!isPlaying) return
    const timer = setTimeout(() => onPosition((at + 1) % length), 120)
    return () => clearTimeout(timer)
  }, [isPlaying, at, length, onPosition])
  return (
    <>
      <div class="bar controls">
        <button type="button" aria-pressed={isPlaying} onClick={() => setPlaying(!isPlaying)}>
          {isPlaying ? 'Pause' : 'Play'}
        </button>
        <button type="button" onClick={() => onPosition(Math.max(0, at - 1))}>
          Back
        </button>
        <button type="button" onClick={() => onPosition(Math.min(length - 1, at + 1))}>
          Step
        </button>
        <input
          type="range"
          class="slider"
          min={0}
          max={length - 1}
          value={at}
          aria-label="position"
          onInput={(event) => onPosition(Number(event.currentTarget.value))}
        />
        <NumberField
          name="position"
          meaning="Where the hands stand."
          range={[0, length - 1]}
          value={at}
          onChange={onPosition}
        />
      </div>
      {encodings.map(({ name, encoding }) => (
        <Clocks key={name} name={name} encoding={encoding} position={at} />
      ))}
    </>
  )
}

function Clocks({ name, encoding, position }: { name: string; encoding: Encoding; position: number }) {
  const { rotation, precision, values } = encoding
  if (!rotation) return <p class="note">{`${name}: ${encoding.kind.title} turns no pairs.`}</p>
  const round = rounding(precision)
  const count = Math.min(rotation.theta.length, mostClocks)
  const base = typeof values.rope_theta === 'number' ? values.rope_theta : null
  const digits = base === null ? null : digitsOf(position, base, 2 * rotation.theta.length)
  return (
    <section aria-label={`Pairs of ${name}`}>
      <div class="bar">
        <h3>{name}</h3>
        <span class="note">
          {count < rotation.theta.length && `the first ${count} of ${rotation.theta.length} pairs; `}
          {base !== null &&
            `below each clock its pair, and its digit of the position to the base β = ${numberText(betaOf(base, 2 * rotation.theta.length), 5)}`}
        </span>
      </div>
      <ol class="clocks">
        {Array.from({ length: count }, (_, pair) => {
          const turned = angle(rotation, position, pair, round)
          const radius = 17 * Math.min(1, growthAt(rotation, 'query', position, pair))
          const digit = digits?.[pair]
          const read = `pair ${pair}: ${numberText(turned, 8)} rad${digit ? `, digit ${numberText(digit.digit, 5)}` : ''}`
          return (
            <li key={pair} title={read} aria-label={read}>
              <svg viewBox="-20 -20 40 40" aria-hidden="true">
                <circle r="17" />
                <line x2={radius * Math.cos(turned)} y2={-radius * Math.sin(turned)} />
              </svg>
              <span aria-hidden="true">{pair}</span>
              {digit && (
                <b aria-hidden="true" title="digit">
                  {numberText(digit.digit, 3)}
                </b>
              )}
            </li>
          )
        })}
      </ol>
    </section>
  )
}
