import type { Instant } from '#domain/challenge/machine.ts'
import { contactPolicy } from './policy.ts'

export interface Reachable {
  readonly channel: 'email' | 'sms'
  readonly to: string
  readonly effectiveAt: Instant
  /** The cardholder's own word; the issuer's list is older. */
  readonly byCardholder: boolean
}

/**
 * To which contacts a payment's code goes: to all, unless something has just happened. After a report, and for a day after the
 * e-mail address was changed, the mailbox proves too little: the mobile number alone gets the code where there is one.
 */
export function routesFor<Contact extends Reachable>(
  contacts: readonly Contact[],
  guarded: boolean,
  now: Instant,
): readonly Contact[] {
  const texts = contacts.filter(({ channel }) => channel === 'sms')
  const watched = contacts.some(
    ({ channel, byCardholder, effectiveAt }) =>
      channel === 'email' && byCardholder && now < effectiveAt + contactPolicy.newEmailWatched,
  )
  return (guarded || watched) && texts.length > 0 ? texts : contacts
}
