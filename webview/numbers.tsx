// A field for one whole number of the page's own; what is wrong stands beside it, and the last good one counts.

import { useEffect, useState } from 'preact/hooks'
import { integer, type NumberParameter, problemWith } from '../src/encodings'
import { numberOf } from './drafts'
import { Field } from './form'

interface Props {
  readonly name: string
  readonly meaning: string
  readonly unit?: string
  readonly range: readonly [number, number]
  readonly value: number
  readonly onChange: (value: number) => void
}

export function NumberField({ name, meaning, unit, range, value, onChange }: Props) {
  const [text, setText] = useState(String(value))
  useEffect(() => {
    if (numberOf(text) !== value && problem === null) setText(String(value))
  }, [value])
  const parameter: NumberParameter = integer(value, {
    meaning,
    ...(unit ? { unit } : {}),
    least: range[0],
    most: range[1],
  })
  const typed = numberOf(text)
  const problem = problemWith(parameter, typed)
  return (
    <Field
      name={name}
      parameter={parameter}
      text={text}
      problem={problem && `${name} is ${text.trim() || 'empty'}: ${problem}`}
      onType={(next) => {
        setText(next)
        const number = numberOf(next)
        if (problemWith(parameter, number) === null) onChange(number)
      }}
    />
  )
}
