// The thread that reads the editor's messages from stdin, so that they are counted while the analyser is busy.

import { Socket } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { StreamMessageReader } from 'vscode-languageserver-protocol/node'
import { Counts } from './counts'

const arrived = new Counts(workerData as SharedArrayBuffer)
// A socket of its own: in a thread `process.stdin` is what the main one passes on.
new StreamMessageReader(new Socket({ fd: 0 })).listen((message) => {
  arrived.add(message)
  parentPort?.postMessage(message)
})
