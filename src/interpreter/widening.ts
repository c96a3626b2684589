// What one turn of a loop changed, joined with what was before it, and whether a later turn may see that.

import { add, constant, type Dim } from '../dims/dim'
import { isBornAfter } from '../dims/trail'
import type { Attribute, For, Name, While } from '../syntax/tree'
import { carriedBy, freeNamesOf } from '../syntax/turns'
import { dimsOf } from '../tensors/shape'
import { type ListItems, none, sequence, Unknown, type Value } from '../trace/values'
import { isEntry, isValue, joinStored, resolvedStored, resolvedWrites } from './branch'
import { evaluateQuietly } from './conditions'
import { isSequence, plainContainer } from './containers'
import type { Interpreter } from './interpreter'
import { isPlainTuple, Joiner } from './join'
import { FunctionObject, InstanceObject } from './objects'
import { isWithin, sameValue } from './same'

/** Tells of a place that a turn changed whether a later turn may see that; `hasTaught` if the first turn taught anything. */
type IsSeen = (map: unknown, key: unknown, hasTaught: boolean) => boolean

/** A first turn that only appended to a list is repeated if it taught something: the next one knows that from its start. */
export function seenByTurns(interp: Interpreter, loop: For | While): IsSeen {
  const { activation } = interp
  const scope = activation?.scope
  if (!scope || scope.isClass || scope.variables === scope.module.globals) return () => true
  const { names, appended } = carriedBy(loop)
  // A function that was defined here reads variables whenever it is called.
  const inner = [...scope.variables.values()].flatMap((v) =>
    v instanceof FunctionObject && v.scope === scope ? [freeNamesOf(v.definition)] : [],
  )
  const isShared = (name: string): boolean => inner.some((mentioned) => mentioned.has(name))
  const lists = new Set<unknown>()
  for (const { node, root } of appended)
    if (!isShared(root))
      for (const slots of listsOf(interp, node)) if (isBornAfter(slots, activation.birth)) lists.add(slots)
  return (map, key, hasTaught) =>
    map === scope.variables ? names.has(String(key)) || isShared(String(key)) : hasTaught || !lists.has(map)
}

/** Where the items lie of the list under a name or an attribute, a ModuleList too. */
function listsOf(interp: Interpreter, node: Name | Attribute): unknown[] {
  const list = plainContainer(interp.settle(evaluateQuietly(interp, node)))
  if (list.kind === 'list') return [list.slots]
  const append = list instanceof InstanceObject ? list.cls.find('append') : null
  return list instanceof InstanceObject && append instanceof FunctionObject && append.scope.module.isPrelude
    ? [...list.attributes.values()].flatMap((v) => (v.kind === 'list' ? [v.slots] : []))
    : []
}

interface Widening {
  readonly mark: number
  readonly birth: number
  readonly length: Dim | null
  readonly widened: Set<string>
  readonly isSeen: IsSeen
  /** From 0; the last turns give up what still changes. */
  readonly turn: number
}

/**
 * Writes, for each variable that the turn changed, the join of before and after. Returns true if
 * that differs from before where a turn may see it, so that another turn is needed. In the last turns
 * it gives up instead.
 */
export function widen(
  interp: Interpreter,
  { mark, birth, length, widened, isSeen, turn }: Widening,
): boolean {
  const after = resolvedWrites(interp, mark)
  const before = new Map<unknown, Map<unknown, unknown>>()
  interp.trail.undo(mark)
  for (const { map, key } of after) {
    let keys = before.get(map)
    if (!keys) before.set(map, (keys = new Map()))
    keys.set(key, resolvedStored(interp, map.get(key)))
  }
  // What earlier turns made stands for any size, also where this turn refined it.
  const made = new Set(widened)
  const joiner = new Joiner(interp.facts, widened)
  let changed = false
  // Facts first, since they may make before and after equal.
  for (const w of after)
    if (interp.trail.isFactMap(w.map) && w.value !== undefined) interp.trail.write(w.map, w.key, w.value)
  const hasTaught = turn === 0 && after.some((w) => interp.trail.isFactMap(w.map) && w.value !== undefined)
  for (const { map, key, value } of after) {
    if (interp.trail.isFactMap(map)) continue
    const start = before.get(map)?.get(key)
    const old = resolvedStored(interp, start)
    // What the turn made itself has nothing before it.
    if (old === undefined || value === undefined || isBornAfter(map, birth)) {
      if (value !== undefined) interp.trail.write(map, key, value)
      continue
    }
    const joined =
      areItems(old) && areItems(value)
        ? joinGrown(joiner, old, value, length)
        : (joinGrownTuples(joiner, old, value, length) ??
          joinStored(joiner, old, ofOneRank(interp, old, value)))
    // Two values of which nothing is known are as good as one.
    if (areSame(interp, joined, old, sameValue) || (isNothingKnown(old) && isNothingKnown(value))) {
      interp.trail.write(map, key, old)
      continue
    }
    const isAlike = areSame(interp, joined, start, (a, b, facts) => isWithin(a, b, facts, made))
    if (!isAlike && isSeen(map, key, hasTaught)) changed = true
    interp.trail.write(map, key, turn >= 4 && !isAlike && !areItems(old) ? forgotten(interp, old) : joined)
  }
  return changed
}

