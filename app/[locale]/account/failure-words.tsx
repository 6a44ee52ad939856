'use client'

import { createContext } from 'react'

interface FailureText {
  readonly heading: string
  readonly text: string
  readonly again: string
}

/** The words of `error.tsx`. Next.js passes it only the error, and it cannot ask the server. */
export const FailureContext = createContext<FailureText | undefined>(undefined)

export const FailureWords = FailureContext.Provider
