// How the language server's process is started.

import { availableParallelism } from 'node:os'

/** V8's own number of threads beside the one that runs the code. */
const usualThreads = 4

/**
 * What Node is told: no more threads that compile and collect garbage than cores are left beside the one that
 * analyses, which they would hold up at a cold start. Electron has a number of its own, which cannot be set.
 */
export const serverExecArgv: readonly string[] = process.versions.electron
  ? []
  : [`--v8-pool-size=${Math.min(usualThreads, Math.max(1, availableParallelism() - 1))}`]
