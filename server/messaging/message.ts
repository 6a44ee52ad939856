import { type Queryable, transaction } from '#db/client.ts'
import { effectiveContacts } from '#db/queries/contacts.ts'
import { enqueue } from '#db/queries/outbox.ts'
import type { Purchase } from '#db/schema.ts'
import type { BoundTo } from '#domain/code/bound-line.ts'
import type { Channel, Reachable } from '#domain/contact/code-recipients.ts'
import type { Language } from '#domain/kernel/language.ts'
import type ja from '#messages/ja.json'
import { newId } from '../platform/crypto.ts'
import { contactContext, keys } from '../platform/keys.ts'
import { isChallengeAttacked } from '../watch/attack.ts'
import { countSms, type SmsOrigin } from './count-sms.ts'
import { sendsSms } from './sends-sms.ts'

/** A code for one payment; its message names merchant and amount first. */
export interface PaymentCode {
  readonly kind: 'payment-code'
  readonly code: string
  readonly purchase: Purchase
  readonly lastFour: string
  /** How long the code is valid from when it is sent, in milliseconds. */
  readonly lifetime: number
  /** The contact is not the cardholder's yet: entering the code registers it, too. */
  readonly registers?: true
  /** The pages on which browsers may fill in the code of a text message. */
  readonly boundTo?: BoundTo
}

/** A code for anything other than a payment. Its words are in messages/ under `message.code`. */
export interface OtherCode {
  readonly kind: 'code'
  readonly words: keyof (typeof ja)['message']['code']
  readonly code: string
  readonly lifetime: number
}

/** A notice of something that has happened. Its words are in messages/ under `message.notice`. */
export interface Notice {
  readonly kind: 'notice'
  readonly words: keyof (typeof ja)['message']['notice']
  /** The values for the words' placeholders, already in the recipient's language. */
  readonly values: Readonly<Record<string, string | number>>
  /** The path of one page of ours that the e-mail links to; a text message has no link. */
  readonly path?: string
}

export type Content = PaymentCode | OtherCode | Notice

/** One message to one person, as the outbox stores it, encrypted. */
export interface Message {
  readonly to: string
  readonly language: Language
  readonly content: Content
}

export interface Queued extends Message {
  readonly channel: Channel
  readonly cardholderId?: string | undefined
  /** The challenge that the message belongs to. If the message fails, the challenge may end. */
  readonly challengeId?: string
  /** Anything else that it belongs to, such as the row of a code or of a change. */
  readonly aboutId?: string
  /** The purchase that a text message is about; its messages are counted by the purchase's attributes, too. */
  readonly smsOrigin?: SmsOrigin
  /** Of a notice: the caps on text messages apply to it. */
  readonly isCapped?: boolean
  /** The caps on text messages have already counted it. */
  readonly isCounted?: boolean
  /** The message is not sent before this time; undefined: at once. */
  readonly sendAt?: number | undefined
  /** The message is not sent after this time. */
  readonly expiresAt: number
}

/** How long we try to send a notice, in milliseconds; later it would confuse more than help. */
export const noticeLifetime = 72 * 60 * 60 * 1000
/** How long we try to send an issuer the notice of a report, in milliseconds. */
export const issuerNoticeLifetime = 7 * 24 * 60 * 60 * 1000

/**
 * Queues a message in the transaction that causes it, encrypted but for its template name. Returns its id in the
 * outbox, or undefined for a text message that a cap forbids (docs/limits.md), or an attack (docs/alerts.md). A notice of something done to the
 * account is counted but always sent: no flood of other messages may hide a change from the cardholder.
 */
export async function queueMessage(tx: Queryable, queued: Queued, now: number): Promise<string | undefined> {
  const { channel, to, language, content, cardholderId, challengeId, aboutId, smsOrigin, isCounted, expiresAt } = queued
  const counts = channel === 'sms' && !isCounted
  if (counts && challengeId && (await isChallengeAttacked(tx, challengeId, now))) return undefined
  if (counts && !(await countSms(tx, { to, smsOrigin, always: isOwnNotice(queued) }, now))) return undefined
  const id = newId(now)
  const message: Message = { to, language, content }
  await enqueue(tx, {
    id,
    kind: channel,
    cardholderId: cardholderId ?? null,
    challengeId: challengeId ?? null,
    aboutId: aboutId ?? null,
    template: content.kind === 'payment-code' ? content.kind : `${content.kind}.${content.words}`,
    body: await keys().encrypt('outbox', JSON.stringify(message), id),
    nextAt: queued.sendAt ?? now,
    expiresAt,
    createdAt: now,
  })
  return id
}

/** A code could go by text message only, and a cap forbids it: rolls the transaction back. */
export class SmsLimited extends Error {}

/**
 * Runs `work` in a transaction. If it throws `SmsLimited`, the transaction is rolled back and the answer is
 * `sms-limited`.
 */
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

/** Whether the cardholder is notified of something done to the account, and not of a merchant's request. */
function isOwnNotice({ content, smsOrigin, isCapped }: Queued): boolean {
  return content.kind === 'notice' && smsOrigin === undefined && !isCapped
}

/** A contact at which a cardholder can be reached. */
export interface Contact extends Reachable {
  readonly to: string
  /** When it became effective, in milliseconds since the epoch. */
  readonly since: number
}

/** A cardholder's effective contacts, decrypted, without mobile numbers if this deployment sends no text messages. */
export async function decryptEffectiveContacts(tx: Queryable, cardholderId: string, now: number): Promise<Contact[]> {
  const rows = await effectiveContacts(tx, cardholderId, now)
  return Promise.all(
    rows
      .filter(({ kind }) => kind === 'email' || sendsSms())
      .map(async ({ kind, value, effectiveAt, source, provisionalSince }) => ({
        channel: kind === 'email' ? ('email' as const) : ('sms' as const),
        to: await keys().decrypt('contact', value, contactContext(cardholderId, kind)),
        since: effectiveAt,
        changedAt: source === 'cardholder' ? effectiveAt : undefined,
        isProvisional: provisionalSince !== null,
      })),
  )
}

/** A cardholder to be notified, in their own language. */
export interface Recipient {
  readonly cardholderId: string
  readonly language: Language
  readonly words: Notice['words']
  readonly values?: Notice['values']
  readonly path?: string
  /** The notice is not sent before this time; undefined: at once. */
  readonly sendAt?: number
  /** The caps on text messages apply, unlike to other notices (docs/limits.md). */
  readonly isCapped?: boolean
}

/** Notifies a cardholder on every contact on file, or only on `contacts`. */
export async function notify(
  tx: Queryable,
  told: Recipient,
  now: number,
  contacts?: readonly Pick<Contact, 'channel' | 'to'>[],
): Promise<void> {
  const { cardholderId, language, words, values = {}, path, sendAt, isCapped } = told
  const content: Notice = { kind: 'notice', words, values, ...(path && { path }) }
  for (const { channel, to } of contacts ?? (await decryptEffectiveContacts(tx, cardholderId, now))) {
    const about = { cardholderId, sendAt, ...(isCapped && { isCapped }), expiresAt: now + noticeLifetime }
    await queueMessage(tx, { channel, to, language, content, ...about }, now)
  }
}
