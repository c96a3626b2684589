// Offsets to lines and columns and back, with lines split as Python splits them.

export interface LineColumn {
  /** From 0. */
  line: number
  /** From 0, in UTF-16 code units. */
  column: number
}

/** The lines of one text: `\n`, `\r\n` and `\r` end a line. Built at the first question. */
export class LineIndex {
  private starts: Uint32Array | null = null

  constructor(readonly text: string) {}

  get lineCount(): number {
    return this.lineStarts().length
  }

  /** Where a line starts; past the last line, the end of the text. */
  startOfLine(line: number): number {
    return line < 0 ? 0 : (this.lineStarts()[line] ?? this.text.length)
  }

  /** Where a line's own text ends, before its line break. */
  endOfLine(line: number): number {
    let end = this.startOfLine(line + 1)
    if (line + 1 >= this.lineCount) return this.text.length
    if (this.text[end - 1] === '\n') end--
    if (this.text[end - 1] === '\r') end--
    return Math.max(end, this.startOfLine(line))
  }

  /** The line that an offset stands in. */
  lineAt(offset: number): number {
    const starts = this.lineStarts()
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return low
  }

  position(offset: number): LineColumn {
    const at = Math.max(0, Math.min(offset, this.text.length))
    const line = this.lineAt(at)
    return { line, column: at - this.startOfLine(line) }
  }

  /** The offset of a position; columns past the line's end are taken as its end. */
  offset(position: LineColumn): number {
    if (position.line >= this.lineCount) return this.text.length
    const start = this.startOfLine(position.line)
    return Math.max(start, Math.min(start + position.column, this.endOfLine(position.line)))
  }

  /** The column of an offset in characters (code points), as people count them. */
  characterColumn(offset: number): number {
    const { line, column } = this.position(offset)
    const start = this.startOfLine(line)
    let count = 0
    for (let i = start; i < start + column; i++) {
      const isPair =
        isHigh(this.text.charCodeAt(i)) && i + 1 < start + column && isLow(this.text.charCodeAt(i + 1))
      if (isPair) i++
      count++
    }
    return count
  }

  private lineStarts(): Uint32Array {
    if (this.starts) return this.starts
    const starts = [0]
    const { text } = this
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i)
      if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1)
    }
    this.starts = Uint32Array.from(starts)
    return this.starts
  }
}

function isHigh(c: number): boolean {
  return c >= 0xd800 && c < 0xdc00
}

function isLow(c: number): boolean {
  return c >= 0xdc00 && c < 0xe000
}
