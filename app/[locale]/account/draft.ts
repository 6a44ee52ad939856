import { cache } from 'react'
import type { Draft } from '#domain/account/form.ts'
import { readDraft, readDraftFor } from '#server/account/drafts.ts'
import { currentVisit } from './cookies.ts'

/** The input of a form that this browser posted and got back, with its errors. */
export const draftOf = cache(async (form: string): Promise<Draft | undefined> => {
  const visit = await currentVisit()
  return visit === undefined ? undefined : readDraft(visit, form)
})

interface Said {
  /** The message key. */
  readonly key: string
  /** Distinguishes this notice from the previous one. */
  readonly stamp: number
}

/**
 * How long a notice is still there after it was read first, in milliseconds. A page may be rendered again before the
 * first answer is on the screen; a reload later on does not show the notice again.
 */
const noticeTime = 5000

/** The notice about what was just done. */
export const noticeOf = cache(async (page: string): Promise<Said | undefined> => {
  const visit = await currentVisit()
  const draft = visit === undefined ? undefined : await readDraftFor(visit, `notice:${page}`, noticeTime)
  return draft?.values.notice === undefined ? undefined : { key: draft.values.notice, stamp: draft.stamp ?? 0 }
})
