import { compactVerify, importJWK } from 'jose'
import type { ApprovalRequestRow } from '#db/queries/approval-requests.ts'
import type { DeviceKey } from '#domain/account/approval-device.ts'
import { type ApprovalProof, approvalProofType, readApprovalProof } from '#domain/approval/proof.ts'
import { signedText } from '#domain/approval/signed-text.ts'
import { config } from '../platform/config.ts'

// The signature of the issuer's app (dynamic linking): over the request as it is stored, and its nonce. That of a
// passkey is verified by server/account/passkey-assertion.ts.

type Signed = Pick<ApprovalRequestRow, 'content' | 'nonce'>

/**
 * Verifies that a JWS was signed by a device's key for the deployment at `origin`. Does not compare it with a request
 * (`isOver`).
 */
export async function verifyProof(
  publicKey: DeviceKey,
  jws: string,
  origin = config().publicOrigin,
): Promise<ApprovalProof | undefined> {
  const key = await importJWK({ ...publicKey }, 'ES256').catch(() => undefined)
  const verified = key && (await compactVerify(jws, key, { algorithms: ['ES256'] }).catch(() => undefined))
  if (verified?.protectedHeader.typ !== approvalProofType) return undefined
  const proof = readApprovalProof(parse(new TextDecoder().decode(verified.payload)))
  return proof?.aud === `${origin}/api/devices/approve` ? proof : undefined
}

/** Whether a proof is over exactly this request. */
export function isOver({ content, nonce }: Signed, proof: ApprovalProof): boolean {
  return proof.nonce === nonce.toString('base64url') && signedText(proof.request) === signedText(content)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
