import { cache } from 'react'
import type { Draft } from '#domain/account/form.ts'
import { readDraft } from '#server/account/drafts.ts'
import { currentVisit } from './cookies.ts'

/** What was typed into a form of this browser and sent back, with what is wrong with it. */
export const draftOf = cache(async (form: string): Promise<Draft | undefined> => {
  const visit = await currentVisit()
  return visit === undefined ? undefined : readDraft(visit, form)
})

/** The id of a sentence to say on a page about what was just done there. */
export async function noticeOf(page: string): Promise<string | undefined> {
  return (await draftOf(`notice:${page}`))?.values.notice
}
