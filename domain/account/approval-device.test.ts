import { expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { readPairing } from './approval-device.ts'

const publicKey = { kty: 'EC', crv: 'P-256', x: 'x'.repeat(43), y: 'y'.repeat(43) }
const good = {
  code: 'ABCDE-12345',
  name: 'My phone',
  platform: 'Phone OS 1',
  publicKey,
  proof: `a.b.${'c'.repeat(86)}`,
}

test('reads the members of a pairing request and drops unknown ones', () => {
  const read = readPairing({ ...good, name: '  花子のスマホ ', more: 1, publicKey: { ...publicKey, kid: '1' } })
  expect(read).toEqual({ kind: 'pairing', pairing: { ...good, name: '花子のスマホ' } })
})

test.each([
  [{ code: undefined }, 'code'],
  [{ code: 1 }, 'code'],
  [{ code: 'x'.repeat(101) }, 'code'],
  [{ name: '' }, 'name'],
  [{ name: '   ' }, 'name'],
  [{ name: 'a\nb' }, 'name'],
  [{ name: 'a\u202eb' }, 'name'],
  [{ name: 'x'.repeat(61) }, 'name'],
  [{ platform: null }, 'platform'],
  [{ publicKey: undefined }, 'publicKey'],
  [{ publicKey: 'key' }, 'publicKey'],
  [{ publicKey: { ...publicKey, crv: 'P-384' } }, 'publicKey.crv'],
  [{ publicKey: { ...publicKey, kty: 'RSA' } }, 'publicKey.kty'],
  [{ publicKey: { ...publicKey, x: 'short' } }, 'publicKey.x'],
  [{ publicKey: { ...publicKey, y: undefined } }, 'publicKey.y'],
  [{ publicKey: { ...publicKey, d: 'd'.repeat(43) } }, 'publicKey.d'],
  [{ proof: '' }, 'proof'],
  [{ proof: 'a.b' }, 'proof'],
  [{ proof: `a.b.${'c'.repeat(85)}` }, 'proof'],
])('%j is malformed at %s', (change, field) => {
  expect(readPairing({ ...good, ...change })).toEqual({ kind: 'malformed', field })
})

test('reads any input without throwing', () => {
  fc.assert(fc.property(fc.anything(), body => ['pairing', 'malformed'].includes(readPairing(body).kind)))
})