/** True for what a list holds, also where its number is not known. */
const areItems = (stored: unknown): stored is ListItems =>
  Array.isArray(stored) || (isValue(stored) && stored.kind === 'sequence')

/** What a turn made of a tensor and is not known is taken to be one of its rank, of any sizes. */
function ofOneRank(interp: Interpreter, old: unknown, value: unknown): unknown {
  if (!(value instanceof Unknown) || !isValue(old) || old.kind !== 'tensor') return value
  const tensor = interp.asTensor(value)
  const rank = dimsOf(old.shape)?.length
  if (tensor && rank !== undefined) interp.facts.requireRank(tensor.shape, rank)
  return tensor ? { ...interp.resolved(tensor), assumed: 'rank' } : value
}

/** True for a value that may be anything, None too, as it is where that was tested. */
const isNothingKnown = (value: unknown): boolean =>
  value instanceof Unknown ||
  (isValue(value) &&
    value.kind === 'union' &&
    value.options.every((o) => o.kind === 'none' || o.kind === 'unknown'))

/** What a variable or a dict's entry is of which nothing holds in every turn. */
function forgotten(interp: Interpreter, old: unknown): unknown {
  const value = interp.unknown('it changes in every turn of a loop')
  return isEntry(old) ? { key: old.key, value } : value
}

/** A list that grew by the same number of items in each turn has that many per turn in the end. */
function joinGrown(joiner: Joiner, old: ListItems, grown: ListItems, length: Dim | null): ListItems {
  if (isSequence(old) || isSequence(grown) || grown.length !== old.length + 1) {
    if (isSequence(old) && isSequence(grown))
      return sequence(joiner.value(old.element, grown.element), old.length)
    return joinStored(joiner, old, grown) as ListItems
  }
  return joiner.items(grown, length && add(constant(old.length), length))
}

/** Where a turn added to the end of a tuple: some number of items in the end, beside what else the variable may be. */
function joinGrownTuples(joiner: Joiner, old: unknown, grown: unknown, length: Dim | null): Value | null {
  if (!isValue(old) || !isValue(grown)) return null
  if (old.kind === 'sequence' && grown.kind === 'sequence')
    return sequence(joiner.value(old.element, grown.element), old.length)
  const options = [old, grown].map((v) => (v.kind === 'union' ? v.options : [v]))
  const [before = [], after = []] = options.map((all) => all.filter(isPlainTuple))
  const isLonger = after.some((b) => before.some((a) => isStartOf(joiner, a.items, b.items)))
  const [first, ...others] = [...before, ...after].flatMap((t) => t.items)
  if (!isLonger || !first) return null
  const turns =
    length && isPlainTuple(old) && isPlainTuple(grown) && grown.items.length === old.items.length + 1
  const some = sequence(joiner.any(first, ...others), turns ? add(constant(old.items.length), length) : null)
  return joiner.any(some, ...options.flat().filter((v) => !isPlainTuple(v)))
}

const isStartOf = (joiner: Joiner, start: readonly Value[], items: readonly Value[]): boolean =>
  start.length < items.length && start.every((item, i) => sameValue(item, items[i] ?? none, joiner.facts))

function areSame(interp: Interpreter, a: unknown, b: unknown, same: typeof sameValue): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, i) => same(item as Value, b[i] as Value, interp.facts))
  return isValue(a) && isValue(b) && same(a, b, interp.facts)
}
