import { X509Certificate } from 'node:crypto'
// @peculiar/x509 asks for it to be loaded first.
import 'reflect-metadata'
import { X509Certificate as ParsedCertificate, X509Crl } from '@peculiar/x509'
import { ConfigError } from '../platform/variable.ts'

// Who a client certificate comes from, in our own reading: TLS has let in whoever any of the authorities vouches for, and
// here each counterpart is held to its own. It is also what a connection that stays open is measured by at each request.

/** A certificate with whatever else was sent to lead from it to an authority. */
export interface Presented {
  readonly certificate: X509Certificate
  readonly more: readonly X509Certificate[]
}

export type Refusal = 'untrusted' | 'out-of-date' | 'revoked' | 'revocation-unknown'

type Verdict =
  /** `until`: the first instant at which that has to be asked again, milliseconds since the epoch. */
  { readonly kind: 'good'; readonly until: number } | { readonly kind: 'refused'; readonly why: Refusal }

export type Judge = (presented: Presented, at: number) => Verdict

/** Longest way from a client's certificate to a root. */
const longestPath = 6

/** What one set of authorities, with their revocation lists, thinks of certificates. */
export async function makeJudge(clientCA: string, crl?: string): Promise<Judge> {
  const authorities = certificatesIn(clientCA)
  const lists = crl === undefined ? undefined : await readLists(crl, authorities)
  return ({ certificate, more }, at) => {
    if (!mayBeClient(certificate)) return { kind: 'refused', why: 'untrusted' }
    const path = pathFrom(certificate, authorities, more)
    if (!path.some(member => isOneOf(authorities, member))) return { kind: 'refused', why: 'untrusted' }
    const times = path.map(member => ({ from: Date.parse(member.validFrom), to: Date.parse(member.validTo) }))
    if (!times.every(({ from, to }) => from <= at && at < to)) return { kind: 'refused', why: 'out-of-date' }
    const until = Math.min(...times.map(({ to }) => to))
    return lists ? notRevoked(path, lists, at, until) : { kind: 'good', until }
  }
}

/** From the certificate upwards, each signed by the next; what a client sends on the way is believed for its signature alone. */
function pathFrom(
  certificate: X509Certificate,
  authorities: readonly X509Certificate[],
  more: readonly X509Certificate[],
): X509Certificate[] {
  const path = [certificate]
  while (path.length < longestPath) {
    const last = path.at(-1)
    if (!last || last.subject === last.issuer) break
    const issuer = [...authorities, ...more].find(candidate => candidate.ca && isSignedBy(last, candidate))
    if (!issuer) break
    path.push(issuer)
  }
  return path
}

function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
}

function isOneOf(authorities: readonly X509Certificate[], certificate: X509Certificate): boolean {
  return authorities.some(({ fingerprint256 }) => fingerprint256 === certificate.fingerprint256)
}

/** Extended key usage, where there is one, must allow clients. (Node.js calls the list of its OIDs keyUsage.) */
function mayBeClient({ keyUsage }: X509Certificate): boolean {
  return (keyUsage as readonly string[] | undefined)?.includes('1.3.6.1.5.5.7.3.2') ?? true
}

interface RevocationList {
  readonly issuer: X509Certificate
  readonly serials: ReadonlySet<bigint>
  readonly nextUpdate: number
}

/** Whoever keeps lists wants them asked: an authority without one, or with one out of date, vouches for nobody. */
function notRevoked(
  path: readonly X509Certificate[],
  lists: readonly RevocationList[],
  at: number,
  until: number,
): Verdict {
  let askAgain = until
  for (const [index, member] of path.entries()) {
    const issuer = path[index + 1]
    if (!issuer) break
    const list = lists.find(({ issuer: { fingerprint256 } }) => fingerprint256 === issuer.fingerprint256)
    if (!list || list.nextUpdate <= at) return { kind: 'refused', why: 'revocation-unknown' }
    if (list.serials.has(BigInt(`0x${member.serialNumber}`))) return { kind: 'refused', why: 'revoked' }
    askAgain = Math.min(askAgain, list.nextUpdate)
  }
  return { kind: 'good', until: askAgain }
}

/** Lists are fetched by some job, often over http: each must be signed by one of the authorities. */
async function readLists(text: string, authorities: readonly X509Certificate[]): Promise<RevocationList[]> {
  const blocks = text.match(/-----BEGIN X509 CRL-----[\s\S]*?-----END X509 CRL-----/g) ?? []
  if (blocks.length === 0) throw new ConfigError('the revocation lists must be PEM blocks X509 CRL')
  const read = blocks.map(async block => {
    const crl = new X509Crl(block)
    // A list that tells only changes, or only of some certificates, would be taken for a whole one.
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

async function signerOf(crl: X509Crl, authorities: readonly X509Certificate[]): Promise<X509Certificate | undefined> {
  for (const authority of authorities) {
    const parsed = new ParsedCertificate(new Uint8Array(authority.raw))
    const signed = parsed.subject === crl.issuer && (await crl.verify({ publicKey: parsed }).catch(() => false))
    if (signed) return authority
  }
  return undefined
}

/** The certificates in a PEM text. */
export function certificatesIn(text: string): X509Certificate[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []
  return blocks.map(block => new X509Certificate(block))
}
