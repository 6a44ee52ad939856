'use client'

import { useCallback, useEffect, useState } from 'react'

/** How often an open page asks how long its session lasts, in milliseconds: another tab may have used or ended it. */
const askEvery = 30_000

type State = 'quiet' | 'warning' | 'ended'

/**
 * Warns two minutes before the session ends, with one button to stay signed in. Asking does not count as use of the
 * session. The input is never changed: it can still be sent after signing in again.
 */
export function SessionWatch({
  left,
  warnBefore,
  words,
}: {
  readonly left: number
  readonly warnBefore: number
  readonly words: { readonly heading: string; readonly text: string; readonly stay: string; readonly ended: string }
}) {
  const [state, setState] = useState<State>('quiet')

  const see = useCallback(
    (remaining: number) => setState(remaining <= 0 ? 'ended' : remaining <= warnBefore ? 'warning' : 'quiet'),
    [warnBefore],
  )
  const look = useCallback(async () => {
    const answer = await fetch('/api/auth/session').catch(() => undefined)
    if (answer?.ok) see(Number((await answer.json()).left ?? 0))
  }, [see])
  const stay = useCallback(async () => {
    const csrf = await fetch('/api/auth/csrf').catch(() => undefined)
    if (!csrf?.ok) return
    const body = new URLSearchParams({ csrfToken: (await csrf.json()).csrfToken })
    const answer = await fetch('/api/auth/session', { method: 'POST', body }).catch(() => undefined)
    if (answer?.ok) see(Number((await answer.json()).left ?? 0))
  }, [see])

  useEffect(() => {
    see(left)
    // Checks at these moments and at intervals, because timers of a sleeping computer are late, and other tabs use the
    // session.
    const timers = [left - warnBefore, left].map(wait => setTimeout(look, Math.max(0, wait) + 500))
    const again = setInterval(look, askEvery)
    const back = () => document.visibilityState === 'visible' && look()
    document.addEventListener('visibilitychange', back)
    return () => {
      for (const timer of timers) clearTimeout(timer)
      clearInterval(again)
      document.removeEventListener('visibilitychange', back)
    }
  }, [left, warnBefore, look, see])

  return (
    <div role="alert" className="empty:hidden">
      {state === 'warning' && (
        <div className="note flex max-w-[40em] flex-col items-start gap-3">
          <p className="font-bold">{words.heading}</p>
          <p>{words.text}</p>
          <button type="button" className="button" onClick={stay}>
            {words.stay}
          </button>
        </div>
      )}
      {state === 'ended' && <p className="note warning max-w-[40em]">{words.ended}</p>}
    </div>
  )
}
