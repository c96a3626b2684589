// The modules that ShapeScope knows itself: torch, einops, numpy, math and parts of the standard library.

import { fresh } from '../dims/dim'
import { setDefaultDType } from '../ops/defaults'
import { deviceNamed } from '../ops/devices'
import { operations } from '../ops/index'
import type { Arguments } from '../ops/op'
import { largestOf } from '../ops/small-values'
import { typedTensors } from '../ops/tensor-names'
import { categoryOf, dtypeAliases, dtypeBytes, isDType } from '../tensors/dtype'
import { openShape } from '../tensors/shape'
import { makeTensor } from '../tensors/tensor'
import {
  bool,
  dtypeValue,
  float,
  int,
  list,
  none,
  sequence,
  str,
  tuple,
  Unknown,
  unknown,
  type Value,
} from '../trace/values'
import { typeOfParameter } from './annotations'
import { builtins } from './builtins'
import { dataFunction } from './data/functions'
import { noteDefaultText } from './default-texts'
import { distinctPairs, isParameter, keptPairs } from './held'
import { commandWords, isNotSo, torchVersion } from './installation'
import type { Interpreter } from './interpreter'
import { takeItems } from './iterators'
import { newParameter } from './learning'
import { fieldFunction } from './models'
import { mathFunction } from './native-math'
import {
  AutocastContext,
  ClassObject,
  FunctionObject,
  IteratorObject,
  ModuleObject,
  NativeFunction,
  NativeModule,
  NativeType,
  OpFunction,
  RecordObject,
} from './objects'
import { writtenInPython } from './prelude'
import { standardLibrary } from './stdlib'
import { storedIn } from './stored'

/** Where the ops of a module are in the op table. */
const opPlaces: Record<string, string> = {
  torch: 'torch',
  'torch.nn.functional': 'F',
  'torch.linalg': 'linalg',
  'torch.fft': 'fft',
  'torch.special': 'special',
  'torch.masked': 'masked',
  'torch.signal.windows': 'signal',
  'torch.nn.init': 'init',
  einops: 'einops',
  'torch.functional': 'torch',
}

const modules = new Map<string, NativeModule>()
const known = new Set([
  'torch',
  'torch.nn.functional',
  'torch.linalg',
  'torch.fft',
  'torch.special',
  'torch.masked',
  'torch.signal',
  'torch.signal.windows',
  'torch.nn.init',
  'torch.functional',
  'torch.cuda',
  'torch.xpu',
  'torch.mtia',
  'torch.mps',
  'torch.backends.mps',
  'torch.backends.cuda',
  'torch.backends',
  'torch.utils',
  'torch.utils.checkpoint',
  'torch.jit',
  'torch.amp',
  'torch.cuda.amp',
  'torch.autograd',
  'torch.autograd.functional',
  'torch.distributed',
  'torch.func',
  'torch.compiler',
  'torch.random',
  'torch.types',
  'torch.fx',
  'torch._dynamo',
  'torch._subclasses',
  'torch._subclasses.fake_tensor',
  'torch.nested',
  'torch.export',
  'torch.onnx',
  'torch.multiprocessing',
  'torch.profiler',
  'torch.sparse',
  'torch.hub',
  'torch.library',
  'torch.version',
  'torch.nn.attention',
  'torch.nn.attention.flex_attention',
  'torch.utils._pytree',
  'torch.utils.data',
  'torch.distributed.tensor',
  'torch._C',
  'torch.fx.proxy',
  'torch.ao',
  'torch.ao.nn',
  'torch.overrides',
  'einops',
  'einops.layers',
  'einops.layers.torch',
  'math',
  'shapescope',
])

/** A module that is known without its source, or null. */
export function nativeModule(interp: Interpreter, name: string): Value | null {
  const prelude = interp.prelude(name)
  if (prelude) return prelude
  const [root = ''] = name.split('.')
  if (!known.has(name) && !standardLibrary.has(root) && !(root === 'torch' && !name.startsWith('torch_')))
    return null
  let module = modules.get(name)
  if (!module) modules.set(name, (module = new NativeModule(name)))
  return module
}

