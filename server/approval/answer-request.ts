import { type AuthenticationResponseJSON, generateAuthenticationOptions } from '@simplewebauthn/server'
import { database, type Queryable, transaction } from '#db/client.ts'
import { lockCardholder } from '#db/queries/accounts.ts'
import { markReported } from '#db/queries/activity.ts'
import { findDevice, noteDeviceUse } from '#db/queries/approval-devices.ts'
import {
  type ApprovalRequestRow,
  findRequest,
  lockRequest,
  openRequestOf,
  updateRequest,
} from '#db/queries/approval-requests.ts'
import { lockStanding } from '#db/queries/cards.ts'
import { type ChallengeRow, findChallenge, toChallenge } from '#db/queries/challenges.ts'
import { lockPaymentOf } from '#db/queries/decoupled.ts'
import { lockPasskeyById } from '#db/queries/passkeys.ts'
import { mayApprove } from '#domain/approval/device.ts'
import type { Evidence } from '#domain/approval/evidence.ts'
import {
  isOpen,
  next as nextState,
  type RequestEvent,
  type RequestState,
  type ShownContent,
  shownContent,
} from '#domain/approval/request.ts'
import { signedText } from '#domain/approval/signed-text.ts'
import { next } from '#domain/challenge/machine.ts'
import type { Event } from '#domain/challenge/states.ts'
import { invalidity } from '#domain/risk/card-standing.ts'
import { isLargePurchase } from '#domain/risk/large-purchase.ts'
import { verifyAssertion, webAuthnChallenge } from '../account/passkey-assertion.ts'
import { relyingParty } from '../account/relying-party.ts'
import { reportPayment } from '../account/report-activity.ts'
import { isId } from '../account/sessions.ts'
import { applyTransition } from '../challenge/apply.ts'
import { codeRecipientsOf } from '../challenge/code-recipients.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { countTry } from '../platform/limits.ts'
import { log } from '../platform/log.ts'
import { type ApprovalDeviceRow, isReachable } from './devices.ts'
import { isOver, verifyProof } from './verify.ts'

// What a device does with the requests of its owner. The caller has authenticated the device: by the cookie of the web
// app, or by its key.

/** A request as a device receives it. */
export interface WaitingRequest {
  readonly content: ShownContent
  /** Base64url. */
  readonly nonce: string
  /** The number has been typed, and the signature is still missing. */
  readonly isNumberEntered: boolean
  readonly expiresAt: number
}

/** The request that waits for this device's owner; undefined if none waits, or this device may not approve it yet. */
export async function waitingRequest(device: ApprovalDeviceRow): Promise<WaitingRequest | undefined> {
  const at = now()
  const row = await openRequestOf(database(), device.cardholderId, at)
  const payment = row && (await findChallenge(database(), row.challengeId))
  if (!row || !payment || !mayAnswer(device, payment, at)) return undefined
  return {
    content: shownContent(row.content),
    nonce: row.nonce.toString('base64url'),
    isNumberEntered: row.state === 'number-entered' && row.deviceId === device.id,
    expiresAt: row.expiresAt,
  }
}

export type RequestAnswer =
  /** The number that the cardholder typed. */
  | { readonly kind: 'number'; readonly entered: string }
  /** The assertion of the device's passkey, after the number. */
  | { readonly kind: 'assertion'; readonly response: AuthenticationResponseJSON }
  /** The JWS of the issuer's app, which has the number in it. */
  | { readonly kind: 'proof'; readonly jws: string }
  | { readonly kind: 'declined' }
  /** "This was not me". */
  | { readonly kind: 'reported' }

export type RequestAnswered = {
  readonly kind:
    | 'number-entered'
    /** The request has ended with it. */
    | 'wrong-number'
    | 'approved'
    | 'declined'
    | 'reported'
    /** The signature is not one of this device over this request. The request still waits. */
    | 'signature-bad'
    /**
     * Answered, expired or withdrawn; the card or the account may no longer be used; or the device's owner has no
     * such request, or it may not approve it: the answer does not say which.
     */
    | 'over'
}

/** Handles the answer of a device. Of several answers at once, one is used. */
export async function answerRequest(
  { id: deviceId, cardholderId }: ApprovalDeviceRow,
  requestId: string,
  answer: RequestAnswer,
): Promise<RequestAnswered> {
  if (!isId(requestId)) return { kind: 'over' }
  // Only what is open counts, so that invented ids do not use up the notices of a real report.
  const found = await findRequest(database(), cardholderId, requestId)
  if (!found || !isOpen(stateNow(found, now()))) return { kind: 'over' }
  const told = answer.kind !== 'reported' || (await countTry('reportsTold', cardholderId)).kind === 'permitted'
  const answered = await transaction(async (tx): Promise<RequestAnswered> => {
    // In the order in which reports, and windows that begin a request, lock: cardholder, payment, card, request.
    const owner = await lockCardholder(tx, cardholderId)
    const device = owner && (await findDevice(tx, deviceId))
    const asked = await findRequest(tx, cardholderId, requestId)
    const payment = asked && (await lockPaymentOf(tx, cardholderId, { id: asked.challengeId }))
    if (payment) await lockStanding(tx, payment.cardId)
    const request = payment && (await lockRequest(tx, cardholderId, requestId))
    const at = now()
    if (!owner || !device || !request || !mayAnswer(device, payment, at)) return { kind: 'over' }
    if (!isOpen(stateNow(request, at))) return { kind: 'over' }
    const context = { tx, device, payment, request, at }
    switch (answer.kind) {
      case 'number':
        return toAnswered(await take(context, { kind: 'number', entered: answer.entered }))
      case 'assertion':
        return approveByAssertion(context, answer.response)
      case 'proof':
        return approveByProof(context, answer.jws)
      case 'declined':
        await take(context, answer)
        await applyAnswer(context, { kind: 'answered', method: 'push', event: { kind: 'declined' } })
        return { kind: 'declined' }
      case 'reported':
        await take(context, answer)
        await markReported(tx, cardholderId, 'payment', payment.acsTransID, at)
        await reportPayment(tx, owner, payment.acsTransID, payment.createdAt, told, at)
        log.warn('activity.reported', { cardholderId, kind: 'payment' })
        return { kind: 'reported' }
    }
  })
  log.info('approval.answered', { kind: answer.kind, outcome: answered.kind, cardholderId })
  return answered
}

