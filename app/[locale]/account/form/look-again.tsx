'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'

/** Milliseconds: how often, and for how long, a message on its way is looked after. */
const every = 2000
const longest = 60_000

/** Shows the page as it is now, again and again for a while; what is typed stays. It goes with what it waits for. */
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