/** Texts that modules of a package have. */
export const describingModules: ReadonlySet<string> = new Set(
  '__file__ __name__ __package__ __version__'.split(' '),
)

export function nativeAttribute(interp: Interpreter, module: NativeModule, name: string): Value {
  const place = opPlaces[module.name]
  const isOwn = /^\w*Tensor$|^is_tensor$/.test(name)
  const op = place && !isOwn ? operations.get(`${place}.${name}`) : undefined
  if (op) return new OpFunction(name, op)
  const inPython = writtenInPython[module.name]
  const written = inPython && interp.prelude(inPython)?.lookup(name, interp)
  if (written instanceof FunctionObject || written instanceof ClassObject) return written
  const special =
    module.name === 'torch'
      ? torchAttribute(name)
      : module.name === 'math'
        ? mathFunction(interp, name)
        : undefined
  const found =
    special ??
    standardLibrary.get(module.name.split('.')[0] ?? '')?.(interp, name) ??
    nativeFunction(module.name, name)
  if (found) return found
  if (describingModules.has(name) && !standardLibrary.has(module.name.split('.')[0] ?? '')) return str(null)
  const submodule = nativeModule(interp, `${module.name}.${name}`)
  if (submodule && (known.has(`${module.name}.${name}`) || !(submodule instanceof NativeModule)))
    return submodule
  if (/^torch\b/.test(module.name) && /^[A-Z]\w*[a-z]/.test(name)) return opaqueType(name)
  return new Unknown(name, `${module.name}.${name} is not known`)
}

const opaqueTypes = new Map<string, NativeType>()
/** A class of torch of which only the name is known: no plain value is an instance of it. */
function opaqueType(name: string): NativeType {
  let type = opaqueTypes.get(name)
  const isInstance = ({ kind }: Value): boolean | null =>
    kind === 'unknown' || kind === 'union' || kind === 'object' ? null : false
  if (!type) opaqueTypes.set(name, (type = new NativeType(name, isInstance, null, true)))
  return type
}

const identityDecorators = new Set(
  'no_grad inference_mode enable_grad set_grad_enabled compile script ignore unused export disable autocast custom_fwd custom_bwd allow_in_graph'.split(
    ' ',
  ),
)

function torchAttribute(name: string): Value | undefined {
  if (isDType(name)) return dtypeValue(name)
  if (/^\w*Tensor$/.test(name) && operations.has(`torch.${name}`)) return tensorType(name)
  const alias = dtypeAliases[name]
  if (alias) return dtypeValue(alias)
  switch (name) {
    case 'Size':
      return builtins().get('tuple')
    case 'device':
      return new NativeType(
        'device',
        (v) => (v.kind === 'unknown' ? null : v.kind === 'device'),
        ({ positional: [named], keywords }, interp) =>
          deviceNamed(interp.settle(named ?? keywords.get('type') ?? keywords.get('device') ?? none)),
      )
    case 'dtype':
      return new NativeType('dtype', (v) => (v.kind === 'unknown' ? null : v.kind === 'dtype'), null)
    case 'inf':
    case 'nan':
    case 'pi':
    case 'e':
      return float({ inf: Infinity, nan: Number.NaN, pi: Math.PI, e: Math.E }[name])
    case 'newaxis':
      return none
    case 'contiguous_format':
    case 'preserve_format':
    case 'channels_last':
    case 'channels_last_3d':
      return str(name)
    case 'strided':
    case 'sparse_coo':
    case 'sparse_csr':
    case 'sparse_csc':
      return str(`torch.${name}`)
    case 'finfo':
    case 'iinfo':
      return new NativeFunction(name, ({ positional: [of = none] }, interp) => limitsOf(interp, of))
    case 'manual_seed':
    case 'set_printoptions':
    case 'set_float32_matmul_precision':
    case 'set_num_threads':
    case 'use_deterministic_algorithms':
      return new NativeFunction(name, () => none)
    case 'set_default_dtype':
      return new NativeFunction(name, ({ positional: [given = none] }, interp) => {
        const dtype = interp.settle(given)
        setDefaultDType(interp, dtype.kind === 'dtype' ? dtype.dtype : null)
        return none
      })
    case 'is_tensor':
      return new NativeFunction(name, (args, interp) => bool(isTensorLike(interp, args)))
    case 'is_grad_enabled':
      return new NativeFunction(name, () => bool(null))
    case 'is_autocast_enabled':
      return new NativeFunction(name, (_, interp) =>
        bool(interp.autocast ? true : interp.isConcrete ? false : null),
      )
    case '__version__':
      return str(torchVersion)
    case 'get_default_device':
      return new NativeFunction(name, (_, interp) => interp.devices.ofTensor(interp.isConcrete))
    case 'set_default_device':
      return new NativeFunction(name, ({ positional: [given = none] }, interp) => {
        interp.devices.note(interp.settle(given))
        return none
      })
    default:
  }
  return identityDecorators.has(name) ? transparent(name) : undefined
}

