import type { Instant } from '#domain/kernel/instant.ts'
import { contactPolicy } from './policy.ts'

export type Channel = 'email' | 'sms'

/** A effective contact to which this deployment can send. */
export interface Reachable {
  readonly channel: Channel
  /** When the cardholder put it effective; absent where it is the issuer's word. */
  readonly changedAt?: Instant | undefined
}

/**
 * Why a mailbox proves too little: a report is open, the e-mail address was changed a moment ago, or the mobile number was
 * stopped a moment ago, which takes no more than the mailbox.
 */
export type Restriction = 'report-open' | 'email-recently-changed' | 'number-stopped'

/** What happened to a cardholder's contacts. */
export interface Happened {
  /** When the cardholder first said "this was not me", while the report is open. */
  readonly reportOpenSince: Instant | undefined
  /** When a mobile number of the cardholder's was last stopped or frozen. */
  readonly numberStoppedAt: Instant | undefined
}

export interface Asked extends Happened {
  /** The purchase is a larger one (domain/risk/larger.ts). */
  readonly larger: boolean
}

export type CodeRecipients<Contact extends Reachable = Reachable> =
  | { readonly kind: 'to'; readonly contacts: readonly Contact[] }
  | { readonly kind: 'no-contact' }
  | { readonly kind: Restriction }

/** Why payments are watched, and when that ends by itself: a report never does. */
export interface ActiveRestriction {
  readonly kind: Restriction
  readonly until: Instant | undefined
}

/**
 * Until a report is settled, for a day after the cardholder changed the e-mail address, and, where no number is left, for a day
 * after one was stopped, payments are watched.
 */
export function activeRestriction(
  contacts: readonly Reachable[],
  { reportOpenSince, numberStoppedAt }: Happened,
  now: Instant,
): ActiveRestriction | undefined {
  if (reportOpenSince !== undefined) return { kind: 'report-open', until: undefined }
  const changed = newEmails(contacts, now)
  if (changed.length > 0)
    return { kind: 'email-recently-changed', until: Math.max(...changed) + contactPolicy.newEmailRestricted }
  if (numberStoppedAt === undefined || contacts.some(({ channel }) => channel === 'sms')) return undefined
  const until = numberStoppedAt + contactPolicy.stoppedNumberRestricted
  return now < until ? { kind: 'number-stopped', until } : undefined
}

/** The same without its end. */
export function restrictionOn(
  contacts: readonly Reachable[],
  happened: Happened,
  now: Instant,
): Restriction | undefined {
  return activeRestriction(contacts, happened, now)?.kind
}

/** When the e-mail addresses were changed that are not a day old. */
function newEmails(contacts: readonly Reachable[], now: Instant): Instant[] {
  return contacts.flatMap(({ channel, changedAt }) =>
    channel === 'email' && changedAt !== undefined && now < changedAt + contactPolicy.newEmailRestricted
      ? [changedAt]
      : [],
  )
}

/**
 * To which contacts a payment's code goes: to all, unless payments are watched. Then the mobile number alone gets it, and
 * without one a larger purchase is not asked about at all: the person who holds the mailbox may be the one the restriction is about. Nor is
 * a smaller one where the number was stopped meanwhile or before it, within the look-back of a report or a day before the
 * address was changed, for that takes no more than the mailbox.
 */
export function codeRecipientsFor<Contact extends Reachable>(
  contacts: readonly Contact[],
  { larger, ...happened }: Asked,
  now: Instant,
): CodeRecipients<Contact> {
  const { reportOpenSince, numberStoppedAt } = happened
  const restricted = restrictionOn(contacts, happened, now)
  const texts = contacts.filter(({ channel }) => channel === 'sms')
  if (restricted && texts.length > 0) return { kind: 'to', contacts: texts }
  const since = Math.min(
    (reportOpenSince ?? Number.POSITIVE_INFINITY) - contactPolicy.reportLookBack,
    ...newEmails(contacts, now).map(changedAt => changedAt - contactPolicy.newEmailRestricted),
  )
  const stopped = numberStoppedAt !== undefined && numberStoppedAt >= since
  if (restricted && (larger || stopped || contacts.length === 0)) return { kind: restricted }
  if (contacts.length > 0) return { kind: 'to', contacts }
  // Stopping a number must never turn a question into an attempt, which passes without one.
  return { kind: numberStoppedAt === undefined ? 'no-contact' : 'number-stopped' }
}
