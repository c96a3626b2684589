// `match`: each case whose pattern may fit runs, and what they leave is joined.

import type { Match, Pattern } from '../syntax/tree'
import { unknown, type Value } from '../trace/values'
import { compareValues } from './arithmetic'
import { fork, type Outcome } from './branch'
import { evaluateCondition } from './conditions'
import { iterableItems, keyOf } from './containers'
import { evaluate } from './expressions'
import { getAttribute } from './attributes'
import type { Interpreter } from './interpreter'
import { ClassObject, InstanceObject, NativeType } from './objects'
import { assignTarget, runBlock } from './statements'

export function runMatch(interp: Interpreter, node: Match): Outcome {
  const subject = evaluate(interp, node.subject)
  const paths: (() => Outcome)[] = []
  let isDecided = false
  for (const { pattern, guard, body } of node.cases) {
    const fits = matches(interp, pattern, interp.settle(subject))
    if (fits === false) continue
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
      const star = pattern.patterns.some(p => p.kind === 'MatchStar')
      if (!items) return null
      if (star ? items.length < pattern.patterns.length - 1 : items.length !== pattern.patterns.length) return false
      if (star) return null
      return all(pattern.patterns.map((p, i) => matches(interp, p, interp.settle(items[i] ?? subject))))
    }
    case 'MatchMapping':
      return subject.kind === 'dict' || subject.kind === 'unknown' ? null : false
    case 'MatchClass': {
      const cls = interp.settle(evaluate(interp, pattern.cls))
      const fits =
        cls instanceof ClassObject && subject instanceof InstanceObject
          ? subject.cls.isSubclassOf(cls)
          : cls instanceof NativeType
            ? cls.isInstance(subject)
            : null
      return fits && pattern.patterns.length + pattern.keywords.length > 0 ? null : fits
    }
    case 'MatchOr': {
      const answers = pattern.patterns.map(p => matches(interp, p, subject))
      return answers.includes(true) ? true : answers.includes(null) ? null : false
    }
  }
}

const all = (answers: readonly (boolean | null)[]): boolean | null =>
  answers.includes(false) ? false : answers.includes(null) ? null : true

/** Binds the names of a pattern that fits. */
function bindPattern(interp: Interpreter, pattern: Pattern, subject: Value): void {
  const bindName = (name: string | null, value: Value): void => {
    if (name) assignTarget(interp, { kind: 'Name', id: name, start: pattern.start, end: pattern.end }, value)
  }
  switch (pattern.kind) {
    case 'MatchCapture':
      if (pattern.pattern) bindPattern(interp, pattern.pattern, subject)
      return bindName(pattern.name, subject)
    case 'MatchSequence': {
      const items = iterableItems(interp, subject)
      const star = pattern.patterns.findIndex(p => p.kind === 'MatchStar')
      pattern.patterns.forEach((p, i) => {
        if (p.kind === 'MatchStar') {
          const end = items ? items.length - (pattern.patterns.length - star - 1) : 0
          return bindName(p.name, items ? interp.listOf(items.slice(star, end)) : unknown('the rest of a sequence'))
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
      return
    case 'MatchClass':
      for (const { name, pattern: inner } of pattern.keywords) bindPattern(interp, inner, getAttribute(interp, subject, name))
      for (const inner of pattern.patterns) bindPattern(interp, inner, interp.unknown('a part of what is matched'))
      return
    case 'MatchOr': {
      const [first] = pattern.patterns
      if (first) bindPattern(interp, first, subject)
      return
    }
    default:
  }
}
