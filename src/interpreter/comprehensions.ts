// Comprehensions and generator expressions: their loops, and the containers that they make.

import type { Dim } from '../dims/dim'
import { StateMap } from '../dims/trail'
import type { Comprehension, Expression, ListComp } from '../syntax/tree'
import { dict, list, none, type PossibleItem, sequence, tuple, type Value } from '../trace/values'
import { evaluateCondition } from './conditions'
import { anyItem, iterableItems, possibleItems } from './containers'
import { enterNew, enterPossibly } from './dict-entries'
import { evaluate } from './expressions'
import type { Interpreter } from './interpreter'
import { advance } from './iterators'
import { joinAll } from './join'
import { asAnyTurn } from './loops'
import { Pace } from './pace'
import { setOf, someSet } from './sets'
import { assignTarget } from './statements'

/** The items one by one, or what any of them is like, then with all that may be there where they are known. */
type Made = { items: Value[] } | { element: Value; length: Dim | null; each?: readonly PossibleItem[] }
const certainly = (value: Value): PossibleItem => ({ value, isOptional: false })

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
  const possible = items ? items.map(certainly) : possibleItems(interp, iterable)
  if (!possible) return ofAny()
  const made: PossibleItem[] = []
  let others: Value | null = null
  const pace = new Pace(interp, possible.length)
  for (const { value, isOptional } of possible) {
    if (pace.isTooSlow()) return ofAny()
    advance(interp, iterable, 1)
    assignTarget(interp, generator.target, value)
    let passes: boolean | null = isOptional ? null : true
    for (const test of generator.ifs) {
      const condition = evaluateCondition(interp, test)
      if (condition.truth === false) passes = false
      else if (condition.truth === null && passes) passes = null
      if (passes === false) break
      condition.whenTrue()
    }
    if (passes === false) continue
    const turn = inner()
    const isCertain = passes === true
    const each = 'items' in turn ? turn.items.map(certainly) : turn.each
    if (each) made.push(...(isCertain ? each : each.map((item) => ({ ...item, isOptional: true }))))
    else if ('element' in turn) others = others ? joinAll(interp.facts, [others, turn.element]) : turn.element
    const isEnd = isCertain && 'items' in turn && turn.items.some(isEnough)
    if (isEnd && !others && !made.some(mayLack)) break
  }
  if (!others && !made.some(mayLack)) return { items: made.map((item) => item.value) }
  const sorted = [...made.filter(mayLack), ...made.filter((item) => !mayLack(item))].map((item) => item.value)
  const element = joinAll(interp.facts, others ? [others, ...sorted] : sorted)
  return {
    element: isMixed(element) ? interp.unknown('which of the items it is') : element,
    length: null,
    ...(!others && { each: made }),
  }
}
const mayLack = ({ isOptional }: PossibleItem): boolean => isOptional

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
  const made = asAnyTurn(interp, turn)
  const length = isFiltered || !isInnermost ? null : some.length
  return { element: 'items' in made ? joinAll(interp.facts, made.items) : made.element, length }
}

/** A tensor or something else: what holds of the one need not hold of the other. */
const isMixed = (value: Value): boolean =>
  value.kind === 'union' && new Set(value.options.map((o) => o.kind === 'tensor')).size > 1

function comprehensionValue(interp: Interpreter, node: ListComp, made: Made): Value {
  if (node.kind === 'SetComp') return 'items' in made ? setOf(interp, made.items) : someSet(made.element)
  if ('items' in made) return node.kind === 'GeneratorExp' ? tuple(made.items) : list(made.items)
  const some = { ...sequence(made.element, made.length), ...(made.each && { each: made.each }) }
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
  const each = 'items' in made ? made.items.map(certainly) : made.each
  if (!each) result.state.set('isOpen', true)
  for (const { value: pair, isOptional } of each ?? []) {
    if (pair.kind !== 'tuple') continue
    const [k = none, v = none] = pair.items
    const enterOne = isOptional ? enterPossibly : enterNew
    enterOne(interp, result, k, v)
  }
  return result
}
