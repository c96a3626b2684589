// Runs recorded lines of Python through the interpreter and compares what comes out with what PyTorch gave.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { constant, type Dim, fresh, type Sym } from '../../src/dims/dim'
import { substitute } from '../../src/dims/substitution'
import { runModule } from '../../src/interpreter/bodies'
import { Interpreter } from '../../src/interpreter/interpreter'
import { ModuleLoader, SharedModules } from '../../src/interpreter/modules'
import type { ModuleObject } from '../../src/interpreter/objects'
import { runOf } from '../../src/interpreter/run'
import type { OpEnvironment } from '../../src/ops/op'
import { parseModule } from '../../src/syntax/parse'
import { type DType, isDType } from '../../src/tensors/dtype'
import { isContiguous } from '../../src/tensors/layout'
import { dimsOf, openShape, shapeOf } from '../../src/tensors/shape'
import { makeTensor, stridesOf, type Tensor } from '../../src/tensors/tensor'
import { none, unknown, type Value } from '../../src/trace/values'

type TensorLine = [shape: number[], dtype: string, strides: number[] | null, values?: number[]]
type Outcome =
  | null
  | boolean
  | number
  | string
  | Outcome[]
  | { t: TensorLine }
  | { f: 0 }
  | { c: 1 }
  | { d: string }
  | { dict: Record<string, Outcome> }

export interface Recorded {
  op: string
  call: string
  in: TensorLine[]
  out?: Outcome
  error?: [kind: string, message: string]
  /** 1 if it was refused for shapes, dims or indices. */
  shape?: 0 | 1
}

export function readRecords(folder: string, isWanted = (_: string): boolean => true): Recorded[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl') && isWanted(name))
    .sort()
    .flatMap((name) =>
      readFileSync(join(folder, name), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Recorded),
    )
}

const dtypeOf = (name: string): DType | null => (isDType(name) ? name : null)

/** How the recorded numbers are hidden from the rules: as names, or behind a gap. */
export type Disguise = 'none' | 'names' | 'open front' | 'open back' | 'open'

/** The dims of one call, where equal numbers get one name. */
class Names {
  readonly numbers = new Map<Sym, number>()
  readonly #dims = new Map<number, Dim>()
  of(size: number): Dim {
    if (size < 2) return constant(size)
    let d = this.#dims.get(size)
    if (!d) this.#dims.set(size, (d = fresh(`n${size}`, 0, 3)))
    if (d.symbol) this.numbers.set(d.symbol, size)
    return d
  }
  /** The number that a dim stands for, or null if it has a symbol of the rules' own. */
  value(d: Dim): number | null {
    return substitute(d, (atom) => {
      const number = atom.kind === 'symbol' ? this.numbers.get(atom) : undefined
      return number === undefined ? null : constant(number)
    }).value
  }
}

function disguised(line: TensorLine, disguise: Disguise, names: Names): Tensor {
  const [sizes, dtype, strides] = line
  if (disguise === 'none') return tensorOf(line)
  if (disguise === 'names')
    return makeTensor(shapeOf(sizes.map((n) => names.of(n))), dtypeOf(dtype), strides ? null : 'contiguous')
  const dims = sizes.map(constant)
  const shape =
    disguise === 'open front'
      ? openShape([], dims.slice(-2))
      : disguise === 'open back'
        ? openShape(dims.slice(0, 1))
        : openShape()
  return makeTensor(sizes.length === 0 ? shapeOf([]) : shape, dtypeOf(dtype), strides ? null : 'contiguous')
}

function tensorOf([shape, dtype, strides, values]: TensorLine): Tensor {
  const tensor = makeTensor(
    shapeOf(shape.map(constant)),
    dtypeOf(dtype),
    strides ? strides.map(constant) : 'contiguous',
  )
  return values ? { ...tensor, values: values.map(constant) } : tensor
}

/** How one aspect of a result compares. */
export type Grade = 'exact' | 'open' | 'wrong'
export interface Comparison {
  shape: Grade
  dtype: Grade
  layout: Grade
  strides: Grade
  values: Grade
}
export interface Replay {
  problems: string[]
  result: string
  comparison: Comparison | null
  crash?: string
}

const noFiles = { text: () => null, isFile: () => false, isFolder: () => false }
const header =
  'import einops, math, torch\nimport numpy as np\nimport torch.nn.functional as F\nfrom torch import nn\n'