/** `@torch.no_grad()`, `@torch.no_grad` and `with torch.no_grad():` give back what they get. */
export function transparent(name: string): Value {
  if (name === 'autocast') return new NativeFunction(name, autocastContext)
  return new NativeFunction(name, (args, interp) => {
    const [first] = args.positional.map((a) => interp.settle(a))
    const isFunction = first?.kind === 'object' || (first?.kind === 'unknown' && !takesSetting.has(name))
    return isFunction ? first : transparentAround(name)
  })
}
/** `autocast(device_type, dtype=None, enabled=True)`: what is for another device, or may be off, has no dtype that is known. */
function autocastContext({ positional, keywords }: Arguments, interp: Interpreter): AutocastContext {
  const [type, dtype, enabled] = ['device_type', 'dtype', 'enabled'].map((name, i) =>
    interp.settle(keywords.get(name) ?? positional[i] ?? none),
  )
  if (enabled?.kind === 'bool' && enabled.value === false) return new AutocastContext(null)
  const isHere =
    type?.kind === 'str' && type.value === 'cpu' && interp.devices.ofTensor(interp.isConcrete).type === 'cpu'
  const isOn = enabled?.kind === 'none' || (enabled?.kind === 'bool' && enabled.value === true)
  const asked = dtype?.kind === 'dtype' ? dtype.dtype : dtype?.kind === 'none' ? 'bfloat16' : null
  return new AutocastContext({ dtype: isHere && isOn ? asked : null })
}

/** What is given to these is a setting, and a function to what they make of it. */
const takesSetting = new Set(['set_grad_enabled', 'inference_mode'])
const transparentAround = (name: string): Value =>
  new NativeFunction(name, (args) => args.positional[0] ?? none)

/** What `nn.Buffer` made, by identity: as with PyTorch's, nothing that is computed of one is one too. */
const buffers = new WeakSet<Value>()
export const isBuffer = (value: Value): boolean => value.kind === 'tensor' && buffers.has(value)

const limits = new NativeModule('limits')
/** `torch.finfo` of a dtype: its bits, and its largest and smallest numbers, where it is a known float. */
function limitsOf(interp: Interpreter, of: Value): Value {
  const value = interp.settle(of)
  const dtype = value.kind === 'dtype' ? value.dtype : null
  if (!dtype || categoryOf(dtype) === 'complex') return limits
  const known: [string, Value][] = [['bits', int(8 * dtypeBytes[dtype])]]
  const most = largestOf(dtype)
  if (most !== null) known.push(['max', float(most)], ['min', float(-most)])
  return new RecordObject('finfo', new Map(known), (name) => nativeAttribute(interp, limits, name))
}

