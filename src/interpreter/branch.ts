// Running several paths from one state, and joining what they leave behind.

import { Dim } from '../dims/dim'
import { birthsNow, isBornAfter, type Write } from '../dims/trail'
import { type DictEntry, type ListItems, none, Unknown, type Value } from '../trace/values'
import { isSequence } from './containers'
import type { Activation, Exit, Interpreter } from './interpreter'
import { Joiner } from './join'
import { factKeysOf } from './narrowed'
import { sameValue } from './same'
import { PythonRaise } from './signals'
import { asComputed } from './stored'
import { resolveTrace, traceMark } from './trace-marks'

/**
 * How a block of statements ended. `exited`: every path left it early, and each is recorded with
 * the function's or the loop's exits.
 */
export type Outcome = 'next' | 'return' | 'break' | 'continue' | 'raise' | 'exited'

/** A `try` whose body runs. */
export interface TryBody {
  /** The names of the types that it catches; '' for everything. */
  readonly names: readonly string[]
  /** The state before it. */
  readonly mark: number
  /** Where the body may have raised, on paths of which it is not known whether they run. */
  readonly raises: { readonly writes: Write[]; readonly exception: Value }[]
}
/** How many such places are looked at. */
const mostRaises = 4

/** Runs each path on the same state. What follows runs on the join of those that came through. */
export function fork(
  interp: Interpreter,
  paths: readonly (() => Outcome)[],
  birth: number = birthsNow(),
): Outcome {
  const activation = interp.activation
  if (activation) activation.hasForked = true
  const traceBefore = traceMark(interp)
  const through: Write[][] = []
  const ownFacts: Set<unknown>[] = []
  const { narrowed } = interp
  let hasExit = false
  try {
    for (const path of paths) {
      interp.narrowed = []
      const mark = interp.trail.mark()
      const trace = traceMark(interp)
      const outcome = runPath(interp, path)
      if (outcome === 'next') {
        through.push(resolvedWrites(interp, mark))
        const own = new Set<unknown>()
        for (const value of interp.narrowed) factKeysOf(interp, value, own)
        ownFacts.push(own)
      } else if (outcome === 'raise') recordRaise(interp)
      else if (outcome !== 'exited' && activation) recordExit(interp, activation, outcome)
      if (outcome !== 'next' && outcome !== 'raise') hasExit = true
      resolveTrace(interp, trace)
      interp.trail.undo(mark)
    }
  } finally {
    // A path may be given up for its length.
    interp.narrowed = narrowed
  }
  if (hasExit && activation) activation.splitAt ??= traceBefore
  const [only] = through
  if (through.length === 0) return hasExit ? 'exited' : 'raise'
  if (through.length === 1 && only) interp.trail.redo(only)
  else applyJoined(interp, through, birth, ownFacts)
  return 'next'
}

function runPath(interp: Interpreter, path: () => Outcome): Outcome {
  interp.forks++
  try {
    return path()
  } catch (error) {
    if (!(error instanceof PythonRaise)) throw error
    interp.raised = error.exception
    return 'raise'
  } finally {
    interp.forks--
  }
}

/** Records that a path of the innermost `try` raised `interp.raised`. */
export function recordRaise(interp: Interpreter): void {
  const body = interp.tries.at(-1)
  if (body && body.raises.length < mostRaises)
    body.raises.push({ writes: resolvedWrites(interp, body.mark), exception: interp.raised })
}

/** Runs what may raise anything, as in a `try` that handles it; the caller does. */
export function whereAllIsCaught<T>(interp: Interpreter, run: () => T): T {
  interp.tries.push({ names: [''], mark: interp.trail.mark(), raises: [] })
  try {
    return run()
  } finally {
    interp.tries.pop()
  }
}

/** Evaluates each alternative on the same state and joins the values, with `likens` as `Joiner` has it. */
export function forkValues(interp: Interpreter, paths: readonly (() => Value)[], likens = true): Value {
  const values: Value[] = []
  const outcome = fork(
    interp,
    paths.map((path) => () => {
      values.push(interp.resolved(path()))
      return 'next'
    }),
  )
  const joiner = new Joiner(interp.facts, null, likens)
  if (outcome === 'raise' || values.length === 0) throw new PythonRaise(interp.raised)
  return (likened(interp, values) as Value[]).reduce((a, b) => joiner.value(a, b))
}

