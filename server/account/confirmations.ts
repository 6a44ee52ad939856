import { database, type Queryable, transaction } from '#db/client.ts'
import { accountBySignIn, cardholderById, noCardholder } from '#db/queries/accounts.ts'
import * as db from '#db/queries/confirmations.ts'
import { deliveryOf } from '#db/queries/outbox.ts'
import {
  type Checked,
  type Compared,
  type Confirmation,
  type ConfirmationPurpose,
  onCode,
  onResend,
} from '#domain/account/confirmation.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import type { Language } from '#domain/challenge/machine.ts'
import { policy } from '#domain/challenge/policy.ts'
import { type DeliveryState, deliveryState } from '#domain/contact/delivery.ts'
import { audit } from '../audit/audit.ts'
import { openContacts, orSmsLimited, type Queued, queueMessage, SmsLimited } from '../delivery/message.ts'
import { recogniseEarlier, withReplaced } from '../earlier-codes.ts'
import { now } from '../platform/clock.ts'
import { newCode, sameBytes, sha256 } from '../platform/crypto.ts'
import { keys } from '../platform/keys.ts'
import { countTry } from '../platform/limits.ts'
import { log } from '../platform/log.ts'
import { accountKey, countAttempt, countSend, foreseeAttempt, forgiveAttempt, trierOf } from './attempts.ts'
import { signInTags } from './sign-in-address.ts'
import type { Visitor } from './visitor.ts'

// Codes of the account. The code stands in no column and no log: kept is a tag under a key, bound to browser and purpose.

const wordsOf = {
  'sign-in': 'sign-in',
  'enrolment-proof': 'enrolment',
  'enrolment-email': 'enrolment',
  confirm: 'confirm',
} as const

export interface Sending {
  readonly purpose: ConfirmationPurpose
  readonly channel: 'email' | 'sms'
  readonly to: string
  readonly language: Language
  /** Absent: nobody we know. All the same is done, and no message leaves. */
  readonly cardholderId: string | undefined
}

/** Why no code leaves, or none is compared. */
type NotNow =
  | { readonly kind: 'limited'; readonly until: number }
  /** Too many wrong codes in a row: something stronger has to be shown. */
  | { readonly kind: 'stopped' }

export type Begun =
  | { readonly kind: 'sent' }
  /** The code goes by text message, and no more of those may be sent. */
  | { readonly kind: 'sms-limited' }
  | NotNow

/** Sends a code, and begins to wait for it in this browser. */
export async function beginConfirmation(visitor: Visitor, sending: Sending, send: Send = sendCode): Promise<Begun> {
  const { purpose, channel, to, cardholderId } = sending
  const permission = await permitSend(visitor, { purpose, channel, to, cardholderId })
  if (permission.kind !== 'permitted') return permission
  const at = now()
  const visit = sha256(visitor.visit)
  const code = newCode(policy.codeDigits)
  const begun = await orSmsLimited(async tx => {
    const messageId = await send(tx, sending, code, at)
    await db.replaceConfirmation(tx, {
      visit,
      purpose,
      cardholderId: sending.cardholderId ?? null,
      channel,
      destination: await keys().seal('contact', to, contextOf(visit, purpose)),
      ...(await codeColumns(visit, purpose, code, at)),
      earlierCodes: [],
      attempts: 0,
      sends: 1,
      messageId,
      expiresAt: new Date(at + accountPolicy.visitTime),
    })
  })
  return begun ?? { kind: 'sent' }
}

type Refused = Exclude<Checked['kind'], 'confirmed'>

/** How a code leaves; answers the id of its message. */
type Send = (tx: Queryable, sending: Sending, code: string, at: number) => Promise<string>

/** Also done for nobody, with nothing that leaves, so that an address book learns nothing from the time it takes. */
async function sendCode(tx: Queryable, sending: Sending, code: string, at: number): Promise<string> {
  const { purpose, channel, to, language, cardholderId } = sending
  const lifetime = accountPolicy.codeLifetime
  const content = { kind: 'code', words: wordsOf[purpose], code, lifetime } as const
  const expiresAt = cardholderId === undefined ? at : at + lifetime
  return queue(tx, { channel, to, language, content, cardholderId, expiresAt }, at)
}

/** In place of a code, for an address that signs somebody else in: its owner is told, and nobody else. */
export async function sendAddressInUse(tx: Queryable, { to, language }: Sending, _code: string, at: number) {
  const content = { kind: 'notice', words: 'address-in-use', values: {} } as const
  const expiresAt = at + accountPolicy.codeLifetime
  return queue(tx, { channel: 'email', to, language, content, expiresAt }, at)
}

/** Queues a message and answers its id; throws where no more text messages may be sent. */
async function queue(tx: Queryable, queued: Queued, at: number): Promise<string> {
  const id = await queueMessage(tx, queued, at)
  if (!id) throw new SmsLimited()
  return id
}

export type Resending =
  | Begun
  | { readonly kind: 'unknown' }
  | { readonly kind: 'resend-too-soon' }
  | { readonly kind: 'sends-spent' }

