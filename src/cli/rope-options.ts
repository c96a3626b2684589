// The words of `shapescope rope`: its options, and what is wrong with a wrong use.

import { parseArgs } from 'node:util'
import { integer, lengthOptions, problemWith } from '../encodings'

export const ropeFormats = ['text', 'json', 'csv'] as const
export type RopeFormat = (typeof ropeFormats)[number]

export interface RopeCommand {
  readonly name: 'rope'
  readonly path: string
  readonly format: RopeFormat
  /** The sequence at hand; undefined as the model starts. */
  readonly length: number | undefined
  readonly layerType: string | undefined
}

export const ropeUsage =
  'shapescope rope  CONFIG.json [--length N] [--layer-type NAME] [--format text|json|csv]'

/** The command, or what is wrong with it. */
export function readRopeCommand(parameters: readonly string[]): RopeCommand | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...parameters],
      allowPositionals: true,
      options: {
        format: { type: 'string', default: 'text' },
        length: { type: 'string' },
        'layer-type': { type: 'string' },
      },
    })
    const [path, ...others] = positionals
    if (path === undefined) return 'rope needs a config.json'
    if (others.length > 0) return 'rope takes one config.json'
    const format = ropeFormats.find((one) => one === values.format)
    if (!format) return `rope has no format ${values.format}: it has ${ropeFormats.join(', ')}`
    const length = values.length === undefined ? undefined : numberOf(values.length)
    const problem = length === undefined ? null : problemWith(integer(1, lengthOptions), length)
    if (problem !== null) return `--length is ${values.length}: ${problem}`
    return { name: 'rope', path, format, length, layerType: values['layer-type'] }
  } catch (problem) {
    return problem instanceof Error ? (problem.message.split('. ')[0] ?? '') : String(problem)
  }
}

const numberOf = (text: string): number => (/^-?\d+$/.test(text) ? Number(text) : Number.NaN)
