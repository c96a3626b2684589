// The dtype of floats where none is asked for, which a program may set.

import { StateMap, type Trail } from '../dims/trail'
import type { DType } from '../tensors/dtype'
import type { ShapeFacts } from '../tensors/shape'

interface Run {
  readonly facts: ShapeFacts
}

const chosen = new WeakMap<Trail, Map<'dtype', DType | null>>()

/** What `torch.get_default_dtype()` gives; null where it is not known. */
export function defaultDType({ facts }: Run): DType | null {
  const dtype = chosen.get(facts.dims.trail)?.get('dtype')
  return dtype === undefined ? 'float32' : dtype
}

/** `torch.set_default_dtype(dtype)` */
export function setDefaultDType({ facts }: Run, dtype: DType | null): void {
  const { trail } = facts.dims
  let held = chosen.get(trail)
  if (!held) chosen.set(trail, (held = new StateMap()))
  trail.write(held, 'dtype', dtype)
}
