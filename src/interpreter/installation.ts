// What a program can ask of its installation: `importlib`, `sys`, `os`, and loggers, of which it wants nothing back.

import { bool, dict, int, list, none, str, tuple, unknown, type Value } from '../trace/values'
import { iterableItems } from './containers'
import { raiseIfCaught } from './exceptions'
import { loadModule } from './imports'
import type { Interpreter } from './interpreter'
import { nativeModule } from './natives'
import { NativeFunction, RecordObject } from './objects'

/** The release of PyTorch whose rules ShapeScope knows. */
export const torchVersion = '2.13.0'

/** What is asked of torch and is not so: there are no accelerators, and nothing is traced, compiled or exported. */
const notSo: Readonly<Record<string, string>> = {
  'torch.cuda': 'is_available is_bf16_supported is_current_stream_capturing',
  'torch.xpu': 'is_available',
  'torch.mtia': 'is_available',
  'torch.mps': 'is_available',
  'torch.backends.mps': 'is_available',
  'torch.backends.cuda': 'is_available',
  'torch.npu': 'is_available',
  'torch.mlu': 'is_available',
  'torch.musa': 'is_available',
  'torch.hpu': 'is_available',
  'torch.distributed': 'is_initialized is_available',
  'torch.jit': 'is_scripting is_tracing',
  'torch.compiler': 'is_compiling is_exporting is_dynamo_compiling',
  'torch._dynamo': 'is_compiling',
  'torch.onnx': 'is_in_onnx_export',
  'torch._C': '_is_tracing',
  'torch.overrides': 'has_torch_function has_torch_function_unary has_torch_function_variadic',
  'torch.fx._symbolic_trace': 'is_fx_tracing',
}
export const isNotSo = (module: string, name: string): boolean =>
  notSo[module]?.split(' ').includes(name) ?? false

const native = (name: string, call: (name: string, interp: Interpreter) => Value): Value =>
  new NativeFunction(name, ({ positional: [first = none] }, interp) => {
    const given = interp.settle(first)
    return given.kind === 'str' && given.value !== null ? call(given.value, interp) : unknown(name)
  })

const importlibParts = new Set(['metadata', 'util', 'machinery'])

/** `.part` of a package by its whole name; null where that is not known. */
function absoluteName(name: string, home: string | null): string | null {
  const dots = name.length - name.replace(/^\.+/, '').length
  if (dots === 0) return name
  const parts = home?.split('.') ?? []
  if (parts.length < dots) return null
  return [...parts.slice(0, parts.length - dots + 1), name.slice(dots)].join('.')
}

/** A module by its whole name; where it is not installed, what is around catches that. */
export function importByName(interp: Interpreter, name: string): Value {
  const found = loadModule(interp, name)
  if (!found) raiseIfCaught(interp, 'ModuleNotFoundError')
  return found ?? interp.unknown(`the module ${name} is not found`)
}

/** `importlib.name`, also of its parts `util` and `metadata`. */
export function importlibAttribute(interp: Interpreter, name: string): Value | undefined {
  if (importlibParts.has(name)) return nativeModule(interp, `importlib.${name}`) ?? undefined
  switch (name) {
    case 'find_spec':
      return native(name, (wanted, running) =>
        loadModule(running, wanted) ? new RecordObject('spec', new Map([['name', str(wanted)]])) : none,
      )
    case 'import_module':
      return new NativeFunction(name, ({ positional: [first = none, second], keywords }, running) => {
        const given = running.settle(first)
        const home = running.settle(second ?? keywords.get('package') ?? none)
        if (given.kind !== 'str' || given.value === null) return unknown(name)
        const wanted = absoluteName(given.value, home.kind === 'str' ? home.value : null)
        return wanted === null
          ? running.unknown(`the module ${given.value} is not found`)
          : importByName(running, wanted)
      })
    case 'version':
      return native(name, (wanted, running) => {
        if (wanted === 'torch') return str(torchVersion)
        if (!loadModule(running, wanted.replaceAll('-', '_'))) raiseIfCaught(running, 'PackageNotFoundError')
        return str(null)
      })
    case 'packages_distributions':
      return new NativeFunction(name, () => dict())
    case 'PackageNotFoundError':
      return interp.builtin(name)
    default:
      return unknown(`importlib's ${name}`)
  }
}

/** `sys.name` */
export function sysAttribute(interp: Interpreter, name: string): Value | undefined {
  if (name === 'version_info') return tuple([int(3), int(12), int(0)])
  if (name === 'maxsize') return int(Number.MAX_SAFE_INTEGER)
  if (name === 'modules') return importedModules
  if (name === 'argv' && interp.commandLine) return list(interp.commandLine.map((word) => str(word)))
  return unknown(`sys.${name}`)
}

/** The words of a command line, those of the program itself where None is given; None where they are not known. */
export function commandWords(interp: Interpreter, given: Value): Value {
  const all = given.kind === 'none' ? sysAttribute(interp, 'argv') : given
  const words = all ? iterableItems(interp, all)?.map((word) => interp.settle(word)) : null
  if (!words?.every((word) => word.kind === 'str' && word.value !== null)) return none
  return list(given.kind === 'none' ? words.slice(1) : words)
}

/** `sys.modules`, as far as it is asked for a module by its name. */
const importedModules = new RecordObject(
  'sys.modules',
  new Map(
    ['__getitem__', 'get'].map((method) => [
      method,
      new NativeFunction(method, ({ positional: [name] }, interp) => {
        const asked = name && interp.settle(name)
        const from = interp.activation?.scope.module
        if (asked?.kind !== 'str' || asked.value === null || !from) return unknown('a module of sys.modules')
        const own = from.globals.get('__name__')
        if (own?.kind === 'str' && own.value === asked.value) return from
        return interp.modules.load(asked.value, from, interp) ?? unknown('a module of sys.modules')
      }),
    ]),
  ),
)

/**
 * A variable of the environment: where none is set, the default. A number may well be set; a word seldom is, and
 * what is held against a text is one.
 */
const variable = new NativeFunction('getenv', ({ positional, keywords }, interp) => {
  const fallback = positional[1] ?? keywords.get('default') ?? none
  const settled = interp.settle(fallback)
  if (settled.kind !== 'str') return { kind: 'union', options: [str(null), fallback] }
  const { value } = settled
  return value === null || /[a-z]/i.test(value) ? settled : { kind: 'str', value: null, unset: value }
})

const environment = new RecordObject('os.environ', new Map([['get', variable]]), (name) =>
  unknown(`os.environ.${name}`),
)

/** `os.name` */
export function osAttribute(interp: Interpreter, name: string): Value | undefined {
  if (name === 'getenv') return variable
  if (name === 'path') return nativeModule(interp, 'os.path') ?? undefined
  return name === 'environ' ? environment : unknown(`os.${name}`)
}

const logger = new RecordObject('logger', new Map(), (name) =>
  name === 'isEnabledFor' ? new NativeFunction(name, () => bool(null)) : new NativeFunction(name, () => none),
)

/** `logging.name` */
export function loggingAttribute(_: Interpreter, name: string): Value | undefined {
  if (name === 'getLogger') return new NativeFunction(name, () => logger)
  return unknown(`logging.${name}`)
}