/** Records that a path leaves the function or the loop here. */
export function recordExit(interp: Interpreter, activation: Activation, outcome: Outcome): void {
  if (outcome === 'return') {
    const value = interp.resolved(activation.returnValue ?? none)
    activation.exits.push({ writes: resolvedWrites(interp, activation.mark), value })
  } else if (activation.loop) {
    const exits = outcome === 'break' ? activation.loop.breaks : activation.loop.continues
    exits.push({ writes: resolvedWrites(interp, activation.loop.mark), value: none })
  }
}

/** What was written since a mark, with what is known on this path put into the values. */
export function resolvedWrites(interp: Interpreter, mark: number): Write[] {
  return interp.trail.since(mark).map((w) => {
    const value = resolvedStored(interp, w.value)
    return value === w.value ? w : { ...w, value }
  })
}

/** What a map holds (a value, a list's items, a dict's entry) with what is known now put into it. */
export function resolvedStored(interp: Interpreter, stored: unknown): unknown {
  if (isValue(stored)) return interp.resolved(stored)
  if (isEntry(stored) && isValue(stored.value)) {
    const value = interp.resolved(stored.value)
    return value === stored.value ? stored : { key: stored.key, value }
  }
  if (!Array.isArray(stored)) return stored
  const items = stored.map((item: unknown) => (isValue(item) ? interp.resolved(item) : item))
  return items.every((item, i) => item === stored[i]) ? stored : items
}

/** Where one path left a tensor, what another left and is not known is a tensor too. */
function likened(interp: Interpreter, values: readonly unknown[]): readonly unknown[] {
  const resolved = asComputed(
    interp,
    values.map((v) => resolvedStored(interp, v)),
  )
  if (!resolved.some((v) => isValue(v) && v.kind === 'tensor')) return resolved
  return resolved.map((v) => (v instanceof Unknown ? (interp.asTensor(v) ?? v) : v))
}

export const isValue = (v: unknown): v is Value =>
  typeof v === 'object' &&
  v !== null &&
  !Array.isArray(v) &&
  'kind' in v &&
  typeof v.kind === 'string' &&
  !('left' in v)

/** Takes the state back to a mark and goes on from the join of the exits' states and values. */
export function joinExits(interp: Interpreter, mark: number, exits: readonly Exit[], birth: number): Value {
  const [first] = exits
  if (!first) return none
  interp.trail.undo(mark)
  const paths = exits.map((e) => e.writes)
  applyJoined(interp, paths, birth)
  const joiner = new Joiner(interp.facts)
  joiner.known = ordersOfTwo(interp, paths)
  const values = likened(
    interp,
    exits.map((e) => e.value),
  ) as Value[]
  return values.reduce((a, b) => joiner.value(a, b))
}

/**
 * Writes the join of several paths' writes. Facts hold if all paths have them, or if they are about
 * values that exist on their path alone (`ownFacts`, a path each); a variable that only some paths
 * set keeps their value, since code that reads it otherwise would fail. What was made after `birth` is
 * of one path alone.
 */
