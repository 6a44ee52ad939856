import type { Queryable } from '#db/client.ts'
import { lastFourOf } from '#db/queries/cards.ts'
import type { ChallengeRow } from '#db/queries/challenges.ts'
import { passkeysOf } from '#db/queries/passkeys.ts'
import type { ProofRow } from '#db/queries/proofs.ts'
import { signedText } from '#domain/approval/signed-text.ts'
import { confirmsPayment, type SignedPayment } from '#domain/methods/passkey.ts'
import { signsInHere } from '../account/identity.ts'
import { parseCredential, verifyAssertion, webAuthnChallenge } from '../account/passkey-assertion.ts'
import { randomOctets } from '../platform/crypto.ts'
import { log } from '../platform/log.ts'
import type { ServerMethod, Verdict, Verification } from './method.ts'

export const passkey: ServerMethod = {
  async ready(tx, _row, recipients, at) {
    if (!signsInHere()) return false
    const passkeys = await passkeysOf(tx, recipients.owner.cardholderId)
    return passkeys.some(({ createdAt }) => confirmsPayment(createdAt, recipients, at))
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

async function newRequest(tx: Queryable, { acsTransID, cardId: card, purchase }: ChallengeRow) {
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
  const { acsTransID, notificationURL } = row
  const { cardholderId } = recipients.owner
  const { passkey } = 'passkey' in assertion ? assertion : {}
  const isOwn = passkey?.cardholderId === cardholderId
  const confirms = isOwn && confirmsPayment(passkey.createdAt, recipients, at)
  if (assertion.kind !== 'right' || !confirms) {
    const why = passkey && !isOwn ? 'somebody-else' : assertion.kind === 'right' ? 'too-new' : assertion.kind
    log.info('passkey.checked', { kind: 'payment', outcome: 'wrong', why, acsTransID })
    return { method, event: { kind: 'compared', compared: { kind: 'other' } }, change: await newRequest(tx, row) }
  }
  const framedBy = embedder(assertion.topOrigin, notificationURL)
  log.info('passkey.checked', { kind: 'payment', outcome: 'right', why: framedBy, acsTransID, cardholderId })
  return {
    method,
    event: { kind: 'compared', compared: { kind: 'match' } },
    change: { evidence: assertion.evidence },
  }
}

/**
 * Whether the site that framed the window is the one that the result goes to. It refuses nothing, because merchants may
 * let another site open the window for them; an operator can look for it in the log.
 */
function embedder(topOrigin: string | undefined, notificationURL: string) {
  if (topOrigin === undefined) return 'top-origin-unknown'
  return topOrigin === new URL(notificationURL).origin ? 'top-origin-expected' : 'top-origin-other'
}
