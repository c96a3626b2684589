// Text in the cells of a terminal: how wide it is, and cutting and wrapping it.

import type { Paint } from './colours'

/** A piece of text that stays on one line, in colour or not. */
export interface Piece {
  readonly text: string
  readonly paint: Paint
}

const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/
const none = /\p{Mn}|\p{Me}|\p{Cf}/u

/** The cells that a text takes. */
export function widthOf(text: string): number {
  let width = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (code < 0x300) width++
    else if (!none.test(character)) width += code >= 0x1f300 || wide.test(character) ? 2 : 1
  }
  return width
}

/** A line of code as it is shown: tabs as spaces, no control characters. */
export function shownLine(line: string): string {
  let shown = ''
  for (const character of line) {
    const code = character.codePointAt(0) ?? 0
    if (character === '\t') shown += ' '.repeat(4 - (shown.length % 4))
    else if (code >= 32 && (code < 127 || code >= 160)) shown += character
    else if (code !== 12) shown += '\ufffd'
  }
  return shown
}

/** Cuts what is too long, and says so with `…`. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let kept = ''
  for (const character of text) {
    if (widthOf(kept + character) > width - 1) break
    kept += character
  }
  return `${kept}…`
}

/** Lays pieces in rows; `between` parts those that share a row. */
export function rowsOf<T extends Piece>(pieces: readonly T[], width: number, between: number): T[][] {
  const rows: T[][] = []
  let used = 0
  for (const piece of pieces) {
    const size = Math.min(widthOf(piece.text), width)
    const row = rows.at(-1)
    if (row && used + between + size <= width) {
      row.push(piece)
      used += between + size
    } else {
      rows.push([piece])
      used = size
    }
  }
  return rows
}

/** Text in lines of at most so many cells, broken between words. */
export function wrapped(text: string, width: number): string[] {
  const words = text.split(/\s+/).map((word) => ({ text: word, paint: (same: string) => same }))
  return rowsOf(words, width, 1).map((row) => row.map((word) => word.text).join(' '))
}
