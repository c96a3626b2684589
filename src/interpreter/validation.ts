// What a model makes of a value that is given for a field: of another kind, or an instance of the annotated class.

import type { Expression } from '../syntax/tree'
import { dict, int, list, tuple, type Value } from '../trace/values'
import { typeOfAnnotation } from './annotations'
import { callValue, callValueWith } from './calls'
import { iterableItems } from './containers'
import { shallowCopy } from './copying'
import { lastName } from './decorators'
import { memberOf } from './enums'
import type { Interpreter } from './interpreter'
import { aliasOf } from './notation/annotated'
import { ClassObject, InstanceObject, NativeType, plainValue, type Scope } from './objects'

/** The value of a field of this annotation that is given `value`; where that is not known, any of the annotation. */
export function validated(
  interp: Interpreter,
  scope: Scope,
  annotation: Expression,
  value: Value,
  name: string,
): Value {
  const fitted = fittedTo(interp, scope, annotation, value)
  if (fitted && fitted.kind !== 'unknown') return fitted
  const typed = interp.fromAnnotation(scope, annotation, name)
  // What is learnt of a value that is not known goes back to where it comes from.
  if (fitted) return typed instanceof InstanceObject ? typed : fitted
  return typed ?? interp.unknown(`what a model makes of ${name} is not known`, name)
}

/** What the value becomes; null where it is refused or that is not known. */
function fittedTo(interp: Interpreter, scope: Scope, node: Expression, given: Value): Value | null {
  const value = interp.settle(given)
  if (value.kind === 'unknown') return value
  if (value.kind === 'union') {
    const options = value.options.map((option) => fittedTo(interp, scope, node, option))
    return options.every((option) => option !== null) ? { ...value, options } : null
  }
  switch (node.kind) {
    case 'Constant':
      return node.value === null && value.kind === 'none' ? value : null
    case 'Name': {
      const alias = aliasOf(interp, scope, node.id)
      return alias
        ? fittedTo(interp, alias.scope, alias.expression, value)
        : fittedToType(interp, typeOfAnnotation(interp, scope, node), value)
    }
    case 'Attribute':
    case 'String':
    case 'Call':
      return fittedToType(interp, typeOfAnnotation(interp, scope, node), value)
    case 'BinOp':
      return node.op === '|' ? fittedToOne(interp, scope, [node.left, node.right], value) : null
    case 'Subscript':
      return fittedToParts(interp, scope, node, value)
    default:
      return null
  }
}

/** What no type but its own can be made of. */
const asItIs = (value: Value): Value | null =>
  value.kind === 'tensor' || value.kind === 'object' || value.kind === 'none' ? value : null

function fittedToType(interp: Interpreter, type: Value, value: Value): Value | null {
  if (type instanceof ClassObject) return fittedToClass(interp, type, value)
  if (!(type instanceof NativeType)) return asItIs(value)
  const plain = plainValue(value)
  switch (type.name.toLowerCase()) {
    case 'any':
    case 'object':
    case 'callable':
      return value
    case 'int':
      if (plain.kind === 'bool') return plain.value === null ? null : int(plain.value ? 1 : 0)
      return plain.kind === 'int' ? plain : isText(plain) ? callValue(interp, type, [plain]) : null
    case 'float':
      return plain.kind === 'float' ? plain : isNumber(plain) ? callValue(interp, type, [plain]) : null
    case 'str':
    case 'bool':
      return plain.kind === type.name ? plain : null
    case 'list':
    case 'sequence':
    case 'iterable':
    case 'tuple':
    case 'dict':
    case 'mapping':
      return collected(interp, type.name.toLowerCase(), value, () => (item) => item)
    default:
      return type.isInstance(value) === true ? value : asItIs(value)
  }
}

const isText = (value: Value): boolean => value.kind === 'str' && value.value !== null
const isNumber = (value: Value): boolean => isText(value) || value.kind === 'int' || value.kind === 'bool'

