// The tensors of a trace by syntax node: each different shape that a node had, in the order seen.

import { Facts } from '../dims/facts'
import { type NameSource, printDims } from '../dims/print'
import { Trail } from '../dims/trail'
import type { Run } from '../interpreter/analysis'
import { namesBy } from '../interpreter/notation/names'
import { isContiguous } from '../tensors/layout'
import { dimsOf } from '../tensors/shape'
import type { Tensor } from '../tensors/tensor'
import type { NodeKind, Place, TraceEvent } from '../trace/trace'
import type { Value } from '../trace/values'

export type DimText = number | string

/** A tensor in the words of the contract. */
export interface TensorText {
  shape: DimText[] | null
  dtype: string | null
  contiguous: boolean | null
}

export interface NodeText {
  place: Place
  kind: NodeKind
  name: string | null
  tensors: TensorText[]
}

/** How a run names its symbols. */
export const namesOf = (run: Run): NameSource => ({
  ...namesBy((symbol) => run.names.get(symbol)),
  aliasOf: (d) => run.aliases.get(d.key) ?? null,
})

const noFacts = new Facts(new Trail())

/**
 * Whether a tensor is dense and in order; null where that is not known. In a function's own run a
 * size with a name stands for any above 1; in a program an open size may well be 1.
 */
export function contiguityOf(tensor: Tensor, kind: Run['kind'] = 'generic'): boolean | null {
  if (tensor.layout === 'contiguous') return true
  const dims = dimsOf(tensor.shape)
  const isDense = tensor.layout && dims ? isContiguous(dims, tensor.layout, noFacts) : null
  const mayBeOne = kind === 'program' && dims?.some((d) => d.value === null)
  return isDense === false && mayBeOne ? null : isDense
}

export function tensorText(tensor: Tensor, names: NameSource, kind: Run['kind'] = 'generic'): TensorText {
  const { lead, gap, trail } = tensor.shape
  const dims = [...lead, ...trail]
  const texts = printDims(dims, names).map((text, i): DimText => dims[i]?.value ?? text)
  const shape = gap === null ? texts : dims.length === 0 ? null : texts.toSpliced(lead.length, 0, '...')
  return { shape, dtype: tensor.dtype, contiguous: contiguityOf(tensor, kind) }
}

/** The tensors that a value is or may be. */
export function tensorsIn(value: Value): Tensor[] {
  if (value.kind === 'tensor') return [value]
  return value.kind === 'union' ? value.options.flatMap(tensorsIn) : []
}

/** The nodes of one file, in source order. */
export function nodesOf(runs: readonly Run[], path: string): NodeText[] {
  const nodes = new Map<string, NodeText>()
  const seen = new Set<string>()
  for (const run of runs) {
    const names = namesOf(run)
    for (const event of run.events) {
      if (event.frame.module !== path) continue
      for (const tensor of tensorsIn(event.value)) {
        const text = tensorText(tensor, names, run.kind)
        const key = keyOf(event)
        const textKey = `${key} ${text.shape?.join(',') ?? 'null'} ${text.dtype} ${text.contiguous}`
        if (seen.has(textKey)) continue
        seen.add(textKey)
        const node = nodes.get(key)
        if (node) node.tensors.push(text)
        else nodes.set(key, { place: event.place, kind: event.kind, name: event.name, tensors: [text] })
      }
    }
  }
  return [...nodes.values()].sort((a, b) => a.place.start - b.place.start || a.place.end - b.place.end)
}

const keyOf = (event: TraceEvent): string => `${event.place.start} ${event.place.end} ${event.kind}`
