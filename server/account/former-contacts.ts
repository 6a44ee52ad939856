import type { Queryable } from '#db/client.ts'
import { accountOf } from '#db/queries/accounts.ts'
import { formerContacts } from '#db/queries/registrations.ts'
import type { Contact } from '../messaging/message.ts'
import { sendsSms } from '../messaging/sends-sms.ts'
import { contactContext, keys } from '../platform/keys.ts'
import { signInContext } from './sign-in-address.ts'

/**
 * Every contact that a cardholder has had, and the sign-in address of the account: they are notified when a contact is
 * registered in a window. Without those that were reported as another person's, and without contacts that ended before
 * `endedSince`.
 */
export async function formerContactsOf(
  tx: Queryable,
  cardholderId: string,
  endedSince?: number,
): Promise<readonly Pick<Contact, 'channel' | 'to'>[]> {
  const rows = await formerContacts(tx, cardholderId, endedSince)
  const known = await Promise.all(
    rows
      .filter(({ kind }) => kind === 'email' || sendsSms())
      .map(async ({ kind, value }) => ({
        channel: kind === 'email' ? ('email' as const) : ('sms' as const),
        to: await keys().decrypt('contact', value, contactContext(cardholderId, kind)),
      })),
  )
  const signIn = (await accountOf(tx, cardholderId))?.signInEmail
  if (!signIn) return known
  const to = await keys().decrypt('contact', signIn, signInContext(cardholderId))
  return known.some(contact => contact.to === to) ? known : [...known, { channel: 'email', to }]
}
