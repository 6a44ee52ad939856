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
import { type SignedAnswer, textOfAnswer } from '#domain/approval/answer.ts'
import { mayApprove } from '#domain/approval/device.ts'
import type { Evidence } from '#domain/approval/evidence.ts'
import {
  type AnsweredState,
  isOpen,
  next as nextState,
  type RequestEvent,
  type RequestState,
  type ShownContent,
  shownContent,
} from '#domain/approval/request.ts'
import { next } from '#domain/challenge/machine.ts'
import type { Event } from '#domain/challenge/states.ts'
import { invalidity } from '#domain/risk/card-standing.ts'
import { isLargePurchase } from '#domain/risk/large-purchase.ts'
import { verifyAssertion, webAuthnChallenge } from '../account/passkey-assertion.ts'
import { relyingParty } from '../account/relying-party.ts'
import { reportPayment } from '../account/report-activity.ts'
import { isId } from '../account/sessions.ts'
import { audit } from '../audit/audit.ts'
import { applyTransition } from '../challenge/apply.ts'
import { codeRecipientsOf } from '../challenge/code-recipients.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { countTry } from '../platform/limits.ts'
import { log } from '../platform/log.ts'
import { recordForWatch } from '../watch/record.ts'
import { type ApprovalDeviceRow, isReachable } from './devices.ts'
import { isOver, verifyProof } from './verify.ts'

// What a device does with the requests of its owner. The caller has authenticated the device: by the cookie of the web
// app, or by its key.

/** A request as a device receives it. */
export interface WaitingRequest {
  readonly content: ShownContent
  /** Base64url. */
  readonly nonce: string
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
    expiresAt: row.expiresAt,
  }
}

export type RequestAnswer =
  /** An answer in the web app, and the assertion of the device's passkey over it. */
  | { readonly kind: 'assertion'; readonly answer: SignedAnswer; readonly response: AuthenticationResponseJSON }
  /** An approval in the issuer's app: its JWS, which has the number in it. */
  | { readonly kind: 'proof'; readonly jws: string }
  /** A refusal in the issuer's app, whose signature the caller has verified. */
  | { readonly kind: Refusal }

type Refusal = Exclude<SignedAnswer['kind'], 'approved'>

export type RequestAnswered = {
  readonly kind: /** The request has ended with it. */
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
    const context = { tx, owner, device, payment, request, at }
    switch (answer.kind) {
      case 'assertion':
        return answerByAssertion(context, answer.answer, answer.response)
      case 'proof':
        return approveByProof(context, answer.jws)
      default:
        return refuse(context, answer.kind)
    }
  })
  const given = answer.kind === 'assertion' ? answer.answer.kind : answer.kind
  log.info('approval.answered', { kind: given, outcome: answered.kind, cardholderId })
  return answered
}

/** Options for the passkey of a device of the web app, which signs this answer. */
export async function assertionOptions(device: ApprovalDeviceRow, requestId: string, answer: SignedAnswer) {
  if (!isId(requestId)) return undefined
  return transaction(async tx => {
    const row = await findRequest(tx, device.cardholderId, requestId)
    const passkey = device.passkeyId && (await lockPasskeyById(tx, device.passkeyId))
    if (!row || !passkey || !isOpen(stateNow(row, now()))) return undefined
    return generateAuthenticationOptions({
      rpID: relyingParty().rpID,
      userVerification: 'required',
      challenge: challengeOf(row, answer),
      timeout: Math.max(0, row.expiresAt - now()),
      allowCredentials: [{ id: passkey.credentialId, transports: [...passkey.transports] as [] }],
    })
  })
}

function challengeOf({ nonce, content }: ApprovalRequestRow, answer: SignedAnswer) {
  return webAuthnChallenge(nonce, textOfAnswer(content, answer))
}

interface Context {
  readonly tx: Queryable
  readonly owner: NonNullable<Awaited<ReturnType<typeof lockCardholder>>>
  readonly device: ApprovalDeviceRow
  readonly payment: ChallengeRow
  readonly request: ApprovalRequestRow
  readonly at: number
}

