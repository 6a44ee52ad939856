'use client'

import { useEffect, useState } from 'react'

interface Said {
  readonly text: string
  /** Distinguishes this notice from the previous one. */
  readonly stamp: number
}

/**
 * What was just done. The server says it for a few seconds; here it stays while the page refreshes itself, until another
 * form is sent.
 */
export function Notice({ said }: { readonly said: Said | undefined }) {
  const [last, setLast] = useState(said)
  const [forgotten, setForgotten] = useState<number>()
  if (said && said.stamp !== last?.stamp) setLast(said)
  useEffect(() => {
    const forget = () => setForgotten(last?.stamp)
    document.addEventListener('submit', forget)
    return () => document.removeEventListener('submit', forget)
  }, [last])
  const shown = said ?? last
  if (!shown || shown.stamp === forgotten) return null
  return (
    <p role="status" className="note max-w-[40em]">
      {shown.text}
    </p>
  )
}
