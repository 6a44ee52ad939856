import type { KeyObject } from 'node:crypto'
import type { Chain, Link } from './chains.ts'
import { keepsNameConstraints, nameConstraints } from './name-constraints.ts'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
} from './x509.ts'

// RFC 5280, 6.1, for a chain whose names and signatures fit. OpenSSL has already said which certificates are authorities
// (basicConstraints, keyCertSign): `ca` and `checkIssued`, which chains.ts reads.

export type BrokenRule = 'weak' | 'unknown-extension' | 'not-for-clients' | 'path-too-long' | 'name-not-permitted'

export function brokenRule(chain: Chain): BrokenRule | undefined {
  try {
    return firstBroken(chain)
  } catch {
    return 'unknown-extension' // One that cannot be read.
  }
}

function firstBroken(chain: Chain): BrokenRule | undefined {
  if (isWeak(chain)) return 'weak'
  if (!chain.every(hasKnownExtensions)) return 'unknown-extension'
  if (!isForClients(chain)) return 'not-for-clients'
  if (!keepsPathLengths(chain)) return 'path-too-long'
  if (!keepsNameConstraints(chain)) return 'name-not-permitted'
  return undefined
}

/** At least 112 bits of security (NIST SP 800-57). An authority's own signature was not needed to trust it. */
function isWeak(chain: Chain): boolean {
  return (
    !chain.every(({ certificate }) => isStrongKey(certificate.publicKey)) || !chain.slice(0, -1).every(isStronglySigned)
  )
}

function isStrongKey({ asymmetricKeyType, asymmetricKeyDetails: details = {} }: KeyObject): boolean {
  switch (asymmetricKeyType) {
    case 'rsa':
    case 'rsa-pss':
      return (details.modulusLength ?? 0) >= 2048 && (details.publicExponent ?? 0n) >= 3n
    case 'ec':
      return ['prime256v1', 'secp384r1', 'secp521r1'].includes(details.namedCurve ?? '')
    case 'ed25519':
    case 'ed448':
      return true
    default:
      return false
  }
}

function isStronglySigned({ parsed }: Link): boolean {
  const { name, hash } = parsed.signatureAlgorithm
  return ['Ed25519', 'EdDSA'].includes(name) || ['SHA-256', 'SHA-384', 'SHA-512'].includes(hash?.name ?? '')
}

/** What is checked here or in OpenSSL's `checkIssued`, and policies, of which none is asked for. */
const known: ReadonlySet<string> = new Set([
  '2.5.29.14', // subjectKeyIdentifier
  '2.5.29.15', // keyUsage
  '2.5.29.17', // subjectAltName
  '2.5.29.19', // basicConstraints
  nameConstraints,
  '2.5.29.32', // certificatePolicies
  '2.5.29.35', // authorityKeyIdentifier
  '2.5.29.37', // extKeyUsage
])

/** RFC 5280, 4.2: a critical extension must be understood, and none may be there twice. */
function hasKnownExtensions({ parsed: { extensions } }: Link): boolean {
  const types = new Set(extensions.map(({ type }) => type))
  return types.size === extensions.length && extensions.every(({ type, critical }) => !critical || known.has(type))
}

/** An authority's extended key usage limits what it may sign for, as OpenSSL has it. */
function isForClients(chain: Chain): boolean {
  const usages = chain[0].parsed.getExtension(KeyUsagesExtension)?.usages
  const signs = KeyUsageFlags.digitalSignature | KeyUsageFlags.keyAgreement
  if (usages !== undefined && (usages & signs) === 0) return false
  return chain.every(
    ({ parsed }) =>
      parsed.getExtension(ExtendedKeyUsageExtension)?.usages.includes(ExtendedKeyUsage.clientAuth) ?? true,
  )
}

/** How many authorities may stand between an authority and the client; self-issued ones are not counted. */
function keepsPathLengths([, ...authorities]: Chain): boolean {
  let between = 0
  for (const { certificate, parsed } of authorities) {
    const most = parsed.getExtension(BasicConstraintsExtension)?.pathLength ?? Number.POSITIVE_INFINITY
    if (between > most) return false
    if (certificate.subject !== certificate.issuer) between++
  }
  return true
}
