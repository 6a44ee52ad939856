import { database, type Queryable, transaction } from '#db/client.ts'
import { accountBySignIn, cardholderById, noCardholder } from '#db/queries/accounts.ts'
import { fromCodeState, fromStoredCode, toCodeState, toStoredCode } from '#db/queries/code-columns.ts'
import * as db from '#db/queries/confirmations.ts'
import { deliveryOf } from '#db/queries/outbox.ts'
import type { ConfirmationPurpose } from '#domain/account/confirmation.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import { type Attempt, attempt, type Compared, issue, resend, statusOf } from '#domain/code/one-time-code.ts'
import { codePolicy } from '#domain/code/policy.ts'
import { type DeliveryState, deliveryState } from '#domain/contact/delivery.ts'
import type { Language } from '#domain/kernel/language.ts'
import { audit } from '../audit/audit.ts'
import { type CodeBinding, compareCode, drawCode } from '../codes/one-time-code.ts'
import { decryptEffectiveContacts, orSmsLimited, type Queued, queueMessage, SmsLimited } from '../messaging/message.ts'
import { now } from '../platform/clock.ts'
import { sha256 } from '../platform/crypto.ts'
import { keys } from '../platform/keys.ts'
import { log } from '../platform/log.ts'
import { type NotNow, permitAttempt, permitSend } from './confirmation-limits.ts'
import { signInHmacs } from './sign-in-address.ts'
import type { Visitor } from './visitor.ts'

// Codes of the account: for sign-in, enrolment and strong authentication. A browser has at most one of each at a time.

const policy = codePolicy.confirmation

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
  /** Undefined if the address is unknown: the same work is done, and no message is sent. */
  readonly cardholderId: string | undefined
}

export type Begun =
  | { readonly kind: 'sent' }
  /** The code goes by text message, and no more text messages may be sent. */
  | { readonly kind: 'sms-limited' }
  | NotNow

/** Sends a code and records in this browser that it is expected. `send` replaces the message that carries the code. */
export async function beginConfirmation(visitor: Visitor, sending: Sending, send: Send = sendCode): Promise<Begun> {
  const { purpose, channel, to, cardholderId } = sending
  const permission = await permitSend(visitor, { purpose, channel, to, cardholderId })
  if (permission.kind !== 'permitted') return permission
  const at = now()
  const visit = sha256(visitor.visit)
  const { code, stored } = await drawCode(bindingOf(visit, purpose))
  const begun = await orSmsLimited(async tx => {
    const messageId = await send(tx, sending, code, at)
    await db.replaceConfirmation(tx, {
      visit,
      purpose,
      cardholderId: sending.cardholderId ?? null,
      channel,
      destination: await keys().encrypt('contact', to, contextOf(visit, purpose)),
      ...fromStoredCode(stored),
      ...fromCodeState(issue(policy, at)),
      messageId,
      expiresAt: at + accountPolicy.visitTime,
    })
  })
  return begun ?? { kind: 'sent' }
}

type Refused = Exclude<Attempt['kind'], 'accepted'>

/** Queues the message that carries a code and returns the message's id. */
type Send = (tx: Queryable, sending: Sending, code: string, at: number) => Promise<string>

/**
 * Also called for an unknown address, where it sends no message, so that the response time does not reveal which
 * addresses are known.
 */
async function sendCode(tx: Queryable, sending: Sending, code: string, at: number): Promise<string> {
  const { purpose, channel, to, language, cardholderId } = sending
  const { lifetime } = policy
  const content = { kind: 'code', words: wordsOf[purpose], code, lifetime } as const
  const expiresAt = cardholderId === undefined ? at : at + lifetime
  return queue(tx, { channel, to, language, content, cardholderId, expiresAt }, at)
}

/**
 * Sent in place of a code when the address signs in another cardholder: notifies that cardholder and reveals nothing to
 * the caller.
 */
export async function sendAddressInUse(tx: Queryable, { to, language }: Sending, _code: string, at: number) {
  const content = { kind: 'notice', words: 'address-in-use', values: {} } as const
  const expiresAt = at + policy.lifetime
  return queue(tx, { channel: 'email', to, language, content, expiresAt }, at)
}

