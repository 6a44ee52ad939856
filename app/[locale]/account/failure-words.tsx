'use client'

import { createContext } from 'react'

interface FailureText {
  readonly heading: string
  readonly text: string
  readonly again: string
}

/** What `error.tsx` says: Next.js gives it nothing but the error, and it cannot ask the server. */
export const FailureContext = createContext<FailureText | undefined>(undefined)

export const FailureWords = FailureContext.Provider
