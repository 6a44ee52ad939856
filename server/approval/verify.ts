import { type AuthenticationResponseJSON, verifyAuthenticationResponse } from '@simplewebauthn/server'
import type { ApprovalRequestRow } from '#db/queries/approval-requests.ts'
import type { PasskeyRow } from '#db/queries/passkeys.ts'
import type { DeviceKey } from '#domain/account/approval-device.ts'
import type { Evidence } from '#domain/approval/evidence.ts'
import { type ApprovalProof, proofTypes, readApprovalProof } from '#domain/approval/proof.ts'
import { signedText } from '#domain/approval/request.ts'
import { relyingParty } from '../account/relying-party.ts'
import { sha256 } from '../platform/crypto.ts'
import { verifyDeviceProof } from './device-proof.ts'

// The signature of an approval (dynamic linking): over the request as it is stored, and its nonce.

type Signed = Pick<ApprovalRequestRow, 'content' | 'nonce'>

/** The WebAuthn challenge of a request, 64 bytes: its nonce, then the SHA-256 of its signed text. */
export function webAuthnChallenge({ content, nonce }: Signed): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat([nonce, sha256(signedText(content))]))
}

export interface Assertion {
  readonly evidence: Extract<Evidence, { kind: 'webauthn' }>
  readonly counter: number
}

/** Verifies the assertion of a device's passkey over a request, with user verification. Undefined if it is not one. */
export async function verifyAssertion(
  request: Signed,
  passkey: PasskeyRow,
  response: AuthenticationResponseJSON,
): Promise<Assertion | undefined> {
  if (response.id !== passkey.credentialId) return undefined
  const { rpID, origin } = relyingParty()
  const { credentialId, counter } = passkey
  const publicKey = new Uint8Array(passkey.publicKey)
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response,
    expectedChallenge: Buffer.from(webAuthnChallenge(request)).toString('base64url'),
    expectedOrigin: origin,
    expectedRPID: rpID,
    requireUserVerification: true,
    credential: { id: credentialId, publicKey, counter },
  }).catch(() => ({ verified: false, authenticationInfo: undefined }))
  if (!verified || !authenticationInfo) return undefined
  const { clientDataJSON, authenticatorData, signature } = response.response
  return {
    counter: authenticationInfo.newCounter,
    evidence: {
      kind: 'webauthn',
      credentialId,
      publicKey: passkey.publicKey.toString('base64url'),
      ...{ clientDataJSON, authenticatorData, signature },
    },
  }
}

/** Path of the URL to which the issuer's app sends an approval, and which the approval names. */
export const approvalPath = '/api/devices/approve'

/** Verifies that a JWS is an approval by a device's key. Does not compare it with a request (`isOver`). */
export async function verifyProof(publicKey: DeviceKey, jws: string): Promise<ApprovalProof | undefined> {
  return readApprovalProof(await verifyDeviceProof(publicKey, jws, { typ: proofTypes.approval, path: approvalPath }))
}

/** Whether a proof is over exactly this request. */
export function isOver({ content, nonce }: Signed, proof: ApprovalProof): boolean {
  return proof.nonce === nonce.toString('base64url') && signedText(proof.request) === signedText(content)
}
