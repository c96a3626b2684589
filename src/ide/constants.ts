// What expressions are by the text alone: constants, defaults of parameters and configs, and arithmetic on them.

import type { Call, Expression, Node, Parameter } from '../syntax/tree'
import {
  type Binding,
  calledName,
  classNamed,
  type Guard,
  isFunction,
  isMaker,
  isProperty,
  isSelf,
  isStatic,
  methodsOf,
  nameOf,
  ownerOf,
  type Scope,
  scopeWith,
} from './code-scopes'
import { binary, compare, mathFunctions } from './constant-arithmetic'

/** An object of a class in the text, made with these arguments; null where they are not known. */
export interface Instance {
  readonly of: Scope
  readonly args: ReadonlyMap<string, Known | undefined> | null
}

/** `undefined`, beside it, is what the text does not tell. */
export type Known = number | string | boolean | null | Instance | ReadonlyMap<string, Known | undefined>

/** An expression is looked at where it stands, by the object whose method it is in. */
export interface Place {
  readonly scope: Scope
  readonly self: Instance | null
}

/** Of one value; more belong to code that is no table of constants. */
const mostSteps = 2000
const mostDepth = 40

/** Nothing is run, and no loop followed. */
export class Constants {
  /** Fields that are being put together, as far as they are. */
  readonly #current = new Map<string, Known | undefined>()
  /** Expressions that are taken to be something else for a while. */
  readonly #given = new Map<Expression, Known>()
  readonly #numbers = new WeakMap<object, number>()
  #lastNumber = 0
  #steps = 0
  #depth = 0

  /** The value of an expression; undefined where the text does not tell it. */
  value(expression: Expression, place: Place): Known | undefined {
    return this.#value(expression, place)
  }

  number(expression: Expression, place: Place): number | null {
    const value = this.value(expression, place)
    return typeof value === 'number' && Number.isFinite(value) ? value : null
  }

  /** As if one expression had another value. */
  assuming<T>(expression: Expression, value: Known, work: () => T): T {
    this.#given.set(expression, value)
    try {
      return work()
    } finally {
      this.#given.delete(expression)
    }
  }

  /** Its values at all calls, where it is a parameter; else its one value. */
  values(expression: Expression, place: Place): (Known | undefined)[] {
    if (expression.kind === 'Name' && isFunction(place.scope.node)) {
      const param = place.scope.node.params.find(({ name }) => name === expression.id)
      if (param && !place.scope.names.has(expression.id)) {
        const sites = this.#argumentsOf(param, place.scope)
        if (sites.length > 0) return sites.map((argument) => this.#value(argument.value, argument.place))
      }
    }
    return [this.value(expression, place)]
  }

  /** The one expression that a name or a field stands for, and where that stands. */
  definition(expression: Expression, place: Place): { value: Expression; place: Place } | null {
    if (expression.kind === 'Name') {
      const scope = scopeWith(expression.id, place.scope)
      const [binding, ...others] = scope?.names.get(expression.id) ?? []
      if (scope && !binding) return this.#onlyArgument(expression.id, scope)
      if (!scope || !binding?.value || binding.op || others.length > 0) return null
      return { value: binding.value, place: { ...place, scope } }
    }
    const object = expression.kind === 'Attribute' ? this.#value(expression.value, place) : undefined
    if (expression.kind !== 'Attribute' || !isInstance(object)) return null
    const found = methodsOf(object.of).filter(({ fields }) => fields.has(expression.attr))
    const [scope] = found
    const [binding, ...others] = scope?.fields.get(expression.attr) ?? []
    if (!scope || found.length > 1 || !binding?.value || binding.op || others.length > 0) return null
    return { value: binding.value, place: { scope, self: object } }
  }

  /** What the one call in the file gives for a parameter. */
  #onlyArgument(name: string, scope: Scope): { value: Expression; place: Place } | null {
    const param = isFunction(scope.node) ? scope.node.params.find((one) => one.name === name) : undefined
    const [argument, ...others] = param ? this.#argumentsOf(param, scope) : []
    return argument && others.length === 0 ? argument : null
  }

