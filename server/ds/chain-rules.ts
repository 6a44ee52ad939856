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

// RFC 5280, 6.1, for a chain whose names and signatures are right. OpenSSL has already decided which certificates are
// authorities (basicConstraints, keyCertSign): chains.ts reads that from `ca` and `checkIssued`.

export type BrokenRule = 'weak' | 'unknown-extension' | 'not-for-clients' | 'path-too-long' | 'name-not-permitted'

export function brokenRule(chain: Chain): BrokenRule | undefined {
  try {
    return firstBroken(chain)
  } catch {
    return 'unknown-extension' // It cannot be read.
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

/**
 * Whether a chain has less than 112 bits of security (NIST SP 800-57). The signature on the trusted authority itself is
 * not checked, because trust does not depend on it.
 */
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

/** Extensions that are checked here or in OpenSSL's `checkIssued`; and policies, none of which is required. */
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

/** RFC 5280, 4.2: a critical extension must be understood, and no extension may occur twice. */
function hasKnownExtensions({ parsed: { extensions } }: Link): boolean {
  const types = new Set(extensions.map(({ type }) => type))
  return types.size === extensions.length && extensions.every(({ type, critical }) => !critical || known.has(type))
}

/**
 * Whether a chain may be used for client authentication. An authority's extended key usage limits what it may sign for,
 * as in OpenSSL.
 */
function isForClients(chain: Chain): boolean {
  const usages = chain[0].parsed.getExtension(KeyUsagesExtension)?.usages
  const signs = KeyUsageFlags.digitalSignature | KeyUsageFlags.keyAgreement
  if (usages !== undefined && (usages & signs) === 0) return false
  return chain.every(
    ({ parsed }) =>
      parsed.getExtension(ExtendedKeyUsageExtension)?.usages.includes(ExtendedKeyUsage.clientAuth) ?? true,
  )
}

/**
 * Whether no more authorities lie between an authority and the client than its path length permits; self-issued ones
 * are not counted.
 */
function keepsPathLengths([, ...authorities]: Chain): boolean {
  let between = 0
  for (const { certificate, parsed } of authorities) {
    const most = parsed.getExtension(BasicConstraintsExtension)?.pathLength ?? Number.POSITIVE_INFINITY
    if (between > most) return false
    if (certificate.subject !== certificate.issuer) between++
  }
  return true
}
