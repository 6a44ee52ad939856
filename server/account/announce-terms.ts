import { transaction } from '#db/client.ts'
import { lockAccountsToNotify, markTermsAnnounced, waitsToBeSent } from '#db/queries/terms.ts'
import { formatDate } from '#domain/kernel/time.ts'
import { type TermsVersion, termsEffectiveAt } from '#domain/terms/versions.ts'
import { decryptEffectiveContacts, notify } from '../messaging/message.ts'
import { now } from '../platform/clock.ts'
import { log } from '../platform/log.ts'

const words = 'terms-coming'

/**
 * Notifies up to `most` members of the terms' next version, each once and in their own language: by e-mail, or by text
 * message where no e-mail address is registered. Nothing is added while an earlier one waits to be sent, so that codes
 * never wait behind a hundred thousand notices. Returns how many were notified.
 */
export async function announceTerms(most: number, coming: TermsVersion | undefined): Promise<number> {
  const at = now()
  if (!coming || (await waitsToBeSent(`notice.${words}`, at))) return 0
  const count = await transaction(async tx => {
    const members = await lockAccountsToNotify(tx, coming, most)
    for (const { cardholderId, language } of members) {
      await markTermsAnnounced(tx, cardholderId, coming)
      const contacts = await decryptEffectiveContacts(tx, cardholderId, at)
      const to = contacts.find(({ channel }) => channel === 'email') ?? contacts[0]
      const values = { day: formatDate(termsEffectiveAt(coming), language) }
      const told = { cardholderId, language, words, values, path: `/${language}/terms/${coming}` } as const
      await notify(tx, told, at, to ? [to] : [])
    }
    return members.length
  })
  if (count > 0) log.info('terms.announced', { count })
  return count
}
