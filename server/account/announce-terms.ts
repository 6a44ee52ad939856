import { transaction } from '#db/client.ts'
import { lockAccountToNotify, markTermsAnnounced, waitsToBeSent } from '#db/queries/terms.ts'
import { formatDate } from '#domain/kernel/time.ts'
import { type TermsVersion, termsEffectiveAt } from '#domain/terms/versions.ts'
import { decryptEffectiveContacts, notify } from '../messaging/message.ts'
import { now } from '../platform/clock.ts'
import { log } from '../platform/log.ts'

const words = 'terms-coming'

/**
 * Notifies up to `most` members of the terms' next version, each once and in their own language, by e-mail. Never by text
 * message: those are capped for everybody together, and codes need them; members without an e-mail address read it on
 * the account's first page. Nothing is added while an earlier one waits to be sent, so that codes never wait behind a
 * hundred thousand notices. Returns how many members were dealt with.
 */
export async function announceTerms(most: number, coming: TermsVersion | undefined): Promise<number> {
  if (!coming || (await waitsToBeSent(`notice.${words}`, now()))) return 0
  let count = 0
  while (count < most && (await announceToOne(coming))) count += 1
  if (count > 0) log.info('terms.announced', { count })
  return count
}

/** Returns false if every member has been dealt with. */
async function announceToOne(coming: TermsVersion): Promise<boolean> {
  return transaction(async tx => {
    const at = now()
    const member = await lockAccountToNotify(tx, coming)
    if (!member) return false
    const { cardholderId, language } = member
    await markTermsAnnounced(tx, cardholderId, coming)
    try {
      const contacts = await decryptEffectiveContacts(tx, cardholderId, at)
      const values = { day: formatDate(termsEffectiveAt(coming), language) }
      const told = { cardholderId, language, words, values, path: `/${language}/terms/${coming}` } as const
      const emails = contacts.filter(({ channel }) => channel === 'email')
      await notify(tx, told, at, emails)
    } catch (error) {
      // A contact that cannot be decrypted must not keep the others from being notified.
      log.error('terms.not-announced', { cardholderId, error })
    }
    return true
  })
}
