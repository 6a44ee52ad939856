import { createSecretKey, type KeyObject } from 'node:crypto'
import { ConfigError, type Env, readText } from './variable.ts'

/** Keys for HMAC-SHA-256, one for each purpose. */
export const macPurposes = [
  'card-lookup',
  'areq',
  'contact-lookup',
  'proof-fact',
  'code',
  'window',
  'authentication-value',
  'session',
] as const
/** Keys for encryption (AES-256-GCM). */
export const encryptionPurposes = ['contact', 'outbox', 'app-channel'] as const

/** Seeds of key pairs for signatures (Ed25519). */
const signingPurposes = ['evidence'] as const

export type MacPurpose = (typeof macPurposes)[number]
export type EncryptionPurpose = (typeof encryptionPurposes)[number]
export type SigningPurpose = (typeof signingPurposes)[number]
export type Purpose = MacPurpose | EncryptionPurpose | SigningPurpose

export const purposes: readonly Purpose[] = [...macPurposes, ...encryptionPurposes, ...signingPurposes]

/** The versions of a key, the one in use first; the others are still used for reading. */
export type KeyRing = readonly { readonly id: number; readonly key: KeyObject }[]

/** Parses `2:<base64>,1:<base64>`, 32 bytes each; undefined if it is anything else. */
export function parseKeyRing(value: string): KeyRing | undefined {
  const versions = value.split(',').map(part => {
    const [, id, secret] = /^\s*(\d{1,6}):([A-Za-z0-9+/_-]{43}=?)\s*$/.exec(part) ?? []
    return id && secret ? { id: Number(id), key: createSecretKey(Buffer.from(secret, 'base64')) } : undefined
  })
  const ring = versions.filter(version => version !== undefined)
  const distinct = new Set(ring.map(({ id }) => id)).size === versions.length
  return distinct && ring.every(({ key }) => key.symmetricKeySize === 32) ? ring : undefined
}

/** The environment variable with a purpose's keys. */
export function keyVariable(purpose: Purpose): string {
  return `KEY_${purpose.toUpperCase().replaceAll('-', '_')}`
}

/** Reads `KEY_CODE=2:<base64>,1:<base64>`, the key in use first; or `KEY_CODE_FILE`, a file with the same content. */
export function readKeys(env: Env): Record<Purpose, KeyRing> {
  const rings = purposes.map(purpose => {
    const name = keyVariable(purpose)
    const file = env[`${name}_FILE`]
    const ring = parseKeyRing((file ? readText(file) : env[name]) ?? '')
    if (!ring || (purpose === 'authentication-value' && !haveDistinctNibbles(ring))) {
      throw new ConfigError(
        `${name} must be one or more keys, ID:BASE64 of 32 random bytes, the one in use first, comma-separated, for example ${name}=1:<base64> (npx safekey keys makes them; ${name}_FILE names a file with the same)`,
      )
    }
    return [purpose, ring] as const
  })
  const secrets = rings.flatMap(([, ring]) => ring.map(({ key }) => key.export().toString('base64')))
  if (new Set(secrets).size < secrets.length) {
    throw new ConfigError(
      'KEY_… must be different keys, one for each purpose and version (npx safekey keys makes them)',
    )
  }
  return Object.fromEntries(rings) as Record<Purpose, KeyRing>
}

/** An authentication value contains only four bits of its key's id, so these must differ. */
function haveDistinctNibbles(ring: KeyRing): boolean {
  return new Set(ring.map(({ id }) => id % 16)).size === ring.length
}
