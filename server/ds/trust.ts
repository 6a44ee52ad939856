import type { X509Certificate } from 'node:crypto'
import { ConfigError } from '../platform/variable.ts'
import { type BrokenRule, brokenRule } from './chain-rules.ts'
import { type Chain, certificatesIn, chainsFrom, type Link, readLink } from './chains.ts'
import { KeyUsageFlags, KeyUsagesExtension, X509Crl } from './x509.ts'

// Whether a client certificate is trusted. TLS accepts the certificates of all authorities; here each caller must have
// one from its own authority. Behind a proxy this is the only check. On an open connection it is repeated for each
// request.

/** A certificate, and the others that the caller sent with it. */
export interface Presented {
  readonly certificate: X509Certificate
  readonly more: readonly X509Certificate[]
}

export type Refusal = 'untrusted' | 'out-of-date' | 'revoked' | 'revocation-unknown' | BrokenRule

type Verdict =
  /** `until`: the first moment at which the certificate has to be checked again, milliseconds since the epoch. */
  { readonly kind: 'good'; readonly until: number } | { readonly kind: 'refused'; readonly why: Refusal }

export type CertificateCheck = (presented: Presented, at: number) => Verdict

/** Makes a function that checks certificates against one set of authorities and their revocation lists. */
export async function makeCertificateCheck(clientCA: string, crl?: string): Promise<CertificateCheck> {
  const certificates = certificatesIn(clientCA)
  const authorities = readLinks(certificates)
  if (authorities.length < certificates.length) throw new ConfigError('the authorities must be X.509 certificates')
  const lists = crl === undefined ? undefined : await readLists(crl, authorities)
  return ({ certificate, more }, at) => {
    const leaf = readLink(certificate)
    const chains = leaf ? chainsFrom(leaf, authorities, readLinks(more)) : []
    const verdicts = chains.map(chain => judgeChain(chain, lists, at))
    // One valid chain is enough; otherwise the first chain determines the reason.
    return verdicts.find(({ kind }) => kind === 'good') ?? verdicts[0] ?? { kind: 'refused', why: 'untrusted' }
  }
}

function readLinks(certificates: readonly X509Certificate[]): Link[] {
  return certificates.flatMap(certificate => readLink(certificate) ?? [])
}

function judgeChain(chain: Chain, lists: readonly RevocationList[] | undefined, at: number): Verdict {
  const broken = brokenRule(chain)
  if (broken) return { kind: 'refused', why: broken }
  const times = chain.map(({ parsed }) => ({ from: parsed.notBefore.getTime(), to: parsed.notAfter.getTime() }))
  if (!times.every(({ from, to }) => from <= at && at < to)) return { kind: 'refused', why: 'out-of-date' }
  const until = Math.min(...times.map(({ to }) => to))
  return lists ? notRevoked(chain, lists, at, until) : { kind: 'good', until }
}

interface RevocationList {
  readonly issuer: X509Certificate
  readonly serials: ReadonlySet<bigint>
  readonly nextUpdate: number
}

/** Where there are revocation lists, an authority without one, or with an expired one, is not trusted. */
function notRevoked(chain: Chain, lists: readonly RevocationList[], at: number, until: number): Verdict {
  let askAgain = until
  for (const [index, member] of chain.entries()) {
    const issuer = chain[index + 1]
    if (!issuer) break
    const list = lists.find(each => isSameAuthority(each.issuer, issuer.certificate))
    if (!list || list.nextUpdate <= at) return { kind: 'refused', why: 'revocation-unknown' }
    if (list.serials.has(BigInt(`0x${member.certificate.serialNumber}`))) return { kind: 'refused', why: 'revoked' }
    askAgain = Math.min(askAgain, list.nextUpdate)
  }
  return { kind: 'good', until: askAgain }
}

/** An authority's list applies to all its certificates: to cross-signed and to reissued ones. */
function isSameAuthority(one: X509Certificate, other: X509Certificate): boolean {
  return one.subject === other.subject && one.publicKey.equals(other.publicKey)
}

/** Reads revocation lists. A job fetches them, often over http, so each must be signed by one of the authorities. */
async function readLists(text: string, authorities: readonly Link[]): Promise<RevocationList[]> {
  const blocks = text.match(/-----BEGIN X509 CRL-----[\s\S]*?-----END X509 CRL-----/g) ?? []
  if (blocks.length === 0) throw new ConfigError('the revocation lists must be PEM blocks X509 CRL')
  const read = blocks.map(async block => {
    const crl = new X509Crl(block)
    // A list of only the changes, or of only some certificates, must not be taken for a complete one.
    if (crl.extensions.some(({ critical }) => critical)) {
      throw new ConfigError(`the revocation list of ${crl.issuer} must be a whole one`)
    }
    const issuer = await signerOf(crl, authorities)
    if (!issuer) throw new ConfigError(`the revocation list of ${crl.issuer} must be signed by one of the authorities`)
    const serials = new Set(crl.entries.map(({ serialNumber }) => BigInt(`0x${serialNumber}`)))
    return { issuer, serials, nextUpdate: crl.nextUpdate?.getTime() ?? Number.POSITIVE_INFINITY }
  })
  return Promise.all(read)
}

async function signerOf(crl: X509Crl, authorities: readonly Link[]): Promise<X509Certificate | undefined> {
  for (const { certificate, parsed } of authorities) {
    const usages = parsed.getExtension(KeyUsagesExtension)?.usages ?? KeyUsageFlags.cRLSign
    if (parsed.subject !== crl.issuer || (usages & KeyUsageFlags.cRLSign) === 0) continue
    if (await crl.verify({ publicKey: parsed }).catch(() => false)) return certificate
  }
  return undefined
}
