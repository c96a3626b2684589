// `match`: each case whose pattern may fit runs, and what they leave is joined.

import type { Expression, Match, Pattern } from '../syntax/tree'
import { dict, unknown, type Value } from '../trace/values'
import { compareValues } from './arithmetic'
import { getAttribute } from './attributes'
import { fork, type Outcome } from './branch'
import { evaluateCondition } from './conditions'
import { iterableItems, keyOf } from './containers'
import { evaluate } from './expressions'
import { isInstance } from './instance-tests'
import type { Interpreter } from './interpreter'
import { ClassObject, NativeType } from './objects'
import { assignTarget, runBlock } from './statements'

export function runMatch(interp: Interpreter, node: Match): Outcome {
  const subject = evaluate(interp, node.subject)
  const paths: (() => Outcome)[] = []
  let isDecided = false
  for (const { pattern, guard, body } of node.cases) {
    const fits = matches(interp, pattern, interp.settle(subject))
    if (fits === false) continue
    if (fits && guard && paths.length === 0) {
      // As in Python, the names stay bound where the guard fails.
      bindPattern(interp, pattern, subject)
      const { truth } = evaluateCondition(interp, guard)
      if (truth) return runBlock(interp, body)
      if (truth === false) continue
    }
    let truth: boolean | null = fits
    paths.push(() => {
      bindPattern(interp, pattern, subject)
      if (guard) {
        const condition = evaluateCondition(interp, guard)
        if (condition.truth === false) return 'next'
        condition.whenTrue()
      }
      return runBlock(interp, body)
    })
    if (guard) truth = null
    if (truth === true) {
      isDecided = true
      break
    }
  }
  const [only] = paths
  if (isDecided && paths.length === 1 && only) return only()
  if (!isDecided) paths.push(() => 'next')
  return fork(interp, paths)
}

/** Whether a pattern fits; null where that is not known. */
function matches(interp: Interpreter, pattern: Pattern, subject: Value): boolean | null {
  switch (pattern.kind) {
    case 'MatchValue':
      return compareValues(interp, '==', subject, interp.settle(evaluate(interp, pattern.value)))
    case 'MatchCapture':
      return pattern.pattern ? matches(interp, pattern.pattern, subject) : true
    case 'MatchStar':
      return true
    case 'MatchSequence': {
      const items = iterableItems(interp, subject)
      const star = pattern.patterns.findIndex((p) => p.kind === 'MatchStar')
      if (!['tuple', 'list', 'size', 'sequence', 'range', 'unknown', 'union'].includes(subject.kind))
        return false
      if (!items) return null
      const { length } = pattern.patterns
      if (star >= 0 ? items.length < length - 1 : items.length !== length) return false
      const itemAt = (i: number): Value | undefined =>
        items[star >= 0 && i > star ? items.length - (length - i) : i]
      return all(
        pattern.patterns.map((p, i) =>
          i === star ? true : matches(interp, p, interp.settle(itemAt(i) ?? subject)),
        ),
      )
    }
    case 'MatchMapping': {
      if (subject.kind !== 'dict')
        return subject.kind === 'unknown' || subject.kind === 'union' ? null : false
      return all(
        pattern.patterns.map((p, i) => {
          const keyNode = pattern.keys[i]
          const key = keyNode ? keyOf(interp.settle(evaluate(interp, keyNode))) : null
          const entry = key === null ? undefined : subject.entries.get(key)
          if (entry) return matches(interp, p, interp.settle(entry.value))
          return key === null || subject.state.get('isOpen') ? null : false
        }),
      )
    }
    case 'MatchClass': {
      const cls = interp.settle(evaluate(interp, pattern.cls))
      const fits = isInstance(interp, subject, cls)
      if (!fits) return fits
      const parts = partsOf(interp, pattern, cls, subject)
      return all(parts.map(({ part, value }) => (value ? matches(interp, part, interp.settle(value)) : null)))
    }
    case 'MatchOr': {
      const answers = pattern.patterns.map((p) => matches(interp, p, subject))
      return answers.includes(true) ? true : answers.includes(null) ? null : false
    }
  }
}

