import { database, type Queryable, transaction } from '#db/client.ts'
import { accountBySignIn, accountOf, cardholderById, factsOf } from '#db/queries/accounts.ts'
import {
  type EnrolmentRow,
  findEnrolment,
  lockEnrolment,
  replaceEnrolment,
  tryActivationCode,
  updateEnrolment,
} from '#db/queries/enrolments.ts'
import { type EnrolmentEvent, type EnrolmentStep, enrolment, type Proof, proofsFor } from '#domain/account/enrolment.ts'
import { follow } from '#domain/account/journey.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import { readCrockfordCode } from '#domain/code/crockford-code.ts'
import { maskEmail, maskPhone } from '#domain/contact/mask.ts'
import { lookupHmacs } from '../codes/lookup-code.ts'
import { type Contact, decryptEffectiveContacts } from '../messaging/message.ts'
import { now } from '../platform/clock.ts'
import { sha256 } from '../platform/crypto.ts'
import { keys } from '../platform/keys.ts'
import { countTry, type Permission } from '../platform/limits.ts'
import { log } from '../platform/log.ts'
import { isFact } from '../registration/check-facts.ts'
import { type Begun, beginConfirmation, type CodeFailure, checkCode, sendAddressInUse } from './confirmations.ts'
import { signsInHere } from './identity.ts'
import { signInHmacs } from './sign-in-address.ts'
import type { Visitor } from './visitor.ts'

type Limited = Extract<Permission, { kind: 'limited' }>
/** The step is not the next one in this browser: another tab was ahead, the enrolment expired, or none was begun. */
type OutOfOrder = { readonly kind: 'out-of-order' }
type Advanced = { readonly kind: 'went-on' }

const outOfOrder = { kind: 'out-of-order' } as const
const wentOn = { kind: 'went-on' } as const

/**
 * Checks the activation code of the letter. The answer does not say whether a code is wrong, used, replaced or too old.
 */
export async function beginEnrolment(
  visitor: Visitor,
  typed: string,
): Promise<Advanced | Limited | { readonly kind: 'code-unknown' } | { readonly kind: 'no-proof' }> {
  const permission = await countTry('activationCodesFromNetwork', visitor.network)
  if (permission.kind === 'limited') return permission
  const code = signsInHere() ? readCrockfordCode(typed) : undefined
  if (!code) return { kind: 'code-unknown' }
  const hmacs = await lookupHmacs('activation', code)
  return transaction(async tx => {
    const at = now()
    const found = await tryActivationCode(tx, hmacs, at, accountPolicy.enrolmentsPerLetter)
    log.info('enrolment.begun', {
      outcome: found ? 'known' : 'unknown',
      ...(found && { cardholderId: found.cardholderId }),
    })
    if (!found) return { kind: 'code-unknown' }
    const { proofs } = await proofsOf(tx, found.cardholderId)
    if (proofs.length === 0) return { kind: 'no-proof' }
    await replaceEnrolment(tx, {
      visit: sha256(visitor.visit),
      cardholderId: found.cardholderId,
      activationCodeId: found.id,
      step: 'proving',
      expiresAt: at + accountPolicy.visitTime,
    })
    return wentOn
  })
}

/** An enrolment as its pages show it. */
export interface EnrolmentView {
  readonly step: EnrolmentStep
  /** The second proofs to choose from, each with the masked contact to which a code would go. */
  readonly proofs: readonly { readonly proof: Proof; readonly to: string }[]
  /** The sign-in address that the cardholder entered. */
  readonly email: string | undefined
}

export async function readEnrolment(visit: string): Promise<EnrolmentView | undefined> {
  const row = await findEnrolment(sha256(visit), now())
  if (!row) return undefined
  const { proofs, contacts } = await proofsOf(database(), row.cardholderId)
  return {
    step: row.step,
    proofs: proofs.map(proof => ({ proof, to: maskOf(proof, contacts) })),
    email: await emailOf(row),
  }
}

/** Sends the code of the second proof to a contact on file. */
export async function sendProof(visitor: Visitor, proof: 'sms' | 'email'): Promise<Begun | OutOfOrder> {
  const row = await findEnrolment(sha256(visitor.visit), now())
  if (row?.step !== 'proving') return outOfOrder
  const { proofs, contacts, language } = await proofsOf(database(), row.cardholderId)
  const contact = contacts.find(({ channel }) => channel === proof)
  if (!contact || !proofs.includes(proof)) return outOfOrder
  const { cardholderId } = row
  return beginConfirmation(visitor, { purpose: 'enrolment-proof', ...contact, language, cardholderId })
}

export async function proveByCode(visitor: Visitor, code: string): Promise<Advanced | OutOfOrder | CodeFailure> {
  const answer = await checkCode(visitor, 'enrolment-proof', code, (tx, { cardholderId }) =>
    advance(tx, visitor, 'proven', {}, cardholderId),
  )
  return answer.kind === 'confirmed' ? answer.value : answer
}

/**
 * Checks two facts that the issuer knows and that no checkout asks for. The attempt is counted before anything is
 * compared.
 */