/** Queues a message and returns its id; throws `SmsLimited` if no more text messages may be sent. */
async function queue(tx: Queryable, queued: Queued, at: number): Promise<string> {
  const id = await queueMessage(tx, queued, at)
  if (!id) throw new SmsLimited()
  return id
}

export type Resending =
  | Begun
  | { readonly kind: 'unknown' }
  | { readonly kind: 'resend-too-soon' }
  | { readonly kind: 'resends-spent' }

/** Sends another code. The code before it is no longer valid. */
export async function resendCode(visitor: Visitor, purpose: ConfirmationPurpose): Promise<Resending> {
  const visit = sha256(visitor.visit)
  const waiting = await db.findConfirmation(visit, purpose, now())
  if (!waiting) return { kind: 'unknown' }
  const first = resend(toCodeState(waiting), policy, now())
  if (first.kind !== 'send') return { kind: first.kind }
  const to = await destinationOf(waiting)
  const permission = await permitSend(visitor, { ...waiting, to })
  if (permission.kind !== 'permitted') return permission
  return orSmsLimited<Resending>(async tx => {
    const at = now()
    const row = await db.lockConfirmation(tx, visit, purpose, at)
    if (!row) return { kind: 'unknown' }
    // Another tab may have resent it meanwhile.
    const decision = resend(toCodeState(row), policy, at)
    if (decision.kind !== 'send') return { kind: decision.kind }
    if (!(await isStillValid(tx, row, to, at))) return { kind: 'unknown' }
    const { code, stored } = await drawCode(bindingOf(visit, purpose), toStoredCode(row))
    const owner = await cardholderById(tx, row.cardholderId ?? noCardholder)
    const sending = { purpose, channel: row.channel, to, language: owner?.language ?? 'ja', cardholderId: owner?.id }
    await db.updateConfirmation(tx, row, {
      ...fromStoredCode(stored),
      ...fromCodeState(decision.state),
      messageId: await sendCode(tx, sending, code, at),
    })
    return { kind: 'sent' }
  })
}

/** The cardholder and the contact that a right code has confirmed. */
export interface Confirmed {
  readonly cardholderId: string
  readonly language: Language
  readonly channel: 'email' | 'sms'
  readonly to: string
}

export type CodeFailure =
  | Extract<Attempt, { kind: 'code-wrong' | 'code-expired' | 'attempts-spent' }>
  /** A newer code has replaced it. */
  | { readonly kind: 'code-earlier' }
  | NotNow
  /** This browser expects no code, or stopped expecting it too long ago. */
  | { readonly kind: 'unknown' }

/**
 * Checks a code. If it is right, `then` runs in the same transaction that removes it, so a code is accepted only once.
 */
export async function checkCode<T>(
  visitor: Visitor,
  purpose: ConfirmationPurpose,
  code: string,
  then: (tx: Queryable, confirmed: Confirmed) => Promise<T>,
): Promise<{ readonly kind: 'confirmed'; readonly value: T } | CodeFailure> {
  const visit = sha256(visitor.visit)
  const waiting = await db.findConfirmation(visit, purpose, now())
  if (!waiting) return { kind: 'unknown' }
  // A code that would not be compared anyway must not cost an attempt.
  const status = statusOf(toCodeState(waiting), policy, now())
  if (status !== 'active') return { kind: status }
  const to = await destinationOf(waiting)
  const permission = await permitAttempt(visitor, { ...waiting, to })
  if (permission.kind !== 'permitted') return permission
  return transaction(async tx => {
    const at = now()
    const row = await db.countConfirmationAttempt(tx, visit, purpose, at)
    if (!row) return { kind: 'unknown' }
    const checked = attempt(toCodeState(row), await compare(row, code), policy, at)
    if (checked.kind === 'code-earlier') {
      const { attempts, earlier } = checked.change
      await db.updateConfirmation(tx, row, { attempts, earlierCodes: earlier })
      if (checked.free) await permission.forgive(tx)
    }
    log.info('code.checked', {
      kind: purpose,
      outcome: checked.kind === 'accepted' ? 'confirmed' : checked.kind,
      ...(row.cardholderId && { cardholderId: row.cardholderId }),
    })
    if (checked.kind !== 'accepted') await auditFailure(tx, row, checked.kind)
    if (checked.kind === 'code-earlier') return { kind: 'code-earlier' }
    if (checked.kind !== 'accepted') return checked
    const owner = await cardholderById(tx, row.cardholderId ?? '')
    if (!owner || !(await isStillValid(tx, row, to, at))) return { kind: 'unknown' }
    await db.removeConfirmation(tx, visit, purpose)
    await permission.forgive(tx)
    const value = await then(tx, { cardholderId: owner.id, language: owner.language, channel: row.channel, to })
    return { kind: 'confirmed', value }
  })
}

