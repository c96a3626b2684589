// What the prelude asks of paths, of files and of the texts in them.

import { StateMap } from '../../dims/trail'
import { bool, list, none, str, type Value } from '../../trace/values'
import { isOpenText, noteDefaultText } from '../default-texts'
import type { Interpreter } from '../interpreter'
import { InstanceObject, NativeFunction } from '../objects'
import { valueOfJson } from './json'
import { isAbsolute, joined, normalised, partOf, partOfAddress } from './paths'
import { valueOfToml } from './toml'
import { valueOfYaml } from './yaml'

type Call = (interp: Interpreter, ...args: readonly Value[]) => Value

/** Files that a program has written: what is in them the disk does not tell. */
const written = new WeakMap<Interpreter, Map<string, true>>()

const writtenOf = (interp: Interpreter): Map<string, true> => {
  let paths = written.get(interp)
  if (!paths) written.set(interp, (paths = new StateMap()))
  return paths
}

/** The text of a path, given as such or as a Path; null where it is not known. */
function pathOf(interp: Interpreter, value: Value): string | null {
  const settled = interp.settle(value)
  const text = settled instanceof InstanceObject ? settled.attributes.get('_text') : settled
  const known = text && interp.settle(text)
  return known?.kind === 'str' ? known.value : null
}

/** A value that is not known, for a reason that whoever asks is told at the user's call. */
function refused(interp: Interpreter, reason: string): Value {
  if (interp.place && interp.placeFrame)
    interp.gaps.push({ place: interp.place, frame: interp.placeFrame, reason })
  return interp.unknown(reason)
}

/** Stands among the default texts for what is not there: no error hangs on it either. */
const noFile = '\u0000'

/** True in a program's run where the innermost function of a module is that of a library. */
function isAskedByLibrary(interp: Interpreter): boolean {
  const asking = interp.stack.findLast(({ scope }) => !scope.module.isPrelude)
  return interp.isConcrete && asking !== undefined && !interp.modules.isOwn(asking.scope.module)
}

/** So many values of a text cost as much as a step. */
const valuesAStep = 10

/** A function of a text that is read as data. */
const reader =
  (kind: string, read: (text: string, count: () => void, dialect: string | null) => Value | null): Call =>
  (interp, given = none, dialect = none) => {
    const text = pathOf(interp, given)
    const source = interp.settle(given)
    if (text === null)
      return interp.unknown(source.kind === 'unknown' ? source.reason : 'what the text holds is not known')
    let values = 0
    const count = (): void => {
      if (++values % valuesAStep === 0) interp.step()
    }
    return read(text, count, pathOf(interp, dialect)) ?? refused(interp, `the text is not ${kind}`)
  }

function partAsked(interp: Interpreter, of: typeof partOf, which: Value, given: Value): Value {
  const [part, text] = [pathOf(interp, which), pathOf(interp, given)]
  return str(part !== null && text !== null ? of(part, text) : null)
}

const functions: Readonly<Record<string, Call>> = {
  path_joined: (interp, ...given) => {
    const parts = given.map((part) => pathOf(interp, part))
    return str(parts.every((part) => part !== null) ? (parts.length > 0 ? joined(parts) : '') : null)
  },
  path_part: (interp, which = none, given = none) => partAsked(interp, partOf, which, given),
  url_part: (interp, which = none, given = none) => partAsked(interp, partOfAddress, which, given),
  /**
   * Whether there is a file, a folder or either at a path. What is not there may be made before it is asked for, but a
   * library that looks whether there is a file of some name where the program was started is told what is there now.
   */
  path_exists: (interp, given = none, wanted = none) => {
    const path = pathOf(interp, given)
    const kind =
      path === null ? null : interp.modules.askData(interp, (files, reads) => files.kindOf(path, reads))
    const asked = pathOf(interp, wanted)
    if (kind === null && path !== null && !isAbsolute(path) && isAskedByLibrary(interp)) {
      noteDefaultText(interp, noFile)
      return bool(isOpenText(interp, str(noFile)) ? null : false)
    }
    return bool(kind === null ? null : asked === null || asked === kind)
  },
  file_text: (interp, given = none) => {
    const path = pathOf(interp, given)
    if (path === null) return refused(interp, 'which file is read is not known')
    if (writtenOf(interp).has(normalised(path))) return refused(interp, `the program writes ${path} itself`)
    const content = interp.modules.askData(interp, (files, reads) => files.read(path, reads))
    if (!content) return interp.unknown(`${path} is not read`)
    return 'text' in content ? str(content.text) : refused(interp, content.problem)
  },
  /** The paths that a pattern finds; None where they are not known. */
  files_matching: (interp, given = none, hidden = none) => {
    const pattern = pathOf(interp, given)
    const withHidden = hidden.kind === 'bool' && hidden.value === true
    const found =
      pattern === null
        ? null
        : interp.modules.askData(interp, (files, reads) => files.matching(pattern, withHidden, reads))
    return found ? list(found.map((path) => str(path))) : none
  },
  note_written: (interp, given = none) => {
    const path = pathOf(interp, given)
    if (path !== null) interp.trail.write(writtenOf(interp), normalised(path), true)
    return none
  },
  is_container: (interp, given = none) => bool(['list', 'dict'].includes(interp.settle(given).kind)),
  json_value: reader('JSON', valueOfJson),
  toml_value: reader('TOML', valueOfToml),
  yaml_value: reader('YAML of plain data', (text, count, dialect) =>
    valueOfYaml(text, dialect === 'omegaconf' ? dialect : 'pyyaml', count),
  ),
}

/** `shapescope.name` for the prelude. */
export function dataFunction(name: string): Value | undefined {
  const call = functions[name]
  return call && new NativeFunction(name, ({ positional }, interp) => call(interp, ...positional))
}
