// Where functions of an imported file's text stand in the text as it is now, for what other files' runs say of them.

import type { FunctionDef, ModuleTree } from '../syntax/tree'
import { walk } from '../syntax/walk'
import type { Place } from '../trace/trace'

/** The functions of a tree by name, in order; made once a tree. */
const functions = new WeakMap<ModuleTree, Map<string, FunctionDef[]>>()

function functionsOf(tree: ModuleTree): Map<string, FunctionDef[]> {
  let byName = functions.get(tree)
  if (!byName) {
    byName = new Map()
    for (const definition of definitionsIn(tree))
      byName.set(definition.name, [...(byName.get(definition.name) ?? []), definition])
    functions.set(tree, byName)
  }
  return byName
}

function definitionsIn(tree: ModuleTree): FunctionDef[] {
  const found: FunctionDef[] = []
  walk(tree, (node) => {
    if (node.kind === 'FunctionDef') found.push(node)
  })
  return found
}

/** Finds the functions of an old text in a tree; those that were edited are not found. */
export class Relocation {
  readonly #known = new Map<Place, FunctionDef | null>()

  constructor(
    readonly oldText: string,
    readonly tree: ModuleTree,
  ) {}

  /** The function as it stands now, or null where its text has changed. */
  find(definition: Place & { readonly name?: string }): FunctionDef | null {
    let found = this.#known.get(definition)
    if (found === undefined) this.#known.set(definition, (found = this.#search(definition)))
    return found
  }

  #search({ start, end, name }: Place & { readonly name?: string }): FunctionDef | null {
    if (name === undefined) return null
    const text = this.oldText.slice(start, end)
    // equal functions, of several classes perhaps, are told apart by their order
    let rank = 0
    for (let at = this.oldText.indexOf(text); at >= 0 && at < start; at = this.oldText.indexOf(text, at + 1))
      rank++
    const alike = (functionsOf(this.tree).get(name) ?? []).filter(
      (one) => this.tree.text.slice(one.start, one.end) === text,
    )
    return alike[rank] ?? null
  }
}
