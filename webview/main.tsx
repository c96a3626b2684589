// The page of the visualisation: draws what it showed before, or what the extension asks for.

import './style.css'
import { render } from 'preact'
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks'
import { readArrayFile } from '../src/compute'
import type { BackendChoice, ToPage } from '../src/protocol/visualiser'
import { App, useTheme } from './app'
import { ComputeContext, HostLink } from './backends/link'
import { readTheme } from './colours'
import { type Outlet, OutletContext } from './exports'
import { type Arrays, ArraysContext } from './given'
import { connect } from './host'
import { readState, type State, withGiven } from './state'
import { withSubject } from './subject'

let receive: (message: ToPage) => void = () => {}
const host = connect((message) => receive(message))
const link = new HostLink((request) => host.send({ type: 'compute', request }))

function Page() {
  const [state, setState] = useState<State>(() => readState(host.savedState))
  const [backend, setBackend] = useState<BackendChoice | null>(null)
  const theme = useTheme(readTheme)
  const outlet = useMemo<Outlet>(
    () => ({
      copy: (text, what) => host.send({ type: 'copy', text, what }),
      save: (file, content) => host.send({ type: 'save', file, content }),
      link: (state) => host.send({ type: 'link', state }),
    }),
    [],
  )
  const [loaded, setLoaded] = useState<Arrays['loaded']>({ q: null, k: null })
  const arrays = useMemo<Arrays>(
    () => ({
      loaded,
      load: (side) => host.send({ type: 'load', side }),
      keep: (side, array) => setLoaded((before) => ({ ...before, [side]: array })),
    }),
    [loaded],
  )
  useEffect(() => {
    receive = (message) => {
      if (message.type === 'settings') setBackend(message.backend)
      else if (message.type === 'computed') link.hear(message.reply)
      else if (message.type === 'show') setState((before) => withSubject(before, message.subject))
      else {
        const { side, name } = message
        const result =
          message.type === 'loaded'
            ? readArrayFile(message.data)
            : { ok: false as const, message: `${name}: ${message.problem}` }
        setLoaded((before) => ({ ...before, [side]: { name, result } }))
        setState((before) => withGiven(before, side, { name, text: null }))
      }
    }
    host.send({ type: 'ready' })
  }, [])
  useEffect(() => host.save(state), [state])
  const encoding = state.first.kind
  const source = state.source?.name ?? null
  useEffect(() => {
    // the frame after the next begins when this one was painted
    requestAnimationFrame(() => requestAnimationFrame(() => host.send({ type: 'drawn', encoding, source })))
  }, [encoding, source])
  const change = useCallback((part: Partial<State>) => setState((before) => ({ ...before, ...part })), [])
  return (
    <OutletContext.Provider value={outlet}>
      <ComputeContext.Provider value={link}>
        <ArraysContext.Provider value={arrays}>
          <App state={state} backendChoice={backend} theme={theme} onChange={change} />
        </ArraysContext.Provider>
      </ComputeContext.Provider>
    </OutletContext.Provider>
  )
}

const page = document.getElementById('page')
if (page) render(<Page />, page)
