import { createCipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { decrypt, newSubscriptionKeys, Undecryptable } from './encryption.ts'

// RFC 8291, appendix A.
const published = {
  keys: {
    privateKey: 'q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94',
    publicKey: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
    auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  },
  body: Buffer.from(
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
    'base64url',
  ),
}

test('decrypts the example of RFC 8291', () => {
  expect(decrypt(published.body, published.keys).toString()).toBe('When I grow up, I want to be a watermelon')
})

test('refuses a message that is encrypted for another subscription', () => {
  expect(() => decrypt(published.body, newSubscriptionKeys())).toThrow(Undecryptable)
  expect(() => decrypt(published.body, { ...published.keys, auth: newSubscriptionKeys().auth })).toThrow(Undecryptable)
})

test('refuses a message with any octet changed or cut off', () => {
  for (let i = 0; i < published.body.length; i++) {
    const changed = Buffer.from(published.body)
    changed.writeUInt8(changed.readUInt8(i) ^ 1, i)
    // The record size may be any that holds the record (RFC 8188, section 2.1).
    const harmless = i >= 16 && i < 20
    if (!harmless) expect(() => decrypt(changed, published.keys), `octet ${i}`).toThrow(Undecryptable)
    expect(() => decrypt(published.body.subarray(0, i), published.keys), `${i} octets`).toThrow(Undecryptable)
  }
})

test.each([
  ['a record without a delimiter', Buffer.from([0, 0]), 'does not end'],
  ['a record that announces another one', Buffer.from('hello\u0001'), 'does not end'],
])('refuses %s', (_, record, reason) => {
  const keys = newSubscriptionKeys()
  expect(() => decrypt(encrypted(record, keys.publicKey, keys.auth), keys)).toThrow(reason)
})

test('removes padding, and keeps zeros that belong to the content', () => {
  const keys = newSubscriptionKeys()
  const content = Buffer.from([1, 2, 0, 0])
  const record = Buffer.concat([content, Buffer.from([2, 0, 0, 0])])
  expect(decrypt(encrypted(record, keys.publicKey, keys.auth), keys)).toEqual(content)
})

/** A message whose only record is `record`, delimiter and padding included. */
function encrypted(record: Buffer, publicKey: string, auth: string): Buffer {
  const sender = createECDH('prime256v1')
  const senderKey = sender.generateKeys()
  const receiverKey = Buffer.from(publicKey, 'base64url')
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), receiverKey, senderKey])
  const secret = sender.computeSecret(receiverKey)
  const input = Buffer.from(hkdfSync('sha256', secret, Buffer.from(auth, 'base64url'), info, 32))
  const salt = randomBytes(16)
  const derive = (purpose: string, length: number) =>
    Buffer.from(hkdfSync('sha256', input, salt, `Content-Encoding: ${purpose}\0`, length))
  const cipher = createCipheriv('aes-128-gcm', derive('aes128gcm', 16), derive('nonce', 12))
  const encryptedRecord = Buffer.concat([cipher.update(record), cipher.final(), cipher.getAuthTag()])
  return Buffer.concat([salt, Buffer.from([0, 0, 16, 0, senderKey.length]), senderKey, encryptedRecord])
}
