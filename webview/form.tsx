// The parameters of an encoding as a form that is built from their descriptions.

import { useId } from 'preact/hooks'
import { catalogue, encodingKind, type Parameter, type Problem } from '../src/encodings'
import { numberOf, textOf } from './drafts'
import { placeOf, places, type Scale, scaleOf, valueAt } from './sliders'
import { type Draft, withKind } from './state'

interface Props {
  readonly heading: string
  readonly draft: Draft
  readonly problems: readonly Problem[]
  readonly onChange: (draft: Draft) => void
}

const families = {
  rotary: 'Rotary',
  absolute: 'Absolute',
  relative: 'Relative',
  bias: 'Bias',
  none: 'None',
} as const

export function Form({ heading, draft, problems, onChange }: Props) {
  const select = useId()
  const kind = encodingKind(draft.kind)
  const type = (key: string, text: string): void =>
    onChange({ ...draft, typed: { ...draft.typed, [key]: text } })
  const parameters = Object.entries(kind?.parameters ?? {})
  const elsewhere = problems.filter(({ key }) => !kind || !(key in kind.parameters))
  return (
    <fieldset class="form">
      <legend>{heading}</legend>
      <label for={select}>Encoding</label>
      <select
        id={select}
        value={draft.kind}
        onChange={(event) => onChange(withKind(draft, event.currentTarget.value))}
      >
        {Object.entries(families).map(([family, title]) => (
          <optgroup key={family} label={title}>
            {catalogue
              .filter((one) => one.family === family)
              .map(({ id, title }) => (
                <option key={id} value={id}>
                  {title}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
      <p class="note">
        {kind?.summary} <cite>{kind?.source}</cite>
      </p>
      {parameters.map(([key, parameter]) => (
        <Field
          key={`${draft.kind} ${key}`}
          name={key}
          parameter={parameter}
          text={draft.typed[key] ?? textOf(parameter.default)}
          problem={problems.find((problem) => problem.key === key)?.message ?? null}
          onType={(text) => type(key, text)}
        />
      ))}
      {elsewhere.map(({ message }) => (
        <p key={message} class="problem" role="alert">
          {message}
        </p>
      ))}
    </fieldset>
  )
}

interface FieldProps {
  readonly name: string
  readonly parameter: Parameter
  readonly text: string
  readonly problem: string | null
  readonly onType: (text: string) => void
}

/** A field with its meaning as the tooltip, and what is wrong with it below. */
export function Field({ name, parameter, text, problem, onType }: FieldProps) {
  const id = useId()
  const shared = {
    id,
    title: parameter.meaning,
    'aria-invalid': problem !== null,
    'aria-describedby': `${id}-about`,
    name,
  }
  const isFlag = parameter.kind === 'flag'
  const isNumber = parameter.kind === 'number' || (parameter.kind === 'optional number' && text !== '')
  const scale = isNumber ? scaleOf(name) : null
  return (
    <div class={`field kind-${parameter.kind.split(' ').at(-1)}`}>
      <label for={id} title={parameter.meaning}>
        {name.split(/(?<=_)/).flatMap((part, at) => (at > 0 ? [<wbr key={part} />, part] : [part]))}
        {parameter.unit && <small> {parameter.unit}</small>}
      </label>
      {parameter.kind === 'choice' ? (
        <select {...shared} value={text} onChange={(event) => onType(event.currentTarget.value)}>
          {parameter.choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : isFlag ? (
        <input
          {...shared}
          type="checkbox"
          checked={text === 'true'}
          onChange={(event) => onType(String(event.currentTarget.checked))}
        />
      ) : (
        <input
          {...shared}
          type="text"
          inputMode={parameter.kind === 'list' ? 'text' : 'decimal'}
          spellcheck={false}
          placeholder={parameter.kind === 'optional number' ? 'derived' : ''}
          value={text}
          onInput={(event) => onType(event.currentTarget.value)}
        />
      )}
      {scale && <Slider name={name} scale={scale} text={text} onType={onType} />}
      <span id={`${id}-about`} class={problem ? 'problem' : 'hidden'} aria-live="polite">
        {problem ?? parameter.meaning}
      </span>
    </div>
  )
}

interface SliderProps extends Pick<FieldProps, 'name' | 'text' | 'onType'> {
  readonly scale: Scale
}

/** Keys move it as they move every slider; what it says is typed into the field. */
function Slider({ name, scale, text, onType }: SliderProps) {
  return (
    <input
      type="range"
      class="slider"
      min={0}
      max={places}
      value={placeOf(scale, numberOf(text))}
      aria-label={name}
      aria-valuetext={text}
      onInput={(event) => onType(String(valueAt(scale, Number(event.currentTarget.value))))}
    />
  )
}
