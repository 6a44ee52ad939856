import { transaction } from '#db/client.ts'
import { maskPhone } from '#domain/contact/mask.ts'
import { provesDespiteReport } from '#domain/contact/report.ts'
import { decryptEffectiveContacts } from '../messaging/message.ts'
import { now } from '../platform/clock.ts'
import type { Actor } from './actor.ts'
import { type Begun, beginConfirmation, type CodeFailure, checkCode } from './confirmations.ts'
import { signsInHere } from './identity.ts'
import { type SessionToken, strengthen } from './sessions.ts'
import type { Visitor } from './visitor.ts'

// Strong authentication within a session, by a code in a text message, before the cardholder changes something.

/** The effective number that a code can go to, masked; undefined if the cardholder has no such number. */
export async function numberToConfirm(actor: Actor): Promise<string | undefined> {
  const number = await numberOf(actor)
  return number && maskPhone(number.to)
}

export async function sendConfirmingCode(
  visitor: Visitor,
  actor: Actor,
): Promise<Begun | { readonly kind: 'no-number' }> {
  const number = signsInHere() ? await numberOf(actor) : undefined
  if (!number) return { kind: 'no-number' }
  const { cardholderId, language, sessionId } = actor
  return beginConfirmation(
    { ...visitor, session: sessionId },
    { purpose: 'confirm', channel: 'sms', to: number.to, language, cardholderId },
  )
}

export type Strengthened = { readonly kind: 'fresh'; readonly token: SessionToken }

/** Checks the code of the text message. A code that was sent to another cardholder is `unknown`. */
export async function confirmByCode(visitor: Visitor, actor: Actor, code: string): Promise<Strengthened | CodeFailure> {
  if (!signsInHere()) return { kind: 'unknown' }
  const inSession = { ...visitor, session: actor.sessionId }
  const answer = await checkCode(inSession, 'confirm', code, async (tx, { cardholderId, to }) => {
    if (cardholderId !== actor.cardholderId) return undefined
    const number = (await decryptEffectiveContacts(tx, cardholderId, now())).find(
      contact => contact.to === to && !contact.isProvisional,
    )
    return number && strengthen(tx, actor, number.since)
  })
  if (answer.kind !== 'confirmed') return answer
  return answer.value ? { kind: 'fresh', token: answer.value } : { kind: 'unknown' }
}

/**
 * A number that was registered in the window of a purchase proves nothing until it is confirmed, and neither does one
 * that became effective after the start of a dispute while its report is open.
 */
async function numberOf({ cardholderId, disputedSince }: Actor) {
  const contacts = await transaction(tx => decryptEffectiveContacts(tx, cardholderId, now()))
  return contacts.find(
    ({ channel, since, isProvisional }) =>
      channel === 'sms' && !isProvisional && provesDespiteReport(since, disputedSince),
  )
}
