// What a file's annotations say of a name wherever it is annotated, for parameters of that name that are not.

import type { Expression, ModuleTree, Statement } from '../syntax/tree'

/** The types, such as `Config`, that a file's annotations have for parameters and fields of a name. */
export type TypedNames = ReadonlyMap<string, readonly Expression[]>

/** Annotations of parameters and fields, and classes that are named for a field: `config_class = Config`. */
export function typedNamesOf({ body }: ModuleTree): TypedNames {
  const types = new Map<string, Expression[]>()
  const note = (name: string, annotation: Expression | null): void => {
    if (!annotation) return
    const type = typeName(annotation)
    const known = types.get(name)
    if (!known) types.set(name, [annotation])
    else if (!known.some((k) => typeName(k) === type)) known.push(annotation)
  }
  const visit = (statements: readonly Statement[], isClass: boolean): void => {
    for (const statement of statements) {
      if (statement.kind === 'FunctionDef')
        for (const { name, annotation } of statement.params) note(name, annotation)
      else if (statement.kind === 'ClassDef') visit(statement.body, true)
      else if (isClass) noteField(statement, note)
    }
  }
  visit(body, false)
  return types
}

function noteField(statement: Statement, note: (name: string, annotation: Expression) => void): void {
  if (statement.kind === 'AnnAssign' && statement.target.kind === 'Name')
    note(statement.target.id, statement.annotation)
  const [target] = statement.kind === 'Assign' ? statement.targets : []
  if (statement.kind !== 'Assign' || target?.kind !== 'Name' || statement.value.kind !== 'Name') return
  const [, name] = /^(\w+)_class$/.exec(target.id) ?? []
  if (name) note(name, statement.value)
}

/** The name that a plain annotation is, also as a forward reference; null for other types. */
function typeName(annotation: Expression): string | null {
  if (annotation.kind === 'Name') return annotation.id
  if (annotation.kind === 'String') return annotation.value
  return null
}

/** A text that is equal where the types are. */
export const typedNamesKey = (names: TypedNames): string =>
  [...names].map(([name, types]) => `${name}: ${types.map(typeName).join('|')}`).join()
