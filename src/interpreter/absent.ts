// Which imports surely fail: what is not installed, and what asks for that as it begins.

import { tuple, type Value } from '../trace/values'
import { recordRaise } from './branch'
import { absoluteName, loadModule } from './imports'
import type { Interpreter } from './interpreter'
import { ModuleObject, RuntimeException } from './objects'
import { PythonRaise } from './signals'

/** The modules that every Python 3.9 and later has. Source: sys.stdlib_module_names. */
const always = new Set(
  (
    '__future__ _thread abc argparse array ast asyncio atexit base64 bdb binascii bisect builtins bz2 cProfile calendar ' +
    'cmath cmd code codecs codeop collections colorsys compileall concurrent configparser contextlib contextvars copy ' +
    'copyreg csv ctypes dataclasses datetime dbm decimal difflib dis doctest email encodings enum errno faulthandler ' +
    'filecmp fileinput fnmatch fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib gzip ' +
    'hashlib heapq hmac html http imaplib importlib inspect io ipaddress itertools json keyword linecache locale ' +
    'logging lzma mailbox marshal math mimetypes mmap modulefinder multiprocessing netrc ntpath numbers opcode ' +
    'operator optparse os pathlib pdb pickle pickletools pkgutil platform plistlib poplib posixpath pprint profile ' +
    'pstats py_compile pyclbr pydoc queue quopri random re reprlib runpy sched secrets select selectors shelve shlex ' +
    'shutil signal site smtplib socket socketserver sqlite3 ssl stat statistics string stringprep struct subprocess ' +
    'symtable sys sysconfig tabnanny tarfile tempfile textwrap threading time timeit token tokenize trace traceback ' +
    'tracemalloc types typing unicodedata unittest urllib uuid venv warnings wave weakref webbrowser xml xmlrpc ' +
    'zipapp zipfile zipimport zlib zoneinfo'
  ).split(' '),
)

/** Those that some versions or systems have. */
const sometimes = new Set(
  (
    'asynchat asyncore audioop cgi cgitb chunk crypt curses distutils ensurepip fcntl grp idlelib imghdr imp lib2to3 ' +
    'mailcap msilib msvcrt nis nntplib ossaudiodev pipes posix pty pwd readline resource rlcompleter smtpd sndhdr spwd ' +
    'sunau syslog telnetlib termios tkinter tomllib tty turtle uu winreg winsound xdrlib'
  ).split(' '),
)

const rootOf = (name: string): string => name.split('.')[0] ?? ''

const errorOf = (type: string): RuntimeException => new RuntimeException(type, tuple([]))

/**
 * What the import of a module that is not found gives, or of a name that a module does not have: where a handler
 * waits for that, its error.
 */
export function missing(interp: Interpreter, name: string, isOfModule = false): Value {
  const root = rootOf(name)
  const from = interp.activation?.scope.module
  if (always.has(root)) return interp.unknown('of the standard library', name)
  if (from && interp.modules.isCompiled(name, from)) return interp.unknown('compiled code', name)
  if (interp.importGuards > 0) {
    const raised = errorOf(isOfModule ? 'ImportError' : 'ModuleNotFoundError')
    if (!sometimes.has(root)) throw new PythonRaise(raised)
    interp.raised = raised
    recordRaise(interp)
  }
  return interp.unknown(`the module ${name} is not found; add its folder to shapescope.searchPaths`, name)
}

/** How far the modules of a package are asked for what each imports of the others. */
const mostSteps = 3

/**
 * Where a handler waits for it, raises the ImportError of a module that begins with the import of one that is not
 * installed, as a wrapper of compiled operations does where these are not built.
 */
export function raiseIfBroken(interp: Interpreter, module: Value | null): void {
  if (interp.importGuards === 0 || !(module instanceof ModuleObject)) return
  if (isBroken(interp, module, mostSteps)) throw new PythonRaise(errorOf('ModuleNotFoundError'))
}

function isBroken(interp: Interpreter, module: ModuleObject, steps: number): boolean {
  const { broken } = interp.modules
  let known = broken.get(module)
  if (known === undefined) {
    broken.set(module, false)
    broken.set(module, (known = lacksImport(interp, module, steps)))
  }
  return known
}

function lacksImport(interp: Interpreter, module: ModuleObject, steps: number): boolean {
  return (module.pending?.required ?? []).some((node) => {
    if (node.kind === 'Import') return node.names.some(({ name }) => isAbsent(interp, name, module))
    const name = absoluteName(module, node)
    if (name === null) return false
    const isNear = node.level > 0 || rootOf(name) === rootOf(module.name)
    if (!isNear) return isAbsent(interp, name, module)
    const other = steps > 0 ? interp.modules.load(name, module, interp) : null
    return other instanceof ModuleObject && isBroken(interp, other, steps - 1)
  })
}

function isAbsent(interp: Interpreter, name: string, from: ModuleObject): boolean {
  const root = rootOf(name)
  if (always.has(root) || sometimes.has(root)) return false
  return loadModule(interp, root, from) === null && !interp.modules.isCompiled(root, from)
}
