import { type KeyObject, sign, verify } from 'node:crypto'
import type { SignatureRow } from '#db/queries/risk-policies.ts'
import type { RiskSettings, Signer } from '../platform/risk-settings.ts'
import { keyOf } from '../platform/risk-settings.ts'

/** What a signature is of: a version, and the digest of its document. */
export interface Signed {
  readonly policyId: string
  readonly version: number
  /** SHA-256. */
  readonly digest: Uint8Array
}

/** The text that a signer signs. Its first line keeps the signature from being taken for one of something else. */
export function signedText({ policyId, version, digest }: Signed): string {
  return `SafeKey risk policy\n${policyId} ${version}\nsha256 ${Buffer.from(digest).toString('hex')}\n`
}

/** Ed25519, or ECDSA on P-256 with SHA-256 in DER, as OpenSSL makes it. */
export function signPolicy(signed: Signed, privateKey: KeyObject): Buffer {
  return sign(hashFor(privateKey), Buffer.from(signedText(signed)), privateKey)
}

export function isSignedBy(signed: Signed, { publicKey }: Signer, signature: Uint8Array): boolean {
  const key = keyOf(publicKey)
  return verify(hashFor(key), Buffer.from(signedText(signed)), key, signature)
}

/** The signers of the issuer's file of whom there is a valid signature, each once. */
export function validSigners(signed: Signed, signatures: readonly SignatureRow[], { signers }: RiskSettings): string[] {
  return signers
    .filter(signer =>
      signatures.some(({ signer: name, signature }) => name === signer.name && isSignedBy(signed, signer, signature)),
    )
    .map(({ name }) => name)
}

function hashFor({ asymmetricKeyType }: KeyObject): 'sha256' | undefined {
  return asymmetricKeyType === 'ed25519' ? undefined : 'sha256'
}
