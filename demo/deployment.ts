import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { appSigningFiles } from './app-signing.ts'

/** The ports of a demo. */
export interface Ports {
  readonly web: number
  readonly ds: number
  readonly shop: number
  readonly inbox: number
  readonly smtp: number
  /** Where the demo's directory server takes results. */
  readonly rreq: number
}

/** Origins of the parts for browsers. */
export interface Origins {
  readonly web: string
  readonly shop: string
  readonly inbox: string
}

/** Secrets that the product shares with gateways. */
export interface GatewaySecrets {
  readonly sms: string
  readonly appPush: string
}

const purposes = [
  'CARD_LOOKUP',
  'AREQ',
  'CONTACT_LOOKUP',
  'PROOF_FACT',
  'CODE',
  'WINDOW',
  'AUTHENTICATION_VALUE',
  'SESSION',
  'CONTACT',
  'OUTBOX',
  'APP_CHANNEL',
  'EVIDENCE',
]

/**
 * Prepares the data folder: keys as an operator would make them, kept from the first start on, and the secrets of the
 * inbox.
 */
export function prepareFolder(
  dataDir: string,
  secrets: 'new' | 'keep' = 'new',
): {
  keys: Record<string, string>
  /** The folder had no keys: a database that already exists was filled with others. */
  keysAreNew: boolean
  /** For the inbox's controls. */
  secret: string
  gatewaySecrets: GatewaySecrets
} {
  // Others may enter: if started as root, the database runs under another account.
  mkdirSync(dataDir, { recursive: true, mode: 0o711 })
  const file = join(dataDir, 'demo-keys.json')
  // A folder of an older version may lack a key that was added later.
  const keysAreNew = !existsSync(file)
  const held: Record<string, string> = keysAreNew ? {} : JSON.parse(readFileSync(file, 'utf8'))
  const keys = Object.fromEntries(
    purposes.map(purpose => [`KEY_${purpose}`, held[`KEY_${purpose}`] ?? `1:${randomBytes(32).toString('base64')}`]),
  )
  // 32 random octets are a private key on P-256, but for one in 2^32.
  keys.PUSH_KEY = held.PUSH_KEY ?? randomBytes(32).toString('base64url')
  writeFileSync(`${file}.new`, JSON.stringify(keys), { mode: 0o600 })
  renameSync(`${file}.new`, file)
  const secret = randomBytes(16).toString('base64url')
  // A running demo already has one.
  if (secrets === 'new') writeFileSync(join(dataDir, 'demo-secret'), secret, { mode: 0o600 })
  const shared = () => randomBytes(32).toString('base64url')
  return { keys, keysAreNew, secret, gatewaySecrets: { sms: shared(), appPush: shared() } }
}

/** The reference number of the demo's directory server (dsReferenceNumber); an integrator may set their own. */
export function directoryServerReference(): string {
  return process.env.DEMO_DS_REFERENCE || 'DEMO-DS-REF-0001'
}

/** Hosts besides the demo's own that a dsURL may name, for an integrator's directory server: `localhost:4003,127.0.0.1:4003`. */
function moreHosts(): string[] {
  const hosts = (process.env.DEMO_DS_HOSTS ?? '').split(',')
  return hosts.map(host => host.trim()).filter(host => host !== '')
}

/** Writes the demo's issuer file: a company that does not exist, and the shop's directory server. */
function writeIssuerFile(dataDir: string, ports: Ports, origins: Origins): string {
  const file = join(dataDir, 'demo-issuer.json')
  const model = JSON.parse(readFileSync(new URL('./issuer.json', import.meta.url), 'utf8'))
  // Another brand to look at: the same product under another name.
  if (process.env.DEMO_BRAND_FILE) model.brand = JSON.parse(readFileSync(process.env.DEMO_BRAND_FILE, 'utf8'))
  const [directoryServer] = model.directoryServers
  directoryServer.referenceNumber = directoryServerReference()
  directoryServer.hosts = [`localhost:${ports.rreq}`, `127.0.0.1:${ports.rreq}`, ...moreHosts()]
  model.approvalApp = { pushURL: `${origins.inbox}/push/app` }
  const signing = appSigningFiles(dataDir)
  if (existsSync(signing.key)) {
    directoryServer.appSigning = { certificatesFile: signing.certificates, keyFile: signing.key }
  }
  writeFileSync(file, JSON.stringify(model, null, 2))
  return file
}

/** The push services of browsers, as in .env.example. */
const vendorHosts = [
  'fcm.googleapis.com',
  'updates.push.services.mozilla.com',
  '*.push.apple.com',
  '*.notify.windows.com',
]

/** The product's environment. */
export function environment(
  dataDir: string,
  ports: Ports,
  origins: Origins,
  databaseURL: string,
  keys: Record<string, string>,
  gatewaySecrets: GatewaySecrets,
): NodeJS.ProcessEnv {
  const path = process.env.PATH ?? ''
  return {
    PATH: path,
    HOME: process.env.HOME ?? '/',
    NODE_ENV: 'production',
    ...(process.env.CI && { CI: process.env.CI }),
    HOST: 'localhost',
    PORT: String(ports.web),
    DS_PORT: String(ports.ds),
    PUBLIC_URL: origins.web,
    DEMO_SHOP_URL: origins.shop,
    DEMO_INBOX_URL: origins.inbox,
    PROXIES: '0',
    EXTRA_HOSTS: [`localhost:${ports.web}`, `127.0.0.1:${ports.web}`, `acs.localhost:${ports.web}`].join(','),
    DATABASE_URL: databaseURL,
    DATA_DIR: dataDir,
    ISSUER_FILE: writeIssuerFile(dataDir, ports, origins),
    SMTP_URL: `smtp://localhost:${ports.smtp}`,
    SMS_GATEWAYS: 'http',
    SMS_HTTP_URL: `${origins.inbox}/gateway/sms`,
    SMS_HTTP_SECRET: gatewaySecrets.sms,
    APP_PUSH_SECRET: gatewaySecrets.appPush,
    // The phone's push service. Browsers with a push service of their maker show pushes of the demo, too.
    PUSH_CONTACT: 'mailto:operations@minatomachi.example',
    PUSH_HOSTS: [new URL(origins.inbox).host, ...vendorHosts].join(','),
    // An issuer's own identity provider, to show the product with one, and other push services.
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(OIDC|PUSH)_/.test(name))),
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'info',
    NEXT_TELEMETRY_DISABLED: '1',
    ...keys,
  }
}

/** Writes the product's environment to a file, so that `npm run demo:safekey` can run operators' commands against the demo. */
export function writeEnvironment(dataDir: string, env: NodeJS.ProcessEnv): void {
  // PATH and HOME are those of the operator who runs the command.
  const { PATH: _path, HOME: _home, ...own } = env
  const lines = Object.entries(own).map(([name, value]) => `${name}='${value}'`)
  writeFileSync(join(dataDir, 'demo.env'), `${lines.join('\n')}\n`, { mode: 0o600 })
}
