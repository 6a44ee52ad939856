import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  hkdfSync,
  type KeyObject,
} from 'node:crypto'
import { calculateJwkThumbprint, FlattenedSign, type JWK } from 'jose'
import { config } from './config.ts'
import { randomOctets } from './crypto.ts'
import {
  type EncryptionPurpose,
  encryptionPurposes,
  type KeyRing,
  type MacPurpose,
  type Purpose,
  type SigningPurpose,
} from './key-ring.ts'

export interface Hmac {
  readonly keyId: number
  /** 32 bytes. */
  readonly hmac: Buffer
}

/** A JWS in flattened JSON form (RFC 7515, 7.2.2). */
export interface Signed {
  readonly protected: string
  readonly payload: string
  readonly signature: string
}

/**
 * All use of keys goes through this interface. Here they come from the environment or from files; another
 * implementation may call a hardware security module, hence the promises. No key is ever returned.
 */
export interface Keys {
  /** HMAC under the key in use. */
  mac(purpose: MacPurpose, data: Uint8Array | string): Promise<Hmac>
  /** HMACs under every key still held, the one in use first: what a look-up has to try. */
  macs(purpose: MacPurpose, data: Uint8Array | string): Promise<Hmac[]>
  /** HMAC under a given key; undefined if that key is no longer held. */
  macUnder(purpose: MacPurpose, keyId: number, data: Uint8Array | string): Promise<Buffer | undefined>
  /** The authentication-value key of a card range: its id, and a function that makes HMACs under it. */
  rangeKey(range: string): Promise<{ id: number; mac(data: Uint8Array): Promise<Uint8Array> }>
  rangeMacByNibble(range: string, nibble: number, data: Uint8Array): Promise<Uint8Array | undefined>
  /** Returns `1.<key id>.<nonce>.<ciphertext and authentication tag>`; `context` is bound to it as associated data. */
  encrypt(purpose: EncryptionPurpose, plaintext: string, context: string): Promise<string>
  /** Throws if the value was not encrypted for this purpose and context, or its key is no longer held. */
  decrypt(purpose: EncryptionPurpose, encrypted: string, context: string): Promise<string>
  /** Signs a text under the key in use: EdDSA (RFC 8037), with `typ` in the header and the thumbprint as `kid`. */
  sign(purpose: SigningPurpose, text: string, typ: string): Promise<Signed>
  /** The public keys of a purpose, the one in use first; `kid` is the thumbprint (RFC 7638). */
  publicKeys(purpose: SigningPurpose): Promise<readonly JWK[]>
  /** The ids of a purpose's keys, the one in use first. */
  ids(purpose: Purpose): readonly number[]
  /** Identifies a key without revealing anything about it: an encrypted canary, or a keyed hash of a constant. */
  fingerprint(purpose: Purpose, keyId: number): Promise<string>
  /** Whether a fingerprint is that of the key held under this id. */
  matches(purpose: Purpose, keyId: number, fingerprint: string): Promise<boolean>
}

/** The plaintext and context of fingerprints. */
const canary = 'safekey key fingerprint'

