import type { ApprovalRequestRow } from '#db/queries/approval-requests.ts'
import type { DeviceKey } from '#domain/account/approval-device.ts'
import { type ApprovalProof, proofTypes, readApprovalProof } from '#domain/approval/proof.ts'
import { signedText } from '#domain/approval/signed-text.ts'
import { verifyDeviceProof } from './device-proof.ts'

// The signature of the issuer's app (dynamic linking): over the request as it is stored, and its nonce. That of a
// passkey is verified by server/account/passkey-assertion.ts.

type Signed = Pick<ApprovalRequestRow, 'content' | 'nonce'>

/** Path of the URL to which the issuer's app sends an approval, and which the approval names. */
export const approvalPath = '/api/devices/approve'

/**
 * Verifies that a JWS is an approval by a device's key, for this deployment or the one at `origin`. Does not compare it
 * with a request (`isOver`).
 */
export async function verifyProof(
  publicKey: DeviceKey,
  jws: string,
  origin?: string,
): Promise<ApprovalProof | undefined> {
  const purpose = { typ: proofTypes.approval, path: approvalPath, ...(origin && { origin }) }
  return readApprovalProof(await verifyDeviceProof(publicKey, jws, purpose))
}

/** Whether a proof is over exactly this request. */
export function isOver({ content, nonce }: Signed, proof: ApprovalProof): boolean {
  return proof.nonce === nonce.toString('base64url') && signedText(proof.request) === signedText(content)
}
