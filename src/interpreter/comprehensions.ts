// Comprehensions and generator expressions: their loops, and the containers that they make.

import type { Dim } from '../dims/dim'
import { StateMap } from '../dims/trail'
import type { Comprehension, Expression, ListComp } from '../syntax/tree'
import { dict, list, none, sequence, tuple, type Value } from '../trace/values'
import { evaluateCondition } from './conditions'
import { anyItem, iterableItems } from './containers'
import { enterNew } from './dict-entries'
import { evaluate } from './expressions'
import type { Interpreter } from './interpreter'
import { advance } from './iterators'
import { joinAll } from './join'
import { Pace } from './pace'
import { setOf, someSet } from './sets'
import { assignTarget } from './statements'

type Made = { items: Value[] } | { element: Value; length: Dim | null }

/** Tells for each value of a generator whether those that follow are still asked for. */
export type Enough = (value: Value) => boolean
const all: Enough = () => false

/** A generator that is read only as far as its reader needs, which gets each value as it is made. */
export function generate(interp: Interpreter, node: ListComp, isEnough = all, take = (v: Value) => v): Value {
  const made = comprehend(interp, node.generators, () => take(evaluate(interp, node.elt)), isEnough)
  return comprehensionValue(interp, node, made)
}

/** Runs the loops of a comprehension; the values one by one, or what any of them is like. */
function comprehend(
  interp: Interpreter,
  generators: readonly Comprehension[],
  body: () => Value,
  isEnough: Enough = all,
): Made {
  const { activation } = interp
  const [first] = generators
  if (!activation || !first) return { items: [] }
  const outermost = evaluate(interp, first.iter)
  const scope = {
    variables: new StateMap<string, Value>(),
    parent: activation.scope,
    module: activation.scope.module,
    isClass: false,
    within: activation.scope.within,
    redirected: null,
  }
  interp.activation = { ...activation, scope }
  try {
    return runGenerators(interp, generators, 0, body, isEnough, outermost)
  } finally {
    interp.activation = activation
  }
}

function runGenerators(
  interp: Interpreter,
  generators: readonly Comprehension[],
  depth: number,
  body: () => Value,
  isEnough: Enough,
  outermost?: Value,
): Made {
  const generator = generators[depth]
  if (!generator) return { items: [body()] }
  const iterable = interp.settle(outermost ?? evaluate(interp, generator.iter))
  const items = iterableItems(interp, iterable)
  const inner = (): Made => runGenerators(interp, generators, depth + 1, body, isEnough)
  const isInnermost = depth === generators.length - 1
  const ofAny = (): Made => runForAny(interp, generator, iterable, inner, isInnermost)
  if (!items) return ofAny()
  const made: Value[] = []
  let open: Value | null = null
  const pace = new Pace(interp, items.length)
  for (const item of items) {
    if (pace.isTooSlow()) return ofAny()
    advance(interp, iterable, 1)
    assignTarget(interp, generator.target, item)
    let passes: boolean | null = true
    for (const test of generator.ifs) {
      const condition = evaluateCondition(interp, test)
      if (condition.truth === false) passes = false
      else if (condition.truth === null && passes) passes = null
      if (passes === false) break
      condition.whenTrue()
    }
    if (passes === false) continue
    const turn = inner()
    if ('items' in turn && passes) {
      made.push(...turn.items)
      if (!open && turn.items.some(isEnough)) break
    } else
      open = joinAll(interp.facts, [
        ...(open ? [open] : []),
        'items' in turn ? joinAll(interp.facts, turn.items) : turn.element,
      ])
  }
  if (!open) return { items: made }
  const element = joinAll(interp.facts, [open, ...made])
  return {
    element: isMixed(element) ? interp.unknown('which of the items it is') : element,
    length: null,
  }
}

/** One turn of a comprehension's loop for whichever item it is. */
function runForAny(
  interp: Interpreter,
  generator: Comprehension,
  iterable: Value,
  turn: () => Made,
  isInnermost: boolean,
): Made {
  const some = anyItem(interp, iterable, generator.iter)
  assignTarget(interp, generator.target, some.element)
  let isFiltered = false
  for (const test of generator.ifs) {
    const condition = evaluateCondition(interp, test)
    condition.whenTrue()
    if (condition.truth !== true) isFiltered = true
  }
  const made = turn()
  const length = isFiltered || !isInnermost ? null : some.length
  return { element: 'items' in made ? joinAll(interp.facts, made.items) : made.element, length }
}

/** A tensor or something else: what holds of the one need not hold of the other. */
const isMixed = (value: Value): boolean =>
  value.kind === 'union' && new Set(value.options.map((o) => o.kind === 'tensor')).size > 1

function comprehensionValue(interp: Interpreter, node: ListComp, made: Made): Value {
  if (node.kind === 'SetComp') return 'items' in made ? setOf(interp, made.items) : someSet(made.element)
  if ('items' in made) return node.kind === 'GeneratorExp' ? tuple(made.items) : list(made.items)
  const some = sequence(made.element, made.length)
  return node.kind === 'GeneratorExp' ? some : list(some)
}

/** `{key: value for …}` */
export function dictComprehension(
  interp: Interpreter,
  generators: readonly Comprehension[],
  key: Expression,
  value: Expression,
): Value {
  const made = comprehend(interp, generators, () =>
    tuple([interp.settle(evaluate(interp, key)), evaluate(interp, value)]),
  )
  const result = dict()
  if (!('items' in made)) result.state.set('isOpen', true)
  else
    for (const pair of made.items) {
      if (pair.kind !== 'tuple') continue
      const [k = none, v = none] = pair.items
      enterNew(interp, result, k, v)
    }
  return result
}
