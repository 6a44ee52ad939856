import { createSecretKey, type KeyObject } from 'node:crypto'

/** Keys that make tags (HMAC-SHA-256), one for each purpose. */
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
/** Keys that encrypt (AES-256-GCM). */
export const sealPurposes = ['contact', 'outbox', 'app-channel'] as const

export type MacPurpose = (typeof macPurposes)[number]
export type SealPurpose = (typeof sealPurposes)[number]
export type Purpose = MacPurpose | SealPurpose

export const purposes: readonly Purpose[] = [...macPurposes, ...sealPurposes]

/** One key's versions, the one in use first; the others are still read with. */
export type KeyRing = readonly { readonly id: number; readonly key: KeyObject }[]

/** Reads `2:<base64>,1:<base64>`, 32 bytes each; undefined when it is anything else. */
export function parseKeyRing(value: string): KeyRing | undefined {
  const versions = value.split(',').map(part => {
    const [, id, secret] = /^\s*(\d{1,6}):([A-Za-z0-9+/_-]{43}=?)\s*$/.exec(part) ?? []
    return id && secret ? { id: Number(id), key: createSecretKey(Buffer.from(secret, 'base64')) } : undefined
  })
  const ring = versions.filter(version => version !== undefined)
  const distinct = new Set(ring.map(({ id }) => id)).size === versions.length
  return distinct && ring.every(({ key }) => key.symmetricKeySize === 32) ? ring : undefined
}

/** The variable that holds a purpose's keys. */
export function keyVariable(purpose: Purpose): string {
  return `KEY_${purpose.toUpperCase().replaceAll('-', '_')}`
}
