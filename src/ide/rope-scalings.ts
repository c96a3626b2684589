// What code around a RoPE's θ makes of it: its dim and base, and the scaling in the forms in which they are written.

import type { Expression, Node } from '../syntax/tree'
import { walk } from '../syntax/walk'
import type { RopeCode } from './api'
import { calledName, type Scope } from './code-scopes'
import { type Constants, type Place, placeIn } from './constants'
import type { Power } from './rope-code'

type Found = Pick<RopeCode, 'id' | 'values'>
type Values = RopeCode['values']

/** The kind of RoPE, and what is known of its parameters. */
export function scalingOf(power: Power, constants: Constants): Found {
  const sizes = sizesOf(power, constants)
  const stretched = stretchedBase(power, constants)
  if (stretched) return { id: stretched.id, values: { ...sizes.values, ...stretched.values } }
  const values = { ...sizes.values, ...baseOf(power, constants) }
  const around = nodesAround(power, constants)
  const blended = yarnIn(power, around, constants) ?? llama3In(around, constants)
  if (blended) return { id: blended.id, values: { ...values, ...blended.values } }
  const factor = dividedPositions(around, constants)
  if (factor !== null) return { id: 'rope-linear', values: { ...values, factor } }
  return { id: sizes.id, values }
}

// ---- dim and base ----

function baseOf({ base, place }: Power, constants: Constants): Values {
  const value = constants.number(base, place)
  return value !== null && value > 0 && value !== 1 ? { rope_theta: value < 1 ? 1 / value : value } : {}
}

function sizesOf({ steps }: Power, constants: Constants): Found {
  const { end, place, isHalf, divisor } = steps
  const read = constants.number(end, place)
  const turned = read === null ? null : isHalf ? 2 * read : read
  const whole = divisor && !isHalf ? constants.number(divisor.value, divisor.place) : turned
  if (turned === null || !isDim(turned)) return { id: 'rope', values: {} }
  // exponents over the whole head for fewer pairs
  if (whole !== null && whole > turned && isDim(whole))
    return { id: 'rope-proportional', values: { head_dim: whole, partial_rotary_factor: turned / whole } }
  const part = partOf(end, place, constants)
  if (part && isDim(part.head) && Math.trunc(part.head * part.factor) === turned)
    return { id: 'rope', values: { head_dim: part.head, partial_rotary_factor: part.factor } }
  return { id: 'rope', values: { head_dim: turned } }
}

const isDim = (value: number): boolean => Number.isInteger(value) && value >= 2 && value % 2 === 0

/** `int(head_dim * factor)` with a factor below 1. */
function partOf(
  expression: Expression,
  place: Place,
  constants: Constants,
  depth = 4,
): { head: number; factor: number } | null {
  if (depth === 0) return null
  if (expression.kind === 'Call' && calledName(expression) === 'int' && expression.args[0])
    return partOf(expression.args[0], place, constants, depth)
  if (expression.kind === 'BinOp' && expression.op === '*') {
    const numbers = [expression.left, expression.right].map((side) => constants.number(side, place) ?? 0)
    const [factor = 0, head = 0] = numbers.sort((a, b) => a - b)
    return factor > 0 && factor < 1 ? { head, factor } : null
  }
  const known = constants.definition(expression, place)
  return known && partOf(known.value, known.place, constants, depth - 1)
}

// ---- the base, stretched ----

/** `base · factor ** (d / (d − 2))`; dynamic where the factor is `s·n/M − (s − 1)`. */
function stretchedBase({ base, place }: Power, constants: Constants): Found | null {
  const stretch = exponentIn(base, place, constants)
  if (stretch?.node.kind !== 'BinOp') return null
  const { left } = stretch.node
  const factor = constants.number(left, stretch.place)
  if (factor === 1) return null
  const unstretched = constants.assuming(stretch.node, 1, () => constants.number(base, place))
  const values: Values = unstretched === null ? {} : { rope_theta: unstretched }
  const dynamic = dynamicFactor(left, stretch.place, constants)
  if (dynamic) return { id: 'rope-dynamic', values: { ...values, ...dynamic } }
  return { id: 'rope-ntk', values: factor === null ? values : { ...values, factor } }
}

/** The power with the exponent d/(d − 2) that a base is made with. */
function exponentIn(
  expression: Expression,
  place: Place,
  constants: Constants,
  depth = 3,
): { node: Expression; place: Place } | null {
  let found: { node: Expression; place: Place } | null = null
  walk(expression, (node) => {
    if (found) return false
    if (node.kind === 'BinOp' && node.op === '**' && isStretch(node.right)) found = { node, place }
    if (node.kind === 'Name' && depth > 0)
      for (const { value, place: there } of constants.assigned(node.id, place))
        if (!constants.isDead(value, there)) found ??= exponentIn(value, there, constants, depth - 1)
    return !found
  })
  return found
}

