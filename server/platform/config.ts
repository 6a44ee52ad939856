import { existsSync } from 'node:fs'
import { type Deadlines, defaultDeadlines } from '#db/deadlines.ts'
import { type AddressRange, readAddressRange } from './address-range.ts'
import { type AppSigning, readAppSigning } from './app-signing.ts'
import { demoMode } from './demo-mode.ts'
import { type Connection, isSafeDatabase, isSafeSmtp, plaintextVariable } from './encrypted.ts'
import { type IdentityProvider, identityVariables, readIdentityProvider } from './identity-provider.ts'
import { type Issuer, readIssuer } from './issuer.ts'
import { type KeyRing, keyVariable, type Purpose, purposes, readKeys } from './key-ring.ts'
import { readSms, type SmsSettings, smsVariables } from './sms-settings.ts'
import type { TlsFiles } from './tls-files.ts'
import {
  ConfigError,
  type Env,
  optionally,
  originOf,
  pem,
  read,
  readText,
  secret,
  type Variable,
  wholeNumber,
  word,
  wrong,
} from './variable.ts'
import { readWebPush, type WebPush, webPushVariables } from './web-push-settings.ts'

/** All settings, read and checked once. Nothing else in the product reads the environment. */
/** `numberCheck` of the issuer's file, with the secret of its service. */
type NumberCheck = NonNullable<Issuer['numberCheck']> & { readonly secret: string }

interface AlertHook {
  readonly url: string
  readonly keyId: string
  readonly secret: string
}

