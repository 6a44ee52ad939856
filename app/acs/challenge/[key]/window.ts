import { cache } from 'react'
import { showWindow } from '#server/challenge/view.ts'

export interface WindowParams {
  readonly params: Promise<{ readonly key: string }>
}

/** The window of a request, read once per request. */
export const getWindow = cache(showWindow)
