// What a call that is not followed may change: the lists and dicts that the function's text fills.

import type { FunctionDef, Lambda, Node } from '../syntax/tree'
import { walk } from '../syntax/walk'
import type { Value } from '../trace/values'
import { mayChange } from './either'
import type { Interpreter } from './interpreter'

/** Makes what a function may have put into the containers that it was given unknown. */
export function openFilled(
  interp: Interpreter,
  definition: FunctionDef | Lambda,
  bound: ReadonlyMap<string, Value>,
): void {
  if (definition.kind === 'Lambda') return
  for (const name of filledBy(definition)) {
    const value = bound.get(name)
    if (value) mayChange(interp, interp.settle(value))
  }
}

const changing = new Set(
  'append add extend insert pop popitem remove discard clear update setdefault sort reverse'.split(' '),
)

const known = new WeakMap<FunctionDef, ReadonlySet<string>>()

/** The parameters whose items a function's own text changes. */
function filledBy(definition: FunctionDef): ReadonlySet<string> {
  let names = known.get(definition)
  if (!names) {
    const parameters = new Set(definition.params.map((p) => p.name))
    const found = new Set<string>()
    const note = (node: Node): void => {
      if (node.kind === 'Name' && parameters.has(node.id)) found.add(node.id)
    }
    walk(definition, (node) => {
      if (node.kind === 'Call' && node.func.kind === 'Attribute' && changing.has(node.func.attr))
        note(node.func.value)
      const targets =
        node.kind === 'Assign' || node.kind === 'Delete'
          ? node.targets
          : node.kind === 'AugAssign'
            ? [node.target]
            : []
      for (const target of targets) {
        if (target.kind === 'Subscript') note(target.value)
        if (node.kind === 'AugAssign') note(target)
      }
    })
    known.set(definition, (names = found))
  }
  return names
}
