// Exceptions: the built-in types, their instances, and which handler catches one.

import type { Expression } from '../syntax/tree'
import { tuple, type Value } from '../trace/values'
import { lastName } from './decorators'
import { evaluate } from './expressions'
import type { Interpreter } from './interpreter'
import { ClassObject, InstanceObject, NativeType, RuntimeException } from './objects'
import { PythonRaise } from './signals'

/** Each built-in exception's base. */
const bases: Record<string, string> = {
  BaseException: '',
  Exception: 'BaseException',
  KeyboardInterrupt: 'BaseException',
  SystemExit: 'BaseException',
  ArithmeticError: 'Exception',
  ZeroDivisionError: 'ArithmeticError',
  OverflowError: 'ArithmeticError',
  AssertionError: 'Exception',
  AttributeError: 'Exception',
  ImportError: 'Exception',
  ModuleNotFoundError: 'ImportError',
  PackageNotFoundError: 'ModuleNotFoundError',
  LookupError: 'Exception',
  KeyError: 'LookupError',
  IndexError: 'LookupError',
  NameError: 'Exception',
  UnboundLocalError: 'NameError',
  OSError: 'Exception',
  EnvironmentError: 'Exception',
  IOError: 'Exception',
  FileNotFoundError: 'OSError',
  PermissionError: 'OSError',
  RuntimeError: 'Exception',
  NotImplementedError: 'RuntimeError',
  RecursionError: 'RuntimeError',
  StopIteration: 'Exception',
  TypeError: 'Exception',
  ValueError: 'Exception',
  UnicodeDecodeError: 'ValueError',
  EOFError: 'Exception',
  Warning: 'Exception',
  UserWarning: 'Warning',
  FutureWarning: 'Warning',
  DeprecationWarning: 'Warning',
  RuntimeWarning: 'Warning',
  ImportWarning: 'Warning',
}
export const exceptionNames = Object.keys(bases)

const isBelow = (name: string, ancestor: string): boolean =>
  name === ancestor || (bases[name] !== undefined && bases[name] !== '' && isBelow(bases[name], ancestor))

/** Whether a class is below a built-in exception; null where either is no exception, or is not known. */
export function isExceptionBelow(cls: Value, name: string): boolean | null {
  if (bases[name] === undefined) return null
  if (cls instanceof NativeType) return bases[cls.name] === undefined ? null : isBelow(cls.name, name)
  if (!(cls instanceof ClassObject) || cls.hasUnknownBase) return null
  const own = cls.mro.flatMap((c) =>
    c.bases.map((base) => base instanceof NativeType && isBelow(base.name, name)),
  )
  return own.includes(true)
}

/** The built-in type of an exception's name. */
export const exceptionType = (name: string): NativeType =>
  new NativeType(
    name,
    (value) => {
      if (value instanceof RuntimeException) return isBelow(value.type, name)
      if (value instanceof InstanceObject)
        return value.cls.mro.some((c) =>
          c.bases.some((b) => b instanceof NativeType && isBelow(b.name, name)),
        )
      return value.kind === 'unknown' || value.kind === 'union' ? null : false
    },
    (args) => new RuntimeException(name, tuple(args.positional)),
  )

/** What `raise` raises: an instance, also where only the class is given. */
export function exceptionOf(interp: Interpreter, raised: Value): Value {
  const value = interp.settle(raised)
  return value instanceof NativeType || value instanceof ClassObject
    ? interp.callValue(value, { positional: [], keywords: new Map(), isOpen: false })
    : value
}

const attributeError = exceptionType('AttributeError')

/** What a call gives; nothing if it raises that there is no such attribute. */
export function unlessMissing(call: () => Value | undefined): Value | undefined {
  try {
    return call()
  } catch (error) {
    if (error instanceof PythonRaise && attributeError.isInstance(error.exception) === true) return undefined
    throw error
  }
}

/** Raises what Python raises here for certain, if a `try` around it would catch it. */
export function raiseIfCaught(interp: Interpreter, type: string, onlyByName = false): void {
  if (isCaught(interp, type, onlyByName)) throw new PythonRaise(new RuntimeException(type, tuple([])))
}

const isCaught = ({ tries }: Interpreter, type: string, onlyByName = false): boolean =>
  tries.some(({ names }) =>
    names.some((name) => name === type || (!onlyByName && (name === '' || isBelow(type, name)))),
  )

const importError = exceptionType('ImportError')

/**
 * True where a function says for certain that a package is missing and nothing catches that: like an import that
 * is not found it ends nothing, as the code is for where the package is installed. What it gives then is not known.
 */
export function asksToInstall(interp: Interpreter, raised: Value): boolean {
  const { activation } = interp
  if (!activation || interp.forks > activation.forks || activation.exits.length > 0) return false
  if (importError.isInstance(raised) !== true || isCaught(interp, 'ImportError')) return false
  activation.returnValue = interp.unknown('a package is not installed')
  return true
}

/** What ends a program that wants to end, and what Python itself waits for: an attribute that is not there, a last item. */
const answers = ['SystemExit', 'AttributeError', 'StopIteration'].map(exceptionType)
/** Of the methods that Python calls by itself those whose exceptions nothing waits for. */
const plainMethods = new Set(['__init__', '__new__', '__call__', '__post_init__', '__init_subclass__'])

/**
 * True where a library would end the program, which nothing catches: programs that are written with it run, so
 * that more likely something is not seen here, such as what other modules enter in a list of that library. What
 * the function that raises gives is not known.
 */
export function isDoubtful(interp: Interpreter, raised: Value): boolean {
  const { activation, forks, modules, stack, tries, turns } = interp
  if (!activation?.callable || tries.length > 0 || forks > turns.length) return false
  const { module } = activation.scope
  if (module.isPrelude || modules.isOwn(module) || stack.some((a) => a.exits.length > 0)) return false
  const { name } = activation.callable
  if (name.startsWith('__') && !plainMethods.has(name)) return false
  return answers.every((type) => type.isInstance(raised) !== true)
}

/** The names of the types that a handler catches; '' for all. */
export function handledNames(type: Expression | null): string[] {
  if (!type) return ['']
  return type.kind === 'Tuple' ? type.elts.flatMap(handledNames) : [lastName(type) ?? '']
}

/** Whether a handler catches an exception; null where that is not known. */
export function isCaughtBy(interp: Interpreter, type: Expression | null, exception: Value): boolean | null {
  if (!type) return true
  if (exception.kind !== 'object') return null
  const types = interp.settle(evaluate(interp, type))
  const answers = (types.kind === 'tuple' ? types.items : [types]).map((t) => {
    const target = interp.settle(t)
    if (target instanceof NativeType) return target.isInstance(exception)
    if (target instanceof ClassObject)
      return exception instanceof InstanceObject ? exception.cls.isSubclassOf(target) : false
    return null
  })
  return answers.includes(true) ? true : answers.includes(null) ? null : false
}
