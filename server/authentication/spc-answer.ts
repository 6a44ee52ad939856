import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import { decodeClientDataJSON } from '@simplewebauthn/server/helpers'
import { database, type Queryable } from '#db/client.ts'
import type { CardFound } from '#db/queries/cards.ts'
import { type ChallengeRow, lockChallenge, toChallenge, updateChallenge } from '#db/queries/challenges.ts'
import { findPasskey, lockPasskey, type PasskeyRow } from '#db/queries/passkeys.ts'
import { proofsOf, updateProof } from '#db/queries/proofs.ts'
import { findBegun } from '#db/queries/spc.ts'
import type { Evidence } from '#domain/approval/evidence.ts'
import { asOf, next } from '#domain/challenge/machine.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import {
  differenceOf,
  originsOf,
  paymentFault,
  type SecondAReq,
  type SpcTransData,
  secondAReq,
} from '#domain/emv/spc.ts'
import { confirmsPayment } from '#domain/methods/passkey.ts'
import {
  notePasskeyCounter,
  parseCredential,
  signatureOf,
  verifiedCounter,
  webAuthnChallenge,
} from '../account/passkey-assertion.ts'
import { relyingParty } from '../account/relying-party.ts'
import { audit } from '../audit/audit.ts'
import { applyTransition } from '../challenge/apply.ts'
import { codeRecipientsOf } from '../challenge/code-recipients.ts'
import { log } from '../platform/log.ts'
import type { Identified } from './identify.ts'
import type { Request } from './request.ts'

// The second AReq of a secure payment confirmation (EMV 3DS 2.3.1.1, 3.5.1, step 10g): the signature, the same data in
// both AReqs, and the assertion's agreement with them.

/** What a second AReq means for its payment. `challengeId`: the challenge of the first AReq, which it ends. */
export type SpcAnswer =
  | {
      readonly kind: 'given'
      readonly challengeId: string
      readonly credentialId: string
      readonly counter: number
      readonly evidence: Extract<Evidence, { kind: 'payment' }>
    }
  /** Its assertion is not valid for this payment. */
  | { readonly kind: 'failed'; readonly challengeId: string | undefined }
  /** The browser did not confirm the payment, and the AReq says so. */
  | { readonly kind: 'not-given'; readonly challengeId: string | undefined }

/** The same for a payment whose decision did not use it. */
export function unused({ kind, challengeId }: SpcAnswer): SpcAnswer {
  return { kind: kind === 'given' ? 'failed' : kind, challengeId }
}

type Begun = NonNullable<Awaited<ReturnType<typeof findBegun>>>

/**
 * Judges a second AReq; undefined for any other AReq. Writes nothing: `lockSpcChallenge` leads to that. `onDevice`: only a
 * device may confirm the payment.
 */
export async function judgeSecondAReq(
  { request, card, at }: Identified,
  onDevice: boolean,
): Promise<SpcAnswer | undefined> {
  const second = secondAReq(request.message, request.version)
  if (!second) return undefined
  const begun = await waitingChallenge(second, request, card, at)
  const challengeId = begun?.challenge.id
  if (second.incompletion !== undefined) return { kind: 'not-given', challengeId }
  const judged = begun && card ? await judge(begun, second, request, onDevice, at) : 'no-challenge'
  const { acsTransID } = request.ids
  if (typeof judged === 'string') {
    log.info('passkey.checked', { kind: 'spc', outcome: 'wrong', why: judged, acsTransID })
    return { kind: 'failed', challengeId }
  }
  log.info('passkey.checked', { kind: 'spc', outcome: 'right', acsTransID })
  return judged
}

/** The confirmation that the AReq refers to, if it waits for one of this requestor and card. */
async function waitingChallenge(
  { priorRef }: SecondAReq,
  { directoryServer, text }: Request,
  card: CardFound | undefined,
  at: number,
): Promise<Begun | undefined> {
  if (priorRef === undefined || !card) return undefined
  const begun = await findBegun(database(), directoryServer.id, priorRef)
  if (!begun || !isWaiting(begun.challenge, at)) return undefined
  const { cardId, requestorID } = begun.challenge
  return cardId === card.id && requestorID === text('threeDSRequestorID') ? begun : undefined
}

