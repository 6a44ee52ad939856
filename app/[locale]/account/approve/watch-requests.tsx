'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { approvalPolicy } from '#domain/approval/policy.ts'

/** Refreshes the page while it is visible, and at once when a push arrives; input stays. */
export function WatchRequests() {
  const { refresh } = useRouter()
  useEffect(() => {
    const look = () => document.visibilityState === 'visible' && refresh()
    const timer = setInterval(look, approvalPolicy.devicePollInterval)
    document.addEventListener('visibilitychange', look)
    navigator.serviceWorker?.addEventListener('message', look)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
      navigator.serviceWorker?.removeEventListener('message', look)
    }
  }, [refresh])
  return null
}