export function applyJoined(
  interp: Interpreter,
  paths: readonly (readonly Write[])[],
  birth: number,
  ownFacts: readonly ReadonlySet<unknown>[] = [],
): void {
  const joiner = new Joiner(interp.facts)
  const known = ordersOfTwo(interp, paths)
  const fromSecond = new Set<unknown[]>()
  const places = new Map<Map<unknown, unknown>, Map<unknown, unknown[]>>()
  const kept: Write[] = []
  paths.forEach((writes, i) => {
    const own = ownFacts[i]
    for (const write of writes) {
      const { map, key, value } = write
      if (own?.has(key) && interp.trail.isFactMap(map)) kept.push(write)
      let keys = places.get(map)
      if (!keys) places.set(map, (keys = new Map()))
      const values = keys.get(key)
      if (values) values.push(value)
      else {
        const only = [value]
        keys.set(key, only)
        if (known && i === 1) fromSecond.add(only)
      }
    }
  })
  // Facts first, since values are joined by what is known then.
  for (const { map, key, value } of kept)
    if (value !== undefined && places.get(map)?.get(key)?.length === 1) interp.trail.write(map, key, value)
  for (const [map, keys] of places) {
    if (!interp.trail.isFactMap(map)) continue
    for (const [key, values] of keys)
      if (values.length === paths.length && values.every((v) => sameFact(interp, v, values[0])))
        interp.trail.write(map, key, values[0])
  }
  for (const [map, keys] of places) {
    if (interp.trail.isFactMap(map)) continue
    for (const [key, values] of keys) {
      if (isBornAfter(map, birth)) {
        const last = values.at(-1)
        if (last === undefined) interp.trail.delete(map, key)
        else interp.trail.write(map, key, last)
        continue
      }
      const all = values.length < paths.length && map.has(key) ? [...values, map.get(key)] : values
      if (known) joiner.known = fromSecond.has(values) ? [known[1], known[0]] : known
      const present = likened(
        interp,
        all.filter((v) => v !== undefined),
      )
      if (present.length === 0) {
        interp.trail.delete(map, key)
        continue
      }
      const joined = present.reduce<unknown>((a, b) => joinStored(joiner, a, b), present[0])
      const isOptional = present.length < Math.max(all.length, paths.length) && isEntry(joined)
      interp.trail.write(map, key, isOptional ? { ...joined, isOptional } : joined)
    }
  }
}

/** What each of two paths knows to be at least 0 and did not before. */
function ordersOfTwo(interp: Interpreter, paths: readonly (readonly Write[])[]): Joiner['known'] {
  if (paths.length !== 2) return null
  const [first, second] = paths.map((writes) => ordersIn(interp, writes))
  return first?.length && second?.length ? [first, second] : null
}
const ordersIn = (interp: Interpreter, writes: readonly Write[]): Dim[] =>
  writes.flatMap(({ map, key, value }) =>
    interp.trail.isFactMap(map) && typeof key === 'string' && value instanceof Dim ? [value] : [],
  )

function sameFact(interp: Interpreter, a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (isKeyed(a) && isKeyed(b)) return a.key === b.key
  if (isNaming(a) && isNaming(b)) return a.name === b.name
  // An assumption's key says all of it.
  if (isAssumption(a) && isAssumption(b)) return true
  return isValue(a) && isValue(b) && sameValue(a, b, interp.facts)
}
const isNaming = (v: unknown): v is { name: string; weight: number } =>
  typeof v === 'object' && v !== null && 'weight' in v
const isAssumption = (v: unknown): boolean =>
  typeof v === 'object' && v !== null && 'left' in v && 'right' in v
const isKeyed = (v: unknown): v is { key: string } =>
  typeof v === 'object' && v !== null && 'key' in v && typeof v.key === 'string'

/** Joins what a map holds: values, a list's items, a dict's entries, flags. */
export function joinStored(joiner: Joiner, a: unknown, b: unknown): unknown {
  if (a === b) return a
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length)
    return a.map((item, i) => joiner.value(item as Value, b[i] as Value))
  if (Array.isArray(a) || Array.isArray(b)) return joinItems(joiner, a as ListItems, b as ListItems)
  if (isEntry(a) && isEntry(b)) {
    const entry = { key: a.key, value: joiner.value(a.value, b.value) }
    return a.isOptional || b.isOptional ? { ...entry, isOptional: true } : entry
  }
  if (isValue(a) && isValue(b)) return joiner.value(a, b)
  return typeof a === 'boolean' ? a || b : a
}

/** True for what a dict holds under a key. */
export const isEntry = (v: unknown): v is DictEntry =>
  typeof v === 'object' && v !== null && 'key' in v && 'value' in v && !('kind' in v)

/** Two lists of different lengths: some number of items, each like any of theirs. */
function joinItems(joiner: Joiner, a: ListItems, b: ListItems): ListItems {
  return joiner.items(
    [a, b].flatMap((items) => (isSequence(items) ? [items.element] : items)),
    null,
  )
}
