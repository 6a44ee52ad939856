import type { Queryable } from '#db/client.ts'
import { lastFourOf } from '#db/queries/cards.ts'
import { findChallenge } from '#db/queries/challenges.ts'
import { fromCodeState, fromStoredCode, toStoredCode } from '#db/queries/code-columns.ts'
import {
  type ChangeRow,
  fromChange,
  insertChange,
  insertReports,
  openChanges,
  toChange,
  updateChange,
} from '#db/queries/contact-changes.ts'
import { endContact, freezeContact, insertContact, latestContacts } from '#db/queries/contacts.ts'
import { dropMessagesAbout } from '#db/queries/outbox.ts'
import { codePolicy } from '#domain/code/policy.ts'
import { beginChange, type ChangeEvent, type ChangeStep, type ContactKind, nextChange } from '#domain/contact/change.ts'
import { maskEmail, maskPhone } from '#domain/contact/mask.ts'
import type { Language } from '#domain/kernel/language.ts'
import { formatTime } from '#domain/kernel/time.ts'
import { audit } from '../audit/audit.ts'
import { type CodeBinding, drawCode } from '../codes/one-time-code.ts'
import {
  decryptEffectiveContacts,
  notify,
  type OtherCode,
  type PaymentCode,
  queueMessage,
  SmsLimited,
} from '../messaging/message.ts'
import { newId } from '../platform/crypto.ts'
import { contactContext, keys } from '../platform/keys.ts'
import { log } from '../platform/log.ts'
import { formerContactsOf } from './former-contacts.ts'
import { drawReportTokens } from './report-tokens.ts'

// Carries out the effects of an event on a contact change. The rules are in domain/contact/change.ts.

/**
 * Begins a change: sends a code to the new contact, and changes nothing until the code is entered. The caller holds the
 * lock on the cardholder's row, and has checked that the change may be requested. Throws `SmsLimited` if no more text
 * messages may be sent.
 */
export async function startChange(
  tx: Queryable,
  { cardholderId, kind, value, language, challengeId }: StartedChange,
  at: number,
): Promise<string> {
  for (const open of await openChanges(tx, cardholderId, kind)) {
    await applyChangeEvent(tx, open, { kind: 'superseded', confirmed: false }, at)
  }
  const id = newId(at)
  const { change } = beginChange(kind, at)
  if (change.state !== 'asking') throw new Error('a change that does not ask')
  const row = {
    id,
    cardholderId,
    kind,
    value: await keys().encrypt('contact', value, contactContext(cardholderId, kind)),
    ...noCodeYet,
    masked: kind === 'email' ? maskEmail(value) : maskPhone(value),
    state: change.state,
    ...fromCodeState(change.code),
    requestedAt: at,
    expiresAt: change.expiresAt,
    challengeId: challengeId ?? null,
  }
  await insertChange(tx, row)
  await updateChange(tx, id, await sendChangeCode(tx, row, language, change.code.expiresAt, at))
  await audit(tx, { type: 'contact-change-requested', contact: kind, cardholderId, ref: id })
  log.info('contact.change-requested', { cardholderId, kind })
  return row.masked
}

interface StartedChange {
  readonly cardholderId: string
  readonly kind: ContactKind
  /** A normalised address or number. */
  readonly value: string
  readonly language: Language
  /** The challenge in whose window it is requested. */
  readonly challengeId?: string
}

const noCodeYet = { codeHmac: null, codeKeyId: null, earlierCodes: [] }

/** Applies an event to a change and saves the result. The caller holds the lock on the cardholder's row. */
export async function applyChangeEvent(
  tx: Queryable,
  row: ChangeRow,
  event: ChangeEvent,
  at: number,
  language: Language = 'ja',
): Promise<ChangeStep> {
  const step = nextChange(toChange(row), event, at)
  let columns = fromChange(step.change, at)
  for (const effect of step.effects) {
    if (effect === 'send-code' && step.change.state === 'asking') {
      columns = { ...columns, ...(await sendChangeCode(tx, row, language, step.change.code.expiresAt, at)) }
    }
    if (effect === 'make-effective' && step.change.state === 'confirmed') {
      columns = { ...columns, ...(await makeEffective(tx, row, step.change.effectiveAt, at, language)) }
    }
    if (effect === 'withdraw' && row.contactId) await endContact(tx, row.contactId, at)
    if (effect === 'freeze') await freeze(tx, row, at)
  }
  if (step.change.state !== row.state && step.change.state === 'ended') await dropMessagesAbout(tx, row.id, at)
  if (step.answer !== 'nothing-to-do') await updateChange(tx, row.id, columns)
  await auditChange(tx, row, step.change)
  return step
}

