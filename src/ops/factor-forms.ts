// Forms with factors among the arguments, `torch.add(x, 2, y)`, which PyTorch takes with a warning.

import { unknown } from '../trace/values'
import type { OpEntry, Rule } from './op'

/** `add(input: …, other: …, *, alpha: any = 1)`: the name, the first parameter, the others, the factors. */
const withFactors = /^(\w+)\((\w+: \w+), (.*), \*, (?:(beta): any = 1, )?(alpha|value): any = 1\)$/

/** Operations that take a factor by its name alone. */
const byNameAlone = new Set(['subtract'])

/** The other forms of operations that take factors. */
export const factorForms = (entries: readonly OpEntry[]): OpEntry[] =>
  entries.flatMap(([signature, places, rule]): OpEntry[] => {
    const [, name = '', first, rest, beta, factor] = withFactors.exec(signature) ?? []
    if (!factor || byNameAlone.has(name)) return []
    const ofNumbers = withNumbers([...(beta ? [beta] : []), factor], rule)
    if (!beta) return [[`${name}(${first}, ${factor}: any, ${rest})`, places, ofNumbers]]
    const [methods, functions] = [/method|inplace/, /torch/].map((kind) =>
      places
        .split(' ')
        .filter((place) => kind.test(place))
        .join(' '),
    )
    const forms: OpEntry[] = []
    if (functions)
      forms.push(
        [`${name}(beta: any, ${first}, ${rest})`, functions, ofNumbers],
        [`${name}(beta: any, ${first}, ${factor}: any, ${rest})`, functions, ofNumbers],
      )
    if (methods)
      forms.push(
        [`${name}(${first}, beta: any, ${rest})`, methods, ofNumbers],
        [`${name}(${first}, beta: any, ${factor}: any, ${rest})`, methods, ofNumbers],
      )
    return forms
  })

/** A rule for what PyTorch takes where the factors are numbers. */
const withNumbers =
  (factors: readonly string[], rule: Rule): Rule =>
  (c) =>
    factors.some((factor) => c.bound.has(factor) && c.value(factor).kind === 'tensor')
      ? unknown(`a factor of ${c.name} is a tensor`)
      : rule(c)
