#!/usr/bin/env node
// The command line's entry point: `shapescope check`, `trace`, `rope` and `explain`.

import { statSync } from 'node:fs'
import { version } from '../../package.json'
import { helpPage } from '../node/help'
import { optimiseLater } from '../node/optimisation'
import { loadParser } from '../node/parser'
import { codes } from '../trace/codes'
import { coloursFor } from './colours'
import { githubText } from './github'
import { absolute, type Inputs, readInputs } from './inputs'
import { jsonText } from './json'
import { type Command, readRequest, usage } from './options'
import { ropeOutcome } from './rope'
import { sarifText } from './sarif'
import { reportText } from './text'
import { unknownText } from './unknowns'
import { check, type Findings, trace } from './work'

const wrongUse = 2

/** The exit status. */
async function main(parameters: readonly string[]): Promise<number> {
  const request = readRequest(parameters)
  switch (request.name) {
    case 'help':
      write(`${usage}\n`)
      return 0
    case 'version':
      write(`${version}\n`)
      return 0
    case 'explain':
      write(request.code ? helpPage(request.code) : `${codes.join('\n')}\n`)
      return 0
    case 'wrong':
      complain(`shapescope: ${request.problem} (see shapescope --help)`)
      return wrongUse
    case 'rope': {
      const { output, complaints, status } = ropeOutcome(request)
      complaints.forEach(complain)
      write(output)
      return status
    }
    default:
      return run(request)
  }
}

async function run(command: Command): Promise<number> {
  const since = performance.now()
  const missing = command.searchPaths.find((path) => !isFolder(path))
  if (missing !== undefined) {
    complain(`shapescope: --search-path ${missing}: there is no such folder`)
    return wrongUse
  }
  const inputs = inputsOf(command)
  inputs.problems.forEach(complain)
  if (inputs.files.length === 0) return wrongUse
  optimiseLater()
  await loadParser()
  const findings = work(command, inputs)
  findings.faults.forEach(complain)
  write(textOf(command, findings, (performance.now() - since) / 1000))
  if (inputs.problems.length > 0 || findings.faults.length > 0) return wrongUse
  return findings.reports.some(({ diagnostics }) => diagnostics.some((d) => d.severity === 'error')) ? 1 : 0
}

function inputsOf({ name, paths }: Command): Inputs {
  const folder = name === 'trace' ? paths.find(isFolder) : undefined
  if (folder === undefined) return readInputs(paths)
  return {
    files: [],
    problems: [`shapescope: cannot read ${folder}: it is a folder, and trace takes one file`],
  }
}

function work({ name, searchPaths, explainUnknown }: Command, { files }: Inputs): Findings {
  const wanted = searchPaths.map(absolute)
  const [first] = files
  return name === 'trace' && first ? trace(first, wanted) : check(files, wanted, explainUnknown)
}

function textOf({ name, format, explainUnknown }: Command, findings: Findings, seconds: number): string {
  switch (format) {
    case 'json':
      return `${jsonText(findings.reports, explainUnknown)}\n`
    case 'github':
      return githubText(findings.reports)
    case 'sarif':
      return `${sarifText(findings.reports, version)}\n`
    case 'text':
      return `${reportText(findings, {
        style: name === 'trace' ? 'numbers' : 'names',
        colours: coloursFor(process.stdout.isTTY === true, process.env),
        width: Math.max(60, process.stdout.columns ?? 110),
        seconds,
      })}${explainUnknown ? unknownText(findings.reports) : ''}`
  }
}

const isFolder = (path: string): boolean => statOf(path)?.isDirectory() ?? false

function statOf(path: string) {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

const write = (text: string): void => void process.stdout.write(text)
const complain = (line: string): void => void process.stderr.write(`${line}\n`)

/** Whoever reads the output may stop before its end, as `head` does. */
process.stdout.on('error', (problem: NodeJS.ErrnoException) => {
  if (problem.code !== 'EPIPE') complain(`shapescope: cannot write: ${problem.message}`)
  process.exit(problem.code === 'EPIPE' ? process.exitCode : wrongUse)
})

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (problem) {
  complain(
    `shapescope: failed: ${problem instanceof Error ? (problem.stack ?? problem.message) : problem}; please report it`,
  )
  process.exitCode = wrongUse
}
