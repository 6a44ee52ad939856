import type { Queryable } from '#db/client.ts'
import { fromStoredCode, toStoredCode } from '#db/queries/code-columns.ts'
import {
  type ChangeRow,
  fromChange,
  insertReports,
  openChanges,
  toChange,
  updateChange,
} from '#db/queries/contact-changes.ts'
import { endContact, freezeContact, insertContact, latestContacts } from '#db/queries/contacts.ts'
import { dropMessagesAbout } from '#db/queries/outbox.ts'
import { codePolicy } from '#domain/code/policy.ts'
import { type ChangeEvent, type ChangeStep, nextChange } from '#domain/contact/change.ts'
import type { Language } from '#domain/kernel/language.ts'
import { formatTime } from '#domain/kernel/time.ts'
import { audit } from '../audit/audit.ts'
import { type CodeBinding, drawCode } from '../codes/one-time-code.ts'
import { decryptEffectiveContacts, notify, queueMessage, SmsLimited } from '../messaging/message.ts'
import { newId } from '../platform/crypto.ts'
import { contactContext, keys } from '../platform/keys.ts'
import { drawReportTokens } from './report-tokens.ts'

// Carries out the effects of an event on a contact change. The rules are in domain/contact/change.ts.

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
export async function sendChangeCode(
  tx: Queryable,
  row: Pick<ChangeRow, 'id' | 'cardholderId' | 'kind' | 'value' | 'codeHmac' | 'codeKeyId' | 'earlierCodes'>,
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
      content: { kind: 'code', words: 'contact', code, lifetime: codeExpiresAt - at },
      cardholderId: row.cardholderId,
      aboutId: row.id,
      expiresAt: codeExpiresAt,
    },
    at,
  )
  if (!queued) throw new SmsLimited()
  return fromStoredCode(stored)
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
  const before = await decryptEffectiveContacts(tx, cardholderId, at)
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
  })
  const { link, code, digests } = await drawReportTokens()
  const expiresAt = Math.max(at, effectiveAt) + codePolicy.report.lifetime
  await insertReports(
    tx,
    digests.map(digest => ({ digest, changeId: row.id, expiresAt })),
  )
  const told = { cardholderId, language, path: `/${language}/account/report/${link}` }
  const values = { contact: row.masked, at: formatTime(effectiveAt, language), report: code }
  await notify(tx, { ...told, words: kind === 'email' ? 'email-changed' : 'mobile-changing', values }, at, before)
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