/** Sends another code; the one before it is good no longer. */
export async function resendCode(visitor: Visitor, purpose: ConfirmationPurpose): Promise<Resending> {
  const visit = sha256(visitor.visit)
  const waiting = await db.findConfirmation(visit, purpose, new Date(now()))
  if (!waiting) return { kind: 'unknown' }
  const first = onResend(toConfirmation(waiting), now())
  if (first.kind !== 'send') return first
  const to = await destinationOf(waiting)
  const permission = await permitSend(visitor, { ...waiting, to })
  if (permission.kind !== 'permitted') return permission
  return orSmsLimited<Resending>(async tx => {
    const at = now()
    const row = await db.lockConfirmation(tx, visit, purpose, new Date(at))
    if (!row) return { kind: 'unknown' }
    // Another tab may have been quicker.
    const decision = onResend(toConfirmation(row), at)
    if (decision.kind !== 'send') return decision
    if (!(await stillCounts(tx, row, to, at))) return { kind: 'unknown' }
    const code = newCode(policy.codeDigits)
    const owner = await cardholderById(tx, row.cardholderId ?? noCardholder)
    const sending = { purpose, channel: row.channel, to, language: owner?.language ?? 'ja', cardholderId: owner?.id }
    await db.updateConfirmation(tx, row, {
      ...(await codeColumns(visit, purpose, code, at)),
      earlierCodes: withReplaced(row),
      sends: row.sends + 1,
      messageId: await sendCode(tx, sending, code, at),
    })
    return { kind: 'sent' }
  })
}

/** Whom and what a right code has confirmed. */
export interface Confirmed {
  readonly cardholderId: string
  readonly language: Language
  readonly channel: 'email' | 'sms'
  readonly to: string
}

export type CodeFailure =
  | Exclude<Checked, { kind: 'confirmed' }>
  | NotNow
  /** Nothing under way in this browser, or too long ago. */
  | { readonly kind: 'unknown' }

/** Checks a code; `then` runs in the same transaction once it is right, so that a code opens something once. */
export async function checkCode<T>(
  visitor: Visitor,
  purpose: ConfirmationPurpose,
  code: string,
  then: (tx: Queryable, confirmed: Confirmed) => Promise<T>,
): Promise<{ readonly kind: 'confirmed'; readonly value: T } | CodeFailure> {
  const visit = sha256(visitor.visit)
  const waiting = await db.findConfirmation(visit, purpose, new Date(now()))
  if (!waiting) return { kind: 'unknown' }
  // What would not be compared anyway costs no account a try.
  const comparable = onCode(toConfirmation({ ...waiting, attempts: waiting.attempts + 1 }), 'valid', now())
  if (comparable.kind !== 'confirmed') return comparable
  const to = await destinationOf(waiting)
  const attempt = await permitAttempt(visitor, { ...waiting, to })
  if (attempt.kind !== 'permitted') return attempt
  return transaction(async tx => {
    const at = now()
    const row = await db.countConfirmationAttempt(tx, visit, purpose, new Date(at))
    if (!row) return { kind: 'unknown' }
    const compared = await compare(tx, row, code)
    const checked = onCode(toConfirmation(row), compared, at)
    // A first mistake of this kind is free: the code did arrive.
    if (checked.kind === 'code-earlier' && compared === 'earlier') {
      await db.updateConfirmation(tx, row, { attempts: row.attempts - 1 })
      await attempt.forgive(tx)
    }
    log.info('code.checked', {
      kind: purpose,
      outcome: checked.kind,
      ...(row.cardholderId && { cardholderId: row.cardholderId }),
    })
    if (checked.kind !== 'confirmed') {
      await auditFailure(tx, row, checked.kind)
      return checked
    }
    const owner = await cardholderById(tx, row.cardholderId ?? '')
    if (!owner || !(await stillCounts(tx, row, to, at))) return { kind: 'unknown' }
    await db.removeConfirmation(tx, visit, purpose)
    await attempt.forgive(tx)
    const value = await then(tx, { cardholderId: owner.id, language: owner.language, channel: row.channel, to })
    return { kind: 'confirmed', value }
  })
}

/** A code that did not sign its owner in, or did not confirm them. Enrolment has a letter to lose, and no account yet. */
async function auditFailure(tx: Queryable, { purpose, cardholderId }: db.ConfirmationRow, why: Refused): Promise<void> {
  if (purpose === 'sign-in') await audit(tx, { type: 'sign-in-failed', method: 'email', why, cardholderId })
  if (purpose === 'confirm') await audit(tx, { type: 'strengthening-failed', method: 'sms', why, cardholderId })
}

async function compare(tx: Queryable, row: db.ConfirmationRow, code: string): Promise<Compared> {
  const input = codeInput(row.visit, row.purpose, code)
  const tag = await keys().macUnder('code', row.codeKeyId, input)
  // Nobody's code is right, whatever was drawn.
  if (tag !== undefined && sameBytes(tag, row.codeTag) && row.cardholderId !== null) return 'valid'
  const earlier = await recogniseEarlier(row.earlierCodes, input)
  if (!earlier) return 'other'
  await db.updateConfirmation(tx, row, { earlierCodes: earlier.earlierCodes })
  return earlier.free ? 'earlier' : 'earlier-again'
}

