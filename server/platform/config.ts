import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type AddressRange, readAddressRange } from './address-range.ts'
import { type AppSigning, readAppSigning } from './app-signing.ts'
import { type IdentityProvider, readClientKey, type SigningAlgorithm, signingAlgorithms } from './identity-provider.ts'
import { type Issuer, readIssuer } from './issuer.ts'
import { type KeyRing, keyVariable, type Purpose, parseKeyRing, purposes } from './key-ring.ts'
import { isDemo } from './stage.ts'
import type { TlsFiles } from './tls.ts'

/** Everything that can be set, read and checked once. Nothing else in the product reads the environment. */
export interface Config {
  readonly host: string
  readonly port: number
  readonly dsPort: number
  /** Scheme, host and port under which cardholders' browsers reach `web`; acsURL begins with it. */
  readonly publicOrigin: string
  /** Proxies in front of `web`, each of which adds to X-Forwarded-For. */
  readonly proxies: number
  /** Host header values that are answered; all others get 421. */
  readonly hosts: ReadonlySet<string>
  readonly databaseURL: string | undefined
  readonly dataDir: string
  readonly issuer: Issuer
  /** By directory server; those without have no app channel. */
  readonly appSigning: ReadonlyMap<string, AppSigning>
  readonly smtpURL: string
  /** Gateways for text messages, the one to ask first in front; none, and no text messages are sent. */
  readonly smsGateways: readonly SmsGatewayName[]
  readonly smsHTTP: { readonly url: string; readonly secret: string } | undefined
  readonly twilio:
    | {
        readonly accountSid: string
        readonly authToken: string
        /** A number, a name, or a messaging service (MG…). */
        readonly sender: string
        readonly url: string
      }
    | undefined
  /** The issuer's own sign-in, in place of ours by code and passkey. */
  readonly identityProvider: IdentityProvider | undefined
  readonly keys: Readonly<Record<Purpose, KeyRing>>
  /** Mutual TLS towards directory servers; the demo alone may do without. */
  readonly dsTLS: TlsFiles | undefined
  /** Proxies that end TLS in front of `ds`: nobody else may connect then. Empty: `ds` speaks TLS itself. */
  readonly dsProxies: readonly AddressRange[]
  /** Header in which those proxies pass the client certificate on, in lower case. */
  readonly dsProxyHeader: string
  /** Largest AReq, bytes. */
  readonly areqLimit: number
  /** Longest time for an AReq, milliseconds; past it the answer is U. */
  readonly areqTime: number
  /** How long authentications are kept, days. */
  readonly retentionDays: number
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

type SmsGatewayName = 'http' | 'twilio'

/** One line for the person who starts the product: which variable, what it must be, an example. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

type Env = Readonly<Record<string, string | undefined>>

interface Variable<T> {
  readonly name: string
  readonly must: string
  readonly example: string
  readonly fallback?: string
  /** The value, or undefined when it is not what it must be. */
  read(value: string): T | undefined
}

