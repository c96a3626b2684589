// Paths as text, taken apart and put together as os.path and pathlib do it, with `/` between their parts.

export const isAbsolute = (path: string): boolean => /^(?:[A-Za-z]:)?\//.test(path)

/** `os.path.join` */
export const joined = (parts: readonly string[]): string =>
  parts.reduce((path, part) =>
    isAbsolute(part) ? part : path === '' || path.endsWith('/') ? path + part : `${path}/${part}`,
  )

/** `os.path.normpath`: without `.`, doubled bars and a name before `..`. */
export function normalised(path: string): string {
  const [root = ''] = /^(?:[A-Za-z]:)?\/?/.exec(path) ?? []
  const parts: string[] = []
  for (const part of path.slice(root.length).split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop()
    else if (!root.endsWith('/')) parts.push(part)
  }
  return root + parts.join('/') || '.'
}

/** What `str(Path(path))` is: normalised but for `..`, which may stand behind a link. */
export function plain(path: string): string {
  const [root = ''] = /^(?:[A-Za-z]:)?\/?/.exec(path) ?? []
  const parts = path.slice(root.length).split('/')
  return root + parts.filter((part) => part !== '' && part !== '.').join('/') || '.'
}

/** `os.path.dirname` */
export function folderIn(path: string): string {
  const head = path.slice(0, path.lastIndexOf('/') + 1)
  return /^\/*$/.test(head) ? head : head.replace(/\/+$/, '')
}

/** `os.path.basename` */
export const nameIn = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** `os.path.splitext`: dots that a name begins with are none of an extension. */
export function extensionIn(path: string): string {
  return /^\.*[^.].*?(\.[^.]*)$/s.exec(nameIn(path))?.[1] ?? ''
}

/** `.yaml` of `a.yaml`, as pathlib has it; `.bashrc` and `x.` have none. */
function suffixIn(path: string): string {
  const name = nameIn(path)
  const at = name.lastIndexOf('.')
  return at > 0 && at < name.length - 1 ? name.slice(at) : ''
}

const parts: Readonly<Record<string, (path: string) => string | null>> = {
  plain,
  normalised,
  dirname: folderIn,
  basename: nameIn,
  extension: extensionIn,
  /** Where a relative path lies only the process knows. */
  absolute: (path) => (isAbsolute(path) ? normalised(path) : null),
  unexpanded: (path) => (path.startsWith('~') ? null : path),
  // Of a path in its plain form.
  name: (path) => (path === '.' ? '' : nameIn(path)),
  parent: (path) => plain(folderIn(path)),
  suffix: suffixIn,
  stem: (path) => nameIn(path).slice(0, nameIn(path).length - suffixIn(path).length),
}

/** What is asked of a path; null where it does not tell. */
export const partOf = (part: string, path: string): string | null => parts[part]?.(path) ?? null

/** A part of an address, as `urllib.parse.urlsplit` names it; null where that cannot be told. */
export function partOfAddress(part: string, url: string): string | null {
  if (/[;\s[\]]/.test(url)) return null
  const [, scheme = '', netloc = '', path = '', query = '', fragment = ''] =
    /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(url) ?? []
  const parts = new Map(Object.entries({ scheme: scheme.toLowerCase(), netloc, path, query, fragment }))
  return parts.get(part) ?? null
}