/**
 * Whether where a code goes still says who somebody is. Since the first one left, the number may have been stopped, the contact
 * reported, the sign-in address changed.
 */
async function stillCounts(tx: Queryable, row: db.ConfirmationRow, to: string, at: number): Promise<boolean> {
  const { purpose, cardholderId, channel } = row
  // A new sign-in address has no account yet.
  if (purpose === 'enrolment-email') return true
  if (purpose === 'sign-in') {
    const tags = (await signInTags(to)).map(({ tag }) => tag)
    const account = await accountBySignIn(tx, tags)
    // Without an account nothing is sent.
    return cardholderId === null || account?.cardholderId === cardholderId
  }
  if (cardholderId === null) return true
  const contacts = await openContacts(tx, cardholderId, at)
  return contacts.some(contact => contact.channel === channel && contact.to === to)
}

export interface WaitingCode {
  readonly channel: 'email' | 'sms'
  readonly to: string
  readonly codeExpiresAt: number
  /** What became of the message. Not for a sign-in: it would say whether the address is known. */
  readonly delivery: DeliveryState
}

/** Where a code went in this browser, while it is waited for. */
export async function waitingCode(visit: string, purpose: ConfirmationPurpose): Promise<WaitingCode | undefined> {
  const row = await db.findConfirmation(sha256(visit), purpose, new Date(now()))
  if (!row) return undefined
  const message = row.messageId ? await deliveryOf(database(), { id: row.messageId }) : undefined
  return {
    channel: row.channel,
    to: await destinationOf(row),
    codeExpiresAt: row.codeExpiresAt.getTime(),
    delivery: message ? deliveryState(message) : 'handed-over',
  }
}

/** Nothing is waited for any more in this browser. */
export async function forgetCode(visit: string, purpose: ConfirmationPurpose): Promise<void> {
  await transaction(tx => db.removeConfirmation(tx, sha256(visit), purpose))
}

/** Where a code goes and what for. */
type Going = Pick<db.ConfirmationRow, 'purpose' | 'channel'> & {
  readonly to: string
  readonly cardholderId: string | null | undefined
}

/** Counts a code that is about to leave, unless it could not be used when it arrives. */
async function permitSend(visitor: Visitor, { purpose, channel, to, cardholderId }: Going) {
  if (purpose !== 'sign-in' && purpose !== 'confirm') {
    const { visit, network } = visitor
    return countSend({ lane: 'enrolment', one: visit, network, cardholderId: cardholderId ?? '' }, channel, to)
  }
  const trier = await trierOf(visitor, purpose, cardholderId)
  const attempt = await foreseeAttempt(trier, accountKey(purpose, to, cardholderId))
  return attempt.kind === 'permitted' ? countSend(trier, channel, to) : attempt
}

/** Counts a code that was entered; `forgive` takes that back when it was right. */
async function permitAttempt(visitor: Visitor, { purpose, to, cardholderId }: Going) {
  if (purpose !== 'sign-in' && purpose !== 'confirm') {
    const permission = await countTry('enrolmentCodes', cardholderId ?? '')
    return permission.kind === 'permitted' ? { ...permission, forgive: async () => {} } : permission
  }
  const trier = await trierOf(visitor, purpose, cardholderId)
  const account = accountKey(purpose, to, cardholderId)
  const attempt = await countAttempt(trier, account)
  return attempt.kind === 'permitted'
    ? { ...attempt, forgive: (tx: Queryable) => forgiveAttempt(tx, trier, account) }
    : attempt
}

function destinationOf(row: db.ConfirmationRow): Promise<string> {
  return keys().open('contact', row.destination, contextOf(row.visit, row.purpose))
}

function contextOf(visit: Buffer, purpose: ConfirmationPurpose): string {
  return `confirmation\0${visit.toString('hex')}\0${purpose}`
}

async function codeColumns(visit: Buffer, purpose: ConfirmationPurpose, code: string, at: number) {
  const { keyId, tag } = await keys().mac('code', codeInput(visit, purpose, code))
  return {
    codeTag: tag,
    codeKeyId: keyId,
    codeExpiresAt: new Date(at + accountPolicy.codeLifetime),
    lastSentAt: new Date(at),
  }
}

/** A code is bound to its browser and purpose: the same digits elsewhere have another tag. */
function codeInput(visit: Buffer, purpose: ConfirmationPurpose, code: string): string {
  return `${purpose}\0${visit.toString('hex')}\0${code}`
}

function toConfirmation({ attempts, sends, codeExpiresAt, lastSentAt }: db.ConfirmationRow): Confirmation {
  return { attempts, sends, codeExpiresAt: codeExpiresAt.getTime(), lastSentAt: lastSentAt.getTime() }
}
