import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto'

/** The keys of one subscription (RFC 8291, section 2), base64url. */
export interface SubscriptionKeys {
  /** The private scalar of a P-256 key pair, 32 octets. */
  readonly privateKey: string
  /** The public key as an uncompressed point, 65 octets: what a browser calls `p256dh`. */
  readonly publicKey: string
  /** The authentication secret, 16 octets. */
  readonly auth: string
}

/** A push message that this subscription cannot read; the message says why. */
export class Undecryptable extends Error {}

const curve = 'prime256v1'
const saltLength = 16
const publicKeyLength = 65
const tagLength = 16
/** Salt, record size, length of the key (RFC 8188, section 2.1). */
const fixedHeaderLength = saltLength + 4 + 1

export function newSubscriptionKeys(): SubscriptionKeys {
  const pair = createECDH(curve)
  const publicKey = pair.generateKeys('base64url')
  return { privateKey: pair.getPrivateKey('base64url'), publicKey, auth: randomBytes(16).toString('base64url') }
}

/**
 * Decrypts the body of a push message: the content coding aes128gcm of RFC 8188, with keys derived as RFC 8291,
 * section 3.4, says. A push message is one record (RFC 8291, section 4).
 *
 * @throws {Undecryptable}
 */
export function decrypt(body: Buffer, keys: SubscriptionKeys): Buffer {
  const { salt, senderKey, record } = readHeader(body)
  const { key, nonce } = deriveKeys(salt, senderKey, keys)
  const decipher = createDecipheriv('aes-128-gcm', key, nonce, { authTagLength: tagLength })
  decipher.setAuthTag(record.subarray(-tagLength))
  try {
    return withoutPadding(Buffer.concat([decipher.update(record.subarray(0, -tagLength)), decipher.final()]))
  } catch (error) {
    if (error instanceof Undecryptable) throw error
    throw new Undecryptable('The message was changed, or is encrypted for another subscription.')
  }
}

function readHeader(body: Buffer): { salt: Buffer; senderKey: Buffer; record: Buffer } {
  if (body.length < fixedHeaderLength) throw new Undecryptable('The body is shorter than its header.')
  const recordSize = body.readUInt32BE(saltLength)
  const keyLength = body.readUInt8(fixedHeaderLength - 1)
  if (keyLength !== publicKeyLength)
    throw new Undecryptable(`The sender's key has ${keyLength} octets instead of ${publicKeyLength}.`)
  const record = body.subarray(fixedHeaderLength + keyLength)
  if (record.length <= tagLength) throw new Undecryptable('The record is empty.')
  if (record.length > recordSize) throw new Undecryptable('The body has more than one record.')
  return {
    salt: body.subarray(0, saltLength),
    senderKey: body.subarray(fixedHeaderLength, fixedHeaderLength + keyLength),
    record,
  }
}

function deriveKeys(salt: Buffer, senderKey: Buffer, keys: SubscriptionKeys): { key: Buffer; nonce: Buffer } {
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), Buffer.from(keys.publicKey, 'base64url'), senderKey])
  const input = hkdfSync('sha256', sharedSecret(senderKey, keys), Buffer.from(keys.auth, 'base64url'), info, 32)
  const derive = (purpose: string, length: number) =>
    Buffer.from(hkdfSync('sha256', Buffer.from(input), salt, `Content-Encoding: ${purpose}\0`, length))
  return { key: derive('aes128gcm', 16), nonce: derive('nonce', 12) }
}

function sharedSecret(senderKey: Buffer, { privateKey }: SubscriptionKeys): Buffer {
  const pair = createECDH(curve)
  pair.setPrivateKey(privateKey, 'base64url')
  try {
    return pair.computeSecret(senderKey)
  } catch {
    throw new Undecryptable("The sender's key is not a point on P-256.")
  }
}

/** Content, the delimiter 2 of a last record, and zeros (RFC 8188, section 2). */
function withoutPadding(record: Buffer): Buffer {
  let end = record.length - 1
  while (end >= 0 && record[end] === 0) end -= 1
  if (record[end] !== 2) throw new Undecryptable('The record does not end as the last record of a message must.')
  return record.subarray(0, end)
}
