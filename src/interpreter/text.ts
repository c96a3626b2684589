// Strings: their methods, and the formats of f-strings, `%` and `str.format`.

import type { Arguments } from '../ops/op'
import { bool, int, list, none, sequence, str, tuple, type Value } from '../trace/values'
import type { Interpreter } from './interpreter'
import { ClassObject, NativeType } from './objects'

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
        : value.value.includes("'")
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
      if (n === null || !Number.isFinite(n)) return null
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
      return value instanceof ClassObject ? `<class '${value.module.name}.${value.name}'>` : null
    default:
      return null
  }
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

const tests: Record<string, RegExp> = {
  isdigit: /^\d+$/,
  isalpha: /^\p{L}+$/u,
  isidentifier: /^[\p{L}_][\p{L}\d_]*$/u,
}
const unknownText = new Set(['title', 'swapcase', 'expandtabs', 'translate'])

/** The text before a separator, the separator, and the text behind it. */
function partitioned(self: string | null, by: string | null, fromEnd: boolean): (string | null)[] {
  if (self === null || by === null) return [null, null, null]
  const at = fromEnd ? self.lastIndexOf(by) : self.indexOf(by)
  if (at < 0) return fromEnd ? ['', '', self] : [self, '', '']
  return [self.slice(0, at), by, self.slice(at + by.length)]
}

/** A method of a string; undefined where there is none of that name. */
export function stringMethod(
  interp: Interpreter,
  self: string | null,
  name: string,
  bind: Bind,
): Value | undefined {
  const text = (v: Value | undefined): string | null => {
    const settled = v && interp.settle(v)
    return settled?.kind === 'str' ? settled.value : null
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
  if (test) return bind(() => bool(self === null ? null : test.test(self)))
  if (unknownText.has(name)) return bind(() => str(null))
  switch (name) {
    case 'startswith':
    case 'endswith':
      return bind(([part = none]) => {
        const parts = part.kind === 'tuple' ? part.items.map(text) : [text(part)]
        if (self === null || parts.includes(null)) return bool(null)
        return bool(
          parts.some((p) => p !== null && (name === 'startswith' ? self.startsWith(p) : self.endsWith(p))),
        )
      })
    case 'split':
    case 'rsplit':
      return bind(([by, limit], { keywords }) => {
        const separator = by && by.kind !== 'none' ? text(by) : ' '
        if (self === null || separator === null) return list(sequence(str(null), null))
        const most = limit ?? keywords.get('maxsplit')
        const all =
          by && by.kind !== 'none'
            ? self.split(separator)
            : self.trim() === ''
              ? []
              : self.trim().split(/\s+/)
        if (most) {
          const count = most.kind === 'int' ? most.dim.value : null
          if (count === null) return list(sequence(str(null), null))
          if (count >= 0 && count < all.length - 1) {
            if (name === 'split') all.splice(count, all.length, all.slice(count).join(separator))
            else all.splice(0, all.length - count, all.slice(0, all.length - count).join(separator))
          }
        }
        return list(all.map((s) => str(s)))
      })
    case 'partition':
    case 'rpartition':
      return bind(([by]) => tuple(partitioned(self, text(by), name === 'rpartition').map((s) => str(s))))
    case 'splitlines':
      return bind(() =>
        self === null ? list(sequence(str(null), null)) : list(self.split('\n').map((s) => str(s))),
      )
    case 'replace':
      return bind(([from, to]) => {
        const [a, b] = [text(from), text(to)]
        return str(self !== null && a !== null && b !== null ? self.replaceAll(a, b) : null)
      })
    case 'join':
      return bind(([parts = none]) => {
        const items = interp.itemsOf(parts)?.map(text)
        return str(self !== null && items && !items.includes(null) ? items.join(self) : null)
      })
    case 'format':
      return bind((_, all) => str(formatMethod(interp, self, all)))
    case 'count':
      return bind(([part]) => {
        const known = text(part)
        return int(
          self === null || !known ? interp.freshSize() : interp.constantDim(self.split(known).length - 1),
        )
      })
    case 'find':
    case 'index':
    case 'rfind':
      return bind(([part]) => {
        const known = text(part)
        if (self === null || known === null) return int(interp.freshInt())
        return int(name === 'rfind' ? self.lastIndexOf(known) : self.indexOf(known))
      })
    default:
      return undefined
  }
}