export async function proveByFacts(
  visitor: Visitor,
  facts: { readonly debitAccountLastFour: string; readonly dateOfBirth: string },
): Promise<Advanced | OutOfOrder | Limited | { readonly kind: 'facts-wrong' }> {
  const row = await findEnrolment(sha256(visitor.visit), now())
  if (row?.step !== 'proving') return outOfOrder
  const { proofs } = await proofsOf(database(), row.cardholderId)
  if (!proofs.includes('facts')) return outOfOrder
  const permission = await countTry('facts', row.cardholderId)
  if (permission.kind === 'limited') return permission
  const matches = await Promise.all([
    isFact(row.cardholderId, 'debit-account', facts.debitAccountLastFour),
    isFact(row.cardholderId, 'date-of-birth', facts.dateOfBirth),
  ])
  const proven = matches.every(match => match)
  log.info('enrolment.facts-checked', { cardholderId: row.cardholderId, outcome: proven ? 'right' : 'wrong' })
  if (!proven) return { kind: 'facts-wrong' }
  return transaction(tx => advance(tx, visitor, 'proven', {}, row.cardholderId))
}

/**
 * Sends a code to the address that the cardholder wants to sign in with. If another account has the address, its owner
 * receives a message that says so instead; the answer to the caller is the same.
 */
export async function giveAddress(visitor: Visitor, email: string): Promise<Begun | OutOfOrder> {
  const visit = sha256(visitor.visit)
  const row = await findEnrolment(visit, now())
  if (row?.step !== 'addressing') return outOfOrder
  const { cardholderId } = row
  const { language } = await proofsOf(database(), cardholderId)
  const taken = await isTaken(database(), cardholderId, email)
  const sending = { purpose: 'enrolment-email', channel: 'email', to: email, language, cardholderId } as const
  const begun = await beginConfirmation(visitor, sending, taken ? sendAddressInUse : undefined)
  if (begun.kind !== 'sent') return begun
  const encrypted = await keys().encrypt('contact', email, emailContext(visit))
  const went = await transaction(tx => advance(tx, visitor, 'address-given', { email: encrypted }, cardholderId))
  return went.kind === 'went-on' ? begun : went
}

export async function giveAnotherAddress(visitor: Visitor): Promise<Advanced | OutOfOrder> {
  return transaction(tx => advance(tx, visitor, 'another-address', {}))
}

export async function confirmAddress(visitor: Visitor, code: string): Promise<Advanced | OutOfOrder | CodeFailure> {
  const answer = await checkCode(visitor, 'enrolment-email', code, async (tx, { cardholderId, to }) => {
    // Two tabs may have entered two addresses at once: the code proves the one that it was sent to.
    const row = await lockEnrolment(tx, sha256(visitor.visit), now())
    if (!row || (await emailOf(row)) !== to) return outOfOrder
    return advance(tx, visitor, 'address-confirmed', {}, cardholderId)
  })
  return answer.kind === 'confirmed' ? answer.value : answer
}

/** Moves the enrolment one step on, if its step allows the event and it still belongs to the same cardholder. */
async function advance(
  tx: Queryable,
  visitor: Visitor,
  event: EnrolmentEvent,
  change: { readonly email?: string },
  cardholderId?: string,
): Promise<Advanced | OutOfOrder> {
  const visit = sha256(visitor.visit)
  const row = await lockEnrolment(tx, visit, now())
  const step = row && follow(enrolment, row.step, event)
  if (!step || (cardholderId !== undefined && row.cardholderId !== cardholderId)) return outOfOrder
  await updateEnrolment(tx, visit, { step, ...change })
  return wentOn
}

async function proofsOf(tx: Queryable, cardholderId: string) {
  // A contact that was registered in the window of a purchase is no proof beside the letter.
  const contacts = (await decryptEffectiveContacts(tx, cardholderId, now())).filter(
    ({ isProvisional }) => !isProvisional,
  )
  const account = await accountOf(tx, cardholderId)
  const has = (channel: Contact['channel']) => contacts.some(contact => contact.channel === channel)
  const onFile = {
    email: has('email'),
    mobile: has('sms'),
    facts: (await factsOf(tx, cardholderId)).length === 2,
    enrolled: account !== undefined,
  }
  return { proofs: proofsFor(onFile), contacts, language: (await cardholderById(tx, cardholderId))?.language ?? 'ja' }
}

function maskOf(proof: Proof, contacts: readonly Contact[]): string {
  const to = contacts.find(({ channel }) => channel === proof)?.to ?? ''
  return proof === 'facts' ? '' : proof === 'sms' ? maskPhone(to) : maskEmail(to)
}

/** Whether another account has the address. */
export async function isTaken(tx: Queryable, cardholderId: string, email: string): Promise<boolean> {
  const account = await accountBySignIn(
    tx,
    (await signInHmacs(email)).map(({ hmac }) => hmac),
  )
  return account !== undefined && account.cardholderId !== cardholderId
}

export async function emailOf({ visit, email }: EnrolmentRow): Promise<string | undefined> {
  return email === null ? undefined : keys().decrypt('contact', email, emailContext(visit))
}

function emailContext(visit: Buffer): string {
  return `enrolment\0${visit.toString('hex')}`
}