const all = (answers: readonly (boolean | null)[]): boolean | null =>
  answers.includes(false) ? false : answers.includes(null) ? null : true

/** What a mapping pattern leaves for `**rest`. */
function restOf(interp: Interpreter, keys: readonly Expression[], subject: Value): Value {
  if (subject.kind !== 'dict') return interp.unknown('the rest of what is matched')
  const taken = keys.map((k) => keyOf(interp.settle(evaluate(interp, k))))
  const rest = dict([...subject.entries].filter(([key]) => !taken.includes(key)))
  if (subject.state.get('isOpen')) rest.state.set('isOpen', true)
  return rest
}

/** The patterns within `Point(x, y=0)` with what each is matched against. */
function partsOf(
  interp: Interpreter,
  pattern: Extract<Pattern, { kind: 'MatchClass' }>,
  cls: Value,
  subject: Value,
): { part: Pattern; value: Value | null }[] {
  const listed = cls instanceof ClassObject ? cls.find('__match_args__') : undefined
  const names = listed
    ? (interp.itemsOf(listed)?.map((v) => (v.kind === 'str' ? v.value : null)) ?? [])
    : cls instanceof ClassObject
      ? cls.fields
      : []
  return [
    ...pattern.patterns.map((part, i) => {
      // `int(n)` and the like match the value itself.
      if (cls instanceof NativeType) return { part, value: i === 0 ? subject : null }
      const name = names[i]
      return { part, value: name ? getAttribute(interp, subject, name) : null }
    }),
    ...pattern.keywords.map(({ name, pattern: part }) => ({
      part,
      value: getAttribute(interp, subject, name),
    })),
  ]
}

/** Binds the names of a pattern that fits. */
function bindPattern(interp: Interpreter, pattern: Pattern, subject: Value): void {
  const bindName = (name: string | null, value: Value): void => {
    if (name) assignTarget(interp, { kind: 'Name', id: name, start: pattern.start, end: pattern.end }, value)
  }
  switch (pattern.kind) {
    case 'MatchCapture':
      if (pattern.pattern) bindPattern(interp, pattern.pattern, subject)
      bindName(pattern.name, subject)
      return
    case 'MatchSequence': {
      const items = iterableItems(interp, subject)
      const star = pattern.patterns.findIndex((p) => p.kind === 'MatchStar')
      pattern.patterns.forEach((p, i) => {
        if (p.kind === 'MatchStar') {
          const end = items ? items.length - (pattern.patterns.length - star - 1) : 0
          return bindName(
            p.name,
            items ? interp.listOf(items.slice(star, end)) : unknown('the rest of a sequence'),
          )
        }
        const at = star >= 0 && i > star && items ? items.length - (pattern.patterns.length - i) : i
        bindPattern(interp, p, items?.[at] ?? interp.unknown('an item of what is matched'))
      })
      return
    }
    case 'MatchMapping':
      pattern.patterns.forEach((p, i) => {
        const keyNode = pattern.keys[i]
        const settled = interp.settle(subject)
        const key = keyNode ? keyOf(interp.settle(evaluate(interp, keyNode))) : null
        const entry = settled.kind === 'dict' && key !== null ? settled.entries.get(key) : undefined
        bindPattern(interp, p, entry?.value ?? interp.unknown('an item of what is matched'))
      })
      if (pattern.rest) bindName(pattern.rest, restOf(interp, pattern.keys, interp.settle(subject)))
      return
    case 'MatchClass':
      for (const { part, value } of partsOf(
        interp,
        pattern,
        interp.settle(evaluate(interp, pattern.cls)),
        interp.settle(subject),
      ))
        bindPattern(interp, part, value ?? interp.unknown('a part of what is matched'))
      return
    case 'MatchOr': {
      const settled = interp.settle(subject)
      const fitting = pattern.patterns.find((p) => matches(interp, p, settled) !== false)
      if (fitting) bindPattern(interp, fitting, subject)
      return
    }
    default:
  }
}
