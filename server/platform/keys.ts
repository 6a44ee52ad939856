import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import { config } from './config.ts'
import { randomOctets } from './crypto.ts'
import type { KeyRing, MacPurpose, Purpose, SealPurpose } from './key-ring.ts'

export interface Tag {
  readonly keyId: number
  /** 32 bytes. */
  readonly tag: Buffer
}

/**
 * The seam behind which keys live. Here they come from the environment or from files; another implementation may ask a
 * hardware module, hence the promises. No key ever leaves it.
 */
export interface Keys {
  /** Tag under the key in use. */
  mac(purpose: MacPurpose, data: Uint8Array | string): Promise<Tag>
  /** Tags under every key still held, the one in use first: what a look-up has to try. */
  macs(purpose: MacPurpose, data: Uint8Array | string): Promise<Tag[]>
  /** Tag under one certain key; undefined when it is held no longer. */
  macUnder(purpose: MacPurpose, keyId: number, data: Uint8Array | string): Promise<Buffer | undefined>
  /** The authentication-value key of a card range: its id, and a way to make tags under it. */
  rangeKey(range: string): Promise<{ id: number; mac(data: Uint8Array): Promise<Uint8Array> }>
  rangeMacByNibble(range: string, nibble: number, data: Uint8Array): Promise<Uint8Array | undefined>
  /** `1.<key id>.<nonce>.<ciphertext and tag>`; `context` is bound to it as associated data. */
  seal(purpose: SealPurpose, plaintext: string, context: string): Promise<string>
  /** Throws when the value was not sealed for this purpose and context, or its key is gone. */
  open(purpose: SealPurpose, sealed: string, context: string): Promise<string>
}

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
      return { keyId: id, tag: hmac(key, data) }
    },
    async macs(purpose, data) {
      return rings[purpose].map(({ id, key }) => ({ keyId: id, tag: hmac(key, data) }))
    },
    async macUnder(purpose, keyId, data) {
      const held = rings[purpose].find(({ id }) => id === keyId)
      return held && hmac(held.key, data)
    },
    async rangeKey(range) {
      const version = inUse('authentication-value')
      const key = rangeKeyOf(version, range)
      return { id: version.id, mac: async data => hmac(key, data) }
    },
    async rangeMacByNibble(range, nibble, data) {
      const held = rings['authentication-value'].find(({ id }) => id % 16 === nibble)
      return held && hmac(rangeKeyOf(held, range), data)
    },
    async seal(purpose, plaintext, context) {
      const { id, key } = inUse(purpose)
      const nonce = randomOctets(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(`${purpose}\0${context}`))
      const sealed = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `1.${id}.${nonce.toString('base64url')}.${sealed.toString('base64url')}`
    },
    async open(purpose, value, context) {
      const [layout, keyId, nonce, sealed] = value.split('.')
      const held = rings[purpose].find(({ id }) => String(id) === keyId)
      if (layout !== '1' || !held || !nonce || !sealed) throw new Error(`cannot open a sealed ${purpose} value`)
      const bytes = Buffer.from(sealed, 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', held.key, Buffer.from(nonce, 'base64url'), { authTagLength: 16 })
        .setAAD(Buffer.from(`${purpose}\0${context}`))
        .setAuthTag(bytes.subarray(-16))
      return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8')
    },
  }
}

const place = Symbol.for('safekey.keys')

/** The keys of this installation. */
export function keys(): Keys {
  const shared = globalThis as { [place]?: Keys }
  shared[place] ??= localKeys(config().keys)
  return shared[place]
}

/** What a sealed contact is bound to: it opens for its own cardholder and kind alone. */
export function contactContext(cardholderId: string, kind: 'email' | 'mobile'): string {
  return `${cardholderId}\0${kind}`
}