export interface Config extends SmsSettings {
  readonly host: string
  readonly port: number
  readonly dsPort: number
  /** Largest number of open connections for `web`, and for `ds` at each of its addresses. */
  readonly maxConnections: number
  /** Scheme, host and port under which cardholders' browsers reach `web`; acsURL begins with it. */
  readonly publicOrigin: string
  /** WebAuthn relying party id: the domain that browsers bind passkeys to, the host of `publicOrigin` or a parent. */
  readonly passkeyDomain: string
  /** Number of proxies in front of `web`, each of which adds to X-Forwarded-For. */
  readonly proxies: number
  /** Host header values that are answered; all others get 421. */
  readonly hosts: ReadonlySet<string>
  readonly databaseURL: string
  /**
   * Database address of the role that owns the tables, if the product runs as another role: migrations and grants use
   * it.
   */
  readonly databaseOwnerURL: string | undefined
  /** How long PostgreSQL may take, milliseconds. */
  readonly databaseDeadlines: Deadlines
  readonly issuer: Issuer
  /** The service that knows of moved mobile numbers, if the issuer has one. */
  readonly numberCheck: NumberCheck | undefined
  /** The issuer's own service that checks the facts of a registration, if there is one. */
  readonly factsService: { readonly url: string; readonly secret: string } | undefined
  /** The issuer's own service that scores payments, if there is one. */
  readonly scoreService: { readonly url: string; readonly secret: string } | undefined
  /** The issuer's web-hook for the alerts of the watch, if there is one. */
  readonly alertHook: AlertHook | undefined
  /** By directory server; those without an entry have no app channel. */
  readonly appSigning: ReadonlyMap<string, AppSigning>
  readonly smtpURL: string
  /** The issuer's own sign-in, which replaces ours by code and passkey. */
  readonly identityProvider: IdentityProvider | undefined
  /** Undefined: payments are not approved in the web app. */
  readonly webPush: WebPush | undefined
  /** The issuer's push service for its app. Undefined: payments are not approved in the issuer's app. */
  readonly appPush: { readonly url: string; readonly secret: string } | undefined
  readonly keys: Readonly<Record<Purpose, KeyRing>>
  /** Mutual TLS with directory servers; only the demo may do without. */
  readonly dsTLS: TlsFiles | undefined
  /**
   * Proxies that terminate TLS in front of `ds`: then no other caller may connect. Empty: `ds` terminates TLS itself.
   */
  readonly dsProxies: readonly AddressRange[]
  /** Header in which those proxies forward the client certificate, in lower case. */
  readonly dsProxyHeader: string
  /** Largest AReq, bytes. */
  readonly areqLimit: number
  /** Longest time for an AReq, milliseconds; after it the answer is U. */
  readonly areqTime: number
  /** How long authentications are kept, days. */
  readonly retentionDays: number
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

const variables = {
  host: word('HOST', 'be an address to listen on', '0.0.0.0', '127.0.0.1'),
  port: wholeNumber('PORT', 'be a port for browsers', 3000, 1, 65_535),
  dsPort: wholeNumber('DS_PORT', 'be a port for directory servers', 3080, 1, 65_535),
  maxConnections: wholeNumber('MAX_CONNECTIONS', 'be how many connections a port holds at once', 5000, 10, 100_000),
  publicOrigin: {
    name: 'PUBLIC_URL',
    must: 'be the https origin under which browsers reach this service, without a path',
    example: 'https://acs.issuer.example',
    read: originOf,
  },
  passkeyDomain: {
    name: 'PASSKEY_DOMAIN',
    must: 'be the domain for which passkeys are made: the host name of PUBLIC_URL or a parent domain of it, or be left out for that host name',
    example: 'issuer.example',
    fallback: '',
    read: (value: string) => value,
  },
  proxies: wholeNumber('PROXIES', 'be how many proxies in front of PORT add to X-Forwarded-For', 1, 0, 10),
  extraHosts: {
    name: 'EXTRA_HOSTS',
    must: 'be host names (with port, if any) that are answered besides the one of PUBLIC_URL, comma-separated',
    example: 'www.issuer.example',
    fallback: '',
    read: (value: string) => {
      const hosts = value.split(',').flatMap(host => host.trim().toLowerCase() || [])
      return hosts.every(host => /^[a-z0-9.[\]:-]+$/.test(host)) ? hosts : undefined
    },
  },
  databaseURL: {
    name: 'DATABASE_URL',
    must: 'be the address of a PostgreSQL database (docs/operations.md)',
    example: 'postgres://safekey:secret@db.internal/safekey?sslmode=verify-full',
    read: (value: string) => (/^postgres(ql)?:\/\/\S+$/.test(value) ? value : undefined),
  },
  databaseOwnerURL: {
    name: 'DATABASE_OWNER_URL',
    must: 'be the PostgreSQL address of the role that owns the tables, or be left out where that is the one of DATABASE_URL',
    example: 'postgres://safekey_owner:secret@db.internal/safekey?sslmode=verify-full',
    fallback: '',
    read: (value: string) => (value === '' || /^postgres(ql)?:\/\/\S+$/.test(value) ? value : undefined),
  },
  databaseConnectTime: wholeNumber(
    'DATABASE_CONNECT_TIME',
    'be the longest time for a connection to PostgreSQL in milliseconds',
    defaultDeadlines.connect,
    500,
    30_000,
  ),
  databaseQueryTime: wholeNumber(
    'DATABASE_QUERY_TIME',
    'be the longest time for a statement in milliseconds',
    defaultDeadlines.query,
    500,
    60_000,
  ),
  databaseTransactionTime: wholeNumber(
    'DATABASE_TRANSACTION_TIME',
    'be the longest time for a transaction in milliseconds',
    defaultDeadlines.transaction,
    500,
    300_000,
  ),
  issuer: {
    name: 'ISSUER_FILE',
    must: 'be a JSON file that says who the issuer is (issuer.example.json shows one)',
    example: './issuer.json',
    read: (value: string) =>
      readIssuer(readJson(value), message => new ConfigError(`ISSUER_FILE ${value}: ${message}`)),
  },
  smtpURL: {
    name: 'SMTP_URL',
    must: 'be the address of a mail server',
    example: 'smtps://user:password@smtp.issuer.example',
    read: (value: string) => (/^smtps?:\/\/\S+$/.test(value) && URL.canParse(value) ? value : undefined),
  },
  numberCheckSecret: secret(
    'NUMBER_CHECK_SECRET',
    'be the secret that you share with the service of numberCheck in ISSUER_FILE, 32 characters or more',
    32,
  ),
  factsSecret: secret(
    'REGISTRATION_PROOF_SECRET',
    'be the secret that you share with the service of registration.proof in ISSUER_FILE, 32 characters or more',
    32,
  ),
  scoreSecret: secret(
    'RISK_SCORE_SECRET',
    'be the secret that you share with the service of risk.scoreService in ISSUER_FILE, 32 characters or more',
    32,
  ),
  alertSecret: secret(
    'ALERT_SECRET',
    'be the secret that you share with the web-hook of risk.alerts in ISSUER_FILE, 32 characters or more',
    32,
  ),
  plaintext: plaintextVariable,
  dsProxies: {
    name: 'DS_PROXIES',
    must: 'be addresses or networks of proxies that end TLS in front of DS_PORT, comma-separated',
    example: '10.0.0.5,10.0.1.0/24',
    fallback: '',
    read: (value: string) => {
      const ranges = value.split(',').flatMap(range => (range.trim() ? [readAddressRange(range.trim())] : []))
      return ranges.every(range => range !== undefined) ? ranges : undefined
    },
  },
  dsProxyHeader: {
    name: 'DS_PROXY_HEADER',
    must: 'be the header in which those proxies pass the client certificate on',
    example: 'X-SSL-Client-Cert',
    fallback: 'Client-Cert',
    read: (value: string) => (/^[A-Za-z0-9-]+$/.test(value) ? value.toLowerCase() : undefined),
  },
  areqLimit: wholeNumber('AREQ_LIMIT', 'be the largest AReq in bytes', 262_144, 16_384, 4_194_304),
  areqTime: wholeNumber('AREQ_TIME', 'be the longest time for an AReq in milliseconds', 2500, 100, 30_000),
  retentionDays: wholeNumber('RETENTION_DAYS', 'be for how many days authentications are kept', 550, 30, 3650),
  logLevel: {
    name: 'LOG_LEVEL',
    must: 'be debug, info, warn, error or silent',
    example: 'info',
    fallback: 'info',
    read: (value: string) => (['debug', 'info', 'warn', 'error', 'silent'] as const).find(level => level === value),
  },
} satisfies Record<string, Variable<unknown>>

const tlsVariables = {
  certFile: pem('DS_TLS_CERT_FILE', 'be a PEM file with the certificate shown to directory servers', './ds-cert.pem'),
  keyFile: pem('DS_TLS_KEY_FILE', 'be a PEM file with the key of that certificate', './ds-key.pem'),
  clientCAFile: pem(
    'DS_TLS_CLIENT_CA_FILE',
    'be a PEM file with the directory servers’ certificate authorities',
    './ds-ca.pem',
  ),
}

const moreTlsVariables = {
  crlFile: optionally(
    pem('DS_TLS_CRL_FILE', 'be a PEM file with the revocation lists of those authorities', './ds-crl.pem'),
  ),
  serverCAFile: optionally(
    pem(
      'DS_TLS_SERVER_CA_FILE',
      'be a PEM file with the authorities of the servers that results go to',
      './ds-server-ca.pem',
    ),
  ),
}

const appPushSecret = secret(
  'APP_PUSH_SECRET',
  'be the secret that you share with the push service of your app, 32 characters or more',
  32,
)

const actionsKey = 'NEXT_SERVER_ACTIONS_ENCRYPTION_KEY'

/** Names of all variables. A test checks that `.env.example` lists each. */
export function variableNames(): string[] {
  return [
    ...Object.values(variables).map(({ name }) => name),
    ...Object.values(smsVariables).map(({ name }) => name),
    ...Object.values(identityVariables).map(({ name }) => name),
    ...Object.values(webPushVariables).map(({ name }) => name),
    appPushSecret.name,
    ...Object.values({ ...tlsVariables, ...moreTlsVariables }).map(({ name }) => name),
    ...purposes.map(keyVariable),
    actionsKey,
  ]
}

/** Reads and checks a whole environment. Throws a `ConfigError` for the first variable that is wrong. */
export function readConfig(env: Env, demo: boolean): Config {
  const publicOrigin = read(env, variables.publicOrigin)
  if (!demo && !publicOrigin.startsWith('https://')) throw wrong(variables.publicOrigin)
  const { hostname } = new URL(publicOrigin)
  const passkeyDomain = read(env, variables.passkeyDomain) || hostname
  if (!mayHavePasskeysFor(passkeyDomain, hostname)) throw wrong(variables.passkeyDomain)
  const [port, dsPort] = [read(env, variables.port), read(env, variables.dsPort)]
  if (port === dsPort) throw new ConfigError(`DS_PORT must be another port than PORT, for example DS_PORT=${port + 80}`)
  const issuer = read(env, variables.issuer)
  const [databaseURL, smtpURL] = [read(env, variables.databaseURL), read(env, variables.smtpURL)]
  const plaintext = read(env, variables.plaintext)
  const mayBePlain = (connection: Connection) => demo || plaintext.includes(connection)
  const databaseOwnerURL = read(env, variables.databaseOwnerURL)
  for (const [url, variable] of [
    [databaseURL, variables.databaseURL],
    [databaseOwnerURL, variables.databaseOwnerURL],
  ] as const) {
    if (url === '' || isSafeDatabase(url) || mayBePlain('database')) continue
    const must = 'ask for TLS with sslmode or lead to this machine, unless ALLOW_PLAINTEXT names database'
    throw wrong({ ...variable, must })
  }
  if (!isSafeSmtp(smtpURL) && !mayBePlain('smtp')) {
    const must =
      'begin with smtps:// or have requireTLS=true or lead to this machine, unless ALLOW_PLAINTEXT names smtp'
    throw wrong({ ...variables.smtpURL, must })
  }
  checkSecrets(env)
  return {
    host: read(env, variables.host),
    port,
    dsPort,
    maxConnections: read(env, variables.maxConnections),
    publicOrigin,
    passkeyDomain,
    proxies: read(env, variables.proxies),
    hosts: new Set([new URL(publicOrigin).host, ...read(env, variables.extraHosts)]),
    databaseURL,
    databaseOwnerURL: databaseOwnerURL || undefined,
    databaseDeadlines: {
      connect: read(env, variables.databaseConnectTime),
      query: read(env, variables.databaseQueryTime),
      transaction: read(env, variables.databaseTransactionTime),
    },
    issuer,
    appSigning: readAppSigning(
      issuer.directoryServers,
      readText,
      message => new ConfigError(`ISSUER_FILE: ${message}`),
    ),
    smtpURL,
    ...readSms(env, demo),
    numberCheck: issuer.numberCheck && readNumberCheck(issuer.numberCheck, env, demo),
    factsService: readFactsService(env, issuer, demo),
    scoreService: readScoreService(env, issuer, demo),
    alertHook: readAlertHook(env, issuer, demo),
    identityProvider: readIdentityProvider(env, demo),
    webPush: readWebPush(env, demo),
    appPush: readAppPush(env, issuer, demo),
    keys: readKeys(env),
    dsTLS: demo && !env[tlsVariables.certFile.name] ? undefined : readTlsFiles(env),
    dsProxies: read(env, variables.dsProxies),
    dsProxyHeader: read(env, variables.dsProxyHeader),
    areqLimit: read(env, variables.areqLimit),
    areqTime: read(env, variables.areqTime),
    retentionDays: read(env, variables.retentionDays),
    logLevel: read(env, variables.logLevel),
  }
}

/**
 * Signatures do not say which service they are for, so that each service needs a secret of its own: what one of them has
 * received must not be worth anything to another.
 */
function checkSecrets(env: Env): void {
  const { numberCheckSecret, factsSecret, scoreSecret, alertSecret } = variables
  const shared = [smsVariables.secret, numberCheckSecret, factsSecret, scoreSecret, alertSecret, appPushSecret]
  const seen = new Map<string, string>()
  for (const { name } of shared) {
    const value = env[name]
    const earlier = value && seen.get(value)
    if (earlier) throw new ConfigError(`${name} must be another secret than ${earlier}`)
    if (value) seen.set(value, name)
  }
}

function readNumberCheck(settings: NonNullable<Issuer['numberCheck']>, env: Env, demo: boolean): NumberCheck {
  if (!demo && !settings.url.startsWith('https://'))
    throw new ConfigError('ISSUER_FILE: numberCheck.url must begin with https://')
  return { ...settings, secret: read(env, variables.numberCheckSecret) }
}

function readFactsService(env: Env, { registration }: Issuer, demo: boolean): Config['factsService'] {
  const url = registration?.proof?.url
  if (!url) return undefined
  if (!demo && !url.startsWith('https://'))
    throw new ConfigError('ISSUER_FILE: registration.proof.url must begin with https://')
  return { url, secret: read(env, variables.factsSecret) }
}

function readScoreService(env: Env, { risk }: Issuer, demo: boolean): Config['scoreService'] {
  const url = risk?.scoreService?.url
  if (!url) return undefined
  if (!demo && !url.startsWith('https://'))
    throw new ConfigError('ISSUER_FILE: risk.scoreService.url must begin with https://')
  return { url, secret: read(env, variables.scoreSecret) }
}

function readAlertHook(env: Env, { risk }: Issuer, demo: boolean): AlertHook | undefined {
  const { url, keyId } = risk?.alerts ?? {}
  if (!url || !keyId) return undefined
  if (!demo && !url.startsWith('https://'))
    throw new ConfigError('ISSUER_FILE: risk.alerts.url must begin with https://')
  return { url, keyId, secret: read(env, variables.alertSecret) }
}

function readAppPush(env: Env, { approvalApp }: Issuer, demo: boolean): Config['appPush'] {
  if (!approvalApp) return undefined
  const { pushURL: url } = approvalApp
  if (!demo && !url.startsWith('https://')) throw new ConfigError('ISSUER_FILE: approvalApp.pushURL must be https')
  return { url, secret: read(env, appPushSecret) }
}

/**
 * Whether pages of a host may use passkeys of a domain (WebAuthn Level 3, 5.1.4.1): their own host name, or a parent
 * domain of it with at least two labels. Browsers also refuse public suffixes, such as co.jp.
 */
function mayHavePasskeysFor(domain: string, hostname: string): boolean {
  return domain === hostname || (hostname.endsWith(`.${domain}`) && domain.includes('.') && !domain.startsWith('.'))
}

function readTlsFiles(env: Env): TlsFiles {
  const crlFile = read(env, moreTlsVariables.crlFile)
  const serverCAFile = read(env, moreTlsVariables.serverCAFile)
  return {
    certFile: read(env, tlsVariables.certFile),
    keyFile: read(env, tlsVariables.keyFile),
    clientCAFile: read(env, tlsVariables.clientCAFile),
    ...(crlFile && { crlFile }),
    ...(serverCAFile && { serverCAFile }),
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readText(file) ?? '')
  } catch {
    return undefined
  }
}

