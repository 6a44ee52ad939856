import { createECDH } from 'node:crypto'
import { isIP } from 'node:net'
import { type Env, optionally, read, type Variable, wrong } from './variable.ts'

/** Settings for pushes to browsers: VAPID (RFC 8292) and the push services that may be called. */
export interface WebPush {
  /** A mailto: or https: address at which a push service can reach the operator. */
  readonly contact: string
  /** Base64url: the uncompressed point, which browsers call applicationServerKey, and the scalar. */
  readonly publicKey: string
  readonly privateKey: string
  /** Hosts (with port unless 443) of push services; `*.example.com` is any host below. */
  readonly hosts: readonly string[]
}

/** Chrome, Edge and Samsung; Firefox; Safari; Edge on Windows. */
const knownHosts = [
  'fcm.googleapis.com',
  'updates.push.services.mozilla.com',
  '*.push.apple.com',
  '*.notify.windows.com',
].join(',')

export const webPushVariables = {
  contact: optionally({
    name: 'PUSH_CONTACT',
    must: 'be a mailto: or https: address at which push services can reach you, not on a local name, or be left out: then no payment is approved in the web app',
    example: 'mailto:operations@issuer.example',
    read: (value: string) => (isReachable(value) ? value : undefined),
  }),
  key: {
    name: 'PUSH_KEY',
    must: 'be the private key for Web Push (VAPID), 32 bytes in base64url (npx safekey keys makes one)',
    example: '<base64url>',
    read: keyPairOf,
  },
  hosts: {
    name: 'PUSH_HOSTS',
    must: 'be the hosts of push services that may be called, comma-separated; *.name is every host below',
    example: knownHosts,
    fallback: knownHosts,
    read: (value: string) => {
      const hosts = value.split(',').map(host => host.trim().toLowerCase())
      return hosts.every(host => /^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?$/.test(host)) ? hosts : undefined
    },
  },
} satisfies Record<string, Variable<unknown>>

/** Reads the settings; undefined if this deployment sends no pushes to browsers. Only the demo may name a port. */
export function readWebPush(env: Env, demo: boolean): WebPush | undefined {
  const contact = read(env, webPushVariables.contact)
  if (contact === '') return undefined
  const hosts = read(env, webPushVariables.hosts)
  if (!demo && hosts.some(host => host.includes(':'))) throw wrong(webPushVariables.hosts)
  return { contact, ...read(env, webPushVariables.key), hosts }
}

/** Push services refuse a contact on a name that only one machine or network knows. */
function isReachable(contact: string): boolean {
  if (!URL.canParse(contact)) return false
  const { protocol, hostname, pathname } = new URL(contact)
  if (protocol !== 'mailto:' && protocol !== 'https:') return false
  const [, ofAddress = ''] = /^[^@\s]+@([^@\s]+)$/.exec(pathname) ?? []
  const host = (protocol === 'https:' ? hostname : ofAddress).toLowerCase()
  return /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host) && isIP(host) === 0 && !/\.(localhost|local|internal)$/.test(host)
}

function keyPairOf(value: string) {
  if (!/^[\w-]{43}$/.test(value)) return undefined
  try {
    const pair = createECDH('prime256v1')
    pair.setPrivateKey(value, 'base64url')
    return { publicKey: pair.getPublicKey('base64url'), privateKey: value }
  } catch {
    return undefined
  }
}
