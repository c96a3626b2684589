// The notation of einops: «b (h d) ... 1», with the same refusals as einops.parsing.

/** Axes are names; a number other than 1 is `5#0`, different each time; the ellipsis is `…`. */
export interface Side {
  /** One group of axes for each dim; a dim of size 1 is an empty group. */
  groups: string[][]
  axes: Set<string>
  ellipsis: 'none' | 'plain' | 'grouped'
  hasNumbers: boolean
}

export const code = 'einops-mismatch'
export const syntax = 'einops-syntax'
export const dots = '…'

/** The size of a number axis, or null for a name. */
export const numberOfAxis = (axis: string): number | null =>
  axis.includes('#') ? Number.parseInt(axis, 10) : null
export const showAxis = (axis: string): string =>
  axis.startsWith(dots) ? '...' : (axis.split('#')[0] ?? axis)
export const showGroup = (group: readonly string[]): string =>
  group.length === 1 ? `«${group.map(showAxis).join('')}»` : `(${group.map(showAxis).join(' ')})`

/** What is wrong with a name of an axis, or null. */
export function badAxisName(name: string, allowsUnderscore = false): string | null {
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name))
    return `«${name.replace(dots, '...')}» is not a name for an axis`
  if (allowsUnderscore && name === '_') return null
  return name.startsWith('_') || name.endsWith('_')
    ? `the axis «${name}» must not start or end with an underscore`
    : null
}

export interface ParseOptions {
  allowsUnderscore?: boolean
  allowsDuplicates?: boolean
}

/** One side of a pattern, or what is wrong with it. */
export function parseSide(source: string, options: ParseOptions = {}): Side | string {
  let text = source
  const side: Side = { groups: [], axes: new Set(), ellipsis: 'none', hasNumbers: false }
  if (text.includes('.')) {
    if (text.split('...').length !== 2 || text.replace('...', '').includes('.'))
      return 'dots may only stand in one ellipsis «...»'
    text = text.replace('...', dots)
  }
  let group: string[] | null = null
  let count = 0
  for (const token of text.match(/[()]|[^()\s]+|[^\S ]/g) ?? []) {
    if (token === '(') {
      if (group) return 'brackets must not stand inside brackets'
      group = []
    } else if (token === ')') {
      if (!group) return 'a bracket is closed that was not opened'
      side.groups.push(group)
      group = null
    } else {
      let axis = token
      if (/^\s$/.test(axis)) return 'only spaces may separate axes'
      const isNumber = /^\d+$/.test(axis)
      const wrong = [...axis].find((char) => !/[\p{L}\p{N}_…]/u.test(char))
      if (wrong) return `«${wrong}» is not allowed`
      const isDuplicate = side.axes.has(axis) && !(options.allowsUnderscore && axis === '_')
      if (isDuplicate && !options.allowsDuplicates) return `the axis «${showAxis(axis)}» stands there twice`
      if (isNumber && Number(axis) === 1) {
        if (!group) side.groups.push([])
        continue
      }
      if (axis === dots) side.ellipsis = group ? 'grouped' : 'plain'
      else if (isNumber) {
        axis = `${axis}#${count++}`
        side.hasNumbers = true
      } else {
        const problem = badAxisName(axis, options.allowsUnderscore)
        if (problem) return problem
      }
      side.axes.add(axis)
      if (group) group.push(axis)
      else side.groups.push([axis])
    }
  }
  return group ? 'a bracket is not closed' : side
}
