import { type Queryable, transaction } from '#db/client.ts'
import { noCardholder } from '#db/queries/accounts.ts'
import { effectiveContacts } from '#db/queries/contacts.ts'
import { enqueue } from '#db/queries/outbox.ts'
import type { Purchase } from '#db/schema.ts'
import type { Channel, Reachable } from '#domain/contact/code-recipients.ts'
import type { Language } from '#domain/kernel/language.ts'
import type ja from '#messages/ja.json'
import { personalMessageOf } from '../account/personal-message.ts'
import { newId } from '../platform/crypto.ts'
import { contactContext, keys } from '../platform/keys.ts'
import { countSms, type SmsOrigin } from './count-sms.ts'
import { sendsSms } from './sends-sms.ts'

/** A code for one payment; its message names merchant and amount first. */
export interface PaymentCode {
  readonly kind: 'payment-code'
  readonly code: string
  readonly purchase: Purchase
  readonly lastFour: string
  /** Milliseconds for which the code is good when it is sent. */
  readonly lifetime: number
  readonly personalMessage?: string
}

/** A code for anything that is no payment. Its words stand in messages/ under `message.code`. */
export interface OtherCode {
  readonly kind: 'code'
  readonly words: keyof (typeof ja)['message']['code']
  readonly code: string
  readonly lifetime: number
  readonly personalMessage?: string
}

/** Something that has happened. Its words stand in messages/ under `message.notice`. */
export interface Notice {
  readonly kind: 'notice'
  readonly words: keyof (typeof ja)['message']['notice']
  /** What the words ask for, already in the recipient's language. */
  readonly values: Readonly<Record<string, string | number>>
  /** Path of one page of ours that an e-mail leads to; a text message carries no link. */
  readonly path?: string
}

export type Content = PaymentCode | OtherCode | Notice

/** One message to one person, as it waits in the outbox, encrypted. */
export interface Message {
  readonly to: string
  readonly language: Language
  readonly content: Content
}

export interface Queued extends Message {
  readonly channel: Channel
  readonly cardholderId?: string | undefined
  /** The challenge that it belongs to: its failing may end that. */
  readonly acsTransID?: string
  /** Anything else that it belongs to, such as the row of a code or of a change. */
  readonly aboutId?: string
  /** The purchase that a text message is about; there may be any number of those. */
  readonly smsOrigin?: SmsOrigin
  /** The caps on text messages have counted it. */
  readonly isCounted?: boolean
  /** Nothing is sent after this. */
  readonly expiresAt: number
}

/** A notice is tried for so long; later it would surprise more than help. Milliseconds. */
export const noticeLifetime = 72 * 60 * 60 * 1000
/** What an issuer is told of a report is tried for so long. Milliseconds. */
export const issuerNoticeLifetime = 7 * 24 * 60 * 60 * 1000

/**
 * Queues a message in the transaction that causes it. Only its words' name stands in clear. Answers its id in the outbox;
 * undefined for a text message that a cap forbids (docs/limits.md). A notice of something that has happened is counted and
 * leaves all the same: no flood of other messages may hide a change from its owner.
 */
export async function queueMessage(tx: Queryable, queued: Queued, now: number): Promise<string | undefined> {
  const { channel, to, language, content, cardholderId, acsTransID, aboutId, smsOrigin, isCounted, expiresAt } = queued
  const counts = channel === 'sms' && !isCounted
  if (counts && !(await countSms(tx, { to, smsOrigin, always: isOwnNotice(queued) }, now))) return undefined
  const id = newId()
  const personalMessage =
    channel === 'email' && isGreeted(content) && (await personalMessageOf(tx, cardholderId ?? noCardholder))
  const message: Message = { to, language, content: personalMessage ? { ...content, personalMessage } : content }
  await enqueue(tx, {
    id,
    kind: channel,
    cardholderId: cardholderId ?? null,
    acsTransID: acsTransID ?? null,
    aboutId: aboutId ?? null,
    template: content.kind === 'payment-code' ? content.kind : `${content.kind}.${content.words}`,
    body: await keys().encrypt('outbox', JSON.stringify(message), id),
    nextAt: now,
    expiresAt,
    createdAt: now,
  })
  return id
}

/**
 * The cardholder's greeting goes with codes to contacts that are theirs already: an address that is yet to be confirmed may be
 * anybody's. Text messages have no room, and are no place, for it.
 */
function isGreeted(content: Content): content is PaymentCode | OtherCode {
  if (content.kind === 'code') return content.words !== 'contact' && content.words !== 'enrolment'
  return content.kind === 'payment-code'
}

/** A code could go by text message alone, and a cap forbids it: the transaction is rolled back. */
export class SmsLimited extends Error {}

/** Runs `work` in a transaction; what throws `SmsLimited` has changed nothing, and is answered so. */
export async function orSmsLimited<T>(
  work: (tx: Queryable) => Promise<T>,
): Promise<T | { readonly kind: 'sms-limited' }> {
  try {
    return await transaction(work)
  } catch (error) {
    if (error instanceof SmsLimited) return { kind: 'sms-limited' }
    throw error
  }
}

/** Told to an owner because of what was done to the account, not because a merchant asks. */
function isOwnNotice({ content, smsOrigin }: Queued): boolean {
  return content.kind === 'notice' && smsOrigin === undefined
}

/** Where a cardholder can be reached. */
export interface Contact extends Reachable {
  readonly to: string
  /** Since when it is effective. */
  readonly since: number
}

/** The contacts of a cardholder that are effective at this moment, opened; only such as this deployment can reach. */
export async function openContacts(tx: Queryable, cardholderId: string, now: number): Promise<Contact[]> {
  const rows = await effectiveContacts(tx, cardholderId, now)
  return Promise.all(
    rows
      .filter(({ kind }) => kind === 'email' || sendsSms())
      .map(async ({ kind, value, effectiveAt, source }) => ({
        channel: kind === 'email' ? ('email' as const) : ('sms' as const),
        to: await keys().decrypt('contact', value, contactContext(cardholderId, kind)),
        since: effectiveAt,
        changedAt: source === 'cardholder' ? effectiveAt : undefined,
      })),
  )
}

/** A person to be notified, in their own language. */
export interface Told {
  readonly cardholderId: string
  readonly language: Language
  readonly words: Notice['words']
  readonly values?: Notice['values']
  readonly path?: string
}

/** Tells a cardholder something on every contact on file, or on those that are named. */
export async function notify(
  tx: Queryable,
  told: Told,
  now: number,
  contacts?: readonly Pick<Contact, 'channel' | 'to'>[],
): Promise<void> {
  const { cardholderId, language, words, values = {}, path } = told
  const content: Notice = { kind: 'notice', words, values, ...(path && { path }) }
  for (const { channel, to } of contacts ?? (await openContacts(tx, cardholderId, now))) {
    await queueMessage(tx, { channel, to, language, content, cardholderId, expiresAt: now + noticeLifetime }, now)
  }
}
