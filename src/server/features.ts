// The features that the server offers. A new one is a file of its own and a line here.

import { actions } from './actions'
import { diagnostics } from './diagnostics'
import type { Feature } from './feature'
import { hover } from './hover'
import { inlayHints } from './inlay-hints'
import { lenses } from './lenses'
import { rope } from './rope'
import { unknowns } from './unknowns'

export const features: readonly Feature[] = [hover, inlayHints, diagnostics, actions, lenses, rope, unknowns]
