// The backend that is in use: started when it is first needed, again when its device is lost or the setting changes.

import { useContext, useEffect, useState } from 'preact/hooks'
import type { BackendChoice } from '../../src/protocol/visualiser'
import { type Backend, firstBackend } from './backend'
import { ComputeContext } from './link'

export type BackendState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'ready'; readonly backend: Backend; readonly notes: readonly string[] }
  | { readonly kind: 'failed'; readonly why: string }

/** A device that is lost over and over is given up for the next backend. */
const mostLosses = 2

export function useBackend(choice: BackendChoice | null): BackendState {
  const [state, setState] = useState<BackendState>({ kind: 'starting' })
  const link = useContext(ComputeContext)
  const [losses, setLosses] = useState<readonly string[]>([])
  useEffect(() => setLosses((before) => (before.length === 0 ? before : [])), [choice])
  useEffect(() => {
    if (choice === null) return
    let isStale = false
    setState({ kind: 'starting' })
    const last = losses.at(-1)
    const tries = losses.length > mostLosses ? 'cpu' : choice
    firstBackend(tries, link).then(
      ({ backend, failures }) => {
        if (isStale) return
        const notes = failures.map(({ name, why }) => `${name} does not serve: ${why}`)
        const isSaid = failures.some(({ why }) => why === last)
        if (last && !isSaid) notes.push(`The device was lost (${last}); what shows was computed afresh.`)
        setState({ kind: 'ready', backend, notes })
        void backend.lost.then((why) => {
          if (!isStale) setLosses([...losses, why])
        })
      },
      (problem) => !isStale && setState({ kind: 'failed', why: String(problem) }),
    )
    return () => {
      isStale = true
    }
  }, [choice, losses, link])
  return state
}
