// Curves over one axis as SVG, with the values at the pointer or at the position that keys choose.

import { useContext, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { fileName, OutletContext } from './exports'
import { numberText } from './matrix'
import { ticks } from './window'

export interface Series {
  readonly name: string
  readonly values: ArrayLike<number>
}

interface Props {
  readonly title: string
  readonly axis: string
  /** At most four; all equally long. */
  readonly series: readonly Series[]
}

const [height, left, bottom] = [190, 52, 24]
/** More points than this are thinned to the least and the greatest of each piece. */
const mostPoints = 700

export function Curve({ title, axis, series }: Props) {
  const outlet = useContext(OutletContext)
  const svg = useRef<SVGSVGElement>(null)
  const [at, setAt] = useState<number | null>(null)
  const [width, setWidth] = useState(480)
  useLayoutEffect(() => {
    const element = svg.current
    if (!element) return
    const observer = new ResizeObserver(() => setWidth(Math.max(200, element.clientWidth)))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  const count = series[0]?.values.length ?? 0
  let [low, high] = [0, 0]
  for (const { values } of series) {
    for (let i = 0; i < values.length; i++) {
      low = Math.min(low, values[i] ?? 0)
      high = Math.max(high, values[i] ?? 0)
    }
  }
  if (low === high) high = low + 1
  const x = (index: number): number => left + (index / Math.max(1, count - 1)) * (width - left - 8)
  const y = (value: number): number => 8 + ((high - value) / (high - low)) * (height - bottom - 8)
  const shown = at === null ? null : Math.min(at, count - 1)
  const move = (event: PointerEvent): void => {
    const box = svg.current?.getBoundingClientRect()
    if (!box) return
    const part = (((event.clientX - box.left) / box.width) * width - left) / (width - left - 8)
    setAt(Math.round(Math.min(1, Math.max(0, part)) * (count - 1)))
  }
  const csv = (): string =>
    [[axis, ...series.map(({ name }) => name)].join(',')]
      .concat(
        Array.from({ length: count }, (_, i) => [i, ...series.map(({ values }) => values[i])].join(',')),
      )
      .map((line) => `${line}\n`)
      .join('')
  const save = (): void => {
    if (!svg.current) return
    const copy = svg.current.cloneNode(true) as SVGSVGElement
    copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
    // outside the page there is no style sheet
    for (const part of [svg.current, ...svg.current.querySelectorAll('*')].entries()) {
      const target = part[0] === 0 ? copy : copy.querySelectorAll('*')[part[0] - 1]
      const { fill, stroke, strokeWidth, strokeDasharray, fontSize, fontFamily } = getComputedStyle(part[1])
      for (const [name, value] of Object.entries({
        fill,
        stroke,
        'stroke-width': strokeWidth,
        'stroke-dasharray': strokeDasharray,
        'font-size': fontSize,
        'font-family': fontFamily.replaceAll('"', "'"),
      }))
        target?.setAttribute(name, value)
    }
    outlet.save(`${fileName(title)}.svg`, { encoding: 'text', data: `${copy.outerHTML}\n` })
  }
  return (
    <section aria-label={title}>
      <div class="bar">
        <h3>{title}</h3>
        {series.map(({ name }, index) => (
          <span key={name} class={`key line${index}`}>
            {name}
          </span>
        ))}
        <span class="spring" />
        <button type="button" class="quiet" onClick={save}>
          SVG
        </button>
        <button
          type="button"
          class="quiet"
          onClick={() => outlet.save(`${fileName(title)}.csv`, { encoding: 'text', data: csv() })}
        >
          CSV
        </button>
      </div>
      <svg
        ref={svg}
        class="curve"
        viewBox={`0 0 ${width} ${height}`}
        role="application"
        aria-roledescription="curve"
        aria-label={`${title}: ${series.map(({ name }) => name).join(', ')} over ${axis}`}
        tabIndex={0}
        onPointerMove={move}
        onPointerLeave={() => setAt(null)}
        onKeyDown={(event) => {
          const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0
          if (step === 0) return
          event.preventDefault()
          setAt(Math.min(count - 1, Math.max(0, (shown ?? -step) + step * (event.shiftKey ? 10 : 1))))
        }}
      >
        {ticks(low, high - low, 4, 0).map((value) => (
          <g key={value}>
            <line class="gridline" x1={left} x2={width - 8} y1={y(value)} y2={y(value)} />
            <text x={left - 6} y={y(value) + 4} text-anchor="end">
              {numberText(value, 3)}
            </text>
          </g>
        ))}
        {ticks(0, count, 8).map((value) => (
          <text key={value} x={x(value)} y={height - 6} text-anchor="middle">
            {value}
          </text>
        ))}
        {series.map(({ name, values }, index) => (
          <path key={name} class={`line line${index}`} d={pathOf(values, x, y)} />
        ))}
        {shown !== null && <line class="cursor" x1={x(shown)} x2={x(shown)} y1={8} y2={height - bottom} />}
      </svg>
      <output class="reading">
        {shown === null
          ? `Point at the curve, or use the arrow keys, to read values.`
          : `${axis} ${shown}: ${series.map(({ name, values }) => `${name} ${numberText(values[shown] ?? Number.NaN, 8)}`).join(', ')}`}
      </output>
    </section>
  )
}

function pathOf(values: ArrayLike<number>, x: (at: number) => number, y: (value: number) => number): string {
  const piece = Math.max(1, Math.ceil((2 * values.length) / mostPoints))
  const points: string[] = []
  const add = (at: number): void => {
    points.push(`${x(at).toFixed(1)} ${y(values[at] ?? 0).toFixed(1)}`)
  }
  for (let from = 0; from < values.length; from += piece) {
    let [least, most] = [from, from]
    for (let at = from; at < Math.min(values.length, from + piece); at++) {
      if ((values[at] ?? 0) < (values[least] ?? 0)) least = at
      if ((values[at] ?? 0) > (values[most] ?? 0)) most = at
    }
    add(Math.min(least, most))
    if (least !== most) add(Math.max(least, most))
  }
  return `M${points.join('L')}`
}