/** Keys that this process holds itself. */
export function localKeys(rings: Readonly<Record<Purpose, KeyRing>>): Keys {
  const hmac = (key: KeyObject, data: Uint8Array | string) => createHmac('sha256', key).update(data).digest()
  const inUse = (purpose: Purpose) => {
    const first = rings[purpose][0]
    if (!first) throw new Error(`no key for ${purpose}`)
    return first
  }

  const rangeKeys = new Map<string, KeyObject>()
  const rangeKeyOf = ({ id, key }: KeyRing[number], range: string): KeyObject => {
    const name = `${id}/${range}`
    let derived = rangeKeys.get(name)
    if (!derived) {
      derived = createSecretKey(Buffer.from(hkdfSync('sha256', key, '', `safekey authentication value ${range}`, 32)))
      rangeKeys.set(name, derived)
    }
    return derived
  }

  return {
    async mac(purpose, data) {
      const { id, key } = inUse(purpose)
      return { keyId: id, hmac: hmac(key, data) }
    },
    async macs(purpose, data) {
      return rings[purpose].map(({ id, key }) => ({ keyId: id, hmac: hmac(key, data) }))
    },
    async macUnder(purpose, keyId, data) {
      const held = rings[purpose].find(({ id }) => id === keyId)
      return held && hmac(held.key, data)
    },
    async rangeKey(range) {
      const version = inUse('authentication-value')
      const key = rangeKeyOf(version, range)
      return {
        id: version.id,
        async mac(data) {
          return hmac(key, data)
        },
      }
    },
    async rangeMacByNibble(range, nibble, data) {
      const held = rings['authentication-value'].find(({ id }) => id % 16 === nibble)
      return held && hmac(rangeKeyOf(held, range), data)
    },
    async encrypt(purpose, plaintext, context) {
      return encryptUnder(inUse(purpose), purpose, plaintext, context)
    },
    async decrypt(purpose, value, context) {
      const held = rings[purpose].find(({ id }) => id === encryptionKeyId(value))
      if (!held) throw new Error(`cannot decrypt a ${purpose} value`)
      return decryptUnder(held, purpose, value, context)
    },
    async sign(purpose, text, typ) {
      const pair = pairOf(inUse(purpose))
      const { kid = '' } = await publicKeyOf(pair)
      const jws = await new FlattenedSign(Buffer.from(text))
        .setProtectedHeader({ alg: signatureAlgorithm, typ, kid })
        .sign(pair)
      return { protected: jws.protected ?? '', payload: jws.payload, signature: jws.signature }
    },
    publicKeys: purpose => Promise.all(rings[purpose].map(version => publicKeyOf(pairOf(version)))),
    ids: purpose => rings[purpose].map(({ id }) => id),
    async fingerprint(purpose, keyId) {
      const version = rings[purpose].find(({ id }) => id === keyId)
      if (!version) throw new Error(`no key ${keyId} for ${purpose}`)
      if (isForEncryption(purpose)) return encryptUnder(version, purpose, canary, canary)
      return hmac(version.key, canary).toString('base64url')
    },
    async matches(purpose, keyId, fingerprint) {
      const version = rings[purpose].find(({ id }) => id === keyId)
      if (!version) return false
      if (!isForEncryption(purpose)) return hmac(version.key, canary).toString('base64url') === fingerprint
      try {
        return decryptUnder(version, purpose, fingerprint, canary) === canary
      } catch {
        return false
      }
    },
  }
}

/** Not `Ed25519` (RFC 9864), which names the same, because few libraries that verify know it yet. */
export const signatureAlgorithm = 'EdDSA'

/** What PKCS #8 puts before the 32 bytes of an Ed25519 private key (RFC 8410, 7). */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex')

function pairOf({ key }: KeyRing[number]): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8, key.export()]), format: 'der', type: 'pkcs8' })
}

async function publicKeyOf(pair: KeyObject): Promise<JWK> {
  const { kty = '', crv = '', x = '' } = createPublicKey(pair).export({ format: 'jwk' })
  const kid = await calculateJwkThumbprint({ kty, crv, x })
  return { kty, crv, x, kid, alg: signatureAlgorithm, use: 'sig' }
}

function isForEncryption(purpose: Purpose): purpose is EncryptionPurpose {
  return encryptionPurposes.some(known => known === purpose)
}

function encryptUnder(
  { id, key }: KeyRing[number],
  purpose: EncryptionPurpose,
  plaintext: string,
  context: string,
): string {
  const nonce = randomOctets(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(`${purpose}\0${context}`))
  const encrypted = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return `1.${id}.${nonce.toString('base64url')}.${encrypted.toString('base64url')}`
}

function decryptUnder({ key }: KeyRing[number], purpose: EncryptionPurpose, value: string, context: string): string {
  const [layout, , nonce, encrypted] = value.split('.')
  if (layout !== '1' || !nonce || !encrypted) throw new Error(`cannot decrypt a ${purpose} value`)
  const bytes = Buffer.from(encrypted, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'), { authTagLength: 16 })
    .setAAD(Buffer.from(`${purpose}\0${context}`))
    .setAuthTag(bytes.subarray(-16))
  return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8')
}

/** The id of the key that a value is encrypted under. */
function encryptionKeyId(value: string): number {
  const [, id = ''] = value.split('.')
  return /^\d+$/.test(id) ? Number(id) : Number.NaN
}

const place = Symbol.for('safekey.keys')

/** The keys of this deployment. */
export function keys(): Keys {
  const shared = globalThis as { [place]?: Keys }
  shared[place] ??= localKeys(config().keys)
  return shared[place]
}

/** The context of an encrypted contact: it can be decrypted only for its own cardholder and kind. */
export function contactContext(cardholderId: string, kind: 'email' | 'mobile'): string {
  return `${cardholderId}\0${kind}`
}

/** The context of a cardholder's encrypted names. */
export function namesContext(cardholderId: string): string {
  return `${cardholderId}\0names`
}

/** HMACs of a contact under every key still held, for comparing contacts. */
export function contactHmacs(kind: 'email' | 'mobile', value: string): Promise<Hmac[]> {
  return keys().macs('contact-lookup', `${kind}\0${value}`)
}
