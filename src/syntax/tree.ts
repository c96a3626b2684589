// The typed Python syntax tree: the node kinds, fields and ranges of Python's own `ast` module.

/**
 * Every node has `start` and `end` offsets in UTF-16 code units of the module text, end exclusive,
 * covering exactly what Python's `ast` module reports (a parenthesised expression excludes its
 * parentheses, a decorated function starts at `def`). Nodes of unchanged code keep their identity
 * over edits; their offsets are moved in place.
 */
export interface NodeBase {
  start: number
  end: number
  /** What is written beside a statement, a parameter or a part of a statement, where there is anything. */
  notes?: Notes
}

/** The comments of a statement, a parameter or a part of a statement, and the docstring of a function or class as it is written. */
export interface Notes {
  /** Own-line comments directly above it, and the one behind it. */
  above: Comment[]
  behind: Comment | null
  docstring: Comment | null
}

// ---- expressions ----

export interface Name extends NodeBase {
  kind: 'Name'
  id: string
}
/** A number: `imaginary` marks `2j`. */
export interface NumberLiteral extends NodeBase {
  kind: 'Number'
  value: number
  isFloat: boolean
  imaginary: boolean
}
/** A string literal, adjacent ones joined; `value` has its escapes decoded. */
export interface StringLiteral extends NodeBase {
  kind: 'String'
  value: string
  isBytes: boolean
}
/** An f-string: literal pieces and the interpolated expressions in order. */
export interface FString extends NodeBase {
  kind: 'FString'
  parts: (string | Expression)[]
  /** The text behind an expression (`!r`, `:03d`) where there is one; null for expressions in such a text. */
  formats: Map<Expression, string | null>
}
/** `True`, `False`, `None` or `...`. */
export interface Constant extends NodeBase {
  kind: 'Constant'
  value: true | false | null | 'ellipsis'
}
export interface Attribute extends NodeBase {
  kind: 'Attribute'
  value: Expression
  attr: string
  /** Where the attribute's own name stands. */
  attrStart: number
  attrEnd: number
}
export interface Subscript extends NodeBase {
  kind: 'Subscript'
  value: Expression
  /** A `Tuple` for `x[a, b]`, ranged as Python does, from the first element to the last. */
  slice: Expression
}
export interface Slice extends NodeBase {
  kind: 'Slice'
  lower: Expression | null
  upper: Expression | null
  step: Expression | null
}
export interface Starred extends NodeBase {
  kind: 'Starred'
  value: Expression
}
/** One keyword argument; `arg` is null for `**value`. */
export interface Keyword extends NodeBase {
  kind: 'Keyword'
  arg: string | null
  value: Expression
}
export interface Call extends NodeBase {
  kind: 'Call'
  func: Expression
  args: Expression[]
  keywords: Keyword[]
}
export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**' | '@' | '&' | '|' | '^' | '<<' | '>>'
export interface BinOp extends NodeBase {
  kind: 'BinOp'
  left: Expression
  op: BinaryOperator
  right: Expression
  /** Where the operator itself stands. */
  opStart: number
}
export interface UnaryOp extends NodeBase {
  kind: 'UnaryOp'
  op: '-' | '+' | '~' | 'not'
  operand: Expression
}
export interface BoolOp extends NodeBase {
  kind: 'BoolOp'
  op: 'and' | 'or'
  values: Expression[]
}
export type CompareOperator = '<' | '<=' | '>' | '>=' | '==' | '!=' | 'in' | 'not in' | 'is' | 'is not'
/** `left ops[0] comparators[0] ops[1] comparators[1] …` */
export interface Compare extends NodeBase {
  kind: 'Compare'
  left: Expression
  ops: CompareOperator[]
  comparators: Expression[]
}
export interface IfExp extends NodeBase {
  kind: 'IfExp'
  test: Expression
  body: Expression
  orelse: Expression
}
export interface Lambda extends NodeBase {
  kind: 'Lambda'
  params: Parameters
  body: Expression
}
export interface TupleExpression extends NodeBase {
  kind: 'Tuple'
  elts: Expression[]
}
export interface ListExpression extends NodeBase {
  kind: 'List'
  elts: Expression[]
}
export interface SetExpression extends NodeBase {
  kind: 'Set'
  elts: Expression[]
}
/** `keys[i]` is null for a `**values[i]` entry. */
export interface DictExpression extends NodeBase {
  kind: 'Dict'
  keys: (Expression | null)[]
  values: Expression[]
}
export interface Comprehension {
  target: Expression
  iter: Expression
  ifs: Expression[]
  isAsync: boolean
}
export interface ListComp extends NodeBase {
  kind: 'ListComp' | 'SetComp' | 'GeneratorExp'
  elt: Expression
  generators: Comprehension[]
}
export interface DictComp extends NodeBase {
  kind: 'DictComp'
  key: Expression
  value: Expression
  generators: Comprehension[]
}
export interface NamedExpr extends NodeBase {
  kind: 'NamedExpr'
  target: Name
  value: Expression
}
export interface Await extends NodeBase {
  kind: 'Await'
  value: Expression
}
export interface Yield extends NodeBase {
  kind: 'Yield' | 'YieldFrom'
  value: Expression | null
}
/** Text that could not be understood; `children` are the expressions that could be. */
export interface ErrorExpression extends NodeBase {
  kind: 'ErrorExpr'
  children: Expression[]
}

