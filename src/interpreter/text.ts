// Strings: their methods, and the formats of f-strings, `%` and `str.format`.

import type { Arguments } from '../ops/op'
import { bool, int, list, none, sequence, str, tuple, type Value } from '../trace/values'
import { callMethod } from './attributes'
import { raiseIfCaught } from './exceptions'
import type { Interpreter } from './interpreter'
import { ClassObject, FunctionObject, InstanceObject, NativeType } from './objects'

/** Tuples in tuples can double with each step of a loop. */
const deepestTuple = 8

/** What `str(value)` or `repr(value)` gives; null where it is not known. */
export function textOf(interp: Interpreter, given: Value, isRepr = false, depth = 0): string | null {
  const value = interp.settle(given)
  switch (value.kind) {
    case 'str':
      if (value.value !== null && value.value.length > 10_000) return null
      return value.value === null || !isRepr
        ? value.value
        : /['\\\p{C}]/u.test(value.value)
          ? null
          : `'${value.value}'`
    case 'int':
      return value.dim.value === null ? null : String(value.dim.value)
    case 'bool':
      return value.value === null ? null : value.value ? 'True' : 'False'
    case 'none':
      return 'None'
    case 'float': {
      const n = value.value
      // Python writes smaller and larger ones with an exponent.
      if (n === null || !Number.isFinite(n) || (n !== 0 && (Math.abs(n) < 1e-4 || Math.abs(n) >= 1e16)))
        return null
      const text = Number.isInteger(n) ? n.toFixed(1) : String(n)
      return text.includes('e') ? null : text
    }
    case 'dtype':
      return value.dtype && `torch.${value.dtype}`
    case 'tuple': {
      if (depth > deepestTuple) return null
      const items = value.items.map((item) => textOf(interp, item, true, depth + 1))
      if (items.includes(null) || value.fields) return null
      return items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`
    }
    case 'object':
      if (value instanceof NativeType)
        return value.name === 'Tensor'
          ? "<class 'torch.Tensor'>"
          : /^[a-z]+$/.test(value.name)
            ? `<class '${value.name}'>`
            : null
      if (
        value instanceof InstanceObject &&
        !isRepr &&
        value.payload &&
        value.cls.isText &&
        !value.cls.find('__str__')
      )
        return textOf(interp, value.payload, isRepr, depth)
      if (value instanceof InstanceObject) return ownText(interp, value, isRepr ? '__repr__' : '__str__')
      return value instanceof ClassObject ? `<class '${value.module.name}.${value.name}'>` : null
    default:
      return null
  }
}

/** What an instance says itself that its text is. */
function ownText(interp: Interpreter, value: InstanceObject, method: '__str__' | '__repr__'): string | null {
  if (!(value.cls.find(method) instanceof FunctionObject)) return null
  const text = interp.settle(callMethod(interp, value, method, []))
  return text.kind === 'str' ? text.value : null
}

const specification = /^(?:(.)?([<>^]))?([+ ]?)(0?)(\d*)(,?)(?:\.(\d+))?([dfgsx%]?)$/

/** A value by the text behind it in a replacement field: `!r`, `:03d`, `:>8.2f`. */
export function formatted(interp: Interpreter, value: Value, format: string): string | null {
  const [, conversion = '', spec = ''] = /^(?:!([rsa]))?:?(.*)$/s.exec(format) ?? []
  const plain = textOf(interp, value, conversion === 'r' || conversion === 'a')
  const parts = specification.exec(spec)
  if (plain === null || !parts) return null
  const [, fill, align, sign, zero, width, comma, precision, type] = parts
  if (sign || comma) return null
  const settled = interp.settle(value)
  const n = settled.kind === 'int' ? settled.dim.value : settled.kind === 'float' ? settled.value : null
  let text = plain
  if (type === 'f' && n !== null) text = n.toFixed(precision ? Number(precision) : 6)
  else if (type === 'x' && n !== null) text = n.toString(16)
  else if (type && type !== 'd' && type !== 's') return null
  else if (precision && settled.kind === 'str') text = text.slice(0, Number(precision))
  else if (precision) return null
  const size = width ? Number(width) : 0
  if (zero && !align)
    return text.startsWith('-') ? `-${text.slice(1).padStart(size - 1, '0')}` : text.padStart(size, '0')
  const isLeft = align ? align === '<' : settled.kind === 'str' || conversion !== ''
  if (align === '^' && size > text.length) return null
  return isLeft ? text.padEnd(size, fill ?? ' ') : text.padStart(size, fill ?? ' ')
}

/** `'%s-%d' % values` */
export function percentFormat(interp: Interpreter, template: string | null, values: Value): string | null {
  if (template === null || values.kind === 'dict') return null
  const items = values.kind === 'tuple' ? [...values.items] : [values]
  let isKnown = true
  const text = template.replace(
    /%(%|(0?\d*(?:\.\d+)?)([sdfrxi]))/g,
    (_, all: string, spec: string, type: string) => {
      if (all === '%') return '%'
      const item = items.shift()
      const conversion = type === 'r' ? '!r:' : ':'
      const piece = item
        ? formatted(
            interp,
            item,
            `${conversion}${spec}${type === 'f' || type === 'x' || (type === 'd' && spec) ? type : ''}`,
          )
        : null
      if (piece === null) isKnown = false
      return piece ?? ''
    },
  )
  return isKnown && items.length === 0 ? text : null
}

function formatMethod(interp: Interpreter, template: string | null, args: Arguments): string | null {
  if (template === null || args.isOpen) return null
  let [next, isKnown] = [0, true]
  const text = template.replace(
    /\{\{|\}\}|\{([^{}!:]*)((?:!\w)?(?::[^{}]*)?)\}/g,
    (all: string, field: string | undefined, format: string | undefined) => {
      if (all === '{{' || all === '}}') return all.charAt(0)
      const value = !field
        ? args.positional[next++]
        : /^\d+$/.test(field)
          ? args.positional[Number(field)]
          : args.keywords.get(field)
      const piece = value ? formatted(interp, value, format ?? '') : null
      if (piece === null) isKnown = false
      return piece ?? ''
    },
  )
  return isKnown ? text : null
}

type Bind = (call: (args: readonly Value[], all: Arguments) => Value) => Value
type Change = (self: string, given: string | null) => string | null

/** Methods that make another string of this one and at most one more. */
const changes: Record<string, Change> = {
  lower: (self) => self.toLowerCase(),
  upper: (self) => self.toUpperCase(),
  casefold: (self) => self.toLowerCase(),
  swapcase: (self) =>
    [...self].map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())).join(''),
  title: (self) =>
    self.toLowerCase().replace(/\p{L}+/gu, (word) => word.charAt(0).toUpperCase() + word.slice(1)),
  capitalize: (self) => self.charAt(0).toUpperCase() + self.slice(1).toLowerCase(),
  strip: (self, given) => (given === null ? self.trim() : cut(self, given, true, true)),
  lstrip: (self, given) => (given === null ? self.trimStart() : cut(self, given, true, false)),
  rstrip: (self, given) => (given === null ? self.trimEnd() : cut(self, given, false, true)),
  removeprefix: (self, given) =>
    given === null ? null : self.startsWith(given) ? self.slice(given.length) : self,
  removesuffix: (self, given) =>
    given === null
      ? null
      : given !== '' && self.endsWith(given)
        ? self.slice(0, self.length - given.length)
        : self,
}

function cut(text: string, characters: string, front: boolean, back: boolean): string {
  let [start, end] = [0, text.length]
  while (front && start < end && characters.includes(text.charAt(start))) start++
  while (back && end > start && characters.includes(text.charAt(end - 1))) end--
  return text.slice(start, end)
}

/** Methods that fill a string up to a width. */
const fills: Record<string, (self: string, width: number, fill: string) => string> = {
  ljust: (self, width, fill) => self.padEnd(width, fill),
  rjust: (self, width, fill) => self.padStart(width, fill),
  center: (self, width, fill) => {
    const missing = Math.max(width - self.length, 0)
    // Python puts the odd one in front where the width is odd.
    const front = Math.floor(missing / 2) + (missing & width & 1)
    return self.padStart(self.length + front, fill).padEnd(width, fill)
  },
  zfill: (self, width) => {
    const sign = /^[+-]/.exec(self)?.[0] ?? ''
    return sign + self.slice(sign.length).padStart(width - sign.length, '0')
  },
}
const longestFilled = 10_000

const matches =
  (pattern: RegExp) =>
  (self: string): boolean =>
    pattern.test(self)

const tests: Record<string, (self: string) => boolean> = {
  isdigit: matches(/^\d+$/),
  isdecimal: matches(/^\p{Nd}+$/u),
  isnumeric: matches(/^\p{N}+$/u),
  isalpha: matches(/^\p{L}+$/u),
  isalnum: matches(/^[\p{L}\p{N}]+$/u),
  isspace: matches(/^\s+$/),
  isidentifier: matches(/^[\p{L}_][\p{L}\d_]*$/u),
  isupper: (self) => self === self.toUpperCase() && self !== self.toLowerCase(),
  islower: (self) => self === self.toLowerCase() && self !== self.toUpperCase(),
}
const unknownText = new Set(['expandtabs', 'translate'])

/** `str.split` and `str.rsplit`: at most so many cuts, all of them where the number is negative. */
function splitText(self: string, separator: string | null, most: number, fromEnd: boolean): string[] {
  if (separator === null) return splitWords(self, most, fromEnd)
  const all = self.split(separator)
  if (most < 0 || all.length - 1 <= most) return all
  const at = fromEnd ? all.length - most : most
  return fromEnd
    ? [all.slice(0, at).join(separator), ...all.slice(at)]
    : [...all.slice(0, at), all.slice(at).join(separator)]
}

/** Cuts at white space, of which what is not cut keeps its own. */
function splitWords(self: string, most: number, fromEnd: boolean): string[] {
  const words: string[] = []
  let rest = fromEnd ? self.trimEnd() : self.trimStart()
  while (rest !== '') {
    const isLast = words.length === most
    const word = isLast ? rest : ((fromEnd ? /\S+$/ : /^\S+/).exec(rest)?.[0] ?? rest)
    rest = fromEnd ? rest.slice(0, rest.length - word.length).trimEnd() : rest.slice(word.length).trimStart()
    words.push(word)
  }
  return fromEnd ? words.reverse() : words
}

/** What ends a line for Python, the longest first. */
const lineBreaks = ['\r\n', ...'\n\r\v\f\u001c\u001d\u001e\u0085\u2028\u2029']
const lineBreak = new RegExp(lineBreaks.join('|'))

/** `str.splitlines`: a break at the end begins no line. */
function linesOf(self: string, keepsEnds: boolean): string[] {
  const lines: string[] = []
  let rest = self
  while (rest !== '') {
    const end = lineBreak.exec(rest)
    const length = end ? end.index + end[0].length : rest.length
    lines.push(rest.slice(0, keepsEnds ? length : (end?.index ?? length)))
    rest = rest.slice(length)
  }
  return lines
}

/** `str.replace`, at most so many times, always where the number is negative. */
function replaced(self: string, from: string, to: string, most: number): string {
  if (most < 0) return self.replaceAll(from, to)
  let left = most
  return self.replaceAll(from, (found) => (left-- > 0 ? to : found))
}

/** The text before a separator, the separator, and the text behind it. */
function partitioned(self: string | null, by: string | null, fromEnd: boolean): (string | null)[] {
  if (self === null || by === null) return [null, null, null]
  const at = fromEnd ? self.lastIndexOf(by) : self.indexOf(by)
  if (at < 0) return fromEnd ? ['', '', self] : [self, '', '']
  return [self.slice(0, at), by, self.slice(at + by.length)]
}

/** Longer texts are data of which the lines and words are not looked at. */
const longestTaken = 20_000

/** A method of a string; undefined where there is none of that name. */
export function stringMethod(
  interp: Interpreter,
  whole: string | null,
  name: string,
  bind: Bind,
): Value | undefined {
  const self = whole !== null && whole.length > longestTaken ? null : whole
  const text = (v: Value | undefined): string | null => {
    const settled = v && interp.settle(v)
    return settled?.kind === 'str' ? settled.value : null
  }
  const numberOf = (v: Value | undefined, otherwise: number): number | null => {
    if (!v) return otherwise
    const settled = interp.settle(v)
    return settled.kind === 'none' ? otherwise : settled.kind === 'int' ? settled.dim.value : null
  }
  const texts = (items: readonly string[]): Value => list(items.map((item) => str(item)))
  const someTexts = (): Value => list(sequence(str(null), null))
  /** The part of the text that a search is bound to, and where it starts. */
  const region = ([first, last]: readonly Value[]): { text: string; start: number } | null => {
    const [from, to] = [numberOf(first, 0), numberOf(last, self?.length ?? 0)]
    if (self === null || from === null || to === null) return null
    return { text: self.slice(from, to), start: from < 0 ? Math.max(self.length + from, 0) : from }
  }
  const change = changes[name]
  if (change)
    return bind(([given]) =>
      str(self === null || (given && text(given) === null) ? null : change(self, text(given))),
    )
  const fill = fills[name]
  if (fill)
    return bind(([given, by]) => {
      const width = given?.kind === 'int' ? given.dim.value : null
      const filler = by ? text(by) : ' '
      const isKnown = self !== null && width !== null && width <= longestFilled && filler !== null
      return str(isKnown ? fill(self, width, filler) : null)
    })
  const test = tests[name]
  if (test) return bind(() => bool(self === null ? null : test(self)))
  if (unknownText.has(name)) return bind(() => str(null))
  switch (name) {
    case 'startswith':
    case 'endswith':
      return bind(([part = none, ...bounds]) => {
        const parts = part.kind === 'tuple' ? part.items.map(text) : [text(part)]
        const within = region(bounds)?.text
        if (within === undefined || parts.includes(null)) return bool(null)
        return bool(
          parts.some(
            (p) => p !== null && (name === 'startswith' ? within.startsWith(p) : within.endsWith(p)),
          ),
        )
      })
    case 'split':
    case 'rsplit':
      return bind(([first, second], { keywords }) => {
        const [by = none, limit] = [first ?? keywords.get('sep'), second ?? keywords.get('maxsplit')]
        const [separator, most] = [by.kind === 'none' ? null : text(by), numberOf(limit, -1)]
        const isKnown = self !== null && most !== null && (by.kind === 'none' || separator)
        return isKnown ? texts(splitText(self, separator, most, name === 'rsplit')) : someTexts()
      })
    case 'partition':
    case 'rpartition':
      return bind(([by]) => tuple(partitioned(self, text(by), name === 'rpartition').map((s) => str(s))))
    case 'splitlines':
      return bind(([first], { keywords }) => {
        const keeps = interp.settle(first ?? keywords.get('keepends') ?? bool(false))
        const isKnown = self !== null && keeps.kind === 'bool' && keeps.value !== null
        return isKnown ? texts(linesOf(self, keeps.value === true)) : someTexts()
      })
    case 'replace':
      return bind(([from, to, count], { keywords }) => {
        const [a, b, most] = [text(from), text(to), numberOf(count ?? keywords.get('count'), -1)]
        const isKnown = self !== null && a !== null && b !== null && most !== null
        return str(isKnown ? replaced(self, a, b, most) : null)
      })
    case 'join':
      return bind(([parts = none]) => {
        const items = interp.itemsOf(parts)?.map(text)
        return str(self !== null && items && !items.includes(null) ? items.join(self) : null)
      })
    case 'format':
      return bind((_, all) => str(formatMethod(interp, self, all)))
    case 'count':
      return bind(([part, ...bounds]) => {
        const [known, within] = [text(part), region(bounds)]
        return int(
          !within || !known ? interp.freshSize() : interp.constantDim(within.text.split(known).length - 1),
        )
      })
    case 'find':
    case 'index':
    case 'rfind':
    case 'rindex':
      return bind(([part, ...bounds]) => {
        const [known, within] = [text(part), region(bounds)]
        if (!within || known === null) return int(interp.freshInt())
        const at = name.startsWith('r') ? within.text.lastIndexOf(known) : within.text.indexOf(known)
        if (at >= 0) return int(within.start + at)
        if (name.endsWith('find')) return int(-1)
        raiseIfCaught(interp, 'ValueError')
        return int(interp.freshInt())
      })
    default:
      return undefined
  }
}
