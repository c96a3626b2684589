// The command line's words: commands and options, their help, and what is wrong with a wrong use.

import { parseArgs } from 'node:util'
import { codeOf } from '../node/help'
import type { Code } from '../trace/codes'
import { type RopeCommand, readRopeCommand, ropeUsage } from './rope-options'

export const formats = ['text', 'json', 'github', 'sarif'] as const
export type Format = (typeof formats)[number]

export interface Command {
  readonly name: 'check' | 'trace'
  readonly paths: readonly string[]
  readonly format: Format
  /** As given. */
  readonly searchPaths: readonly string[]
  /** True to list where values stopped being known. */
  readonly explainUnknown: boolean
}

export type Request =
  | Command
  | { readonly name: 'explain'; readonly code: Code | null }
  | RopeCommand
  | { readonly name: 'help' | 'version' }
  | { readonly name: 'wrong'; readonly problem: string }

export const usage = `usage: shapescope check PATH... [--format text|json|github|sarif] [--search-path DIR]...
       shapescope trace FILE    [--format text|json] [--search-path DIR]...
       shapescope explain [CODE]
       ${ropeUsage}

Shapes of the tensors in PyTorch code, without running it.

  check   each function and class of the files on its own, and as the files call it;
          of a folder every .py below, but for hidden folders and virtual environments
  trace   one program from its first line, through all that it calls
  explain what a problem's code means, with an example; without one, the codes
  rope    the frequency tables that a Hugging Face config.json describes

  --format       text for people (default), json for programs, github for the
                 annotations of a workflow, sarif for code scanning
  --length       the sequence at hand; without it, tables are as the model starts
  --layer-type   only the table of this type of layers
  --search-path  a folder that holds importable modules; may be given again
  --explain-unknown  (check, as text or json) list where values stop being
                 known, and why
  --version      print the version
  --help         print this

Exit status: 0, no error found; 1, an error found; 2, wrong usage or a file that cannot be read.`

/** What the arguments after the program's name ask for. */
export function readRequest(parameters: readonly string[]): Request {
  const [first, ...rest] = parameters
  if (first === 'rope' && !rest.some((one) => one === '--help' || one === '-h')) {
    const command = readRopeCommand(rest)
    return typeof command === 'string' ? wrong(command) : command
  }
  try {
    const { values, positionals } = parseArgs({
      args: [...parameters],
      allowPositionals: true,
      options: {
        format: { type: 'string' },
        'search-path': { type: 'string', multiple: true },
        'explain-unknown': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'V' },
      },
    })
    if (values.help) return { name: 'help' }
    if (values.version) return { name: 'version' }
    return commandOf(positionals, {
      format: values.format ?? 'text',
      searchPaths: values['search-path'] ?? [],
      explainUnknown: values['explain-unknown'] ?? false,
    })
  } catch (problem) {
    return wrong(problem instanceof Error ? (problem.message.split('. ')[0] ?? '') : String(problem))
  }
}

function commandOf(
  words: readonly string[],
  { format, ...rest }: Pick<Command, 'searchPaths' | 'explainUnknown'> & { format: string },
): Request {
  const [name, ...paths] = words
  if (name === undefined) return wrong('a command is missing: check, trace, rope or explain')
  if (name === 'explain') return explainOf(paths)
  if (name !== 'check' && name !== 'trace')
    return wrong(`no command ${name}: it is check, trace, rope or explain`)
  if (paths.length === 0) return wrong(`${name} needs ${name === 'trace' ? 'a file' : 'a file or a folder'}`)
  if (name === 'trace' && paths.length > 1) return wrong('trace takes one file')
  const known = name === 'trace' ? formats.slice(0, 2) : formats
  const wanted = known.find((one) => one === format)
  if (!wanted) return wrong(`${name} has no format ${format}: it has ${known.join(', ')}`)
  if (rest.explainUnknown && (name === 'trace' || format === 'github' || format === 'sarif'))
    return wrong('--explain-unknown goes with check, as text or json')
  return { name, paths, format: wanted, ...rest }
}

function explainOf([word, ...others]: readonly string[]): Request {
  if (word === undefined) return { name: 'explain', code: null }
  if (others.length > 0) return wrong('explain takes one code')
  const code = codeOf(word)
  return code
    ? { name: 'explain', code }
    : wrong(`no problem has the code ${word}: shapescope explain lists them`)
}

const wrong = (problem: string): Request => ({ name: 'wrong', problem })
