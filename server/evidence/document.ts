import { flattenedVerify, importJWK, type JWK } from 'jose'
import type { Signed } from '../platform/keys.ts'
import { keys, signatureAlgorithm } from '../platform/keys.ts'
import type { Evidence } from './contents.ts'
import { wrongSignatures } from './signatures.ts'

// The document: a JWS in flattened JSON form with one more member, `evidence`, which is the payload for people to read
// (RFC 7515, 7.2.1 allows other members, and verifiers ignore them).

/** `typ` in the header, so that a signature made for another purpose is not accepted. */
const type = 'payment-evidence'

export type Verified =
  | { readonly kind: 'valid'; readonly evidence: Evidence; readonly kid: string; readonly signatures: number }
  /** Not complete JSON. */
  | { readonly kind: 'unreadable' }
  /** JSON, but not of evidence. */
  | { readonly kind: 'not-evidence' }
  /** Signed by a key that is not among the given ones. */
  | { readonly kind: 'other-key'; readonly kid: string }
  | { readonly kind: 'changed' }
  /** We signed it, but a signature of the cardholder in it does not verify. */
  | { readonly kind: 'signature-wrong'; readonly where: readonly string[] }

/** Signs evidence and returns the document. */
export async function signEvidence(evidence: Evidence): Promise<string> {
  return documentOf(await keys().sign('evidence', JSON.stringify(evidence), type))
}

/** The only form of a document: every byte follows from what is signed. */
function documentOf({ protected: header, payload, signature }: Signed): string {
  const evidence: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString())
  // Base64url of 64 bytes has unused bits at its end, which no signature protects.
  const canonical = Buffer.from(signature, 'base64url').toString('base64url')
  return `${JSON.stringify({ evidence, payload, protected: header, signature: canonical }, null, 2)}\n`
}

/** Verifies a document under public keys, without a database. Accepts any bytes and never throws. */
export async function verifyEvidence(bytes: Uint8Array, trusted: readonly JWK[]): Promise<Verified> {
  const read = parse(bytes)
  if (read === undefined) return { kind: 'unreadable' }
  if (!isSigned(read)) return { kind: 'not-evidence' }
  const header = parse(Buffer.from(read.protected, 'base64url')) as { typ?: unknown; kid?: unknown } | undefined | null
  if (header?.typ !== type || typeof header.kid !== 'string') return { kind: 'not-evidence' }
  const { kid } = header
  const jwk = trusted.find(known => known.kid === kid && known.kty === 'OKP' && known.crv === 'Ed25519')
  const key = jwk && (await importJWK(jwk, signatureAlgorithm).catch(() => undefined))
  if (!key) return { kind: 'other-key', kid }
  try {
    await flattenedVerify({ ...read }, key, { algorithms: [signatureAlgorithm] })
  } catch {
    return { kind: 'changed' }
  }
  if (!Buffer.from(documentOf(read)).equals(bytes)) return { kind: 'changed' }
  const evidence = parse(Buffer.from(read.payload, 'base64url')) as Evidence
  const { count, wrong } = await wrongSignatures(evidence)
  return wrong.length > 0
    ? { kind: 'signature-wrong', where: wrong }
    : { kind: 'valid', evidence, kid, signatures: count }
}

function isSigned(value: unknown): value is Signed {
  if (typeof value !== 'object' || value === null) return false
  const { protected: header, payload, signature } = value as Partial<Record<keyof Signed, unknown>>
  return [header, payload, signature].every(part => typeof part === 'string' && /^[\w-]+$/.test(part))
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    return undefined
  }
}
