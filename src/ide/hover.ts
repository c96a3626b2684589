// Hovers: everything that is known of the tensor under the cursor.

import { product, type Sym } from '../dims/dim'
import type { Assumption } from '../dims/facts'
import { type NameSource, printDim } from '../dims/print'
import { dtypeBytes } from '../tensors/dtype'
import { dimsOf } from '../tensors/shape'
import { stridesOf, type Tensor } from '../tensors/tensor'
import type { Value } from '../trace/values'
import type { Hover } from './api'
import type { EventIndex, Seen } from './contexts'
import { contiguityOf, tensorsIn } from './nodes'
import { shapeText } from './shape-text'

/** The hover of the smallest expression around an offset that is worth one. */
export function hoverOf(index: EventIndex, text: string, offset: number): Hover | null {
  for (const { place, groups } of index.around(offset)) {
    const markdown = hoverText(index.chosen(groups, 'names').flat(), text, groups.flat())
    if (markdown !== null) return { start: place.start, end: place.end, markdown }
  }
  return null
}

/** The Markdown of a hover; null where nothing is known that is worth saying. */
export function hoverText(seen: readonly Seen[], text: string, all: readonly Seen[] = seen): string | null {
  const [first] = seen
  if (!first) return null
  const { event } = first
  const title =
    event.name ??
    text.slice(event.place.start, Math.min(event.place.end, event.place.start + 40)).replace(/\s+/g, ' ')
  const shown = new Map<string, { tensor: Tensor; seen: Seen }>()
  for (const s of seen)
    for (const tensor of tensorsIn(s.event.value))
      shown.set(`${shapeText(tensor.shape, s.names)} ${tensor.dtype}`, { tensor, seen: s })
  if (shown.size === 0) return scalarText(title, event.value, first.names)
  const blocks = [...shown.values()]
    .slice(0, 4)
    .map(({ tensor, seen: s }) => tensorBlock(title, tensor, s, text))
  if (shown.size > 4) blocks.push(`… and ${shown.size - 4} more shapes`)
  const calls = operationText(first)
  if (calls) blocks.push(calls)
  const others = callersText(seen, all)
  if (others) blocks.push(others)
  return blocks.join('\n\n')
}

function scalarText(title: string, value: Value, names: NameSource): string | null {
  if (value.kind === 'int') return `\`\`\`python\n${title}: int = ${printDim(value.dim, names)}\n\`\`\``
  if (value.kind === 'tuple' && value.items.length > 0) {
    const items = value.items.map((i) =>
      i.kind === 'int' ? printDim(i.dim, names) : i.kind === 'tensor' ? shapeText(i.shape, names) : null,
    )
    if (items.every((i) => i !== null)) return `\`\`\`python\n${title}: (${items.join(', ')})\n\`\`\``
  }
  const tensors = sequenceText(value, names)
  return tensors && `\`\`\`python\n${title}: ${tensors}\n\`\`\``
}

/** `n + 1 tensors [b, s, d]` of tensors that are alike, as many as are not known as a number. */
function sequenceText(value: Value, names: NameSource): string | null {
  if (value.kind === 'union') {
    const options = value.options.filter((o) => o.kind !== 'none')
    const text = options.length === 1 && options[0] ? sequenceText(options[0], names) : null
    return text && options.length < value.options.length ? `${text}, or None` : text
  }
  if (value.kind !== 'sequence' || value.element.kind !== 'tensor') return null
  const count = value.length ? `${printDim(value.length, names)} ` : ''
  return `${count}tensors ${shapeText(value.element.shape, names)}`
}

function tensorBlock(title: string, tensor: Tensor, { names, run, event }: Seen, text: string): string {
  const contiguous = contiguityOf(tensor)
  const layout = contiguous === null ? 'contiguity unknown' : contiguous ? 'contiguous' : 'not contiguous'
  const lines = [
    `\`\`\`python\n${title}: ${shapeText(tensor.shape, names)}\n\`\`\``,
    `${tensor.dtype ?? 'dtype unknown'} · ${layout}${memoryText(tensor, names)}`,
  ]
  const strides = stridesOf(tensor)
  if (strides && strides.length > 0)
    lines.push(`strides \`(${strides.map((s) => printDim(s, names)).join(', ')})\``)
  if (tensor.assumed) lines.push('The shape is assumed: part of what it comes from is not known.')
  const origins = originLines(tensor, { names, run, event }, text)
  if (origins.length > 0) lines.push(origins.join('\n'))
  const assumptions = assumptionLines(tensor, { names, run, event })
  if (assumptions.length > 0) lines.push(assumptions.join('\n'))
  return lines.join('\n\n')
}

