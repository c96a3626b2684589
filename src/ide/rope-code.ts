// RoPE in code: expressions that compute θ, with the dim, base, layout and scaling that the text tells.

import type { Call, Expression, ModuleTree, Node } from '../syntax/tree'
import { childrenOf, walk } from '../syntax/walk'
import type { RopeCode } from './api'
import { calledName, File, type Scope } from './code-scopes'
import { Constants, isInstance, type Place, placeIn } from './constants'
import { isEveryOther, layoutsOf } from './rope-layouts'
import { lengthOf, nodesAround, scalingOf } from './rope-scalings'

/** The other files of an import: a dotted name, from so many folders up (0: absolute). */
export type LoadFile = (module: string, level: number) => File | null

/**
 * Each `base ** (arange(0, dim, 2) / dim)`, and `exp(arange(0, dim, 2) · −log(base) / dim)`, however it
 * is written around that, in files that turn pairs.
 */
export function ropeCodeOf(tree: ModuleTree, load: LoadFile = () => null): RopeCode[] {
  const layouts = layoutsOf(tree)
  // sinusoidal tables have the same θ, and turn nothing
  if (layouts.size === 0) return []
  const [layout] = layouts
  const file = new File(tree, load)
  const constants = new Constants()
  const found: RopeCode[] = []
  const search = (node: Node, scope: Scope): void => {
    const place = placeIn(scope)
    const power = powerOf(node, place, constants)
    if (power && isTable(power, constants)) return
    if (power) {
      const { id, values } = scalingOf(power, constants)
      found.push({
        start: node.start,
        end: node.end,
        id,
        length: lengthOf(power, constants),
        config: configOf(place, constants),
        values: { ...values, ...(layout && layouts.size === 1 ? { layout } : {}) },
      })
      return
    }
    for (const child of childrenOf(node)) search(child, file.scopeOf(child) ?? scope)
  }
  for (const statement of tree.body) search(statement, file.scopeOf(statement) ?? file.module)
  return found
}

/** True for a sinusoidal table, whose every other column is filled with a sine. */
function isTable(power: Power, constants: Constants): boolean {
  return nodesAround(power, constants).some(
    ({ node }) =>
      node.kind === 'Assign' && node.targets.some(isEveryOther) && hasCall(node.value, ['sin', 'cos']),
  )
}

function hasCall(expression: Expression, names: readonly string[]): boolean {
  let isThere = false
  walk(expression, (node) => {
    isThere ||= node.kind === 'Call' && names.includes(calledName(node))
    return !isThere
  })
  return isThere
}

/** A power that runs over the pairs. */
export interface Power {
  readonly node: Node
  readonly place: Place
  readonly base: Expression
  readonly steps: Steps
}

/** Exponents 2i/divisor for 2i below `end`, or i/half for i below it. */
interface Steps {
  readonly end: Expression
  readonly place: Place
  readonly isHalf: boolean
  /** What the steps are divided by. */
  readonly divisor: { readonly value: Expression; readonly place: Place } | null
}

function powerOf(node: Node, place: Place, constants: Constants): Power | null {
  const [base, exponent] =
    node.kind === 'BinOp' && node.op === '**'
      ? [node.left, node.right]
      : node.kind === 'Call' && ['pow', 'power', 'float_power'].includes(calledName(node))
        ? [node.args[0], node.args[1]]
        : node.kind === 'Call' && calledName(node) === 'exp'
          ? [node.args[0] && loggedIn(node.args[0], place, constants), node.args[0]]
          : []
  const steps = exponent && stepsIn(exponent, place, constants)
  return base && steps ? { node, place, base, steps } : null
}

/** `base` of the one `log(base)` in an expression, or in what its names stand for. */
function loggedIn(
  expression: Expression,
  place: Place,
  constants: Constants,
  depth = 3,
): Expression | undefined {
  let found: Expression | undefined
  walk(expression, (node) => {
    if (found) return false
    if (node.kind === 'Name' && depth > 0) {
      const known = constants.definition(node, place)
      found = known ? loggedIn(known.value, known.place, constants, depth - 1) : undefined
    }
    if (node.kind === 'Call' && calledName(node) === 'log') found = node.args[0]
    return !found
  })
  return found
}

/** `arange(0, dim, 2)`, or `arange(half) / half`, within an expression, or within what its names stand for. */
function stepsIn(expression: Expression, place: Place, constants: Constants, depth = 4): Steps | null {
  let found: Steps | null = null
  const divisors: Expression[] = []
  const search = (node: Node): void => {
    if (found) return
    if (depth > 0 && (node.kind === 'Name' || node.kind === 'Attribute')) {
      const known = constants.definition(node, place)
      const inner = known && stepsIn(known.value, known.place, constants, depth - 1)
      const divisor = divisors.at(-1)
      if (inner) found = inner.divisor || !divisor ? inner : { ...inner, divisor: { value: divisor, place } }
    }
    const arange = node.kind === 'Call' && calledName(node) === 'arange' ? node : null
    const divisor = divisors.at(-1)
    const twos = arange && endOfTwos(arange)
    const ones = arange && !twos && divisor && endOfOnes(arange)
    if (twos) found = { end: twos, place, isHalf: false, divisor: divisor ? { value: divisor, place } : null }
    else if (ones && isSame(ones, divisor, place, constants))
      found = { end: ones, place, isHalf: true, divisor: { value: divisor, place } }
    if (found) return
    if (node.kind === 'BinOp' && node.op === '/') {
      divisors.push(node.right)
      search(node.left)
      divisors.pop()
    } else for (const child of childrenOf(node)) search(child)
  }
  search(expression)
  return found
}

function endOfTwos({ args, keywords }: Call): Expression | null {
  const [from, to, step = keywords.find(({ arg }) => arg === 'step')?.value] = args
  return to && isNumber(from, 0) && isNumber(step, 2) ? to : null
}

function endOfOnes({ args }: Call): Expression | null {
  const [first, second, third] = args
  if (third) return null
  if (second) return isNumber(first, 0) ? second : null
  return first ?? null
}

const isNumber = (expression: Expression | undefined, value: number): boolean =>
  expression?.kind === 'Number' && expression.value === value

type Config = NonNullable<RopeCode['config']>

/** What a config says of RoPE in numbers. */
const configKeys = [
  'hidden_size',
  'num_attention_heads',
  'head_dim',
  'max_position_embeddings',
  'partial_rotary_factor',
  'rope_theta',
] as const

/** True if two expressions of a place are written alike, or are the same number. */
function isSame(a: Expression, b: Expression, place: Place, constants: Constants): boolean {
  const { node } = place.scope.file.module
  const text = 'text' in node ? node.text : ''
  if (text.slice(a.start, a.end) === text.slice(b.start, b.end)) return true
  const value = constants.number(a, place)
  return value !== null && value === constants.number(b, place)
}

/** The defaults of the config class that the code around is written for, where its model type is known. */
function configOf(place: Place, constants: Constants): Config | null {
  for (let scope: Scope | null = place.scope; scope; scope = scope.parent) {
    const { node } = scope
    if (!('params' in node)) continue
    for (const param of node.params) {
      const config = constants.parameter(param, { scope, self: place.self })
      const type = isInstance(config) ? constants.field(config, 'model_type') : undefined
      if (!isInstance(config) || typeof type !== 'string' || type === '') continue
      const numbers = configKeys.flatMap((key) => {
        const value = constants.field(config, key)
        return typeof value === 'number' ? [[key, value] as const] : []
      })
      return { model_type: type, ...Object.fromEntries(numbers) }
    }
  }
  return null
}
