// The buttons that copy a link to what shows, and open one.

import { useContext, useId, useState } from 'preact/hooks'
import { OutletContext } from './exports'
import { stateInText, textOfState } from './link'
import type { State } from './state'

export function Sharing({ state, onState }: { state: State; onState: (state: State) => void }) {
  const outlet = useContext(OutletContext)
  const [text, setText] = useState<string | null>(null)
  const id = useId()
  const isWrong = text !== null && text.trim() !== '' && stateInText(text) === null
  const type = (next: string): void => {
    const found = stateInText(next)
    setText(found ? null : next)
    if (found) onState(found)
  }
  return (
    <div class="sharing">
      {text !== null && (
        <>
          <input
            type="text"
            aria-label="Link"
            placeholder="Paste a link"
            spellcheck={false}
            autofocus
            aria-invalid={isWrong}
            aria-describedby={id}
            value={text}
            onInput={(event) => type(event.currentTarget.value)}
            onKeyDown={(event) => event.key === 'Escape' && setText(null)}
          />
          <span id={id} class={isWrong ? 'problem' : 'hidden'} aria-live="polite">
            {isWrong ? 'This is no link of ShapeScope: copy the whole of it.' : 'Paste a link.'}
          </span>
        </>
      )}
      <button type="button" class="quiet" onClick={() => outlet.link(textOfState(state))}>
        Copy link
      </button>
      <button
        type="button"
        class="quiet"
        aria-expanded={text !== null}
        onClick={() => setText(text === null ? '' : null)}
      >
        Open link
      </button>
    </div>
  )
}
