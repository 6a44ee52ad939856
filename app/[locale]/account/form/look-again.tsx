'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'

/** How often, and for how long, the page is refreshed while a message is being sent, in milliseconds. */
const every = 2000
const longest = 60_000

/** Refreshes the page for a while; input stays. It is only rendered while the message is being sent. */
export function LookAgain() {
  const { refresh } = useRouter()
  useEffect(() => {
    const timer = setInterval(refresh, every)
    const end = setTimeout(() => clearInterval(timer), longest)
    return () => {
      clearInterval(timer)
      clearTimeout(end)
    }
  }, [refresh])
  return null
}