/** Options for the passkey of a device of the web app, once the number has been entered. */
export async function assertionOptions(device: ApprovalDeviceRow, requestId: string) {
  if (!isId(requestId)) return undefined
  return transaction(async tx => {
    const row = await lockRequest(tx, device.cardholderId, requestId)
    const passkey = device.passkeyId && (await lockPasskeyById(tx, device.passkeyId))
    if (!row || !passkey || stateNow(row, now()) !== 'number-entered') return undefined
    return generateAuthenticationOptions({
      rpID: relyingParty().rpID,
      userVerification: 'required',
      challenge: challengeOf(row),
      timeout: Math.max(0, row.expiresAt - now()),
      allowCredentials: [{ id: passkey.credentialId, transports: [...passkey.transports] as [] }],
    })
  })
}

function challengeOf({ nonce, content }: ApprovalRequestRow) {
  return webAuthnChallenge(nonce, signedText(content))
}

interface Context {
  readonly tx: Queryable
  readonly device: ApprovalDeviceRow
  readonly payment: ChallengeRow
  readonly request: ApprovalRequestRow
  readonly at: number
}

async function approveByAssertion(context: Context, response: AuthenticationResponseJSON): Promise<RequestAnswered> {
  const { tx, device, request, at } = context
  // The device that signs is the one on which the number was typed.
  if (stateNow(request, at) !== 'number-entered' || request.deviceId !== device.id) return { kind: 'over' }
  const challenge = Buffer.from(challengeOf(request)).toString('base64url')
  const assertion = await verifyAssertion(tx, response, { challenge, framed: false })
  if (assertion.kind !== 'right' || assertion.passkey.id !== device.passkeyId) return { kind: 'signature-bad' }
  return approve(context, assertion.evidence)
}

async function approveByProof(context: Context, jws: string): Promise<RequestAnswered> {
  const { device, request } = context
  const { publicKey } = device
  const proof = publicKey && (await verifyProof(publicKey, jws))
  if (!publicKey || proof?.request.id !== request.id) return { kind: 'signature-bad' }
  const state = await take(context, { kind: 'number', entered: proof.request.number })
  if (state !== 'number-entered') return toAnswered(state)
  if (!isOver(request, proof)) return { kind: 'signature-bad' }
  return approve({ ...context, request: { ...request, state } }, { kind: 'jws', publicKey, jws })
}

/** Approves a request whose number was entered and whose signature was verified, if the payment still permits it. */
async function approve(context: Context, evidence: Evidence): Promise<RequestAnswered> {
  const { tx, payment, at } = context
  // Payments may have become restricted since; the device may then be the intruder's.
  if ((await codeRecipientsOf(tx, payment, at)).restricted) return { kind: 'over' }
  await take(context, { kind: 'signed' }, evidence)
  const barred = invalidity(await lockStanding(tx, payment.cardId), at)
  const outcome = await applyAnswer(
    context,
    barred ? { kind: 'barred', by: barred } : { kind: 'answered', method: 'push', event: { kind: 'approved' } },
  )
  return { kind: outcome === 'approved' ? 'approved' : 'over' }
}

/** Whether a device may see and answer a request about a payment. */
function mayAnswer(device: ApprovalDeviceRow, { messageCategory, purchase }: ChallengeRow, at: number): boolean {
  const larger = isLargePurchase({ messageCategory, ...purchase }, config().issuer.largerAbove)
  return isReachable(device.kind) && mayApprove(device, larger, at)
}

/** Applies an event to an open request and saves its new state. */
async function take(
  { tx, device, request, at }: Context,
  event: RequestEvent,
  evidence: Evidence | null = null,
): Promise<RequestState> {
  const state = nextState({ ...request, number: request.content.number }, event, at)
  const ended = isOpen(state) ? {} : { endedAt: at }
  await updateRequest(tx, request.id, { state, ...ended, deviceId: device.id, evidence })
  await noteDeviceUse(tx, device.id, at)
  return state
}

async function applyAnswer({ tx, payment, at }: Context, event: Event): Promise<string> {
  const challenge = await applyTransition(tx, payment, next(toChallenge(payment), event, at), at)
  return challenge.state === 'ended' ? challenge.outcome : challenge.state
}

function stateNow({ state, content, expiresAt }: ApprovalRequestRow, at: number): RequestState {
  return nextState({ state, number: content.number, expiresAt }, { kind: 'tick' }, at)
}

function toAnswered(state: RequestState): RequestAnswered {
  return { kind: state === 'number-entered' || state === 'wrong-number' ? state : 'over' }
}
