#!/usr/bin/env node
// The language server's entry point: `shapescope-server --stdio`, for VS Code as for any editor.

import { createConnection, ProposedFeatures, StreamMessageWriter } from 'vscode-languageserver/node'
import { version } from '../../package.json'
import { createWorkspace } from '../ide/workspace'
import { DiskFiles } from '../node/disk'
import { optimiseLater } from '../node/optimisation'
import { loadParser } from '../node/parser'
import { readInput } from './input/input'
import { ServerSession } from './session'

const usage = `usage: shapescope-server --stdio | --node-ipc | --socket=PORT | --pipe=PATH
The ShapeScope language server. An editor starts it and speaks the Language Server Protocol with it.`

function start(): void {
  optimiseLater()
  const parser = loadParser()
  const files = new DiskFiles()
  // A pipe of Windows is not opened by a second thread.
  const hasInput = options.includes('--stdio') && process.platform !== 'win32'
  const input = hasInput ? readInput((wasAsked) => process.exit(wasAsked ? 0 : 1)) : null
  const connection = input
    ? createConnection(ProposedFeatures.all, input.reader, new StreamMessageWriter(process.stdout))
    : createConnection(ProposedFeatures.all)
  const tell = (problem: unknown): void => {
    connection.console.error(problem instanceof Error ? (problem.stack ?? problem.message) : String(problem))
  }
  // the last net: whatever was thrown, the editor keeps its server
  process.on('uncaughtException', tell)
  process.on('unhandledRejection', tell)
  new ServerSession(connection, {
    version,
    files,
    environments: [process.env.VIRTUAL_ENV, process.env.CONDA_PREFIX],
    input,
    async createWorkspace(options) {
      await parser
      return createWorkspace(files, options)
    },
  }).start()
}

const options = process.argv.slice(2)
if (options.includes('--version')) console.log(version)
else if (options.includes('--help')) console.log(usage)
else if (options.some((option) => /^--(stdio|node-ipc|socket|pipe)\b/.test(option))) start()
else {
  console.error(usage)
  process.exitCode = 2
}