/** `d / (d - 2)`. */
const isStretch = (expression: Expression): boolean =>
  expression.kind === 'BinOp' &&
  expression.op === '/' &&
  expression.right.kind === 'BinOp' &&
  expression.right.op === '-' &&
  expression.right.right.kind === 'Number' &&
  expression.right.right.value === 2

/** Of `s * n / M - (s - 1)`. */
function dynamicFactor(expression: Expression, place: Place, constants: Constants): Values | null {
  if (expression.kind !== 'BinOp' || expression.op !== '-') return null
  const { left, right } = expression
  if (left.kind !== 'BinOp' || left.op !== '/' || right.kind !== 'BinOp' || right.op !== '-') return null
  const factor = constants.number(right.left, place)
  const most = constants.number(left.right, place)
  return {
    ...(factor === null ? {} : { factor }),
    ...(most === null ? {} : { max_position_embeddings: most }),
  }
}

// ---- θ, divided in bands ----

interface Near {
  readonly node: Node
  readonly place: Place
}

/** The class or function of θ, with the functions that it calls, without what a known condition rules out. */
export function nodesAround({ place }: Power, constants: Constants): Near[] {
  const found: Near[] = []
  const entered = new Set<Scope>()
  const enter = (scope: Scope, depth: number): void => {
    if (entered.has(scope) || scope === scope.file.module) return
    entered.add(scope)
    const here = placeIn(scope)
    const { node } = scope
    if (!('kind' in node)) return
    for (const statement of node.body)
      walk(statement, (inner) => {
        const own =
          inner.kind === 'FunctionDef' || inner.kind === 'ClassDef' ? scope.file.scopeOf(inner) : null
        if (own) enter(own, depth)
        if (own || constants.isDead(inner, here)) return false
        found.push({ node: inner, place: here })
        const called = inner.kind === 'Call' && inner.func.kind === 'Name' ? inner.func.id : null
        const target = called === null ? null : scope.file.module.names.get(called)?.at(-1)?.scope
        if (target && depth > 0) enter(target, depth - 1)
        return true
      })
  }
  let scope = place.scope
  while (scope.parent && scope.parent !== scope.file.module) scope = scope.parent
  enter(scope, 3)
  return found
}

/** YaRN's bounds: d · log(L / (r · 2π)) / (2 · log(base)), for two numbers r of turns. */
function yarnIn({ node: theta }: Power, around: readonly Near[], constants: Constants): Found | null {
  const logs = around.flatMap(({ node, place }) => {
    const ratio = node.kind === 'Call' && calledName(node) === 'log' ? node.args[0] : undefined
    if (ratio?.kind !== 'BinOp' || ratio.op !== '/') return []
    const turns = turnsIn(ratio.right)
    return turns ? [{ context: ratio.left, turns, place }] : []
  })
  const [first] = logs
  if (!first) return null
  const turns = logs.flatMap(({ turns, place }) => constants.values(turns, place))
  const numbers = turns.filter((value) => typeof value === 'number')
  const context = constants.number(first.context, first.place)
  const factor = divisorOfTheta(theta, around, constants)
  const isWhole = numbers.length === turns.length && numbers.length >= 2
  return {
    id: 'rope-yarn',
    values: {
      ...(context === null ? {} : { original_max_position_embeddings: context }),
      ...(isRounded(around) ? {} : { truncate: 'false' }),
      ...(isWhole ? { beta_fast: Math.max(...numbers), beta_slow: Math.min(...numbers) } : {}),
      ...(factor === null ? {} : { factor }),
    },
  }
}

/** True if bounds are made whole. */
const isRounded = (around: readonly Near[]): boolean =>
  around.some(
    ({ node }) => node.kind === 'Call' && ['floor', 'ceil', 'int', 'round'].includes(calledName(node)),
  )

/** `r` of `r * 2 * pi`, in any order. */
function turnsIn(expression: Expression): Expression | null {
  const factors = factorsOf(expression)
  const others = factors.filter(
    (factor) =>
      !(factor.kind === 'Number' && factor.value === 2) &&
      !(factor.kind === 'Attribute' && factor.attr === 'pi') &&
      !(factor.kind === 'Name' && factor.id === 'pi'),
  )
  return factors.length === 3 && others.length === 1 ? (others[0] ?? null) : null
}

const factorsOf = (expression: Expression): Expression[] =>
  expression.kind === 'BinOp' && expression.op === '*'
    ? [...factorsOf(expression.left), ...factorsOf(expression.right)]
    : [expression]