function isWaiting(row: ChallengeRow, at: number): boolean {
  return asOf(toChallenge(row), at).state === 'awaiting-assertion'
}

/** Returns why the assertion is not valid, in our own words. */
async function judge(
  { challenge: row, areq, ares }: Begun,
  { assertion, refusedByDirectoryServer }: SecondAReq,
  { message }: Request,
  onDevice: boolean,
  at: number,
): Promise<Extract<SpcAnswer, { kind: 'given' }> | string> {
  if (assertion === undefined) return 'no-assertion'
  if (refusedByDirectoryServer) return 'refused-by-directory-server'
  const difference = differenceOf(areq, message)
  if (difference) return `another-${difference}`
  const response = parseCredential<AuthenticationResponseJSON>(assertion)
  const payment = response && shownBy(response)
  if (!response || !payment) return 'malformed'
  const passkey = await findPasskey(database(), response.id)
  const recipients = await codeRecipientsOf(database(), { ...row, onDevice: row.onDevice || onDevice }, at)
  if (!passkey) return 'unknown'
  if (passkey.cardholderId !== recipients.owner.cardholderId) return 'other-cardholder'
  const mayConfirm = confirmsPayment(passkey.createdAt, { ...recipients, foreignFrame: false }, at)
  if (!passkey.confirmsPayments || !mayConfirm) return 'not-for-this-payment'
  // Only the origins of the first AReq: the browser showed what that one said.
  const origins = originsOf({ ...areq, notificationURL: row.notificationURL })
  const asked = askedBy(ares)
  const counter = await verified(row, passkey, response, origins)
  if (counter === undefined) return 'wrong'
  const fault = paymentFault(payment.payment, asked, { rpID: relyingParty().rpID, origins })
  if (fault) return `another-${fault}`
  const evidence = { kind: 'payment', ...signatureOf(passkey, response), asked, origins } as const
  return { kind: 'given', challengeId: row.id, credentialId: passkey.credentialId, counter, evidence }
}

async function verified(
  row: ChallengeRow,
  passkey: PasskeyRow,
  response: AuthenticationResponseJSON,
  origins: readonly string[],
): Promise<number | undefined> {
  const { request, nonce } = (await proofsOf(database(), row.id)).find(({ method }) => method === 'passkey') ?? {}
  if (!request || !nonce) return undefined
  const challenge = Buffer.from(webAuthnChallenge(nonce, request)).toString('base64url')
  return verifiedCounter(passkey, response, {
    challenge,
    origin: [...origins],
    topOrigin: [...origins],
    type: 'payment.get',
  })
}

/** What the browser says that it showed; undefined if its client data cannot be read. */
function shownBy({ response }: AuthenticationResponseJSON): { readonly payment: unknown } | undefined {
  try {
    const { payment } = decodeClientDataJSON(response.clientDataJSON) as { readonly payment?: unknown }
    return { payment }
  } catch {
    return undefined
  }
}

function askedBy({ spcTransData }: JsonObject): SpcTransData {
  return spcTransData as unknown as SpcTransData
}

/**
 * Locks the challenge that a second AReq ends. `over`: another AReq has ended it, or its passkey was removed, since the
 * AReq was judged. Otherwise the returned function ends it, in the same transaction.
 */
export async function lockSpcChallenge(
  tx: Queryable,
  answer: SpcAnswer,
  at: number,
): Promise<'over' | (() => Promise<void>)> {
  const { challengeId: id } = answer
  if (id === undefined) return async () => {}
  const row = await lockChallenge(tx, { id })
  if (!row || !isWaiting(row, at)) return 'over'
  const passkey = answer.kind === 'given' ? await lockPasskey(tx, answer.credentialId) : undefined
  if (answer.kind === 'given' && !passkey) return 'over'
  return async () => {
    if (answer.kind === 'given' && passkey) {
      await notePasskeyCounter(tx, passkey, answer.counter)
      await updateProof(tx, id, 'passkey', { evidence: answer.evidence })
      await updateChallenge(tx, id, { openedAt: at })
      await audit(tx, {
        type: 'challenge-begun',
        channel: 'browser',
        methods: ['passkey'],
        cardId: row.cardId,
        ref: id,
      })
    }
    const proved = answer.kind === 'given'
    await applyTransition(tx, row, next(toChallenge(row), { kind: 'asserted', proved }, at), at)
  }
}