const variables = {
  host: word('HOST', 'be an address to listen on', '0.0.0.0', '127.0.0.1'),
  port: wholeNumber('PORT', 'be a port for browsers', 3000, 1, 65_535),
  dsPort: wholeNumber('DS_PORT', 'be a port for directory servers', 3080, 1, 65_535),
  publicOrigin: {
    name: 'PUBLIC_URL',
    must: 'be the https origin under which browsers reach this service, without a path',
    example: 'https://acs.issuer.example',
    read: originOf,
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
    must: 'be a PostgreSQL address, or be left out for the built-in one',
    example: 'postgres://safekey:secret@db.internal/safekey',
    fallback: '',
    read: (value: string) => (value === '' || /^postgres(ql)?:\/\/\S+$/.test(value) ? value : undefined),
  },
  dataDir: word('DATA_DIR', 'be a folder that this service may write to', '/var/lib/safekey', '.data'),
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
  smsGateways: {
    name: 'SMS_GATEWAYS',
    must: 'be the gateways for text messages, http or twilio, the one to ask first in front; left out, none are sent',
    example: 'http,twilio',
    fallback: '',
    read: (value: string) => {
      const names = value.split(',').flatMap(name => name.trim() || [])
      const known = names.filter((name): name is SmsGatewayName => name === 'http' || name === 'twilio')
      return known.length === names.length && new Set(known).size === known.length ? known : undefined
    },
  },
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

const smsVariables = {
  url: {
    name: 'SMS_HTTP_URL',
    must: 'be the https address of your gateway for text messages',
    example: 'https://sms.issuer.example/messages',
    read: (value: string) => (/^https?:\/\//.test(value) && URL.canParse(value) ? value : undefined),
  },
  secret: secret('SMS_HTTP_SECRET', 'be the secret that you share with that gateway, 32 characters or more', 32),
  accountSid: {
    name: 'TWILIO_ACCOUNT_SID',
    must: 'be the account at Twilio',
    example: 'AC00000000000000000000000000000000',
    read: (value: string) => (/^AC[0-9a-f]{32}$/i.test(value) ? value : undefined),
  },
  authToken: secret('TWILIO_AUTH_TOKEN', 'be that account’s token', 16),
  sender: {
    name: 'TWILIO_SENDER',
    must: 'be the number, name or messaging service that text messages come from',
    example: '+815012345678',
    read: (value: string) => (/^(\+\d{8,15}|[\w ]{1,11}|MG[0-9a-f]{32})$/i.test(value) ? value : undefined),
  },
  twilioURL: {
    name: 'TWILIO_URL',
    must: 'be the address of Twilio’s API, or of what stands before it',
    example: 'https://api.twilio.com',
    fallback: 'https://api.twilio.com',
    read: originOf,
  },
} satisfies Record<string, Variable<unknown>>

const identityVariables = {
  issuer: {
    name: 'OIDC_ISSUER',
    must: 'be the https issuer address of your identity provider, just as its discovery document says it; left out, cardholders sign in here by code and passkey',
    example: 'https://login.issuer.example',
    fallback: '',
    read: (value: string) =>
      value === '' || (/^https?:\/\/[^?#]+$/.test(value) && URL.canParse(value)) ? value : undefined,
  },
  clientId: {
    name: 'OIDC_CLIENT_ID',
    must: 'be the client id that your identity provider gave this service',
    example: 'safekey',
    read: (value: string) => value.trim() || undefined,
  },
  clientSecret: optionally(secret('OIDC_CLIENT_SECRET', 'be the client secret, 16 characters or more', 16)),
  clientKeyFile: {
    name: 'OIDC_CLIENT_KEY_FILE',
    must: 'be a PEM file with the private key (RSA, or EC on P-256) that stands for this client in place of a secret',
    example: './oidc-key.pem',
    fallback: '',
    read: (value: string) => (value === '' ? '' : readClientKey(readText(value) ?? '')),
  },
  claim: {
    name: 'OIDC_CARDHOLDER_CLAIM',
    must: 'be the claim of the ID token that carries your cardholder id; left out, the list of cards says whose a subject is',
    example: 'cardholder_id',
    fallback: '',
    read: (value: string) => (/^[\w:/.-]{0,100}$/.test(value) && value !== 'email' ? value : undefined),
  },
  algorithm: {
    name: 'OIDC_SIGNING_ALGORITHM',
    must: `be the algorithm of your provider’s ID tokens: ${signingAlgorithms.join(', ')}`,
    example: 'RS256',
    fallback: 'RS256',
    read: (value: string): SigningAlgorithm | undefined => signingAlgorithms.find(known => known === value),
  },
  strongAcr: list('OIDC_STRONG_ACR', 'be the acr values, comma-separated, that count as strong', 'urn:example:loa:2'),
  strongAmr: list('OIDC_STRONG_AMR', 'be the amr values, comma-separated, one of which counts as strong', 'hwk,otp'),
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

const actionsKey = 'NEXT_SERVER_ACTIONS_ENCRYPTION_KEY'

/** Names of all variables; `.env.example` lists each, and a test holds it to that. */
export function variableNames(): string[] {
  return [
    ...Object.values(variables).map(({ name }) => name),
    ...Object.values(smsVariables).map(({ name }) => name),
    ...Object.values(identityVariables).map(({ name }) => name),
    ...Object.values({ ...tlsVariables, ...moreTlsVariables }).map(({ name }) => name),
    ...purposes.map(keyVariable),
    actionsKey,
  ]
}

/** Reads and checks a whole environment. Throws a `ConfigError` for the first variable that is wrong. */
export function readConfig(env: Env, demo: boolean): Config {
  const publicOrigin = read(env, variables.publicOrigin)
  if (!demo && !publicOrigin.startsWith('https://')) throw wrong(variables.publicOrigin)
  const [port, dsPort] = [read(env, variables.port), read(env, variables.dsPort)]
  if (port === dsPort) throw new ConfigError(`DS_PORT must be another port than PORT, for example DS_PORT=${port + 80}`)
  const issuer = read(env, variables.issuer)
  return {
    host: read(env, variables.host),
    port,
    dsPort,
    publicOrigin,
    proxies: read(env, variables.proxies),
    hosts: new Set([new URL(publicOrigin).host, ...read(env, variables.extraHosts)]),
    databaseURL: read(env, variables.databaseURL) || undefined,
    dataDir: resolve(read(env, variables.dataDir)),
    issuer,
    appSigning: readAppSigning(
      issuer.directoryServers,
      readText,
      message => new ConfigError(`ISSUER_FILE: ${message}`),
    ),
    smtpURL: read(env, variables.smtpURL),
    ...readSms(env, demo),
    identityProvider: readIdentityProvider(env, demo),
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

/** Only what a named gateway needs is asked for. */
function readSms(env: Env, demo: boolean): Pick<Config, 'smsGateways' | 'smsHTTP' | 'twilio'> {
  const smsGateways = read(env, variables.smsGateways)
  const http = smsGateways.includes('http') && {
    url: read(env, smsVariables.url),
    secret: read(env, smsVariables.secret),
  }
  if (http && !demo && !http.url.startsWith('https://')) throw wrong(smsVariables.url)
  const twilio = smsGateways.includes('twilio') && {
    accountSid: read(env, smsVariables.accountSid),
    authToken: read(env, smsVariables.authToken),
    sender: read(env, smsVariables.sender),
    url: read(env, smsVariables.twilioURL),
  }
  return { smsGateways, smsHTTP: http || undefined, twilio: twilio || undefined }
}

/** Nothing is asked of who signs cardholders in here. */
function readIdentityProvider(env: Env, demo: boolean): IdentityProvider | undefined {
  const issuer = read(env, identityVariables.issuer)
  if (issuer === '') return undefined
  if (!demo && !issuer.startsWith('https://')) throw wrong(identityVariables.issuer)
  const clientSecret = read(env, identityVariables.clientSecret)
  const key = read(env, identityVariables.clientKeyFile)
  if ((clientSecret === '') === (key === '')) {
    throw new ConfigError(
      'OIDC_CLIENT_SECRET or OIDC_CLIENT_KEY_FILE must be set, one of them, for example OIDC_CLIENT_KEY_FILE=./oidc-key.pem',
    )
  }
  return {
    issuer,
    clientId: read(env, identityVariables.clientId),
    credential: key === '' ? { kind: 'secret', secret: clientSecret } : { kind: 'key', ...key },
    cardholderClaim: read(env, identityVariables.claim) || undefined,
    signingAlgorithm: read(env, identityVariables.algorithm),
    strongAcr: read(env, identityVariables.strongAcr),
    strongAmr: read(env, identityVariables.strongAmr),
  }
}

function read<T>(env: Env, variable: Variable<T>): T {
  const value = env[variable.name] || variable.fallback
  if (value === undefined) throw wrong(variable)
  const result = variable.read(value)
  if (result === undefined) throw wrong(variable)
  return result
}

/** The message repeats nothing of the value: it may be a secret. */
function wrong({ name, must, example }: Variable<unknown>): ConfigError {
  return new ConfigError(`${name} must ${must}, for example ${name}=${example}`)
}

function word(name: string, must: string, example: string, fallback: string): Variable<string> {
  return { name, must, example, fallback, read: value => value.trim() || undefined }
}

function secret(name: string, must: string, least: number): Variable<string> {
  return { name, must, example: '<secret>', read: value => (value.length >= least ? value : undefined) }
}

function list(name: string, must: string, example: string): Variable<string[]> {
  return { name, must, example, fallback: '', read: value => value.split(',').flatMap(item => item.trim() || []) }
}

function wholeNumber(name: string, must: string, fallback: number, from: number, to: number): Variable<number> {
  return {
    name,
    must: `${must}, from ${from} to ${to}`,
    example: String(fallback),
    fallback: String(fallback),
    read: value => (/^\d+$/.test(value) && Number(value) >= from && Number(value) <= to ? Number(value) : undefined),
  }
}

/** A file with PEM in it; its content is read when it is used, and again when the operator says so. */
function pem(name: string, must: string, example: string): Variable<string> {
  return { name, must, example, read: value => (readText(value)?.includes('-----BEGIN ') ? value : undefined) }
}

function optionally(variable: Variable<string>): Variable<string> {
  return { ...variable, fallback: '', read: value => (value === '' ? '' : variable.read(value)) }
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

function originOf(value: string): string | undefined {
  if (!URL.canParse(value)) return undefined
  const { origin, protocol, pathname, search, username } = new URL(value)
  const plain = pathname === '/' && search === '' && username === ''
  return plain && (protocol === 'https:' || protocol === 'http:') ? origin : undefined
}

/** `KEY_CODE=2:<base64>,1:<base64>`, the key in use first; or `KEY_CODE_FILE`, a file with the same in it. */
function readKeys(env: Env): Record<Purpose, KeyRing> {
  const rings = purposes.map(purpose => {
    const name = keyVariable(purpose)
    const file = env[`${name}_FILE`]
    const ring = parseKeyRing((file ? readText(file) : env[name]) ?? '')
    if (!ring || (purpose === 'authentication-value' && !areToldApart(ring))) {
      throw new ConfigError(
        `${name} must be one or more keys, ID:BASE64 of 32 random bytes, the one in use first, comma-separated, for example ${name}=1:<base64> (npm run keys makes them; ${name}_FILE names a file with the same)`,
      )
    }
    return [purpose, ring] as const
  })
  const secrets = rings.flatMap(([, ring]) => ring.map(({ key }) => key.export().toString('base64')))
  if (new Set(secrets).size < secrets.length) {
    throw new ConfigError('KEY_… must be different keys, one for each purpose and version (npm run keys makes them)')
  }
  return Object.fromEntries(rings) as Record<Purpose, KeyRing>
}

/** An authentication value has room for four bits of its key's id. */
function areToldApart(ring: KeyRing): boolean {
  return new Set(ring.map(({ id }) => id % 16)).size === ring.length
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readText(file) ?? '')
  } catch {
    return undefined
  }
}

/** Reads `.env` beside the product, if there is one; what is set already stays. */
export function loadEnvFile(): void {
  if (existsSync('.env')) process.loadEnvFile('.env')
}

/** The environment for a role in a process of its own, on the database that its parent has prepared. */
export function environmentFor(databaseURL: string, dev: boolean): NodeJS.ProcessEnv {
  const mode = dev ? 'development' : 'production'
  // next-auth reads from there, and from nowhere else, under which origin it stands.
  const NEXTAUTH_URL = config().publicOrigin
  return { ...process.env, DATABASE_URL: databaseURL, NODE_ENV: mode, NEXT_TELEMETRY_DISABLED: '1', NEXTAUTH_URL }
}

/** What `next build` runs with. Its action key names the window's forms: another one at each build would end open windows. */
export function buildEnvironment(): NodeJS.ProcessEnv {
  const key = process.env[actionsKey] ?? ''
  if (!/^[A-Za-z0-9+/]{43}=$/.test(key)) {
    throw new ConfigError(
      `${actionsKey} must be 32 random bytes in base64, the same at every build, for example ${actionsKey}=<base64> (npm run keys makes one)`,
    )
  }
  return { ...process.env, NEXT_TELEMETRY_DISABLED: '1' }
}

const place = Symbol.for('safekey.config')

/** This installation's configuration. The entry calls it first, so that a wrong value stops the start. */
export function config(): Config {
  const shared = globalThis as { [place]?: Config }
  shared[place] ??= readConfig(process.env, isDemo())
  return shared[place]
}