/** An instance of a class: made of a dict where its fields are checked, too, or the member of an enum. */
function fittedToClass(interp: Interpreter, cls: ClassObject, value: Value): Value | null {
  if (cls.role === 'enum') return memberOf(interp, cls, value)
  if (value.kind !== 'dict') return asItIs(value)
  if (cls.role === 'dict') return value
  if (cls.role !== 'dataclass') return null
  const keywords = new Map<string, Value>()
  let isOpen = value.state.get('isOpen') === true
  for (const { key, value: item, isOptional } of value.entries.values())
    if (key.kind === 'str' && key.value !== null && !isOptional) keywords.set(key.value, item)
    else isOpen = true
  return callValueWith(interp, cls, { positional: [], keywords, isOpen })
}

/** One of several types: the one that has the value already, else the only one that takes it. */
function fittedToOne(
  interp: Interpreter,
  scope: Scope,
  nodes: readonly Expression[],
  value: Value,
): Value | null {
  const fitted = nodes.map((node) => fittedTo(interp, scope, node, value)).filter((one) => one !== null)
  return fitted.find((one) => one === value) ?? (fitted.length === 1 ? (fitted[0] ?? null) : null)
}

/** What is said in `Annotated` that leaves the value as its type has it. */
const mereLimits = new Set(
  'Field Gt Ge Lt Le Interval MultipleOf MinLen MaxLen Len StringConstraints Strict Discriminator Doc'.split(
    ' ',
  ),
)
const isMereLimit = (node: Expression): boolean =>
  node.kind === 'String' || node.kind === 'Constant' || mereLimits.has(lastName(node) ?? '')

function fittedToParts(
  interp: Interpreter,
  scope: Scope,
  node: Extract<Expression, { kind: 'Subscript' }>,
  value: Value,
): Value | null {
  const inner = node.slice.kind === 'Tuple' ? node.slice.elts : [node.slice]
  const [first = node.slice, ...others] = inner
  const fit =
    (part: Expression) =>
    (item: Value): Value =>
      fittedTo(interp, scope, part, item) ?? interp.unknown('an item that a model makes is not known')
  const base = (lastName(node.value) ?? '').toLowerCase()
  switch (base) {
    case 'optional':
      return value.kind === 'none' ? value : fittedTo(interp, scope, first, value)
    case 'union':
      return fittedToOne(interp, scope, inner, value)
    case 'annotated':
      return others.every(isMereLimit) ? fittedTo(interp, scope, first, value) : null
    case 'final':
    case 'required':
      return fittedTo(interp, scope, first, value)
    case 'literal':
    case 'callable':
    case 'type':
      return value
    case 'tuple': {
      const isOfAnyLength = others.length === 1 && others[0]?.kind === 'Constant'
      return collected(interp, base, value, (i) => fit(isOfAnyLength ? first : (inner[i] ?? first)))
    }
    case 'list':
    case 'sequence':
    case 'iterable':
      return collected(interp, base, value, () => fit(first))
    case 'dict':
    case 'mapping': {
      const keys = value.kind === 'dict' ? [...value.entries.values()].map((entry) => entry.key) : []
      const areKept = keys.every((key) => fittedTo(interp, scope, first, key) === key)
      return areKept ? collected(interp, base, value, () => fit(others[0] ?? first)) : null
    }
    default:
      return asItIs(value)
  }
}

/** A new list, tuple or dict of what the items become. */
function collected(
  interp: Interpreter,
  kind: string,
  value: Value,
  fitAt: (at: number) => (item: Value) => Value,
): Value | null {
  if (kind === 'dict' || kind === 'mapping') {
    if (value.kind !== 'dict') return null
    const made = dict()
    for (const [key, entry] of value.entries)
      made.entries.set(key, { ...entry, value: fitAt(0)(entry.value) })
    for (const [flag, isSet] of value.state) made.state.set(flag, isSet)
    return made
  }
  const isList = value.kind === 'list' && !value.isSet
  if (!isList && value.kind !== 'tuple') return null
  const items = iterableItems(interp, value)
  const wantsTuple = kind === 'tuple' || (kind !== 'list' && value.kind === 'tuple')
  if (!items) return wantsTuple === (value.kind === 'tuple') ? shallowCopy(interp, value) : null
  const fitted = items.map((item, i) => fitAt(i)(item))
  return wantsTuple ? tuple(fitted) : list(fitted)
}
