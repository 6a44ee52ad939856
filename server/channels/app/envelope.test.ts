import { randomBytes, randomUUID } from 'node:crypto'
import { CompactEncrypt } from 'jose'
import { describe, expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { type Encryption, encryptCRes, openEnvelope, readEnvelope } from './envelope.ts'

const acsTransID = randomUUID()
const secret = randomBytes(32)
const encryptions: Encryption[] = ['A128CBC-HS256', 'A128GCM']
const bytes = (text: string) => Buffer.from(text, 'latin1')

/** Encrypts as the SDK does, with these header members. */
function close(header: object, key: Uint8Array = secret): Promise<string> {
  return new CompactEncrypt(Buffer.from('{"a":1}'))
    .setProtectedHeader({ alg: 'dir', enc: 'A128CBC-HS256', kid: acsTransID, ...header })
    .encrypt(key)
}

/** A JWE with this header; its other parts are arbitrary. */
const withHeader = (header: object | string) =>
  `${Buffer.from(typeof header === 'string' ? header : JSON.stringify(header)).toString('base64url')}..AAAA.AAAA.AAAA`

const good = { alg: 'dir', enc: 'A128GCM', kid: acsTransID }

describe.each(encryptions)('%s', enc => {
  const key = enc === 'A128GCM' ? secret.subarray(0, 16) : secret
  test('decrypts what the SDK encrypted, byte for byte', async () => {
    const jwe = await close({ enc }, key)
    expect(readEnvelope(bytes(`${jwe}\n`))).toMatchObject({ kind: 'jwe', acsTransID, encryption: enc })
    expect(Buffer.from((await openEnvelope(jwe, enc, secret)) ?? '').toString()).toBe('{"a":1}')
  })

  test('detects any changed bit', async () => {
    const jwe = await close({ enc }, key)
    for (const part of [2, 3, 4]) {
      const parts = jwe.split('.')
      const changed = Buffer.from(parts[part] ?? '', 'base64url')
      changed.writeUInt8(changed.readUInt8(0) ^ 1)
      parts[part] = changed.toString('base64url')
      expect(await openEnvelope(parts.join('.'), enc, secret)).toBeUndefined()
    }
  })

  test('does not decrypt with another transaction’s key', async () => {
    expect(await openEnvelope(await close({ enc }, key), enc, randomBytes(32))).toBeUndefined()
  })

  test('decrypts only with the encryption in the header', async () => {
    const other = encryptions.find(each => each !== enc) ?? enc
    expect(await openEnvelope(await close({ enc }, key), other, secret)).toBeUndefined()
  })
})

test('with A128GCM our own answer sent back to us does not decrypt: each direction has its half of the key', async () => {
  const jwe = await encryptCRes({ acsCounterAtoS: '000' }, acsTransID, 'A128GCM', secret)
  expect(readEnvelope(bytes(jwe))).toMatchObject({ kind: 'jwe', acsTransID })
  expect(await openEnvelope(jwe, 'A128GCM', secret)).toBeUndefined()
})

test('with A128GCM the initialization vector is the counter, with A128CBC-HS256 it is random', async () => {
  const vectorOf = async (counter: string, encryption: Encryption) => {
    const jwe = await encryptCRes({ acsCounterAtoS: counter }, acsTransID, encryption, secret)
    return Buffer.from(jwe.split('.')[2] ?? '', 'base64url').toString('hex')
  }
  expect(await vectorOf('000', 'A128GCM')).toBe('ffffffffffffffffffffff00')
  expect(await vectorOf('255', 'A128GCM')).toBe('ffffffffffffffffffffffff')
  await expect(vectorOf('256', 'A128GCM')).rejects.toThrow(RangeError)
  const random = await Promise.all(['000', '000'].map(counter => vectorOf(counter, 'A128CBC-HS256')))
  expect(new Set(random.map(({ length }) => length))).toEqual(new Set([32]))
  expect(random[0]).not.toBe(random[1])
})

test('a header with another algorithm, compression or a critical member is refused before decryption', () => {
  for (const header of [
    { ...good, alg: 'none' },
    { ...good, alg: 'ECDH-ES', epk: { kty: 'EC' } },
    { ...good, alg: 'A128KW' },
    { ...good, alg: 'RSA1_5' },
    { ...good, alg: 'PBES2-HS256+A128KW', p2c: 1e9, p2s: 'AA' },
    { ...good, enc: 'A256GCM' },
    { ...good, enc: 'none' },
    { ...good, enc: ['A128GCM'] },
    { ...good, alg: undefined },
    { ...good, enc: undefined },
    { ...good, zip: 'DEF' },
    { ...good, crit: ['exp'], exp: 1 },
    { ...good, b64: false },
    `{"alg":"none","alg":"dir","enc":"A128GCM","kid":"${acsTransID}"}`,
  ]) {
    expect(readEnvelope(bytes(withHeader(header))), JSON.stringify(header)).toEqual({ kind: 'undecryptable' })
  }
})

test('a kid that is not a transaction’s id identifies no challenge', () => {
  for (const kid of [
    undefined,
    null,
    7,
    '',
    'x',
    `${acsTransID} `,
    `${acsTransID}' or true --`,
    '../../etc',
    [acsTransID],
  ]) {
    expect(readEnvelope(bytes(withHeader({ ...good, kid })))).toEqual({ kind: 'nobody' })
  }
})

test('a body that is not a JWE is unreadable', async () => {
  const jwe = await close({})
  for (const body of [
    '',
    '.',
    '....',
    'x',
    jwe.slice(0, -30).replace(/\.[^.]*$/, ''),
    `${jwe}.AAAA`,
    '{"protected":"e30"}',
  ]) {
    expect(readEnvelope(bytes(body)), body.slice(0, 40)).toEqual({ kind: 'unreadable' })
  }
  // An encrypted key in the place that `dir` leaves empty.
  expect(readEnvelope(bytes(jwe.replace('..', '.AAAA.')))).toEqual({ kind: 'unreadable' })
})

test('reading arbitrary bytes never throws', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), body => readEnvelope(body).kind !== 'jwe'))
  fc.assert(fc.property(fc.json(), header => typeof readEnvelope(bytes(withHeader(header))).kind === 'string'))
})

test('decrypting an arbitrary well-formed envelope never throws', async () => {
  const part = fc.base64String({ minLength: 4, maxLength: 80 }).map(text => text.replace(/[+/=]/g, 'A'))
  await fc.assert(
    fc.asyncProperty(part, part, part, async (iv, text, hmac) => {
      const jwe = `${withHeader(good).split('.')[0]}..${iv}.${text}.${hmac}`
      expect(await openEnvelope(jwe, 'A128GCM', secret)).toBeUndefined()
    }),
    { numRuns: 50 },
  )
})
