// Patterns of file names, as Python's fnmatch and glob read them.

/** The regular expression of a pattern of `*`, `?`, `[abc]` and `[!abc]`. Source: fnmatch.translate. */
export function fileNamePattern(pattern: string): RegExp {
  const source = pattern.replace(
    /\[(?=(!?))\1(.[^\]]*)\]|[*?]|[^\w\s]/gs,
    (mark: string, not: string, inside?: string) => {
      if (inside !== undefined) return oneOf(inside, not !== '')
      if (mark === '*') return '[^]*'
      return mark === '?' ? '[^]' : `\\${mark}`
    },
  )
  return new RegExp(`^${source}$`)
}

/** A character in a set, or one that is not; ranges that end before they begin hold none. */
function oneOf(inside: string, isNegated: boolean): string {
  const ranges = inside.replace(/(.)-(.)/gs, (range, first, last) => (first <= last ? range : ''))
  return `[${isNegated ? '^' : ''}${ranges.replace(/[\\\]^[]/g, '\\$&')}]`
}
