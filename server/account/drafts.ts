import { database } from '#db/client.ts'
import { removeDrafts } from '#db/queries/close-account.ts'
import { findDraft, findDraftFor, removeDraft, takeDraft, writeDraft } from '#db/queries/drafts.ts'
import type { Draft } from '#domain/account/form.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import { now } from '../platform/clock.ts'
import { sha256 } from '../platform/crypto.ts'
import { keys } from '../platform/keys.ts'

// Form input that must survive an error, a sign-in and a change of language. It is stored encrypted under a random
// visit id that only this browser knows, and never in a URL.

export async function saveDraft(visit: string, form: string, draft: Draft, time: number = accountPolicy.draftTime) {
  const digest = sha256(visit)
  await writeDraft({
    visit: digest,
    form,
    body: await keys().encrypt('contact', JSON.stringify(draft), contextOf(digest, form)),
    expiresAt: now() + time,
  })
}

export async function readDraft(visit: string, form: string): Promise<Draft | undefined> {
  return opened(await findDraft(sha256(visit), form, now()))
}

/** Reads and removes a draft that may be used once only. */
export async function readDraftOnce(visit: string, form: string): Promise<Draft | undefined> {
  return opened(await takeDraft(sha256(visit), form, now()))
}

/** Reads a draft that expires `time` milliseconds after it was read first. */
export async function readDraftFor(visit: string, form: string, time: number): Promise<Draft | undefined> {
  return opened(await findDraftFor(sha256(visit), form, now(), time))
}

async function opened(row: Awaited<ReturnType<typeof findDraft>>): Promise<Draft | undefined> {
  if (!row) return undefined
  const draft = JSON.parse(await keys().decrypt('contact', row.body, contextOf(row.visit, row.form))) as Draft
  return { ...draft, stamp: row.expiresAt }
}

export async function forgetDraft(visit: string, form: string): Promise<void> {
  await removeDraft(sha256(visit), form)
}

/** Removes all drafts of a visit. */
export async function forgetDrafts(visit: string): Promise<void> {
  await removeDrafts(database(), sha256(visit))
}

function contextOf(visit: Buffer, form: string): string {
  return `draft\0${visit.toString('hex')}\0${form}`
}
