import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import {
  type AuthenticationFacts,
  type MacByNibble,
  makeAuthenticationValue,
  type RangeKey,
  verifyAuthenticationValue,
} from './authentication-value.ts'

const macOf = (nibble: number, data: Uint8Array): Uint8Array =>
  createHmac('sha256', `test key of range ${nibble}`).update(data).digest()
const keyOf = (id: number): RangeKey => ({ id, mac: async data => macOf(id % 16, data) })
const keysHeld: MacByNibble = async (nibble, data) => macOf(nibble, data)
const sameBytes = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0

/** The HMAC of a card number, 32 bytes. */
const cardHmac = Uint8Array.from({ length: 32 }, (_, index) => index)

const facts: AuthenticationFacts = {
  outcome: 'challenge',
  card: cardHmac,
  at: Date.UTC(2026, 10, 22, 6, 15, 0),
  purchase: { amount: '12800', currency: '392', merchantID: '9876543210' },
}
const made = await makeAuthenticationValue(facts, keyOf(1))
const verify = (value: string, claimed: Pick<AuthenticationFacts, 'card' | 'purchase'> = facts, mac = keysHeld) =>
  verifyAuthenticationValue(value, claimed, mac, sameBytes)

const digitString = (min: number, max: number) =>
  fc.array(fc.constantFrom(...'0123456789'), { minLength: min, maxLength: max }).map(digits => digits.join(''))
const anyFacts: fc.Arbitrary<AuthenticationFacts> = fc.record({
  outcome: fc.constantFrom('challenge', 'frictionless', 'attempt'),
  card: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  at: fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2100, 0, 1) }),
  purchase: fc.record({
    amount: digitString(1, 48),
    currency: digitString(3, 3),
    merchantID: fc.string({ minLength: 1 }),
  }),
})

describe('a value that we made', () => {
  test('is 28 characters of base64 for any purchase', async () => {
    await fc.assert(
      fc.asyncProperty(anyFacts, fc.nat(300), async (any, id) => {
        expect(await makeAuthenticationValue(any, keyOf(id))).toMatch(/^[A-Za-z0-9+/]{27}=$/)
      }),
    )
  })

  test('is valid for its card and purchase, with its outcome and the time to the second', async () => {
    await fc.assert(
      fc.asyncProperty(anyFacts, fc.nat(300), async (any, id) => {
        const at = Math.floor(any.at / 1000) * 1000
        expect(await verify(await makeAuthenticationValue(any, keyOf(id)), any)).toEqual({
          kind: 'valid',
          outcome: any.outcome,
          at,
        })
      }),
    )
  })

  // Computed independently of this code with Python's hmac and struct, from the documented layout.
  test.each([
    { value: 'ERAM9qdkgcpUnJQbLd/zhXCbPvE=', key: 1, of: facts },
    {
      value: 'EiAM9qdkzw4RM7pDajHvAm7O8hE=',
      key: 18,
      of: { ...facts, outcome: 'frictionless', purchase: { amount: '0', currency: '840', merchantID: 'SHOP-1' } },
    },
    {
      value: 'HzAAAAAAmmrqFD4zkr0FJAihNWc=',
      key: 15,
      of: {
        outcome: 'attempt',
        card: new Uint8Array(32).fill(0xff),
        at: Date.UTC(2020, 0, 1),
        purchase: { amount: '999999999999', currency: '978', merchantID: '加盟店' },
      },
    },
  ] as const)('is the same for ever: $value', async ({ value, key, of }) => {
    expect(await makeAuthenticationValue(of, keyOf(key))).toBe(value)
  })

  test.each(['12800', '012800', '000000012800'])(
    'is valid for the amount with any number of leading zeros: %s',
    async amount => {
      const purchase = { ...facts.purchase, amount }
      expect(await makeAuthenticationValue({ ...facts, purchase }, keyOf(1))).toBe(made)
      expect(await verify(made, { ...facts, purchase })).toMatchObject({ kind: 'valid' })
    },
  )

  test('is valid for amount 0 written as 000, but not for 1', async () => {
    const free = await makeAuthenticationValue({ ...facts, purchase: { ...facts.purchase, amount: '0' } }, keyOf(1))
    const kinds = ['0', '000', '1'].map(
      async amount => (await verify(free, { ...facts, purchase: { ...facts.purchase, amount } })).kind,
    )
    expect(await Promise.all(kinds)).toEqual(['valid', 'valid', 'other-purchase'])
  })

  test('ignores blanks around the merchant id', async () => {
    const purchase = { ...facts.purchase, merchantID: ' 9876543210    ' }
    expect(await verify(made, { ...facts, purchase })).toMatchObject({ kind: 'valid' })
  })
})

describe('a value', () => {
  test.each([
    { what: 'another amount', change: { amount: '12801' } },
    { what: 'ten times the amount', change: { amount: '128000' } },
    { what: 'another currency', change: { currency: '840' } },
    { what: 'another merchant', change: { merchantID: '9876543211' } },
    { what: 'amount and currency shifted', change: { amount: '1280', currency: '0392' } },
  ])('verified for $what is not valid, but distinguished from a forged one', async ({ change }) => {
    expect(await verify(made, { ...facts, purchase: { ...facts.purchase, ...change } })).toEqual({
      kind: 'other-purchase',
      outcome: 'challenge',
      at: facts.at,
    })
  })

  test('verified for another card is invalid', async () => {
    const others = [cardHmac.with(31, 0), cardHmac.with(0, 1), cardHmac.subarray(0, 31), new Uint8Array(0)]
    const verdicts = others.map(card => verify(made, { ...facts, card }))
    expect(await Promise.all(verdicts)).toEqual(others.map(() => ({ kind: 'invalid' })))
  })

  test('verified with a missing or a different key is invalid', async () => {
    expect(await verify(made, facts, async () => undefined)).toEqual({ kind: 'invalid' })
    expect(await verify(made, facts, async (_, data) => macOf(2, data))).toEqual({ kind: 'invalid' })
  })

  test('with any one bit flipped is invalid, or for another purchase if the bit is in the purchase HMAC', async () => {
    const bytes = Buffer.from(made, 'base64')
    const turned = Array.from({ length: 160 }, (_, bit) => {
      const copy = Buffer.from(bytes)
      copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      return copy.toString('base64')
    })
    const verdicts = await Promise.all(turned.map(async value => (await verify(value)).kind))
    expect(verdicts).toEqual(turned.map((_, bit) => (bit < 14 * 8 ? 'invalid' : 'other-purchase')))
  })

  test('in another encoding is invalid, even if the bytes are the same', async () => {
    const sameBytesAgain = `${made.slice(0, 26)}${String.fromCharCode(made.charCodeAt(26) + 1)}=`
    const respelt = [sameBytesAgain, made.replace('=', ''), `${made}\n`, ` ${made}`, made.replace('/', '_')]
    const bytes = (value: string) => Buffer.from(value, 'base64').toString('hex')
    expect(bytes(sameBytesAgain)).toBe(bytes(made))
    const verdicts = respelt.map(async value => (await verify(value)).kind)
    expect(await Promise.all(verdicts)).toEqual(respelt.map(() => 'invalid'))
  })

  test('that we did not make is invalid', async () => {
    const anything = fc.oneof(fc.string(), fc.base64String({ minLength: 28, maxLength: 28 }))
    await fc.assert(
      fc.asyncProperty(anything, async value => {
        expect(await verify(value)).toEqual({ kind: 'invalid' })
      }),
    )
  })
})