const isTensorLike = (interp: Interpreter, args: Arguments): boolean | null => {
  const value = interp.settle(args.positional[0] ?? none)
  return value.kind === 'unknown' || value.kind === 'union' ? null : value.kind === 'tensor'
}

/** `isinstance(x, torch.LongTensor)`: a tensor of its dtype; null where that is not known. */
function isOfType(value: Value, name: string): boolean | null {
  if (value.kind === 'unknown' || value.kind === 'union') return null
  const dtype = typedTensors[name]
  if (value.kind !== 'tensor' || !dtype) return value.kind === 'tensor'
  return value.dtype === null ? null : value.dtype === dtype
}

const tensorTypes = new Map<string, NativeType>()
export function tensorType(name: string): NativeType {
  let type = tensorTypes.get(name)
  if (!type) {
    const make = operations.get(`torch.${name}`)
    type = new NativeType(
      name === 'Tensor' ? 'Tensor' : name,
      (v) => isOfType(v, name),
      (args, interp) => (make ? interp.callOp(make, args) : unknown(name)),
    )
    tensorTypes.set(name, type)
  }
  return type
}

/** What tensors were once wrapped in; it gives them back, and all are instances of it. */
const variableType = new NativeType(
  'Tensor',
  (v) => isOfType(v, 'Tensor'),
  ({ positional: [data], keywords }) => data ?? keywords.get('data') ?? none,
)