  /** All that is ever assigned to a name in its scope. */
  assigned(name: string, place: Place): { value: Expression; place: Place }[] {
    const scope = scopeWith(name, place.scope)
    return (scope?.names.get(name) ?? []).flatMap(({ value }) =>
      value && scope ? [{ value, place: { ...place, scope } }] : [],
    )
  }

  /** True if a condition around it is known to be false. */
  isDead(node: Node, place: Place): boolean {
    return place.scope.guards.some(
      ({ start, end, guard }) =>
        start <= node.start && node.end <= end && this.#holds(guard, place) === false,
    )
  }

  // ---- values ----

  #value(expression: Expression, place: Place): Known | undefined {
    if (this.#given.has(expression)) return this.#given.get(expression)
    return this.#bounded(() => this.#compute(expression, place))
  }

  /** Code that goes round in circles, or on for too long, tells nothing. */
  #bounded(work: () => Known | undefined): Known | undefined {
    if (this.#depth === 0) this.#steps = 0
    if (++this.#steps > mostSteps || this.#depth > mostDepth) return undefined
    this.#depth++
    try {
      return work()
    } finally {
      this.#depth--
    }
  }

  #compute(expression: Expression, place: Place): Known | undefined {
    switch (expression.kind) {
      case 'Number':
        return expression.imaginary ? undefined : expression.value
      case 'String':
        return expression.value
      case 'Constant':
        return expression.value === 'ellipsis' ? undefined : expression.value
      case 'Name':
        return this.#named(expression.id, expression.start, place)
      case 'Attribute': {
        const object = this.#value(expression.value, place)
        if (isInstance(object)) return this.field(object, expression.attr)
        return expression.attr === 'pi' && expression.value.kind === 'Name' ? Math.PI : undefined
      }
      case 'Subscript': {
        const [object, key] = [this.#value(expression.value, place), this.#value(expression.slice, place)]
        return object instanceof Map && typeof key === 'string' ? object.get(key) : undefined
      }
      case 'Dict':
        return new Map(
          expression.keys.flatMap((key, at) => {
            const [name, value] = [key && this.#value(key, place), expression.values[at]]
            return typeof name === 'string' && value ? [[name, this.#value(value, place)]] : []
          }),
        )
      case 'BinOp':
        return binary(
          expression.op,
          this.#value(expression.left, place),
          this.#value(expression.right, place),
        )
      case 'UnaryOp': {
        const value = this.#value(expression.operand, place)
        if (expression.op === 'not') return value === undefined ? undefined : !isTrue(value)
        return expression.op === '-' && typeof value === 'number' ? -value : undefined
      }
      case 'BoolOp':
        return this.#chosen(expression.values, expression.op === 'or', place)
      case 'Compare': {
        const [op, ...more] = expression.ops
        const [right] = expression.comparators
        if (!op || !right || more.length > 0) return undefined
        return compare(op, this.#value(expression.left, place), this.#value(right, place))
      }
      case 'IfExp': {
        const test = this.#value(expression.test, place)
        if (test !== undefined) return this.#value(isTrue(test) ? expression.body : expression.orelse, place)
        const [a, b] = [this.#value(expression.body, place), this.#value(expression.orelse, place)]
        return a === b ? a : undefined
      }
      case 'Call':
        return this.#called(expression, place)
      default:
        return undefined
    }
  }

  /** The first operand that decides an `or`, or an `and`. */
  #chosen(operands: readonly Expression[], decides: boolean, place: Place): Known | undefined {
    let value: Known | undefined
    for (const operand of operands) {
      value = this.#value(operand, place)
      if (value === undefined || isTrue(value) === decides) return value
    }
    return value
  }

  #named(name: string, start: number, place: Place): Known | undefined {
    const scope = scopeWith(name, place.scope)
    if (!scope) return undefined
    const { node } = scope
    const param = isFunction(node) ? node.params.find((one) => one.name === name) : undefined
    const bindings = (scope.names.get(name) ?? []).filter(({ end }) => scope !== place.scope || end <= start)
    const there = { scope, self: place.self }
    return this.#folded(bindings, there, param && this.parameter(param, there), param !== undefined)
  }

  /** What some assignments leave, one after the other. */
  #folded(
    bindings: readonly Binding[],
    place: Place,
    before: Known | undefined,
    isBound: boolean,
    note: (value: Known | undefined) => void = () => {},
  ): Known | undefined {
    let [value, isSet] = [before, isBound]
    for (const { value: expression, op, guards, scope } of bindings) {
      const holds = guards.map((guard) => this.#holds(guard, place))
      if (holds.includes(false)) continue
      let next = expression ? this.#value(expression, place) : undefined
      if (scope && !isFunction(scope.node)) next = undefined
      if (op) next = binary(op, value, next)
      if (isSet && holds.includes(undefined) && next !== value) next = undefined
      value = next
      isSet = true
      note(value)
    }
    return value
  }

  #holds({ test, holds }: Guard, place: Place): boolean | undefined {
    const value = test ? this.#value(test, place) : undefined
    return value === undefined ? undefined : isTrue(value) === holds
  }

  /** By the arguments of the object that is made, by all calls in the file, else by default or annotation. */
  parameter(param: Parameter, { scope, self }: Place): Known | undefined {
    const { node } = scope
    if (!isFunction(node)) return undefined
    const owner = ownerOf(scope)
    if (owner && node.params[0] === param && !isStatic(node)) return self ?? { of: owner, args: null }
    const args = node.name === '__init__' ? self?.args : null
    if (args?.has(param.name)) return args.get(param.name)
    const given = args ? [] : this.#argumentsOf(param, scope).map((one) => this.#value(one.value, one.place))
    const [first] = given
    if (first !== undefined && given.every((other) => other === first)) return first
    const annotated = param.annotation && classNamed(param.annotation, scope)
    // calls that give several things, or what is not known, make the default meaningless
    if (given.length > 0) return annotated ? { of: annotated, args: new Map() } : undefined
    const usual =
      param.default && scope.parent && this.#value(param.default, { scope: scope.parent, self: null })
    if (usual !== null && usual !== undefined) return usual
    if (annotated) return { of: annotated, args: new Map() }
    return param.default ? usual : undefined
  }

  /** What calls in the file give for a parameter. */
  #argumentsOf(param: Parameter, scope: Scope): { value: Expression; place: Place }[] {
    const { node } = scope
    if (!isFunction(node)) return []
    const owner = ownerOf(scope)
    const isMaking = owner !== null && node.name === '__init__'
    const sites = scope.file.calls(isMaking ? nameOf(owner) : node.name).filter(({ call, scope: from }) => {
      const isOfSelf = call.func.kind === 'Attribute' && isSelf(call.func.value, from)
      return isMaking || isOfSelf === (owner !== null)
    })
    const position = node.params.indexOf(param) - (owner && !isStatic(node) ? 1 : 0)
    return sites.flatMap(({ call, scope: from }) => {
      if (call.args.some(({ kind }) => kind === 'Starred')) return []
      const given = call.keywords.find(({ arg }) => arg === param.name)?.value ?? call.args[position]
      return given ? [{ value: given, place: placeIn(from) }] : []
    })
  }

  /** An attribute of an object, as it is when it was made. */
  field(object: Instance, name: string): Known | undefined {
    const made = object.args === null ? 0 : this.#numberOf(object.args)
    const key = `${object.of.id} ${made} ${name}`
    if (this.#current.has(key)) return this.#current.get(key)
    return this.#bounded(() => this.#fieldOf(object, name, key))
  }

  /** Tells arguments apart that objects are made with. */
  #numberOf(args: object): number {
    const known = this.#numbers.get(args) ?? ++this.#lastNumber
    this.#numbers.set(args, known)
    return known
  }

  #fieldOf(object: Instance, name: string, key: string): Known | undefined {
    const { of: scope, args } = object
    const methods = methodsOf(scope)
    const makers = methods.filter(({ node }) => isMaker(node))
    const others = methods.filter((method) => !makers.includes(method) && method.fields.has(name))
    const property = methods.find(({ node }) => isFunction(node) && node.name === name && isProperty(node))
    if (property) return this.#returned(property, object)
    const isOwn = scope.names.has(name) || makers.some(({ fields }) => fields.has(name))
    if (!isOwn && others.length === 0) {
      for (const base of 'bases' in scope.node ? scope.node.bases : []) {
        const above = classNamed(base, scope)
        const value =
          above && this.field({ of: above, args: args ?? this.#argumentsAbove(object, above) }, name)
        if (value !== null && value !== undefined) return value
      }
      return undefined
    }
    if (others.length > 0) return undefined
    const hasMaker = makers.some(({ node }) => isFunction(node) && node.name === '__init__')
    let value = this.#folded(scope.names.get(name) ?? [], { scope, self: null }, undefined, false)
    if (!hasMaker && args?.has(name)) value = args.get(name)
    try {
      for (const method of makers) {
        this.#current.set(key, value)
        const place = { scope: method, self: object }
        value = this.#folded(method.fields.get(name) ?? [], place, value, scope.names.has(name), (next) =>
          this.#current.set(key, next),
        )
      }
      return value
    } finally {
      this.#current.delete(key)
    }
  }

  /** What an object's class gives to the one that it extends: by `super().__init__`, or as it is made itself. */
  #argumentsAbove(object: Instance, above: Scope): Map<string, Known | undefined> {
    const maker = methodsOf(object.of).find(({ node }) => isFunction(node) && node.name === '__init__')
    const { file } = object.of
    const [site] = maker
      ? file.calls('__init__').filter(({ scope }) => scope === maker)
      : file.calls(nameOf(object.of))
    if (!site) return new Map()
    return this.#argumentsIn(site.call, above, maker ? { scope: maker, self: object } : placeIn(site.scope))
  }

  /** Of a property that is one `return`. */
  #returned(scope: Scope, self: Instance): Known | undefined {
    const last = isFunction(scope.node) ? scope.node.body.at(-1) : undefined
    return last?.kind === 'Return' && last.value ? this.#value(last.value, { scope, self }) : undefined
  }