/** Llama 3's blend (L / λ − low) / (high − low). */
function llama3In(around: readonly Near[], constants: Constants): Found | null {
  for (const { node, place } of around) {
    if (node.kind !== 'BinOp' || node.op !== '/') continue
    const { left, right } = node
    if (left.kind !== 'BinOp' || left.op !== '-' || right.kind !== 'BinOp' || right.op !== '-') continue
    const ratio = constants.definition(left.left, place)?.value ?? left.left
    if (ratio.kind !== 'BinOp' || ratio.op !== '/') continue
    const read = { high: right.left, low: right.right, context: ratio.left }
    const [high, low, context] = [read.high, read.low, read.context].map((one) =>
      constants.number(one, place),
    )
    const factor = divisorBeside(place, around, [read.high, read.low, right, ratio.right], constants)
    return {
      id: 'rope-llama3',
      values: {
        ...(factor === null ? {} : { factor }),
        ...(typeof low === 'number' ? { low_freq_factor: low } : {}),
        ...(typeof high === 'number' ? { high_freq_factor: high } : {}),
        ...(typeof context === 'number' ? { original_max_position_embeddings: context } : {}),
      },
    }
  }
  return null
}

/** The one number that a function divides sums of θ by: `(1 - t) * θ / s + t * θ`. */
function divisorBeside(
  { scope }: Place,
  around: readonly Near[],
  others: readonly Expression[],
  constants: Constants,
): number | null {
  const found = new Set<number>()
  for (const { node, place } of around) {
    if (place.scope !== scope || node.kind !== 'BinOp' || node.op !== '+') continue
    for (const side of [node.left, node.right]) {
      walk(side, (inner) => {
        if (inner.kind === 'BinOp' && inner.op === '/' && !others.includes(inner.right)) {
          const value = constants.number(inner.right, place)
          if (value !== null && value > 1) found.add(value)
        }
        return true
      })
    }
  }
  const [factor, ...more] = found
  return factor !== undefined && more.length === 0 ? factor : null
}

/** The one number that θ as a name is divided by, or 1/θ is multiplied with. */
function divisorOfTheta(theta: Node, around: readonly Near[], constants: Constants): number | null {
  const isTheta = (expression: Expression, place: Place): boolean => {
    const known = constants.definition(expression, place)
    const all = expression.kind === 'Name' ? constants.assigned(expression.id, place) : known ? [known] : []
    return all.some(({ value }) => value.start <= theta.start && theta.end <= value.end)
  }
  const found = new Set<number>()
  const add = (expression: Expression, place: Place): void => {
    const value = constants.number(expression, place)
    if (value !== null && value > 1) found.add(value)
  }
  for (const { node, place } of around) {
    if (node.kind !== 'BinOp' || (node.op !== '/' && node.op !== '*')) continue
    if (isTheta(node.left, place)) add(node.right, place)
    else if (node.op === '*' && isTheta(node.right, place)) add(node.left, place)
  }
  const [factor, ...others] = found
  return factor !== undefined && others.length === 0 ? factor : null
}

// ---- positions, divided ----

/** What `arange(n)`, or a name of it, is divided by: linear scaling. */
function dividedPositions(around: readonly Near[], constants: Constants): number | null {
  for (const { node, place } of around) {
    const [positions, divisor] =
      node.kind === 'BinOp' && node.op === '/'
        ? [node.left, node.right]
        : node.kind === 'AugAssign' && node.op === '/'
          ? [node.target, node.value]
          : []
    const count = positions && countOf(positions, place, constants)
    const factor = divisor ? constants.number(divisor, place) : null
    // arange(n) / n are fractions
    if (count && factor !== null && factor > 1 && constants.number(count, place) !== factor) return factor
  }
  return null
}

/** The one number n of all `arange(n)` around θ that count no dimensions. */
export function lengthOf(power: Power, constants: Constants): number | null {
  const dim = constants.number(power.steps.end, power.steps.place) ?? Number.NaN
  const found = new Set<number>()
  for (const { node, place } of nodesAround(power, constants)) {
    if (node.kind !== 'Call' || calledName(node) !== 'arange') continue
    const [end, ...others] = node.args
    const value = end && others.length === 0 ? constants.number(end, place) : null
    if (value !== null && value > 1 && value !== dim && value !== dim / 2) found.add(value)
  }
  const [length, ...others] = found
  return length !== undefined && others.length === 0 ? length : null
}

/** `n` of `arange(n)`, or of a name that begins as one. */
function countOf(expression: Expression, place: Place, constants: Constants): Expression | null {
  const [first] = expression.kind === 'Name' ? constants.assigned(expression.id, place) : []
  const [end, ...others] = rangeOf(first?.value ?? expression)?.args ?? []
  return end && others.length === 0 ? end : null
}

/** `arange(…)`, with what is called on it. */
function rangeOf(expression: Expression): Extract<Expression, { kind: 'Call' }> | null {
  if (expression.kind === 'Attribute') return rangeOf(expression.value)
  if (expression.kind !== 'Call') return null
  if (calledName(expression) === 'arange') return expression
  return expression.func.kind === 'Attribute' ? rangeOf(expression.func.value) : null
}