export type Expression =
  | Name
  | NumberLiteral
  | StringLiteral
  | FString
  | Constant
  | Attribute
  | Subscript
  | Slice
  | Starred
  | Call
  | BinOp
  | UnaryOp
  | BoolOp
  | Compare
  | IfExp
  | Lambda
  | TupleExpression
  | ListExpression
  | SetExpression
  | DictExpression
  | ListComp
  | DictComp
  | NamedExpr
  | Await
  | Yield
  | ErrorExpression

// ---- parameters ----

/** One parameter; its range covers name and annotation, as Python's `ast.arg`, without the default. */
export interface Parameter extends NodeBase {
  kind: 'Parameter'
  name: string
  annotation: Expression | null
  default: Expression | null
  category: 'positional-only' | 'normal' | 'keyword-only' | 'var-positional' | 'var-keyword'
}
export type Parameters = Parameter[]

// ---- statements ----

export interface FunctionDef extends NodeBase {
  kind: 'FunctionDef'
  name: string
  nameStart: number
  nameEnd: number
  params: Parameters
  returns: Expression | null
  decorators: Expression[]
  body: Statement[]
  isAsync: boolean
  /** The function body's docstring, or null. */
  docstring: string | null
}
export interface ClassDef extends NodeBase {
  kind: 'ClassDef'
  name: string
  nameStart: number
  nameEnd: number
  bases: Expression[]
  keywords: Keyword[]
  decorators: Expression[]
  body: Statement[]
  docstring: string | null
}
export interface Return extends NodeBase {
  kind: 'Return'
  value: Expression | null
}
export interface Delete extends NodeBase {
  kind: 'Delete'
  targets: Expression[]
}
export interface Assign extends NodeBase {
  kind: 'Assign'
  targets: Expression[]
  value: Expression
}
export interface AugAssign extends NodeBase {
  kind: 'AugAssign'
  target: Expression
  op: BinaryOperator
  value: Expression
}
export interface AnnAssign extends NodeBase {
  kind: 'AnnAssign'
  target: Expression
  annotation: Expression
  value: Expression | null
}
export interface For extends NodeBase {
  kind: 'For'
  target: Expression
  iter: Expression
  body: Statement[]
  orelse: Statement[]
  isAsync: boolean
}
export interface While extends NodeBase {
  kind: 'While'
  test: Expression
  body: Statement[]
  orelse: Statement[]
}
/** `elif` is an `If` alone in `orelse`. */
export interface If extends NodeBase {
  kind: 'If'
  test: Expression
  body: Statement[]
  orelse: Statement[]
}
export interface WithItem {
  context: Expression
  target: Expression | null
}
export interface With extends NodeBase {
  kind: 'With'
  items: WithItem[]
  body: Statement[]
  isAsync: boolean
}
export interface Raise extends NodeBase {
  kind: 'Raise'
  exc: Expression | null
  /** The expression after `from`. */
  cause: Expression | null
}
export interface ExceptHandler extends NodeBase {
  kind: 'ExceptHandler'
  type: Expression | null
  name: string | null
  body: Statement[]
}
export interface Try extends NodeBase {
  kind: 'Try'
  body: Statement[]
  handlers: ExceptHandler[]
  orelse: Statement[]
  finalbody: Statement[]
}
export interface Assert extends NodeBase {
  kind: 'Assert'
  test: Expression
  msg: Expression | null
}
/** `name` is the dotted path as written; `asname` null when there is none. */
export interface Alias extends NodeBase {
  kind: 'Alias'
  name: string
  asname: string | null
}
export interface Import extends NodeBase {
  kind: 'Import'
  names: Alias[]
}
/** `from ..module import names`; `names` is one alias `*` for a star import. */
export interface ImportFrom extends NodeBase {
  kind: 'ImportFrom'
  module: string
  level: number
  names: Alias[]
}
export interface Global extends NodeBase {
  kind: 'Global' | 'Nonlocal'
  names: string[]
}
export interface ExpressionStatement extends NodeBase {
  kind: 'Expr'
  value: Expression
}
export interface Jump extends NodeBase {
  kind: 'Pass' | 'Break' | 'Continue'
}
/** A pattern of `match`, simplified to what binding names and testing needs. */
export type Pattern = NodeBase &
  (
    | { kind: 'MatchValue'; value: Expression }
    | { kind: 'MatchCapture'; name: string | null; pattern: Pattern | null }
    | { kind: 'MatchStar'; name: string | null }
    | { kind: 'MatchSequence'; patterns: Pattern[] }
    | { kind: 'MatchMapping'; keys: Expression[]; patterns: Pattern[]; rest: string | null }
    | {
        kind: 'MatchClass'
        cls: Expression
        patterns: Pattern[]
        keywords: { name: string; pattern: Pattern }[]
      }
    | { kind: 'MatchOr'; patterns: Pattern[] }
  )