  #called(call: Call, place: Place): Known | undefined {
    const { func, args, keywords } = call
    const name = calledName(call)
    const made = func.kind === 'Name' ? classNamed(func, place.scope) : null
    if (made) return { of: made, args: this.#argumentsIn(call, made, place) }
    const [first, second, third] = args
    // a field of a dataclass, however it is described
    const usual = keywords.find(({ arg }) => arg === 'default')?.value
    if (usual && !isFunction(place.scope.node)) return this.#value(usual, place)
    if (name === 'getattr' && first && second?.kind === 'String') {
      const object = this.#value(first, place)
      const found = isInstance(object) ? this.field(object, second.value) : undefined
      if (found !== undefined || !isInstance(object) || !third) return found
      return this.#value(third, place)
    }
    if (name === 'get' && func.kind === 'Attribute' && first) {
      const [object, key] = [this.#value(func.value, place), this.#value(first, place)]
      if (!(object instanceof Map) || typeof key !== 'string') return undefined
      return object.has(key) || !second ? object.get(key) : this.#value(second, place)
    }
    const numbers = args.map((argument) => this.#value(argument, place))
    if (!numbers.every((one) => typeof one === 'number')) return undefined
    return mathFunctions[name]?.(...numbers)
  }

  #argumentsIn(call: Call, made: Scope, place: Place): Map<string, Known | undefined> {
    const maker = methodsOf(made).find(({ node }) => isFunction(node) && node.name === '__init__')
    const names =
      maker && isFunction(maker.node)
        ? maker.node.params.slice(1).map(({ name }) => name)
        : [...made.names.keys()]
    const all = new Map<string, Known | undefined>()
    for (const [at, argument] of call.args.entries()) all.set(names[at] ?? '', this.#value(argument, place))
    for (const { arg, value } of call.keywords) if (arg) all.set(arg, this.#value(value, place))
    return all
  }
}

/** A place in a scope, as any object of its class sees it. */
export function placeIn(scope: Scope): Place {
  const owner = ownerOf(scope)
  return { scope, self: owner && { of: owner, args: null } }
}

export const isInstance = (value: unknown): value is Instance =>
  typeof value === 'object' && value !== null && 'of' in value

const isTrue = (value: Known): boolean => Boolean(value)
