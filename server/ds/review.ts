import { X509Certificate } from 'node:crypto'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { log } from '../platform/log.ts'
import { type Probed, probe } from '../platform/probe.ts'
import { ownCertificates, tlsFor } from '../platform/tls.ts'

const day = 24 * 60 * 60 * 1000
/** A certificate with fewer days left causes a warning. */
const warnBefore = 30
/** How long a host may take to accept the connection, milliseconds. */
const patience = 10_000

/**
 * Logs what will prevent results from being delivered, before the first one is due: hosts of directory servers that
 * cannot be reached, and certificates of ours that have expired or soon will. Nothing is refused because of it, since
 * other directory servers still work.
 */
export async function reviewDirectoryServers(): Promise<void> {
  reviewCertificates()
  if (!config().dsTLS) return
  await Promise.all(
    config().issuer.directoryServers.flatMap(({ id, hosts, privateAddresses }) =>
      hosts.map(async host => {
        const tls = tlsFor(id)
        const probed = await probe(host, { allowPrivate: privateAddresses, timeout: patience, ...(tls && { tls }) })
        if (probed === 'reachable') return
        const setting = `ISSUER_FILE directoryServers ${id} hosts: ${host} ${words[probed]}`
        log.warn('directory-server.unreachable', { directoryServer: id, why: probed, setting })
      }),
    ),
  )
}

const words: Readonly<Record<Exclude<Probed, 'reachable'>, string>> = {
  'not-resolved': 'cannot be resolved to an address',
  'private-address': 'is at a private address; "privateAddresses": true allows that for this directory server',
  'forbidden-address': 'is at an address that is never called, such as one of this machine',
  'connection-refused': 'refuses the connection',
  timeout: 'does not answer',
  'not-trusted':
    'shows a certificate that is not trusted; tls.serverCAFile or DS_TLS_SERVER_CA_FILE must have the authority that signed it',
  'no-connection': 'ends the connection',
}

function reviewCertificates(): void {
  const signing = [...config().appSigning].map(
    ([
      id,
      {
        x5c: [first = ''],
      },
    ]) => ({
      setting: `ISSUER_FILE ${id} appSigning.certificatesFile`,
      cert: Buffer.from(first, 'base64'),
    }),
  )
  for (const { setting, cert } of [...ownCertificates(), ...signing]) {
    const left = Date.parse(new X509Certificate(cert).validTo) - now()
    const days = Math.floor(left / day)
    if (left <= 0) log.error('certificate.expired', { setting: `${setting} is out of date` })
    else if (days < warnBefore)
      log.warn('certificate.expires-soon', { setting: `${setting} ends in ${days} days`, count: days })
  }
}
