// The interpreter's own kinds of value: functions, classes, instances, modules and bound methods.

import { StateMap } from '../dims/trail'
import type { Autocast } from '../ops/autocast'
import type { Arguments, Op } from '../ops/op'
import type { ClassDef, Expression, FunctionDef, Lambda } from '../syntax/tree'
import type { Place } from '../trace/trace'
import { type ListValue, none, RuntimeObject, unknown, type Value } from '../trace/values'
import type { Interpreter } from './interpreter'
import type { PendingBody } from './pending'

/** The variables of a module, class body, function or comprehension, and where it looks further. */
export interface Scope {
  readonly variables: Map<string, Value>
  readonly parent: Scope | null
  readonly module: ModuleObject
  /** A class body's variables are not seen from the functions in it. */
  readonly isClass: boolean
  /** The class or function whose body it is; null for a module. */
  readonly within: ClassObject | FunctionObject | null
  /** Names that `global` or `nonlocal` send to another scope. */
  readonly redirected: Map<string, Scope> | null
}

/** What is bound to a name in a scope or in the functions around it; class bodies and modules are passed over. */
export function enclosingValue(scope: Scope | null, name: string): Value | undefined {
  for (let around = scope; around && around.variables !== around.module.globals; around = around.parent) {
    const value = around.isClass ? undefined : around.variables.get(name)
    if (value !== undefined) return value
  }
  return undefined
}

export class ModuleObject extends RuntimeObject {
  readonly globals: Map<string, Value> = new Map()
  readonly scope: Scope
  /** Types that its body names: `Cache = Tuple[Tensor, Tensor]`. */
  readonly typeAliases = new Map<string, Expression>()
  /** False while its body runs, so that an import cycle is seen. */
  isLoaded = false
  /** True for a part of the prelude whose library refuses less than PyTorch: what PyTorch's rules say in it is no problem. */
  isLenient = false
  /** What its body still has to do, where it runs as its names are asked for. */
  pending: PendingBody | null = null
  /** Its source, for an imported module. */
  text: string | null = null
  constructor(
    readonly name: string,
    /** Absolute path of its source, or the name of a part of the prelude. */
    readonly path: string,
    /** True for the prelude, whose frames and nodes users do not see. */
    readonly isPrelude: boolean,
  ) {
    super()
    this.scope = {
      variables: this.globals,
      parent: null,
      module: this,
      isClass: false,
      within: null,
      redirected: null,
    }
  }
  describe(): string {
    return `module ${this.name}`
  }
  /** A global variable, as the module's code reads it. */
  lookup(name: string, interp: Interpreter): Value | undefined {
    this.pending?.demand(name, interp)
    return this.globals.get(name)
  }
  /** A global variable as importers and annotations see it: also what is declared under `if TYPE_CHECKING`. */
  lookupDeclared(name: string, interp: Interpreter): Value | undefined {
    const value = this.lookup(name, interp)
    if (value !== undefined || !this.pending) return value
    this.pending.demandDeclared(name, interp)
    return this.globals.get(name)
  }
}

/** True for the arrays of the prelude's NumPy, which hold a tensor. */
export const isArray = (value: InstanceObject): boolean =>
  value.cls.name === 'ndarray' && value.cls.module.isPrelude

/** A namespace of operations and constants that ShapeScope knows itself, such as `torch`. */
export class NativeModule extends RuntimeObject {
  constructor(readonly name: string) {
    super()
  }
  describe(): string {
    return `module ${this.name}`
  }
}

const qualnameOf = (name: string, within: ClassObject | FunctionObject | null): string =>
  !within ? name : `${within.qualname}.${within instanceof FunctionObject ? '<locals>.' : ''}${name}`

export class FunctionObject extends RuntimeObject {
  readonly attributes = new StateMap<string, Value>()
  /** The class whose body defines it, for `super()`. */
  owner: ClassObject | null = null
  /** How many of its results it keeps: what it gave once it gives again for the same arguments. */
  keeps = 0
  /** What a decorator made it of. */
  decorated: FunctionObject | null = null
  constructor(
    readonly name: string,
    /** Its text as it is now: an edit of its body alone leaves the function what it is. */
    public definition: FunctionDef | Lambda,
    readonly scope: Scope,
    readonly defaults: ReadonlyMap<string, Value>,
  ) {
    super()
  }
  /** `Class.method`, `function.<locals>.inner`. */
  get qualname(): string {
    return qualnameOf(this.name, this.scope.within)
  }
  /** The function as it is written, behind its decorators. */
  get undecorated(): FunctionObject {
    return this.decorated?.undecorated ?? this
  }
  describe(): string {
    return `function ${this.name}`
  }
}

/** Python's dataclasses, attrs, pydantic's dataclasses and its models, and what is assumed of a library that is not known. */
export type FieldStyle = 'dataclasses' | 'attrs' | 'checked' | 'model' | 'assumed'