async function answerByAssertion(
  context: Context,
  answer: SignedAnswer,
  response: AuthenticationResponseJSON,
): Promise<RequestAnswered> {
  const { tx, device, request } = context
  const challenge = Buffer.from(challengeOf(request, answer)).toString('base64url')
  const assertion = await verifyAssertion(tx, response, { challenge, framed: false })
  if (assertion.kind !== 'right' || assertion.passkey.id !== device.passkeyId) return { kind: 'signature-bad' }
  return answer.kind === 'approved' ? approve(context, answer.number, assertion.evidence) : refuse(context, answer.kind)
}

async function approveByProof(context: Context, jws: string): Promise<RequestAnswered> {
  const { device, request } = context
  const { publicKey } = device
  const proof = publicKey && (await verifyProof(publicKey, jws))
  if (!publicKey || proof?.request.id !== request.id) return { kind: 'signature-bad' }
  const { number } = proof.request
  // A wrong number ends the request, although what was signed then differs from the request.
  if (stateAfter(context, { kind: 'signed', number }) === 'approved' && !isOver(request, proof))
    return { kind: 'signature-bad' }
  return approve(context, number, { kind: 'jws', publicKey, jws })
}

/**
 * Approves a request whose signature was verified, if the number is right and the payment still permits it. The request
 * is stored as approved only if its challenge is.
 */
async function approve(context: Context, number: string, evidence: Evidence): Promise<RequestAnswered> {
  const { tx, payment, at } = context
  const state = stateAfter(context, { kind: 'signed', number })
  if (state !== 'approved') {
    await save(context, 'wrong-number')
    return { kind: 'wrong-number' }
  }
  // Payments may have become restricted since; the device may then be the intruder's.
  if ((await codeRecipientsOf(tx, payment, at)).restricted) return { kind: 'over' }
  const barred = invalidity(await lockStanding(tx, payment.cardId), at)
  const outcome = await applyAnswer(
    context,
    barred ? { kind: 'barred', by: barred } : { kind: 'answered', method: 'push', event: { kind: 'approved' } },
  )
  if (outcome !== 'approved') return { kind: 'over' }
  await save(context, state, evidence)
  return { kind: 'approved' }
}

async function refuse(context: Context, answer: Refusal): Promise<RequestAnswered> {
  const { tx, owner, payment, at } = context
  await save(context, answer)
  if (answer === 'declined') {
    await applyAnswer(context, { kind: 'answered', method: 'push', event: { kind: 'declined' } })
    return { kind: 'declined' }
  }
  // Counted only here, so that what is not signed uses up no notice of a real report.
  const told = (await countTry('reportsTold', owner.id, tx)).kind === 'permitted'
  await markReported(tx, owner.id, 'payment', payment.acsTransID, at)
  await reportPayment(tx, owner, payment.acsTransID, payment.createdAt, told, at)
  log.warn('activity.reported', { cardholderId: owner.id, kind: 'payment' })
  return { kind: 'reported' }
}

/** Whether a device may see and answer a request about a payment. */
function mayAnswer(
  device: ApprovalDeviceRow,
  { messageCategory, purchase, onDevice }: ChallengeRow,
  at: number,
): boolean {
  const larger = isLargePurchase({ messageCategory, ...purchase }, config().issuer.largerAbove)
  return isReachable(device.kind) && mayApprove(device, larger || onDevice, at)
}

function stateAfter({ request, at }: Context, event: RequestEvent): RequestState {
  return nextState({ ...request, number: request.content.number }, event, at)
}

/** Saves how the cardholder answered. */
async function save(
  { tx, owner, device, payment, request, at }: Context,
  state: AnsweredState,
  evidence: Evidence | null = null,
): Promise<void> {
  await updateRequest(tx, request.id, { state, endedAt: at, deviceId: device.id, evidence })
  await noteDeviceUse(tx, device.id, at)
  const about = { cardholderId: owner.id, cardId: payment.cardId, ref: payment.id }
  await audit(tx, { type: 'approval-answered', answer: state, device: device.kind, ...about })
  if (state !== 'approved')
    await recordForWatch(tx, { kind: 'request-declined', at, card: payment.cardId, cardholder: owner.id })
}

async function applyAnswer({ tx, payment, at }: Context, event: Event): Promise<string> {
  const challenge = await applyTransition(tx, payment, next(toChallenge(payment), event, at), at)
  return challenge.state === 'ended' ? challenge.outcome : challenge.state
}

function stateNow({ state, content, expiresAt }: ApprovalRequestRow, at: number): RequestState {
  return nextState({ state, number: content.number, expiresAt }, { kind: 'tick' }, at)
}
