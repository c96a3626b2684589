// What ends a path or a run before its last statement; thrown, as Python's own are.

import type { Value } from '../trace/values'

/** Python's `raise`, on its way to a `try`, a branch or the end of the run. */
export class PythonRaise {
  constructor(readonly exception: Value) {}
}
/** The counted work is used up: what is not reached stays unknown. */
export class OutOfBudget {}
/** The run gives way to something else: what was done is thrown away. */
export class LeftOff {}