/**
 * Loads `.env` beside the product, if there is one; variables that are already set keep their values. Only in
 * production: the demo and the tests have their own settings.
 */
export function loadEnvFile(): void {
  if (!demoMode() && existsSync('.env')) process.loadEnvFile('.env')
}

/** The environment for a role's process. */
export function environmentFor(dev: boolean): NodeJS.ProcessEnv {
  const mode = dev ? 'development' : 'production'
  // next-auth reads its own origin from this variable only.
  const NEXTAUTH_URL = config().publicOrigin
  // A role does not need the owner's rights. Set to empty, so that `.env` does not set it again.
  const DATABASE_OWNER_URL = ''
  return {
    ...process.env,
    DATABASE_OWNER_URL,
    NODE_ENV: mode,
    NEXT_TELEMETRY_DISABLED: '1',
    NEXTAUTH_URL,
  }
}

/**
 * The environment for `next build`. The key names the window's forms: a different one in each build would break open
 * windows.
 */
export function buildEnvironment(): NodeJS.ProcessEnv {
  const key = process.env[actionsKey] ?? ''
  if (!/^[A-Za-z0-9+/]{43}=$/.test(key)) {
    throw new ConfigError(
      `${actionsKey} must be 32 random bytes in base64, the same at every build, for example ${actionsKey}=<base64> (npx safekey keys makes one)`,
    )
  }
  return { ...process.env, NEXT_TELEMETRY_DISABLED: '1' }
}

const place = Symbol.for('safekey.config')

/** This deployment's configuration. The entry point calls this first, so that a wrong value stops the start. */
export function config(): Config {
  const shared = globalThis as { [place]?: Config }
  shared[place] ??= readConfig(process.env, demoMode())
  return shared[place]
}
