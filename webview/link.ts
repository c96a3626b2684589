// The state of the page as a short text: a link holds it, and whoever opens the link sees the same picture.

import { initial, readState, type State } from './state'

/** What differs from the state at first, as JSON in base64url. */
export function textOfState(state: State): string {
  // long arrays stay at home
  const { given } = state.attention
  const short = { q: keptOf(given.q), k: keptOf(given.k) }
  const attention = differing({ ...state.attention, given: short }, initial.attention)
  const json = JSON.stringify({ ...differing(state, initial), version: state.version, attention })
  const bytes = Array.from(new TextEncoder().encode(json), (byte) => String.fromCharCode(byte)).join('')
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** The state of a link, or of the text in it; null where there is none. What makes no sense in it is left out. */
export function stateInText(text: string): State | null {
  const code = /(?:[?&]state=)?([\w-]+)\s*$/.exec(text.trim())?.[1] ?? ''
  try {
    const bytes = Uint8Array.from(atob(code.replaceAll('-', '+').replaceAll('_', '/')), (one) =>
      one.charCodeAt(0),
    )
    const saved: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    const isState = typeof saved === 'object' && saved !== null && 'version' in saved
    return isState && saved.version === initial.version ? readState(saved) : null
  } catch {
    // no base64, no UTF-8 or no JSON: then it is no link
    return null
  }
}

/** The most characters of given numbers that a link holds. */
const mostCharacters = 2000

const keptOf = (draft: State['attention']['given']['q']): typeof draft =>
  draft?.text && draft.text.length <= mostCharacters ? draft : null

/** The entries that are not as in `usual`. */
function differing(value: object, usual: object): Record<string, unknown> {
  const before = new Map(Object.entries(usual))
  const isOther = ([key, own]: [string, unknown]): boolean =>
    JSON.stringify(own) !== JSON.stringify(before.get(key))
  return Object.fromEntries(Object.entries(value).filter(isOther))
}