function memoryText(tensor: Tensor, names: NameSource): string {
  const dims = dimsOf(tensor.shape)
  if (!dims || !tensor.dtype) return ''
  const bytes = dtypeBytes[tensor.dtype]
  const count = product(dims)
  if (count.value !== null) return ` · ${readableBytes(count.value * bytes)}`
  const printed = printDim(count, names)
  return printed.includes('?') ? '' : ` · ${bytes}·${printed.replaceAll('*', '·')} bytes`
}

function readableBytes(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB']
  let [value, unit] = [bytes, 0]
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`
}

/** The symbols of a tensor's shape, in order. */
function symbolsIn(tensor: Tensor): Set<Sym> {
  const symbols = new Set<Sym>()
  for (const d of [...tensor.shape.lead, ...tensor.shape.trail]) for (const s of d.symbols) symbols.add(s)
  return symbols
}

/** Where the names in the shape come from: `b`, `s`, `d` from `b, s, d = x.shape`. */
function originLines(tensor: Tensor, { names, run }: Seen, text: string): string[] {
  const bySource = new Map<string, string[]>()
  for (const symbol of symbolsIn(tensor)) {
    const name = names.nameOf(symbol)
    const origin = run.origins.get(symbol)
    if (name === null || !origin) continue
    const source = origin.module === run.module ? sourceLine(text, origin.place.start) : null
    const where = source ?? origin.module.slice(origin.module.lastIndexOf('/') + 1)
    const known = bySource.get(where)
    if (known) known.push(`\`${name}\``)
    else bySource.set(where, [`\`${name}\``])
  }
  return [...bySource].map(([where, named]) => `- ${named.join(', ')} from \`${where}\``)
}

function sourceLine(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  const end = text.indexOf('\n', offset)
  const line = text.slice(start, end < 0 ? text.length : end).trim()
  return line.length > 60 ? `${line.slice(0, 59)}…` : line
}

/** An assumption in words. */
export function assumptionText({ kind, left, right }: Assumption, names: NameSource): string {
  const [a, b] = [printDim(left, names), printDim(right, names)]
  if (kind === 'divides') return `${b} is divisible by ${a}`
  return kind === 'at-most' ? `${a} is at most ${b}` : `${a} equals ${b}`
}

/** The assumptions that this place makes, or that its dims rest on. */
function assumptionLines(tensor: Tensor, { names, run, event }: Seen): string[] {
  const symbols = symbolsIn(tensor)
  const lines = new Set<string>()
  for (const { place, assumption } of run.assumptions) {
    const isHere = place.start >= event.place.start && place.end <= event.place.end
    let isShared = true
    for (const d of [assumption.left, assumption.right])
      if (!d.symbols.every((s) => symbols.has(s))) isShared = false
    if (isHere || isShared) lines.add(`- assumes that ${assumptionText(assumption, names)}`)
  }
  return [...lines]
}

/** For a call: its inputs and its output. */
function operationText({ event, names }: Seen): string | null {
  if (!event.operation) return null
  const show = (value: Value): string[] => {
    if (value.kind === 'tensor') return [shapeText(value.shape, names)]
    if (value.kind === 'tuple' || value.kind === 'union')
      return (value.kind === 'tuple' ? value.items : value.options).flatMap(show)
    return []
  }
  const inputs = event.operation.inputs.flatMap(show)
  const outputs = show(event.value)
  return inputs.length > 0 && outputs.length > 0
    ? `\`${event.operation.name}\`: \`${inputs.join(', ')} → ${outputs.join(', ')}\``
    : null
}

/** The shapes that callers of this file give the same place. */
function callersText(seen: readonly Seen[], all: readonly Seen[]): string | null {
  const shapes = new Set<string>()
  for (const s of all)
    if (s.run.kind === 'program' && !seen.includes(s))
      for (const tensor of tensorsIn(s.event.value))
        if (dimsOf(tensor.shape)) shapes.add(shapeText(tensor.shape, s.names))
  if (shapes.size === 0) return null
  const list = [...shapes].slice(0, 4).map((s) => `\`${s}\``)
  return `in this file's program: ${list.join(', ')}${shapes.size > 4 ? ', …' : ''}`
}
