// The page of the visualisation: draws what it showed before, or what the extension asks for.

import './style.css'
import { render } from 'preact'
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks'
import type { BackendChoice, ToPage } from '../src/protocol/visualiser'
import { App, useTheme } from './app'
import { ComputeContext, HostLink } from './backends/link'
import { readTheme } from './colours'
import { type Outlet, OutletContext } from './exports'
import { connect } from './host'
import { readState, type State } from './state'
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
    }),
    [],
  )
  useEffect(() => {
    receive = (message) => {
      if (message.type === 'settings') setBackend(message.backend)
      else if (message.type === 'computed') link.hear(message.reply)
      else setState((before) => withSubject(before, message.subject))
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
        <App state={state} backendChoice={backend} theme={theme} onChange={change} />
      </ComputeContext.Provider>
    </OutletContext.Provider>
  )
}

const page = document.getElementById('page')
if (page) render(<Page />, page)