export interface MatchCase {
  pattern: Pattern
  guard: Expression | null
  body: Statement[]
}
export interface Match extends NodeBase {
  kind: 'Match'
  subject: Expression
  cases: MatchCase[]
}
/** A `type X = …` statement. */
export interface TypeAlias extends NodeBase {
  kind: 'TypeAlias'
  name: string
  value: Expression
}
/** Text that could not be understood as a statement. */
export interface ErrorStatement extends NodeBase {
  kind: 'ErrorStmt'
  children: Expression[]
}

export type Statement =
  | FunctionDef
  | ClassDef
  | Return
  | Delete
  | Assign
  | AugAssign
  | AnnAssign
  | For
  | While
  | If
  | With
  | Raise
  | Try
  | Assert
  | Import
  | ImportFrom
  | Global
  | ExpressionStatement
  | Jump
  | Match
  | TypeAlias
  | ErrorStatement

export type Node = Expression | Statement | Parameter | Keyword | ExceptHandler | Alias | Pattern

// ---- modules ----

export interface Comment extends NodeBase {
  /** With its leading `#`; for a docstring its quotes and all between them. */
  text: string
}
export interface SyntaxProblem {
  start: number
  end: number
  message: string
}
/** A parsed file. Never mutated by readers. */
export interface ModuleTree {
  text: string
  body: Statement[]
  comments: Comment[]
  problems: SyntaxProblem[]
}
