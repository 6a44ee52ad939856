import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { type Config, config } from './config.ts'
import type { PartyTlsFiles } from './issuer.ts'
import { ConfigError } from './variable.ts'

/** Our certificate for one party, and the requirements on its own. PEM texts. */
export interface Tls {
  /** Our certificate with its chain, and its key: presented to those who call us, and when we call. */
  readonly cert: string
  readonly key: string
  /** Authorities that sign its client certificates. */
  readonly clientCA: string
  /** Revocation lists of those authorities; absent: revocation is not checked. */
  readonly crl?: string
  /** Authorities that sign its servers' certificates; absent: those that Node.js trusts by default. */
  readonly serverCA?: string
}

interface PartyTls extends Tls {
  /** Host name under which it calls us, if it is shown its own certificate. */
  readonly hostName?: string
}

export interface TlsSettings {
  readonly common: Tls
  /** By the party's id in the issuer's file. */
  readonly parties: ReadonlyMap<string, PartyTls>
}

/**
 * Reads every file that mutual TLS needs, as it is now. Throws a `ConfigError` that names the one that is wrong.
 * Undefined in the demo, which does not use TLS.
 */
function readTls({ dsTLS, issuer }: Pick<Config, 'dsTLS' | 'issuer'>): TlsSettings | undefined {
  if (!dsTLS) return undefined
  const common: Tls = {
    cert: pem(dsTLS.certFile, 'DS_TLS_CERT_FILE'),
    key: pem(dsTLS.keyFile, 'DS_TLS_KEY_FILE'),
    clientCA: pem(dsTLS.clientCAFile, 'DS_TLS_CLIENT_CA_FILE'),
    ...(dsTLS.crlFile && { crl: pem(dsTLS.crlFile, 'DS_TLS_CRL_FILE') }),
    ...(dsTLS.serverCAFile && { serverCA: pem(dsTLS.serverCAFile, 'DS_TLS_SERVER_CA_FILE') }),
  }
  belongTogether(common, 'DS_TLS_KEY_FILE', 'DS_TLS_CERT_FILE')
  const parties = [...issuer.directoryServers, ...issuer.authorisationHosts].map(
    ({ id, tls }) => [id, readParty(id, tls ?? {}, common)] as const,
  )
  return { common, parties: new Map(parties) }
}

function readParty(id: string, files: PartyTlsFiles, common: Tls): PartyTls {
  const own = (member: Exclude<keyof PartyTlsFiles, 'hostName'>) => {
    const file = files[member]
    return file === undefined ? undefined : pem(file, named(id, member))
  }
  const clientCA = own('clientCAFile')
  // Other authorities have other revocation lists: the common ones do not apply.
  const crl = own('crlFile') ?? (clientCA ? undefined : common.crl)
  const serverCA = own('serverCAFile') ?? common.serverCA
  const party = {
    cert: own('certFile') ?? common.cert,
    key: own('keyFile') ?? common.key,
    clientCA: clientCA ?? common.clientCA,
    ...(crl && { crl }),
    ...(serverCA && { serverCA }),
    ...(files.hostName && { hostName: files.hostName }),
  }
  belongTogether(party, named(id, 'keyFile'), named(id, 'certFile'))
  return party
}

function named(id: string, member: string): string {
  return `ISSUER_FILE ${id} tls.${member}`
}

function pem(file: string, name: string): string {
  try {
    const text = readFileSync(file, 'utf8')
    if (text.includes('-----BEGIN ')) return text
  } catch {
    // Reported below, as for a file with other content.
  }
  throw new ConfigError(`${name} must be a PEM file that can be read`)
}

function belongTogether({ cert, key }: Tls, keyName: string, certName: string): void {
  try {
    createSecureContext({ cert, key })
  } catch {
    throw new ConfigError(`${keyName} must be the key of the certificate in ${certName}`)
  }
}

interface Held {
  readonly of: Config
  settings: TlsSettings | undefined
}

// A `web` process loads this module more than once.
const place = Symbol.for('safekey.tls')

function held(): Held {
  const shared = globalThis as { [place]?: Held }
  if (shared[place]?.of !== config()) shared[place] = { of: config(), settings: readTls(config()) }
  return shared[place]
}

/** The settings for mutual TLS in use. */
export function tlsSettings(): TlsSettings | undefined {
  return held().settings
}

/**
 * Reads the files again and applies them. Throws a `ConfigError`, and keeps the current settings, if they are wrong.
 */
export function reloadTls(): void {
  held().settings = readTls(config())
}

/** One of our own certificates, and the setting that names its file. */
export interface OwnCertificate {
  readonly setting: string
  /** PEM, the certificate first. */
  readonly cert: string
}

/** Our certificates for other parties, as they are now. */
export function ownCertificates(): OwnCertificate[] {
  const settings = tlsSettings()
  if (!settings) return []
  const own = [...settings.parties].filter(([, { cert }]) => cert !== settings.common.cert)
  return [
    { setting: 'DS_TLS_CERT_FILE', cert: settings.common.cert },
    ...own.map(([id, { cert }]) => ({ setting: named(id, 'certFile'), cert })),
  ]
}

/** Our certificate for a directory server, and the authorities of its servers. */
export function tlsFor(id: string): Tls | undefined {
  const settings = tlsSettings()
  return settings && (settings.parties.get(id) ?? settings.common)
}