/** Audits a change whose state is different now. */
async function auditChange(tx: Queryable, row: ChangeRow, change: ChangeStep['change']): Promise<void> {
  if (change.state === row.state) return
  const concerned = { contact: row.kind, cardholderId: row.cardholderId, ref: row.id }
  if (change.state === 'confirmed')
    await audit(tx, { type: 'contact-change-confirmed', effectiveAt: change.effectiveAt, ...concerned })
  if (change.state === 'ended') await audit(tx, { type: 'contact-change-ended', outcome: change.outcome, ...concerned })
}

/**
 * Queues a code to the new contact and returns the columns to write. Throws `SmsLimited` if no more text messages may
 * be sent.
 */
async function sendChangeCode(
  tx: Queryable,
  row: Pick<
    ChangeRow,
    'id' | 'cardholderId' | 'kind' | 'value' | 'codeHmac' | 'codeKeyId' | 'earlierCodes' | 'challengeId'
  >,
  language: Language,
  codeExpiresAt: number,
  at: number,
) {
  await dropMessagesAbout(tx, row.id, at)
  const { code, stored } = await drawCode(changeCode(row.id), toStoredCode(row))
  const queued = await queueMessage(
    tx,
    {
      channel: row.kind === 'email' ? 'email' : 'sms',
      to: await keys().decrypt('contact', row.value, contactContext(row.cardholderId, row.kind)),
      language,
      content: await contentFor(tx, row, code, codeExpiresAt - at),
      cardholderId: row.cardholderId,
      aboutId: row.id,
      expiresAt: codeExpiresAt,
    },
    at,
  )
  if (!queued) throw new SmsLimited()
  return fromStoredCode(stored)
}

/** The code of an address that is registered in a window also confirms the payment, so its message names that first. */
async function contentFor(
  tx: Queryable,
  { kind, challengeId }: Pick<ChangeRow, 'kind' | 'challengeId'>,
  code: string,
  lifetime: number,
): Promise<OtherCode | PaymentCode> {
  const challenge = challengeId && kind === 'email' ? await findChallenge(tx, challengeId) : undefined
  if (!challenge) return { kind: 'code', words: 'contact', code, lifetime }
  const { purchase, cardId } = challenge
  return { kind: 'payment-code', code, purchase, lastFour: await lastFourOf(tx, cardId), lifetime, registers: true }
}

/**
 * Writes the new contact, ends the changes that were pending before it, and notifies the cardholder on the contacts
 * that were effective until now.
 */
async function makeEffective(tx: Queryable, row: ChangeRow, effectiveAt: number, at: number, language: Language) {
  const { cardholderId, kind } = row
  for (const other of await openChanges(tx, cardholderId, kind)) {
    if (other.id !== row.id) await applyChangeEvent(tx, other, { kind: 'superseded', confirmed: true }, at)
  }
  // Who registers in a window has no effective contact: then every contact that the cardholder ever had is notified.
  const before = row.challengeId
    ? await formerContactsOf(tx, cardholderId)
    : await decryptEffectiveContacts(tx, cardholderId, at)
  const value = await keys().decrypt('contact', row.value, contactContext(cardholderId, kind))
  const { keyId, hmac } = await keys().mac('contact-lookup', `${kind}\0${value}`)
  const contactId = newId(at)
  await insertContact(tx, {
    id: contactId,
    cardholderId,
    kind,
    value: row.value,
    valueHmac: hmac,
    valueKeyId: keyId,
    source: 'cardholder',
    effectiveAt,
    provisionalSince: row.challengeId ? at : null,
  })
  const { link, code, digests } = await drawReportTokens()
  const expiresAt = Math.max(at, effectiveAt) + codePolicy.report.lifetime
  await insertReports(
    tx,
    digests.map(digest => ({ digest, changeId: row.id, expiresAt })),
  )
  const told = { cardholderId, language, path: `/${language}/account/report/${link}` }
  const values = { contact: row.masked, at: formatTime(effectiveAt, language), report: code }
  const words = row.challengeId ? 'contact-registered' : kind === 'email' ? 'email-changed' : 'mobile-changing'
  await notify(tx, { ...told, words, values }, at, before)
  return { contactId }
}

async function freeze(tx: Queryable, row: ChangeRow, at: number) {
  const contact = (await latestContacts(tx, row.cardholderId, at)).find(({ kind }) => kind === row.kind)
  // A newer contact may have replaced it, and the report was not about that one.
  if (contact && contact.id === row.contactId) await freezeContact(tx, contact, at)
}

/** Binds a code to its change. */
export function changeCode(changeId: string): CodeBinding {
  return { purpose: 'contact-change', subject: changeId }
}
