// The colours of the page's theme, and colour maps as tables of 256 colours that fit it.

export type ColourMap = 'diverging' | 'sequential' | 'cyclic'

export interface Theme {
  readonly isDark: boolean
  readonly text: string
  readonly grid: string
  /** What is masked, or not computed yet. */
  readonly empty: Rgb
  readonly tables: Readonly<Record<ColourMap, Uint32Array>>
}

type Rgb = readonly [number, number, number]

/** Neutral values take the theme's background, so that what matters stands out. */
export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement)
  const colour = (name: string, usual: string): string =>
    style.getPropertyValue(`--vscode-${name}`).trim() || usual
  const { classList } = document.body
  const isContrast = classList.contains('vscode-high-contrast')
  const isLight = classList.contains('vscode-light') || classList.contains('vscode-high-contrast-light')
  const isDark = !isLight
  const neutral: Rgb = isDark ? (isContrast ? [0, 0, 0] : [38, 38, 42]) : [250, 250, 250]
  return {
    isDark,
    text: colour('foreground', isDark ? '#cccccc' : '#333333'),
    grid: colour('contrastBorder', colour('editorWidget-border', '#808080')),
    empty: isDark ? [20, 20, 22] : [226, 226, 228],
    tables: {
      diverging: table([
        [70, 150, 255],
        mix([70, 150, 255], neutral),
        neutral,
        mix([255, 140, 40], neutral),
        [255, 140, 40],
      ]),
      sequential: table(
        isDark
          ? [neutral, [70, 50, 130], [200, 60, 110], [250, 150, 60], [255, 245, 170]]
          : [neutral, [250, 200, 130], [230, 110, 90], [140, 40, 110], [40, 10, 70]],
      ),
      cyclic: table([
        [60, 90, 200],
        [40, 170, 170],
        [220, 200, 90],
        [210, 80, 70],
        [60, 90, 200],
      ]),
    },
  }
}

const mix = (a: Rgb, b: Rgb): Rgb => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2]

/** The bytes of a canvas's pixel as one number. */
export const pixel = ([r, g, b]: Rgb): number =>
  ((255 << 24) | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r)) >>> 0

function table(anchors: readonly Rgb[]): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, at) => {
    const place = (at / 255) * (anchors.length - 1)
    const index = Math.min(Math.floor(place), anchors.length - 2)
    const [from, to] = [anchors[index] ?? [0, 0, 0], anchors[index + 1] ?? [0, 0, 0]]
    const part = place - index
    const channel = (c: 0 | 1 | 2): number => from[c] + (to[c] - from[c]) * part
    return pixel([channel(0), channel(1), channel(2)])
  })
}

/** A CSS colour of a table. */
export function cssColour(table: Uint32Array, part: number): string {
  const value = table[Math.round(part * 255)] ?? 0
  return `rgb(${value & 255} ${(value >> 8) & 255} ${(value >> 16) & 255})`
}