export class ClassObject extends RuntimeObject {
  readonly attributes = new StateMap<string, Value>()
  /** Method resolution order, itself first. */
  readonly mro: readonly ClassObject[]
  /** True if a base is not known, so that any attribute may exist. */
  readonly hasUnknownBase: boolean
  /** True if the class itself has one, not a base of it. */
  readonly namesUnknownBase: boolean
  /** Names and annotated fields in order, for dataclasses and named tuples. */
  fields: readonly string[] = []
  /** What a dataclass's fields are, inherited ones first. */
  readonly dataFields = new Map<string, FieldObject>()
  role: 'plain' | 'dataclass' | 'namedtuple' | 'enum' | 'dict' = 'plain'
  /** True if a decorator that is not known may have given it a constructor. */
  isRemade = false
  /** Whose rules its fields follow, for a dataclass. */
  fieldStyle: FieldStyle = 'dataclasses'
  /** True for an enum whose members are numbers or strings themselves. */
  isPlain = false
  /** True for an enum whose members are strings. */
  isText = false
  /** True for an enum whose members are sets of bits. */
  isFlag = false
  constructor(
    readonly name: string,
    public definition: ClassDef,
    readonly module: ModuleObject,
    readonly bases: readonly Value[],
    readonly within: ClassObject | FunctionObject | null,
  ) {
    super()
    const parents = bases.filter((b) => b instanceof ClassObject)
    this.namesUnknownBase = bases.some((b) => b.kind === 'unknown' || (b instanceof NativeType && b.isOpaque))
    this.hasUnknownBase =
      this.namesUnknownBase || parents.some((p) => p instanceof ClassObject && p.hasUnknownBase)
    this.mro = linearise(this, parents)
    for (const parent of parents) {
      if (parent.role !== 'plain') this.role = parent.role
      if (parent.role === 'dataclass') this.fieldStyle = parent.fieldStyle
      this.isPlain ||= parent.isPlain
      this.isFlag ||= parent.isFlag
      this.isText ||= parent.isText
    }
  }
  get qualname(): string {
    return qualnameOf(this.name, this.within)
  }
  describe(): string {
    return `class ${this.name}`
  }
  /** An attribute of the class or of its bases. */
  find(name: string): Value | undefined {
    for (const cls of this.mro) {
      const value = cls.attributes.get(name)
      if (value !== undefined) return value
    }
    return undefined
  }
  isSubclassOf(other: ClassObject): boolean {
    return this.mro.includes(other)
  }
}

/** Python's C3 order; where the bases contradict one another, depth first. */
function linearise(cls: ClassObject, parents: readonly ClassObject[]): ClassObject[] {
  const lists = [...parents.map((p) => [...p.mro]), [...parents]]
  const order: ClassObject[] = [cls]
  while (lists.some((l) => l.length > 0)) {
    const next =
      lists.map((l) => l[0]).find((c) => c && !lists.some((l) => l.indexOf(c) > 0)) ??
      lists.find((l) => l.length > 0)?.[0]
    if (!next) break
    if (!order.includes(next)) order.push(next)
    for (const l of lists) {
      const at = l.indexOf(next)
      if (at >= 0) l.splice(at, 1)
    }
  }
  return order
}

export class InstanceObject extends RuntimeObject {
  readonly attributes = new StateMap<string, Value>()
  /** True if it may have attributes that are not known: something that it was given to was not followed. */
  isOpen = false
  /** The dict, list or other built-in value that an instance of a subclass of its type is. */
  payload: Value | null = null
  constructor(
    readonly cls: ClassObject,
    /** The call that made it: instances that a loop makes there are taken as one another. */
    readonly site: Place | null = null,
  ) {
    super()
  }
  describe(): string {
    return this.cls.name
  }
}

/** True for a class that says itself when its instances are equal. */
export const ownsEquality = (cls: ClassObject): boolean =>
  cls.role === 'dataclass' || cls.find('__eq__') !== undefined || cls.find('__hash__') !== undefined

/** The built-in value that an instance is where one is wanted: a member of an `IntEnum`, an instance of a kind of tuple. */
export const plainValue = (value: Value): Value =>
  value instanceof InstanceObject && value.payload && !ownsEquality(value.cls) ? value.payload : value

export class BoundMethod extends RuntimeObject {
  constructor(
    readonly self: Value,
    readonly callable: Value,
  ) {
    super()
  }
  describe(): string {
    return 'method'
  }
}

/** An operation, with the tensor that it is a method of. */
export class OpFunction extends RuntimeObject {
  constructor(
    readonly name: string,
    readonly op: Op,
    readonly self: Value | null = null,
  ) {
    super()
  }
  describe(): string {
    return `function ${this.name}`
  }
}

/** A function that the interpreter itself knows, such as `len`. */
export class NativeFunction extends RuntimeObject {
  constructor(
    readonly name: string,
    /** Gets the interpreter that runs it, since the prelude's natives serve every run. */
    readonly call: (args: Arguments, interp: Interpreter) => Value,
  ) {
    super()
  }
  describe(): string {
    return `function ${this.name}`
  }
}

/** `extend` of a list, which a generator that it is given may read meanwhile. */
export class ExtendFunction extends NativeFunction {
  constructor(
    readonly list: ListValue,
    call: (args: Arguments, interp: Interpreter) => Value,
  ) {
    super('extend', call)
  }
}