/**
 * Audits a failed sign-in or strong authentication. A failed enrolment is not audited: there is no account yet, and
 * wrong codes cost only the letter.
 */
async function auditFailure(tx: Queryable, { purpose, cardholderId }: db.ConfirmationRow, why: Refused): Promise<void> {
  if (purpose === 'sign-in') await audit(tx, { type: 'sign-in-failed', method: 'email', why, cardholderId })
  if (purpose === 'confirm') await audit(tx, { type: 'strengthening-failed', method: 'sms', why, cardholderId })
}

/** If the address is unknown, no code was sent, and none is accepted even if the digits match. */
async function compare({ cardholderId, ...row }: db.ConfirmationRow, entered: string): Promise<Compared> {
  const compared = await compareCode(bindingOf(row.visit, row.purpose), toStoredCode(row), entered)
  return compared.kind === 'match' && cardholderId === null ? { kind: 'other' } : compared
}

/**
 * Whether the contact that a code goes to still identifies the cardholder. Since the first code was sent, the number
 * may have been stopped, the contact reported, or the sign-in address changed.
 */
async function isStillValid(tx: Queryable, row: db.ConfirmationRow, to: string, at: number): Promise<boolean> {
  const { purpose, cardholderId, channel } = row
  // A new sign-in address has no account yet.
  if (purpose === 'enrolment-email') return true
  if (purpose === 'sign-in') {
    const hmacs = (await signInHmacs(to)).map(({ hmac }) => hmac)
    const account = await accountBySignIn(tx, hmacs)
    // Without an account no code was sent.
    return cardholderId === null || account?.cardholderId === cardholderId
  }
  if (cardholderId === null) return true
  const contacts = await decryptEffectiveContacts(tx, cardholderId, at)
  return contacts.some(contact => contact.channel === channel && contact.to === to)
}

export interface WaitingCode {
  readonly channel: 'email' | 'sms'
  readonly to: string
  readonly codeExpiresAt: number
  /**
   * The delivery state of the message. Pages do not show it for a sign-in, where it would reveal whether the address is
   * known.
   */
  readonly delivery: DeliveryState
}

/** Where this browser's code was sent, while it is expected. */
export async function waitingCode(visit: string, purpose: ConfirmationPurpose): Promise<WaitingCode | undefined> {
  const row = await db.findConfirmation(sha256(visit), purpose, now())
  if (!row) return undefined
  const message = row.messageId ? await deliveryOf(database(), { id: row.messageId }) : undefined
  return {
    channel: row.channel,
    to: await destinationOf(row),
    codeExpiresAt: row.codeExpiresAt,
    delivery: message ? deliveryState(message) : 'handed-over',
  }
}

/** Stops expecting a code in this browser. */
export async function forgetCode(visit: string, purpose: ConfirmationPurpose): Promise<void> {
  await transaction(tx => db.removeConfirmation(tx, sha256(visit), purpose))
}

function destinationOf(row: db.ConfirmationRow): Promise<string> {
  return keys().decrypt('contact', row.destination, contextOf(row.visit, row.purpose))
}

function contextOf(visit: Buffer, purpose: ConfirmationPurpose): string {
  return `confirmation\0${visit.toString('hex')}\0${purpose}`
}

/** Binds a code to its browser and purpose. */
function bindingOf(visit: Buffer, purpose: ConfirmationPurpose): CodeBinding {
  return { purpose: 'confirmation', subject: `${purpose}\0${visit.toString('hex')}` }
}
