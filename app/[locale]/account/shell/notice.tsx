'use client'

import { useEffect, useState } from 'react'

/**
 * What was just done. The server says it once; here it stays while the page refreshes itself, until another form is
 * sent.
 */
export function Notice({ said }: { readonly said: { readonly text: string; readonly stamp: number } | undefined }) {
  const [shown, setShown] = useState(said)
  const [seen, setSeen] = useState(said?.stamp)
  if (said && said.stamp !== seen) {
    setSeen(said.stamp)
    setShown(said)
  }
  useEffect(() => {
    const forget = () => setShown(undefined)
    document.addEventListener('submit', forget)
    return () => document.removeEventListener('submit', forget)
  }, [])
  if (!shown) return null
  return (
    <p role="status" className="note max-w-[40em]">
      {shown.text}
    </p>
  )
}
