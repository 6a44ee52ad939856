import type { Instant } from '#domain/kernel/instant.ts'
import { contactPolicy } from './policy.ts'

export type Channel = 'email' | 'sms'

/** An effective contact to which this deployment can send. */
export interface Reachable {
  readonly channel: Channel
  /** When the cardholder's change to it became effective; absent if the issuer supplied the contact. */
  readonly changedAt?: Instant | undefined
  /** It was registered in the window of a purchase, and not confirmed since. */
  readonly isProvisional?: boolean | undefined
}

/**
 * Why access to a mailbox proves too little: a report is open, the e-mail address was changed recently, or the mobile
 * number was stopped recently, which needs no more than access to the mailbox.
 */
export type Restriction = 'report-open' | 'email-recently-changed' | 'number-stopped'

/** Past events of a cardholder's account that restrict payments. */
export interface Happened {
  /** When the cardholder first reported "this was not me"; undefined if no report is open. */
  readonly reportOpenSince: Instant | undefined
  /** When a mobile number of the cardholder was last stopped or frozen. */
  readonly numberStoppedAt: Instant | undefined
}

export interface Asked extends Happened {
  /** The purchase is a larger one (domain/risk/large-purchase.ts). */
  readonly larger: boolean
  /** The purchase is above the amount that a provisional contact may authenticate. */
  readonly beyondProvisional: boolean
}

/** Why no contact may receive the code of a purchase, although there is one. */
export type Refusal = Restriction | 'contact-provisional'

export type CodeRecipients<Contact extends Reachable = Reachable> =
  | { readonly kind: 'to'; readonly contacts: readonly Contact[] }
  | { readonly kind: 'no-contact' }
  /** There are contacts, but in this window the cardholder said that they have none of them any more. */
  | { readonly kind: 'contacts-lost' }
  | { readonly kind: Refusal }

/**
 * Why payments are restricted, and when that ends by itself. `until` is undefined for a report, which must be resolved.
 */
export interface ActiveRestriction {
  readonly kind: Restriction
  readonly until: Instant | undefined
  /** A mobile number still receives the codes of payments. */
  readonly hasNumber: boolean
}

/**
 * The restriction on a cardholder's payments now, if there is one. Payments are restricted until a report is resolved,
 * for a day after the cardholder changed the e-mail address, and, if no mobile number is left, for a day after one was
 * stopped.
 */
export function activeRestriction(
  contacts: readonly Reachable[],
  { reportOpenSince, numberStoppedAt }: Happened,
  now: Instant,
): ActiveRestriction | undefined {
  const hasNumber = contacts.some(({ channel }) => channel === 'sms')
  if (reportOpenSince !== undefined) return { kind: 'report-open', until: undefined, hasNumber }
  const changed = newEmails(contacts, now)
  if (changed.length > 0)
    return { kind: 'email-recently-changed', until: Math.max(...changed) + contactPolicy.newEmailRestricted, hasNumber }
  if (numberStoppedAt === undefined || hasNumber) return undefined
  const until = numberStoppedAt + contactPolicy.stoppedNumberRestricted
  return now < until ? { kind: 'number-stopped', until, hasNumber } : undefined
}

/** The kind of the active restriction, if there is one. */
export function restrictionOn(
  contacts: readonly Reachable[],
  happened: Happened,
  now: Instant,
): Restriction | undefined {
  return activeRestriction(contacts, happened, now)?.kind
}

/**
 * While a cardholder's payments are restricted: since when an intruder may have added passkeys or devices to the
 * account. Undefined without a restriction. An intruder who changed an address or stopped a number may have begun a day
 * before, as for `codeRecipientsFor`.
 */
export function inDoubtSince(
  contacts: readonly Reachable[],
  { disputedSince, ...happened }: Happened & { readonly disputedSince: Instant | undefined },
  now: Instant,
): Instant | undefined {
  const restriction = restrictionOn(contacts, happened, now)
  if (!restriction) return undefined
  const { reportOpenSince, numberStoppedAt } = happened
  return Math.min(
    disputedSince ?? reportOpenSince ?? Number.POSITIVE_INFINITY,
    ...newEmails(contacts, now).map(changedAt => changedAt - contactPolicy.newEmailRestricted),
    restriction === 'number-stopped' && numberStoppedAt !== undefined
      ? numberStoppedAt - contactPolicy.stoppedNumberRestricted
      : Number.POSITIVE_INFINITY,
  )
}

/** When those e-mail addresses were changed that were changed less than a day ago. */
function newEmails(contacts: readonly Reachable[], now: Instant): Instant[] {
  return contacts.flatMap(({ channel, changedAt }) =>
    channel === 'email' && changedAt !== undefined && now < changedAt + contactPolicy.newEmailRestricted
      ? [changedAt]
      : [],
  )
}

/**
 * The contacts to which the code of a payment goes: all of them, unless payments are restricted. Under a restriction
 * only the mobile number gets it. Without a number, a larger purchase gets no code at all, because the person who reads
 * the mailbox may be the intruder. Neither does a smaller purchase if the number was stopped during the restriction or
 * shortly before it (within the look-back of a report, or a day before the address was changed), because stopping a
 * number needs no more than access to the mailbox. A provisional contact gets no code for a purchase above its amount.
 */
export function codeRecipientsFor<Contact extends Reachable>(
  all: readonly Contact[],
  { larger, beyondProvisional, ...happened }: Asked,
  now: Instant,
): CodeRecipients<Contact> {
  const { reportOpenSince, numberStoppedAt } = happened
  const restricted = restrictionOn(all, happened, now)
  const contacts = beyondProvisional ? all.filter(({ isProvisional }) => !isProvisional) : all
  if (contacts.length < all.length && contacts.length === 0 && reportOpenSince === undefined)
    return { kind: 'contact-provisional' }
  const texts = contacts.filter(({ channel }) => channel === 'sms')
  if (restricted && texts.length > 0) return { kind: 'to', contacts: texts }
  const since = Math.min(
    (reportOpenSince ?? Number.POSITIVE_INFINITY) - contactPolicy.reportLookBack,
    ...newEmails(all, now).map(changedAt => changedAt - contactPolicy.newEmailRestricted),
  )
  const stopped = numberStoppedAt !== undefined && numberStoppedAt >= since
  if (restricted && (larger || stopped || contacts.length === 0)) return { kind: restricted }
  if (contacts.length > 0) return { kind: 'to', contacts }
  // Stopping a number must never turn a challenge into "attempted", which passes without one.
  return { kind: numberStoppedAt === undefined ? 'no-contact' : 'number-stopped' }
}

/**
 * The same in a window in which the cardholder said that they have lost contacts. Anybody who knows the card number can
 * open a window, so this only ever takes contacts away: neither a restriction on the mailbox ends by it, nor may a
 * contact be registered instead.
 */
export function withoutLost<Contact extends Reachable>(
  recipients: CodeRecipients<Contact>,
  lost: readonly Channel[],
): CodeRecipients<Contact> {
  if (recipients.kind !== 'to' || lost.length === 0) return recipients
  const contacts = recipients.contacts.filter(({ channel }) => !lost.includes(channel))
  return contacts.length > 0 ? { kind: 'to', contacts } : { kind: 'contacts-lost' }
}
