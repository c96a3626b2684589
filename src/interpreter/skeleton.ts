// What a file is apart from the bodies of its functions, so that an edit inside them runs nothing else again.

import type { ClassDef, FunctionDef, ModuleTree, Statement } from '../syntax/tree'

type Definition = FunctionDef | ClassDef

/** A statement of a module or a class, with the text of its header where it is a definition. */
interface Part {
  readonly node: Statement
  readonly header: string | null
}

/** The statements of a module and of its classes, in order. */
export type Skeleton = readonly Part[]

export function skeletonOf({ text, body }: ModuleTree): Skeleton {
  const parts: Part[] = []
  const add = (statements: readonly Statement[]): void => {
    for (const node of statements) {
      if (node.kind !== 'FunctionDef' && node.kind !== 'ClassDef') {
        parts.push({ node, header: null })
        continue
      }
      parts.push({ node, header: headerOf(node, text) })
      if (node.kind === 'ClassDef') add(node.body)
    }
  }
  add(body)
  return parts
}

const headers = new WeakMap<Definition, string>()

function headerOf(node: Definition, text: string): string {
  let header = headers.get(node)
  if (header === undefined) {
    // Decorators stand before the name and parameters and bases behind it, all before the body.
    const from = Math.min(node.start, ...node.decorators.map((d) => d.start))
    headers.set(node, (header = `${node.kind} ${text.slice(from, node.body[0]?.start ?? node.end)}`))
  }
  return header
}

/**
 * The definitions of an older tree whose bodies alone differ, with what stands for them now; null if
 * anything else was edited. Nodes of unchanged text keep their identity over edits.
 */
export function editedBodies(old: Skeleton, now: Skeleton): Map<object, Definition> | null {
  if (old.length !== now.length) return null
  const edited = new Map<object, Definition>()
  for (const [i, part] of now.entries()) {
    const before = old[i]
    if (!before || before.header !== part.header) return null
    if (before.node === part.node) continue
    const { node } = part
    if (node.kind !== 'FunctionDef' && node.kind !== 'ClassDef') return null
    edited.set(before.node, node)
  }
  return edited
}
