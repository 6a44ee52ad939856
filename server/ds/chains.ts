import { X509Certificate } from 'node:crypto'
import { X509Certificate as ParsedCertificate } from './x509.ts'

/** A certificate in a chain: as OpenSSL reads it, and with the extensions that Node.js does not expose. */
export interface Link {
  readonly certificate: X509Certificate
  readonly parsed: ParsedCertificate
}

/** From the caller's certificate to an authority of ours, each signed by the next. */
export type Chain = readonly [Link, ...Link[]]

/** Largest number of certificates in a chain. */
const longestChain = 6

/** Largest number of attempts to extend a chain: authorities that have signed each other allow very many chains. */
const mostSteps = 200

/** Undefined for a certificate whose extensions cannot be read. */
export function readLink(certificate: X509Certificate): Link | undefined {
  try {
    return { certificate, parsed: new ParsedCertificate(new Uint8Array(certificate.raw)) }
  } catch {
    return undefined
  }
}

/**
 * All chains from a certificate to the authorities, by names and signatures only. Certificates that the caller sent may
 * lead to an authority; above an authority of ours, only other authorities of ours are considered.
 */
export function chainsFrom(leaf: Link, authorities: readonly Link[], sent: readonly Link[]): Chain[] {
  const found: Chain[] = []
  const ours = new Set(authorities.map(({ certificate }) => certificate.fingerprint256))
  const others = sent.filter(({ certificate }) => !ours.has(certificate.fingerprint256))
  const signed = new Map<string, boolean>()
  let steps = 0

  const hasSigned = (issuer: Link, { certificate }: Link): boolean => {
    const pair = `${issuer.certificate.fingerprint256} ${certificate.fingerprint256}`
    const known = signed.get(pair) ?? isSignedBy(certificate, issuer.certificate)
    signed.set(pair, known)
    return known
  }
  const lengthen = (chain: Chain, last: Link): void => {
    if (++steps > mostSteps) return
    const reached = ours.has(last.certificate.fingerprint256)
    const candidates = reached ? authorities : [...authorities, ...others]
    const issuers = hasSigned(last, last)
      ? []
      : candidates.filter(
          candidate => !isIn(chain, candidate) && candidate.certificate.ca && hasSigned(candidate, last),
        )
    if (reached && issuers.length === 0) found.push(chain)
    if (chain.length === longestChain) return
    for (const issuer of issuers) lengthen([...chain, issuer], issuer)
  }

  lengthen([leaf], leaf)
  return found
}

function isIn(chain: Chain, { certificate }: Link): boolean {
  return chain.some(link => link.certificate.fingerprint256 === certificate.fingerprint256)
}

function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
  } catch {
    return false // OpenSSL does not support this kind of key.
  }
}

/** The certificates in a PEM text. */
export function certificatesIn(text: string): X509Certificate[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []
  return blocks.map(block => new X509Certificate(block))
}
