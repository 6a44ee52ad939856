import type { X509Certificate } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { now } from '../platform/clock.ts'
import { type Config, config } from '../platform/config.ts'
import { sha256 } from '../platform/crypto.ts'
import type { AuthorisationHost, DirectoryServer } from '../platform/issuer.ts'
import { tlsSettings } from '../platform/tls.ts'
import { forwardedCertificate } from './forwarded.ts'
import { type CertificateCheck, makeCertificateCheck, type Presented, type Refusal } from './trust.ts'

export type Caller =
  | { readonly kind: 'directory-server'; readonly directoryServer: DirectoryServer }
  | { readonly kind: 'authorisation-host'; readonly host: AuthorisationHost }
  /** A trusted certificate of a party that is not in the issuer's file. */
  | { readonly kind: 'stranger' }
  | Refused

export interface Refused {
  readonly kind: 'refused'
  readonly why: Refusal | 'no-certificate'
}

/**
 * Identifies the callers of the `ds` role. An instance uses the certificates and revocation lists as they were when it
 * was made.
 */
export interface Callers {
  /** The caller of a request, or of a connection that is being opened. */
  of(socket: Socket, headers?: IncomingHttpHeaders): Caller
}

type Party = Extract<Caller, { kind: 'directory-server' | 'authorisation-host' }>

interface Known {
  readonly caller: Caller
  /** When the certificate has to be checked again, milliseconds since the epoch. */
  readonly until: number
}

/** How many certificates forwarded by a proxy are kept in memory. */
const remembered = 1000

export async function loadCallers(): Promise<Callers> {
  const settings = tlsSettings()
  if (!settings) return { of: () => ({ kind: 'refused', why: 'no-certificate' }) }
  const judges = new Map<string, CertificateCheck>()
  const judgeOf = async (clientCA: string, crl?: string): Promise<CertificateCheck> => {
    const name = sha256(JSON.stringify([clientCA, crl ?? ''])).toString('base64')
    const judge = judges.get(name) ?? (await makeCertificateCheck(clientCA, crl))
    judges.set(name, judge)
    return judge
  }
  await judgeOf(settings.common.clientCA, settings.common.crl)
  const parties: { readonly party: Party; readonly judge: CertificateCheck }[] = []
  for (const party of partiesOf(config())) {
    const { clientCA, crl } = settings.parties.get(idOf(party)) ?? settings.common
    parties.push({ party, judge: await judgeOf(clientCA, crl) })
  }

  const identify = (presented: Presented, at: number): Known => {
    const named = parties.find(({ party }) => isNamed(party, presented))
    const own = named?.judge(presented, at)
    if (named && own?.kind === 'good') return { caller: named.party, until: own.until }
    // It is another party's certificate, or one that no party should have. The caller is told which.
    const verdicts = own ? [own] : [...judges.values()].map(judge => judge(presented, at))
    const good = verdicts.find(verdict => verdict.kind === 'good')
    if (good) return { caller: { kind: 'stranger' }, until: good.until }
    const reasons = verdicts.flatMap(verdict => (verdict.kind === 'refused' ? [verdict.why] : []))
    return { caller: { kind: 'refused', why: reasons.find(why => why !== 'untrusted') ?? 'untrusted' }, until: 0 }
  }
  const bySocket = new WeakMap<Socket, Known>()
  const byHeader = new Map<string, Known>()
  const { dsProxies, dsProxyHeader } = config()

  return {
    of(socket, headers) {
      const at = now()
      if (dsProxies.length === 0) {
        const known = bySocket.get(socket)
        if (known && at < known.until) return known.caller
        const presented = presentedOn(socket)
        if (!presented) return { kind: 'refused', why: 'no-certificate' }
        const fresh = identify(presented, at)
        bySocket.set(socket, fresh)
        return fresh.caller
      }
      const name = String(headers?.[dsProxyHeader] ?? '')
      const chain = String(headers?.['client-cert-chain'] ?? '')
      const key = sha256(JSON.stringify([name, chain])).toString('base64')
      const known = byHeader.get(key)
      if (known && at < known.until) return known.caller
      const presented = headers && forwardedCertificate(headers, dsProxyHeader)
      if (!presented) return { kind: 'refused', why: 'no-certificate' }
      const fresh = identify(presented, at)
      if (byHeader.size >= remembered) byHeader.clear()
      if (fresh.until > at) byHeader.set(key, fresh)
      return fresh.caller
    },
  }
}

function partiesOf({ issuer }: Config): Party[] {
  return [
    ...issuer.directoryServers.map(directoryServer => ({ kind: 'directory-server' as const, directoryServer })),
    ...issuer.authorisationHosts.map(host => ({ kind: 'authorisation-host' as const, host })),
  ]
}

function idOf(party: Party): string {
  return party.kind === 'directory-server' ? party.directoryServer.id : party.host.id
}

/**
 * Whether the certificate has the party's common name, and every other part of the subject that the issuer's file
 * requires. A part that occurs twice does not match.
 */
function isNamed(party: Party, { certificate }: Presented): boolean {
  const { clientName, clientSubject = {} } = party.kind === 'directory-server' ? party.directoryServer : party.host
  const subject: Readonly<Record<string, unknown>> = certificate.toLegacyObject().subject
  return Object.entries({ ...clientSubject, CN: clientName }).every(([part, wanted]) => subject[part] === wanted)
}

/** The certificates that clients have presented, by connection. */
const shown = new WeakMap<Socket, Presented>()

/**
 * Records the certificate that a client presents, with the chain that it sent. The chain can be read only once: Node.js
 * removes it from the connection on reading.
 */
export function noteCertificate(socket: TLSSocket): void {
  const certificate = shown.has(socket) ? undefined : socket.getPeerX509Certificate()
  if (!certificate) return
  const more: X509Certificate[] = []
  let next = certificate.issuerCertificate
  while (next && more.length < 8 && !more.some(({ fingerprint256 }) => fingerprint256 === next?.fingerprint256)) {
    more.push(next)
    next = next.issuerCertificate
  }
  shown.set(socket, { certificate, more })
}

function presentedOn(socket: Socket): Presented | undefined {
  if (socket instanceof TLSSocket) noteCertificate(socket)
  return shown.get(socket)
}
