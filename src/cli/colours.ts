// Colours of a terminal, or none.

export type Paint = (text: string) => string

export interface Colours {
  readonly faint: Paint
  readonly shape: Paint
  readonly name: Paint
  readonly bold: Paint
  readonly error: Paint
  readonly warning: Paint
  readonly info: Paint
  readonly good: Paint
}

const paint =
  (...codes: number[]): Paint =>
  (text) =>
    text === '' ? '' : `\x1b[${codes.join(';')}m${text}\x1b[0m`

const coloured: Colours = {
  faint: paint(2),
  shape: paint(1, 36),
  name: paint(0),
  bold: paint(1),
  error: paint(1, 31),
  warning: paint(1, 33),
  info: paint(1, 34),
  good: paint(1, 32),
}

const same: Paint = (text) => text
const plain: Colours = {
  faint: same,
  shape: same,
  name: same,
  bold: same,
  error: same,
  warning: same,
  info: same,
  good: same,
}

/** Colours on a terminal or where FORCE_COLOR is set, unless NO_COLOR is. */
export function coloursFor(isTerminal: boolean, environment: Record<string, string | undefined>): Colours {
  if (environment.NO_COLOR) return plain
  const forced = environment.FORCE_COLOR
  if (forced !== undefined && forced !== '') return forced === '0' ? plain : coloured
  return isTerminal && environment.TERM !== 'dumb' ? coloured : plain
}
