import { verifyAuthenticationResponse } from '@simplewebauthn/server'
import { decodeClientDataJSON } from '@simplewebauthn/server/helpers'
import type { Evidence as Signature } from '#domain/approval/evidence.ts'
import { signedText } from '#domain/approval/signed-text.ts'
import { paymentFault } from '#domain/emv/spc.ts'
import { webAuthnChallenge } from '../account/passkey-assertion.ts'
import { isOver, verifyProof } from '../approval/verify.ts'
import type { Evidence } from './contents.ts'

// The signatures of the cardholder that evidence contains, verified again under the public keys that are beside them.

/** How many signatures there are, and where those are that do not verify. */
export async function wrongSignatures({ deployment, proofs, spc, approvals }: Evidence) {
  const found = [
    // Documents of earlier versions have no `spc`.
    ...[...proofs, ...(spc?.proofs ?? [])].flatMap(({ method, signed }) =>
      signed
        ? [{ where: method, text: signed.text, nonce: signed.nonce, signature: signed.evidence, content: null }]
        : [],
    ),
    ...approvals.flatMap(({ content, nonce, evidence: signature }) =>
      signature ? [{ where: `approval ${content.id}`, text: signedText(content), nonce, signature, content }] : [],
    ),
  ]
  const wrong: string[] = []
  for (const { where, text, nonce, signature, content } of found) {
    const octets = Buffer.from(nonce, 'base64url')
    const isRight =
      signature.kind !== 'jws'
        ? await isAssertionOver(signature, webAuthnChallenge(octets, text), deployment)
        : content !== null && (await isProofOver(signature, { content, nonce: octets }, deployment.origin))
    if (!isRight) wrong.push(where)
  }
  return { count: found.length, wrong }
}

async function isProofOver(
  { publicKey, jws }: Extract<Signature, { kind: 'jws' }>,
  request: Parameters<typeof isOver>[0],
  origin: string,
): Promise<boolean> {
  const proof = await verifyProof(publicKey, jws, origin)
  return proof !== undefined && isOver(request, proof)
}

async function isAssertionOver(
  evidence: Exclude<Signature, { kind: 'jws' }>,
  challenge: Uint8Array,
  { origin, passkeyDomain }: Evidence['deployment'],
): Promise<boolean> {
  const { credentialId: id, publicKey, clientDataJSON, authenticatorData, signature } = evidence
  try {
    const said: { crossOrigin?: boolean; topOrigin?: string; payment?: unknown } = decodeClientDataJSON(clientDataJSON)
    const response = { clientDataJSON, authenticatorData, signature }
    const by =
      evidence.kind === 'payment'
        ? {
            expectedType: 'payment.get',
            expectedOrigin: [...evidence.origins],
            expectedTopOrigin: [...evidence.origins],
          }
        : // Any merchant's site may frame the window.
          { expectedOrigin: origin, ...(said.crossOrigin && said.topOrigin && { expectedTopOrigin: said.topOrigin }) }
    const { verified } = await verifyAuthenticationResponse({
      response: { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response },
      expectedChallenge: Buffer.from(challenge).toString('base64url'),
      expectedRPID: passkeyDomain,
      ...by,
      requireUserVerification: true,
      // The counter was compared when the payment was approved.
      credential: { id, publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')), counter: 0 },
    })
    if (evidence.kind === 'webauthn') return verified
    const { asked, origins } = evidence
    return verified && paymentFault(said.payment, asked, { rpID: passkeyDomain, origins }) === undefined
  } catch {
    return false
  }
}
