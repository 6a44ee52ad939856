import { cache } from 'react'
import type { Draft } from '#domain/account/form.ts'
import { readDraft } from '#server/account/drafts.ts'
import { currentVisit } from './cookies.ts'

/** The input of a form that this browser posted and got back, with its errors. */
export const draftOf = cache(async (form: string): Promise<Draft | undefined> => {
  const visit = await currentVisit()
  return visit === undefined ? undefined : readDraft(visit, form)
})

/** The message key of the notice to show on a page about what was just done. */
export async function noticeOf(page: string): Promise<string | undefined> {
  return (await draftOf(`notice:${page}`))?.values.notice
}
