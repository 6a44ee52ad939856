import { CompactSign } from 'jose'
import type { AppSigning } from '../../platform/app-signing.ts'
import type { Agreement } from './key-agreement.ts'

/**
 * acsSignedContent, EMV 3DS 6.2.3.2: the address for the SDK's CReqs and both public keys, signed so that the SDK can
 * verify the chain up to the directory server's authority. The order of the members is the specification's.
 */
export function signContent(acsURL: string, agreement: Agreement, signing: AppSigning): Promise<string> {
  const { acsEphemPubKey, sdkEphemPubKey } = agreement
  return new CompactSign(Buffer.from(JSON.stringify({ acsEphemPubKey, sdkEphemPubKey, acsURL }), 'utf8'))
    .setProtectedHeader({ alg: signing.alg, x5c: [...signing.x5c] })
    .sign(signing.key)
}
