import type { Instant } from '#domain/challenge/machine.ts'
import { contactPolicy } from './policy.ts'

export type Channel = 'email' | 'sms'

/** A contact in force to which this installation can send. */
export interface Reachable {
  readonly channel: Channel
  /** When the cardholder put it in force; absent where it is the issuer's word. */
  readonly changedAt?: Instant | undefined
}

/** Why a mailbox proves too little: somebody said "this was not me", or the address was changed a moment ago. */
export type Watched = 'guarded' | 'email-too-new'

export interface Asked {
  /** When somebody first said "this was not me", if that is not settled. */
  readonly guardedAt: Instant | undefined
  /** When a mobile number of the cardholder's was last stopped or frozen. */
  readonly numberStoppedAt: Instant | undefined
  /** The purchase is a larger one (domain/risk/larger.ts). */
  readonly larger: boolean
}

export type Routes<Contact extends Reachable = Reachable> =
  | { readonly kind: 'to'; readonly contacts: readonly Contact[] }
  | { readonly kind: 'no-contact' }
  | { readonly kind: Watched }

/** Until a report is settled, and for a day after the cardholder changed the e-mail address, payments are watched. */
export function watchedBy(contacts: readonly Reachable[], guarded: boolean, now: Instant): Watched | undefined {
  if (guarded) return 'guarded'
  return newEmails(contacts, now).length > 0 ? 'email-too-new' : undefined
}

/** When the e-mail addresses were changed that are not a day old. */
function newEmails(contacts: readonly Reachable[], now: Instant): Instant[] {
  return contacts.flatMap(({ channel, changedAt }) =>
    channel === 'email' && changedAt !== undefined && now < changedAt + contactPolicy.newEmailWatched
      ? [changedAt]
      : [],
  )
}

/**
 * To which contacts a payment's code goes: to all, unless payments are watched. Then the mobile number alone gets it, and
 * without one a larger purchase is not asked about at all: whoever holds the mailbox may be the one who is watched for. Nor is
 * a smaller one where the number was stopped meanwhile or shortly before, for that takes no more than the mailbox.
 */
export function routesFor<Contact extends Reachable>(
  contacts: readonly Contact[],
  { guardedAt, numberStoppedAt, larger }: Asked,
  now: Instant,
): Routes<Contact> {
  const watched = watchedBy(contacts, guardedAt !== undefined, now)
  const texts = contacts.filter(({ channel }) => channel === 'sms')
  if (watched && texts.length > 0) return { kind: 'to', contacts: texts }
  const since = Math.min(guardedAt ?? Number.POSITIVE_INFINITY, ...newEmails(contacts, now))
  const stopped = numberStoppedAt !== undefined && numberStoppedAt >= since - contactPolicy.newEmailWatched
  if (watched && (larger || stopped || contacts.length === 0)) return { kind: watched }
  return contacts.length > 0 ? { kind: 'to', contacts } : { kind: 'no-contact' }
}

/** Whether a code that went by these ways may still be compared: not if it would not go by one of them any more. */
export function isStillGood(sentBy: readonly Channel[], routes: Routes): boolean {
  const now = routes.kind === 'to' ? routes.contacts.map(({ channel }) => channel) : []
  return sentBy.every(channel => now.includes(channel))
}
