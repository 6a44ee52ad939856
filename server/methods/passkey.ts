import type { Queryable } from '#db/client.ts'
import { lastFourOf } from '#db/queries/cards.ts'
import type { ChallengeRow } from '#db/queries/challenges.ts'
import { passkeysOf } from '#db/queries/passkeys.ts'
import type { ProofRow } from '#db/queries/proofs.ts'
import { signedText } from '#domain/approval/signed-text.ts'
import { confirmsPayment, type SignedPayment } from '#domain/methods/passkey.ts'
import { signsInHere } from '../account/identity.ts'
import { type Assertion, parseCredential, verifyAssertion, webAuthnChallenge } from '../account/passkey-assertion.ts'
import { randomOctets } from '../platform/crypto.ts'
import { log } from '../platform/log.ts'
import type { ServerMethod, Verdict, Verification } from './method.ts'

export const passkey: ServerMethod = {
  async ready(tx, _row, recipients, at) {
    if (!signsInHere()) return false
    const passkeys = await passkeysOf(tx, recipients.owner.cardholderId)
    const facts = { ...recipients, foreignFrame: false }
    return passkeys.some(({ createdAt }) => confirmsPayment(createdAt, facts, at))
  },
  begin: (tx, { row }) => newRequest(tx, row),
  verify,
}

/** The WebAuthn challenge of the page that asks for a passkey; other pages have none. */
export function passkeyChallengeOf(
  { selected }: Pick<ChallengeRow, 'selected'>,
  proofs: readonly ProofRow[],
): string | undefined {
  return selected.includes('passkey') ? challengeOf(proofs) : undefined
}

/** Base64url. */
function challengeOf(proofs: readonly ProofRow[]): string | undefined {
  const { request, nonce } = proofs.find(({ method }) => method === 'passkey') ?? {}
  return request && nonce ? Buffer.from(webAuthnChallenge(nonce, request)).toString('base64url') : undefined
}

/** The text that a passkey signs for a payment, and the nonce before its hash. */
export async function newRequest(
  tx: Queryable,
  { acsTransID, cardId: card, purchase }: Pick<ChallengeRow, 'acsTransID' | 'cardId' | 'purchase'>,
) {
  const { merchantName: merchant, merchantID, amount, currency, exponent } = purchase
  const lastFour = await lastFourOf(tx, card)
  const payment: SignedPayment = { acsTransID, card, lastFour, merchant, merchantID, amount, currency, exponent }
  return { request: signedText(payment), nonce: randomOctets(32) }
}

/** A request is answered once, rightly or not: after a failure the page asks for the signature of a new one. */
async function verify({ tx, row, recipients, at, proofs, answer }: Verification): Promise<Verdict> {
  const method = 'passkey'
  const challenge = challengeOf(proofs)
  if (!challenge) throw new Error('a passkey that was not asked for')
  const assertion = await verifyAssertion(tx, parseCredential(answer), { challenge, framed: true })
  const { acsTransID } = row
  const { cardholderId } = recipients.owner
  const { passkey } = 'passkey' in assertion ? assertion : {}
  const isOwn = passkey?.cardholderId === cardholderId
  const framedBy = assertion.kind === 'right' ? embedder(assertion, row.notificationURL) : undefined
  const foreignFrame = framedBy === 'unknown' || framedBy === 'another-site'
  const confirms = isOwn && confirmsPayment(passkey.createdAt, { ...recipients, foreignFrame }, at)
  if (assertion.kind !== 'right' || !confirms) {
    const why =
      passkey && !isOwn ? 'somebody-else' : assertion.kind === 'right' ? 'not-for-this-payment' : assertion.kind
    log.info('passkey.checked', { kind: 'payment', outcome: 'wrong', why, framedBy, acsTransID })
    return { method, event: { kind: 'compared', compared: { kind: 'other' } }, change: await newRequest(tx, row) }
  }
  log.info('passkey.checked', { kind: 'payment', outcome: 'right', framedBy, acsTransID, cardholderId })
  return {
    method,
    event: { kind: 'compared', compared: { kind: 'match' } },
    change: { evidence: assertion.evidence },
    foreignFrame,
  }
}

/**
 * Whose page the window is framed by. Another site's is no reason to refuse, because merchants may let a service provider
 * open the window, but such a page can cover what the window says, and nothing is remembered of it.
 */
function embedder({ crossOrigin, topOrigin }: Extract<Assertion, { kind: 'right' }>, notificationURL: string) {
  if (!crossOrigin) return 'top-level'
  if (topOrigin === undefined) return 'unknown'
  return topOrigin === new URL(notificationURL).origin ? 'merchant' : 'another-site'
}