let imported: ReadonlyMap<string, Value> | null = null

/** An interpreter at the start of a file, with the module that it will run. */
function startFile(): { interp: Interpreter; module: ModuleObject } {
  const loader = new ModuleLoader(noFiles, [], new SharedModules(), false)
  const interp = new Interpreter(loader)
  interp.isConcrete = true
  return { interp, module: loader.addMain('line', '/line.py', '__main__') }
}

/** What the header imports, which is the same for all lines. */
function imports(): ReadonlyMap<string, Value> {
  if (!imported) {
    const { interp, module } = startFile()
    runModule(interp, module, parseModule(header).body)
    imported = module.globals
  }
  return imported
}

/** Runs a recorded line of Python as a user's, its tensors being there already; `load` the grammar before. */
export function replay(line: Recorded, disguise: Disguise = 'none'): Replay {
  const isStatement = line.op === 'method.__setitem__'
  const tree = parseModule(`${isStatement ? '' : 'y = '}${line.call}\n`)
  const { interp, module } = startFile()
  for (const [name, value] of imports()) module.globals.set(name, value)
  const names = new Names()
  for (const [i, t] of line.in.entries()) module.globals.set(`a${i}`, disguised(t, disguise, names))
  let crash: string | undefined
  try {
    runOf(interp, 'program', '<module>', null, budget, () => runModule(interp, module, tree.body))
  } catch (error) {
    crash = String((error as Error).stack ?? error)
  }
  const problems = interp.problems.filter((p) => p.severity === 'error').map((p) => `${p.code}: ${p.message}`)
  const value = isStatement ? none : interp.resolved(module.globals.get('y') ?? unknown('it raises'))
  const read: Read = (d) => names.value(interp.dims.resolve(d))
  return {
    problems,
    result: shown(value, interp),
    comparison: line.out === undefined ? null : compare(value, line.out, interp, read),
    ...(crash !== undefined && { crash }),
  }
}
const budget = 1_000_000

const allOf = (grade: Grade): Comparison => ({
  shape: grade,
  dtype: grade,
  layout: grade,
  strides: grade,
  values: grade,
})
const worse = (a: Grade, b: Grade): Grade =>
  a === 'wrong' || b === 'wrong' ? 'wrong' : a === 'open' || b === 'open' ? 'open' : 'exact'
const both = (a: Comparison, b: Comparison): Comparison => ({
  shape: worse(a.shape, b.shape),
  dtype: worse(a.dtype, b.dtype),
  layout: worse(a.layout, b.layout),
  strides: worse(a.strides, b.strides),
  values: worse(a.values, b.values),
})
const graded = (isExact: boolean): Grade => (isExact ? 'exact' : 'wrong')

/** The number that a dim stands for in this call, or null. */
type Read = (d: Dim) => number | null

function compare(value: Value, out: Outcome, env: OpEnvironment, read: Read): Comparison {
  if (['unknown', 'union', 'sequence', 'size'].includes(value.kind)) return allOf('open')
  const only = (grade: Grade): Comparison => ({ ...allOf('exact'), shape: grade })
  if (out === null) return only(graded(value.kind === 'none'))
  if (typeof out === 'boolean')
    return only(value.kind !== 'bool' ? 'wrong' : value.value === null ? 'open' : graded(value.value === out))
  if (typeof out === 'number') {
    if (value.kind !== 'int') return only('wrong')
    const number = read(value.dim)
    return only(number === null ? 'open' : graded(number === out))
  }
  if (typeof out === 'string')
    return only(value.kind !== 'str' ? 'wrong' : value.value === null ? 'open' : graded(value.value === out))
  if (Array.isArray(out)) {
    const items = env.itemsOf(value)
    if (!items || items.length !== out.length) return only('wrong')
    return out.reduce<Comparison>(
      (sum, o, i) => both(sum, compare(items[i] ?? none, o, env, read)),
      allOf('exact'),
    )
  }
  if ('f' in out) return only(graded(value.kind === 'float'))
  if ('c' in out) return only(graded(value.kind === 'complex'))
  if ('dict' in out) {
    if (value.kind !== 'dict') return allOf('wrong')
    const entries = new Map(
      [...value.entries.values()].map((e) => [e.key.kind === 'str' ? e.key.value : '', e.value]),
    )
    const wanted = Object.entries(out.dict)
    if (entries.size !== wanted.length) return allOf('wrong')
    return wanted.reduce<Comparison>(
      (sum, [key, o]) => both(sum, compare(entries.get(key) ?? none, o, env, read)),
      allOf('exact'),
    )
  }
  if ('d' in out)
    return only(
      value.kind === 'dtype' ? (value.dtype === null ? 'open' : graded(value.dtype === out.d)) : 'wrong',
    )
  return value.kind === 'tensor' ? compareTensor(value, out.t, env, read) : allOf('wrong')
}

