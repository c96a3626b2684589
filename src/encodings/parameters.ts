// What an encoding can be asked for: parameters described as data, and the check of given values.

export type Value = number | boolean | string | readonly number[] | null

interface Described<T extends Value> {
  /** One sentence for people. */
  readonly meaning: string
  /** What the number counts, such as `positions`; null for ratios and choices. */
  readonly unit: string | null
  readonly default: T
}

/** A range includes its ends, but for `above`. */
interface Range {
  readonly least?: number
  readonly above?: number
  readonly most: number
  readonly integer: boolean
  readonly even: boolean
}

export interface NumberParameter extends Described<number>, Range {
  readonly kind: 'number'
}

/** A number, or null where it follows from the others. */
export interface OptionalNumberParameter extends Described<number | null>, Range {
  readonly kind: 'optional number'
}

export interface ListParameter extends Described<readonly number[]>, Range {
  readonly kind: 'list'
}

export interface FlagParameter extends Described<boolean> {
  readonly kind: 'flag'
}

export interface ChoiceParameter<C extends string = string> extends Described<C> {
  readonly kind: 'choice'
  readonly choices: readonly C[]
}

export type Parameter =
  | NumberParameter
  | OptionalNumberParameter
  | ListParameter
  | FlagParameter
  | ChoiceParameter

/** By key; the keys are those of Hugging Face configs where these have one. */
export type Parameters = Readonly<Record<string, Parameter>>

/** The checked values of some parameters. */
export type ValuesOf<P extends Parameters> = { readonly [K in keyof P]: P[K]['default'] }

export interface Problem {
  /** The parameter that has to change. */
  readonly key: string
  /** A sentence for people, with the way out. */
  readonly message: string
}

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] }

interface NumberOptions extends Partial<Range> {
  readonly meaning: string
  readonly unit?: string
}

const huge = Number.MAX_SAFE_INTEGER

const described = ({ meaning, unit, ...range }: NumberOptions) => ({
  meaning,
  unit: unit ?? null,
  most: huge,
  integer: false,
  even: false,
  ...range,
})

export const real = (value: number, options: NumberOptions): NumberParameter => ({
  kind: 'number',
  default: value,
  ...described(options),
})

export const integer = (value: number, options: NumberOptions): NumberParameter =>
  real(value, { integer: true, ...options })

export const optional = (options: NumberOptions): OptionalNumberParameter => ({
  kind: 'optional number',
  default: null,
  ...described(options),
})

export const list = (value: readonly number[], options: NumberOptions): ListParameter => ({
  kind: 'list',
  default: value,
  ...described(options),
})

export const flag = (value: boolean, meaning: string): FlagParameter => ({
  kind: 'flag',
  default: value,
  meaning,
  unit: null,
})

export const choice = <C extends string>(
  value: C,
  choices: readonly C[],
  meaning: string,
): ChoiceParameter<C> => ({ kind: 'choice', default: value, choices, meaning, unit: null })

/** The most positions that anything is asked about. */
export const longest = 2 ** 22

/** A number of positions to look at. */
export const lengthOptions = {
  meaning: 'How many positions are looked at.',
  unit: 'positions',
  least: 1,
  most: longest,
  integer: true,
}

/** The given values with the defaults of the others; or what is wrong, at most one problem a parameter. */
export function checkValues<P extends Parameters>(
  parameters: P,
  given: Readonly<Record<string, unknown>>,
): Result<ValuesOf<P>> {
  const problems: Problem[] = []
  const values: Record<string, Value> = {}
  for (const key of Object.keys(given)) {
    if (!(key in parameters) && given[key] !== undefined)
      problems.push({ key, message: `${key} is no parameter here: ${Object.keys(parameters).join(', ')}` })
  }
  for (const [key, parameter] of Object.entries(parameters)) {
    const value = given[key] === undefined ? parameter.default : given[key]
    const message = problemWith(parameter, value)
    if (message !== null) problems.push({ key, message: `${key} is ${shown(value)}: ${message}` })
    else values[key] = value as Value
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: values as ValuesOf<P> }
}

/** What is wrong with one value, without its name; null where nothing is. */
export function problemWith(parameter: Parameter, value: unknown): string | null {
  switch (parameter.kind) {
    case 'flag':
      return typeof value === 'boolean' ? null : 'it has to be true or false'
    case 'choice':
      return parameter.choices.some((one) => one === value)
        ? null
        : `it has to be one of ${parameter.choices.join(', ')}`
    case 'list': {
      if (!Array.isArray(value)) return 'it has to be a list of numbers'
      const at = value.findIndex((one) => rangeProblem(parameter, one) !== null)
      return at < 0
        ? null
        : `its number ${at + 1} is ${shown(value[at])}, ${rangeProblem(parameter, value[at])}`
    }
    case 'optional number':
      return value === null ? null : rangeProblem(parameter, value)
    case 'number':
      return rangeProblem(parameter, value)
  }
}

function rangeProblem(range: Range, value: unknown): string | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'it has to be a number'
  if (range.integer && !Number.isInteger(value)) return 'it has to be a whole number'
  if (range.even && value % 2 !== 0) return 'it has to be even, since dimensions are turned in pairs'
  if (range.above !== undefined && !(value > range.above)) return `it has to be above ${count(range.above)}`
  if (range.least !== undefined && value < range.least) return `it has to be at least ${count(range.least)}`
  if (value > range.most) return `it has to be at most ${count(range.most)}`
  return null
}

const count = (value: number): string => value.toLocaleString('en')

function shown(value: unknown): string {
  if (typeof value === 'number') return Number.isFinite(value) ? count(value) : String(value)
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 40 ? `${text.slice(0, 39)}…` : text
}