/** Functions of torch's smaller modules that matter to shapes or to which branch is taken. */
function nativeFunction(module: string, name: string): Value | undefined {
  if (module === 'limits') return name === 'bits' ? unknown('the bits of an unknown dtype') : float(null)
  const fn = (call: (args: Arguments, interp: Interpreter) => Value): Value => new NativeFunction(name, call)
  if (isNotSo(module, name)) return fn(() => bool(false))
  switch (`${module}.${name}`) {
    case 'torch._C._get_tracing_state':
      return fn(() => none)
    case 'torch.cuda.device_count':
      return fn((_, interp) => int(interp.isConcrete ? 0 : interp.freshSize()))
    case 'torch.jit.isinstance':
      return builtins().get('isinstance')
    case 'torch.autograd.Variable':
      return variableType
    case 'torch.jit.annotate':
      return fn(({ positional: [, value = none] }) => value)
    case 'shapescope.as_parameter':
      return fn((args, interp) => {
        const tensor = interp.asTensor(interp.settle(args.positional[0] ?? none))
        return tensor ? newParameter(tensor) : unknown('a parameter')
      })
    case 'shapescope.as_buffer':
      return fn((args, interp) => {
        const given = interp.settle(args.positional[0] ?? none)
        if (given.kind !== 'tensor') return given
        const buffer = { ...given }
        buffers.add(buffer)
        return buffer
      })
    case 'shapescope.note_device':
      return fn((args, interp) => {
        interp.devices.note(interp.settle(args.positional[0] ?? none))
        return none
      })
    case 'shapescope.is_parameter':
      return fn((args, interp) => bool(isParameter(interp.settle(args.positional[0] ?? none))))
    case 'shapescope.distinct':
      return fn(distinctPairs)
    case 'shapescope.kept':
      return fn(keptPairs)
    case 'shapescope.is_tensor':
      return fn((args, interp) => bool(isTensorLike(interp, args)))
    case 'shapescope.is_surely_tensor':
      return fn((args, interp) => bool(isTensorLike(interp, args) === true))
    case 'shapescope.may_be_tensor':
      return fn((args, interp) =>
        bool(['tensor', 'unknown', 'union'].includes(interp.settle(args.positional[0] ?? none).kind)),
      )
    case 'shapescope.share_rank':
      return fn((args, interp) => shareRank(interp, args.positional))
    case 'shapescope.has_known_rank':
      return fn((args, interp) => {
        const tensor = interp.asTensor(interp.settle(args.positional[0] ?? none))
        return bool(tensor !== null && interp.facts.resolve(tensor.shape).gap === null)
      })
    case 'shapescope.in_any_layout':
      return fn((args, interp) => {
        const tensor = interp.asTensor(interp.settle(args.positional[0] ?? none))
        return tensor ? { ...tensor, layout: null, values: null, isParameter: false } : unknown(name)
      })
    case 'shapescope.anything':
      return fn((_, interp) => interp.unknown('what the code does not tell'))
    case 'shapescope.stored':
      return fn(({ positional }, interp) => storedIn(interp, positional))
    case 'shapescope.default_text':
      return fn(({ positional: [given = none] }, interp) => {
        const value = interp.settle(given)
        if (value.kind === 'str' && value.value) noteDefaultText(interp, value.value)
        return given
      })
    case 'shapescope.command_words':
      return fn(({ positional: [given = none] }, interp) => commandWords(interp, interp.settle(given)))
    case 'shapescope.is_endless':
      return fn(({ positional: [of = none] }, interp) => {
        const iterator = interp.settle(of)
        return bool(iterator instanceof IteratorObject && iterator.isEndless)
      })
    case 'shapescope.are_told_apart':
      return fn(({ positional: [of = none] }, interp) => bool(interp.itemsOf(of) !== null))
    case 'shapescope.taken':
      return fn(({ positional: [iterator = none, count = none] }, interp) =>
        takeItems(interp, interp.settle(iterator), interp.asInt(count)?.value ?? null),
      )
    case 'shapescope.open_sizes':
      return fn(({ positional: [given = none, count = none] }, interp) => {
        const value = interp.settle(given)
        if (value.kind !== 'unknown') return none
        // What is calculated with is a number.
        const one = value.deferred ? interp.asInt(value) : null
        const length = interp.asInt(count)?.value ?? 0
        return tuple(Array.from({ length }, () => int(one ?? fresh())))
      })
    case 'shapescope.names_in':
      return fn(({ positional: [of = none] }, interp) => {
        const module = interp.settle(of)
        if (!(module instanceof ModuleObject) || !module.isPrelude) return list(sequence(str(null), null))
        module.pending?.runAll(interp)
        return list([...module.globals.keys()].sort().map((name) => str(name)))
      })
    case 'shapescope.some_text':
      return fn(() => str(null))
    case 'shapescope.some_of':
      return fn(({ positional: [element = none] }) => list(sequence(element, null)))
    case 'shapescope.annotation_of':
      return fn(({ positional: [of = none, at = none] }, interp) => {
        const place = interp.asInt(at)?.value ?? 0
        const function_ = interp.settle(of)
        return function_ instanceof FunctionObject ? typeOfParameter(interp, function_, place) : none
      })
    case 'shapescope.some_tensor':
      return fn(() => makeTensor(openShape(), null, null))
    case 'torch.nn.functional.handle_torch_function':
      return fn(() => unknown(name))
    default:
      if (module === 'shapescope') return dataFunction(name) ?? fieldFunction(name)
  }
  if (
    module === 'torch.jit' ||
    module === 'torch.amp' ||
    module === 'torch.cuda.amp' ||
    module === 'torch.compiler' ||
    (module === 'torch.autograd' && name !== 'functional')
  )
    return /^(?!load$|fork$|wait$|is_)[a-z]/.test(name) ? transparent(name) : undefined
  return undefined
}

/** Tensors that must all have the same number of dims: where one tells it, the others learn it. */
function shareRank(interp: Interpreter, values: readonly Value[]): Value {
  const tensors = values.flatMap((v) => interp.asTensor(v) ?? [])
  const certain = tensors.filter((t) => t.assumed !== 'rank')
  const known = certain.map((t) => interp.facts.resolve(t.shape)).find((shape) => shape.gap === null)
  if (known) for (const t of tensors) interp.facts.requireRank(t.shape, known.lead.length)
  return none
}
