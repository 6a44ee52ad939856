'use client'

import { useEffect, useRef, useState } from 'react'

export interface NotificationWords {
  readonly heading: string
  readonly on: string
  readonly off: string
  readonly turnOn: string
  readonly working: string
  readonly denied: string
  readonly unsupported: string
  readonly failed: string
}

type State = 'unknown' | 'unsupported' | 'denied' | 'off' | 'working' | 'failed' | 'on'

/**
 * Says whether this browser shows notifications about payments, and turns them on. Without scripts there is nothing to
 * turn on: requests are found when the page is opened. `isKnown`: the server has a subscription of this device.
 */
export function Notifications({
  applicationServerKey,
  isKnown,
  words,
}: {
  readonly applicationServerKey: string
  readonly isKnown: boolean
  readonly words: NotificationWords
}) {
  const [state, setState] = useState<State>('unknown')
  const registered = useRef<ServiceWorkerRegistration>(undefined)

  useEffect(() => {
    const find = async (): Promise<State> => {
      if (!('serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window)) return 'unsupported'
      if (Notification.permission === 'denied') return 'denied'
      registered.current = await navigator.serviceWorker.register('/service-worker.js')
      const subscription = await registered.current.pushManager.getSubscription()
      if (!subscription || !isKnown || Notification.permission !== 'granted') return 'off'
      // The browser may have been given another one since.
      await send(subscription)
      return 'on'
    }
    find().then(setState, () => setState('failed'))
  }, [isKnown])

  const turnOn = async () => {
    if (state === 'working') return
    setState('working')
    try {
      if ((await Notification.requestPermission()) !== 'granted') return setState('denied')
      const { ready } = navigator.serviceWorker
      const { pushManager } = registered.current ?? (await ready)
      // One that the push service has forgotten, or that was made for another key, is of no use.
      await (await pushManager.getSubscription())?.unsubscribe()
      await ready
      await send(await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey }))
      setState('on')
    } catch {
      setState('failed')
    }
  }

  if (state === 'unknown') return null
  const canTurnOn = state === 'off' || state === 'working' || state === 'failed'
  return (
    <section aria-labelledby="notifications" className="flex max-w-[40em] flex-col items-start gap-3">
      <h2 id="notifications" className="text-base">
        {words.heading}
      </h2>
      <p role="status">{words[state === 'working' ? 'off' : state]}</p>
      {canTurnOn && (
        <button type="button" className="button" onClick={turnOn} aria-disabled={state === 'working' || undefined}>
          {state === 'working' ? words.working : words.turnOn}
        </button>
      )}
    </section>
  )
}

async function send(subscription: PushSubscription): Promise<void> {
  const body = new URLSearchParams({ subscription: JSON.stringify(subscription) })
  const response = await fetch('/api/approval/subscribe', { method: 'POST', body })
  const { ok } = (await response.json()) as { readonly ok: boolean }
  if (!ok) throw new Error('refused')
}
