import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { encryptionPurposes, macPurposes, type Purpose, parseKeyRing, purposes } from './key-ring.ts'
import { type Keys, localKeys } from './keys.ts'

const secrets = new Map<string, string>()
/** The same key for the same purpose and id, in every call. */
function secretOf(purpose: Purpose, id: number): string {
  const name = `${purpose}/${id}`
  const secret = secrets.get(name) ?? randomBytes(32).toString('base64')
  secrets.set(name, secret)
  return secret
}

/** Keys with these versions, the one in use first. */
function holding(...ids: number[]): Keys {
  const ring = (purpose: Purpose) => parseKeyRing(ids.map(id => `${id}:${secretOf(purpose, id)}`).join(',')) ?? []
  return localKeys(Object.fromEntries(purposes.map(purpose => [purpose, ring(purpose)])) as never)
}

const keys = holding(1)

test.each(encryptionPurposes)(
  'a value can be decrypted, and is encrypted differently each time (%s)',
  async purpose => {
    const text = '山田 花子 <hanako@cardholder.example>'
    const [one, other] = [await keys.encrypt(purpose, text, 'here'), await keys.encrypt(purpose, text, 'here')]
    expect(one).not.toBe(other)
    expect(one).toMatch(/^1\.1\.[\w-]{16}\.[\w-]+$/)
    expect([await keys.decrypt(purpose, one, 'here'), await keys.decrypt(purpose, other, 'here')]).toEqual([text, text])
  },
)

test('a value decrypts only in its own place: not in another context, purpose or deployment', async () => {
  const encrypted = await keys.encrypt('contact', 'secret', 'one\0email')
  const elsewhere = [
    keys.decrypt('contact', encrypted, 'other\0email'),
    keys.decrypt('contact', encrypted, 'one\0mobile'),
    keys.decrypt('outbox', encrypted, 'one\0email'),
    holding(2).decrypt('contact', encrypted, 'one\0email'),
  ]
  const results = await Promise.allSettled(elsewhere)
  expect(results.map(({ status }) => status)).toEqual(elsewhere.map(() => 'rejected'))
})

test('a value with any character changed, removed or added does not decrypt', async () => {
  const encrypted = await keys.encrypt('contact', 'secret', 'context')
  const flipped = [...encrypted].map(
    (char, index) => encrypted.slice(0, index) + (char === 'A' ? 'B' : 'A') + encrypted.slice(index + 1),
  )
  const cut = Array.from({ length: encrypted.length }, (_, length) => encrypted.slice(0, length))
  // The last character of base64url may contain unused bits.
  const forged = [
    ...flipped.slice(0, -1),
    ...cut,
    `${encrypted}AAAA`,
    encrypted.replace('1.1.', '1.2.'),
    encrypted.replace('1.1.', '2.1.'),
  ]
  const results = await Promise.allSettled(forged.map(value => keys.decrypt('contact', value, 'context')))
  expect(forged.filter((_, index) => results[index]?.status === 'fulfilled')).toEqual([])
})

test('after a change of keys, new values use the new key and old values can still be read', async () => {
  const old = await keys.encrypt('contact', 'secret', 'context')
  const { hmac } = await keys.mac('code', 'data')
  const both = holding(2, 1)
  expect(await both.decrypt('contact', old, 'context')).toBe('secret')
  expect(await both.encrypt('contact', 'secret', 'context')).toMatch(/^1\.2\./)
  expect((await both.mac('code', 'data')).keyId).toBe(2)
  expect(await both.macUnder('code', 1, 'data')).toEqual(hmac)
  expect((await both.macs('code', 'data')).map(({ keyId }) => keyId)).toEqual([2, 1])
  expect(await holding(2).macUnder('code', 1, 'data')).toBeUndefined()
})

test('an hmac is 32 bytes, and differs for each purpose, each key and each range', async () => {
  const data = 'the same'
  const hmacs = await Promise.all([
    ...macPurposes.map(async purpose => (await keys.mac(purpose, data)).hmac),
    holding(2)
      .mac('code', data)
      .then(({ hmac }) => hmac),
    ...['range-37', 'range-34'].map(async range => (await keys.rangeKey(range)).mac(Buffer.from(data))),
  ])
  expect(new Set(hmacs.map(hmac => Buffer.from(hmac).toString('hex'))).size).toBe(hmacs.length)
  expect(hmacs.map(({ length }) => length)).toEqual(hmacs.map(() => 32))
})

test('a range’s key is found by the last four bits of its id', async () => {
  const data = Buffer.from('data')
  const made = await (await holding(17).rangeKey('range')).mac(data)
  expect(await holding(18, 17).rangeMacByNibble('range', 1, data)).toEqual(made)
  expect(await holding(18).rangeMacByNibble('range', 1, data)).toBeUndefined()
})