function compareTensor(
  t: Tensor,
  [shape, dtype, strides, values]: TensorLine,
  env: OpEnvironment,
  read: Read,
): Comparison {
  const known = env.facts.resolve(t.shape)
  const dims = dimsOf(known)
  const gradeOf = (d: Dim, size: number | undefined): Grade => {
    const number = read(d)
    return number === null ? 'open' : graded(number === size)
  }
  const ends = [
    ...known.lead.map((d, i) => gradeOf(d, shape[i])),
    ...known.trail.map((d, i) => gradeOf(d, shape[shape.length - known.trail.length + i])),
  ]
  const least = known.lead.length + known.trail.length
  const isRankWrong = dims ? dims.length !== shape.length : least > shape.length
  const found = isRankWrong ? 'wrong' : ends.reduce(worse, dims ? 'exact' : 'open')
  // A guess is marked as one and makes no error, so it may be wrong.
  const shapeGrade = t.assumed && found === 'wrong' ? 'open' : found
  const dtypeGrade: Grade = t.dtype === null ? 'open' : graded(t.dtype === dtype)
  const valuesGrade: Grade =
    !values || !t.values
      ? 'exact'
      : t.values
          .map(read)
          .reduce<Grade>((g, v, i) => worse(g, v === null ? 'open' : graded(v === values[i])), 'exact')
  const own = stridesOf({ ...t, shape: known })?.map((s) => env.facts.dims.resolve(s)) ?? null
  const isDense =
    t.layout === 'contiguous' ? true : dims && own ? isContiguous(dims, own, env.facts.dims) : null
  const layout: Grade = isDense === null ? 'open' : graded(isDense === isRowMajor(shape, strides))
  const dense = [...shape].map((_, i) => shape.slice(i + 1).reduce((a, b) => a * Math.max(b, 1), 1))
  const wanted = strides ?? dense
  const strideGrade: Grade =
    !own || shapeGrade !== 'exact'
      ? 'open'
      : own
          .map(
            (s, i): Grade =>
              shape[i] === 1 || shape.includes(0) || read(s) === wanted[i]
                ? 'exact'
                : read(s) === null
                  ? 'open'
                  : 'wrong',
          )
          .reduce(worse, 'exact')
  return { shape: shapeGrade, dtype: dtypeGrade, layout, strides: strideGrade, values: valuesGrade }
}

/** What PyTorch's `is_contiguous()` says: dims of size 1 do not count. */
export function isRowMajor(shape: readonly number[], strides: readonly number[] | null): boolean {
  if (!strides || shape.includes(0)) return true
  let step = 1
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] === 1) continue
    if (strides[i] !== step) return false
    step *= shape[i] ?? 1
  }
  return true
}

/** A result in words, for a list of failures. */
function shown(value: Value, env: OpEnvironment): string {
  if (value.kind === 'tensor') {
    const shape = env.facts.resolve(value.shape)
    const dims = [
      ...shape.lead.map((d) => d.value ?? '?'),
      ...(shape.gap ? ['...', ...shape.trail.map((d) => d.value ?? '?')] : []),
    ]
    const layout =
      value.layout === 'contiguous' ? '' : ` strides ${value.layout?.map((s) => s.value ?? '?') ?? '?'}`
    return `[${dims}] ${value.dtype}${layout}`
  }
  if (value.kind === 'int') return String(value.dim.value)
  if (value.kind === 'unknown') return `unknown (${value.reason})`
  return value.kind === 'tuple' || value.kind === 'list'
    ? `(${env
        .itemsOf(value)
        ?.map((v) => shown(v, env))
        .join('; ')})`
    : value.kind
}
