// When V8 optimises the code that it runs.

import { setFlagsFromString } from 'node:v8'

/** Four times V8's own: bytes of bytecode up to its version 11, calls of a function since. */
const later =
  Number.parseInt(process.versions.v8, 10) < 12
    ? `--interrupt-budget=${4 * 66 * 1024}`
    : `--invocation-count-for-turbofan=${4 * 3000}`

/**
 * Lets V8 run a function for longer before it compiles it anew: a cold analysis runs much code a little, so that
 * the threads that compile it take the cores from the one that runs it. On two cores that is a fifth of a cold
 * start; what a keystroke takes stays. A V8 without the flag says so on stderr and goes on.
 */
export function optimiseLater(): void {
  setFlagsFromString(later)
}