/** A native function that is bound to the instance it is read from, as functions in a class are. */
export class NativeMethod extends NativeFunction {}

/** `torch.autocast(…)`: a context, and a decorator that gives back what it gets. */
export class AutocastContext extends NativeFunction {
  constructor(readonly autocast: Autocast | null) {
    super('autocast', (args) => args.positional[0] ?? none)
  }
}

/** A type that the interpreter itself knows: `int`, `list`, `torch.Tensor`. */
export class NativeType extends RuntimeObject {
  constructor(
    readonly name: string,
    readonly isInstance: (value: Value) => boolean | null,
    readonly construct: ((args: Arguments, interp: Interpreter) => Value) | null,
    /** True if only its name is known: what inherits from it may have any attribute. */
    readonly isOpaque = false,
  ) {
    super()
  }
  describe(): string {
    return `class ${this.name}`
  }
}

/** What `collections.namedtuple` makes: a class of tuples, which other classes may inherit from. */
export class NamedTupleType extends NativeType {
  constructor(
    name: string,
    readonly fields: readonly string[],
    /** The last fields' values where none are given. */
    readonly defaults: ReadonlyMap<string, Value>,
  ) {
    super(
      name,
      (value) => {
        if (value.kind === 'unknown' || value.kind === 'union') return null
        const cls = value.kind === 'tuple' ? value.cls : undefined
        return cls === this || (cls instanceof ClassObject && cls.mro.some((c) => c.bases.includes(this)))
      },
      ({ positional, keywords }) => ({
        kind: 'tuple',
        items: fields.map((f, i) => positional[i] ?? keywords.get(f) ?? defaults.get(f) ?? unknown(f)),
        fields,
        cls: this,
      }),
    )
  }
}

/** `property`, `staticmethod` and `classmethod` around a function. */
export class Descriptor extends RuntimeObject {
  constructor(
    readonly role: 'property' | 'static' | 'class',
    readonly callable: Value,
    readonly setter: Value | null = null,
    /** True for a property that an instance has as an attribute once it was read. */
    readonly isKept = false,
    readonly deleter: Value | null = null,
  ) {
    super()
  }
  describe(): string {
    return this.role
  }
}

/** What `iter` and generators give: the items of `source` from a place on that `next` moves. */
export class IteratorObject extends RuntimeObject {
  readonly state = new Map<'at', number>()
  constructor(
    readonly source: Value,
    /** True for a generator that never ends. */
    readonly isEndless = false,
  ) {
    super()
  }
  describe(): string {
    return 'iterator'
  }
}

/** A type that a module names for its annotations: `Image = Float[Tensor, "h w c"]`. */
export class TypeObject extends RuntimeObject {
  constructor(
    readonly expression: Expression,
    readonly scope: Scope,
  ) {
    super()
  }
  describe(): string {
    return 'type'
  }
}

/** A field of a dataclass, and what `dataclasses.field(…)` gives. */
export class FieldObject extends RuntimeObject {
  name = ''
  /** Where its class declares it. */
  declared: { readonly scope: Scope; readonly annotation: Expression } | null = null
  /** What gives its default for an instance whose fields before it are set. */
  ofInstance: Value | null = null
  /** True for an `InitVar`, which only `__post_init__` is given. */
  isForInit = false
  constructor(
    readonly fallback: Value | null,
    readonly factory: Value | null,
    /** The keywords of `field(…)`. */
    readonly options: ReadonlyMap<string, Value>,
  ) {
    super()
  }
  describe(): string {
    return 'field'
  }
}

/** A constant that is only compared by identity. */
export class RuntimeMarker extends RuntimeObject {
  constructor(readonly name: string) {
    super()
  }
  describe(): string {
    return this.name
  }
}

/** An instance of a built-in exception. */
export class RuntimeException extends RuntimeObject {
  readonly attributes: Map<string, Value>
  /** True if a layer of the prelude raises it. */
  isOfLayer = false
  constructor(
    readonly type: string,
    args: Value,
  ) {
    super()
    this.attributes = new Map([['args', args]])
  }
  describe(): string {
    return this.type
  }
}

/** Something of the standard library that is only its attributes; `others` makes those that are not listed. */
export class RecordObject extends RuntimeObject {
  constructor(
    readonly name: string,
    readonly attributes: ReadonlyMap<string, Value>,
    readonly others: ((name: string) => Value) | null = null,
  ) {
    super()
  }
  describe(): string {
    return this.name
  }
}

export class SuperObject extends RuntimeObject {
  constructor(
    readonly cls: ClassObject,
    readonly self: Value,
  ) {
    super()
  }
  describe(): string {
    return 'super()'
  }
}

export class PartialObject extends RuntimeObject {
  constructor(
    readonly callable: Value,
    readonly args: Arguments,
  ) {
    super()
  }
  describe(): string {
    return 'functools.partial(…)'
  }
  /** What it is called with where these are given besides. */
  with({ positional, keywords, isOpen }: Arguments): Arguments {
    return {
      positional: [...this.args.positional, ...positional],
      keywords: new Map([...this.args.keywords, ...keywords]),
      isOpen: this.args.isOpen || isOpen,
    }
  }
}
