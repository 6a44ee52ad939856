import { describe, expect, test } from 'vitest'
import { type Identity, identityFrom, strongSince } from './identity.ts'
import { accountPolicy } from './policy.ts'

const settings = { issuer: 'https://login.example', cardholderClaim: 'cardholder_id' }
const claims = { iss: 'https://login.example', sub: 'u-1', iat: 1_000_000, auth_time: 999_990, cardholder_id: 'C-1001' }
const any = { strongAcr: [], strongAmr: [] }
const identity = (changes: Partial<Identity> = {}): Identity => ({
  ...{ issuer: settings.issuer, subject: 'u-1', cardholderRef: 'C-1001', age: 10_000, acr: undefined, amr: [] },
  ...changes,
})

describe('an ID token', () => {
  test('identifies a cardholder by issuer, subject and the issuer’s own id, never by e-mail address', () => {
    expect(identityFrom({ ...claims, email: 'hanako@cardholder.example' }, settings)).toEqual(identity())
  })

  test.each([
    ['another issuer', { iss: 'https://other.example' }],
    ['no subject', { sub: undefined }],
    ['an empty subject', { sub: '' }],
    ['a subject without end', { sub: 'x'.repeat(256) }],
    ['a subject that cannot be stored', { sub: 'u\0' }],
    ['half a character in its subject', { sub: 'u\ud800' }],
  ])('with %s identifies no cardholder', (_, changes) => {
    expect(identityFrom({ ...claims, ...changes }, settings)).toBeUndefined()
  })

  test.each([undefined, 7, '', 'x y', 'x'.repeat(65), ['C-1001']])('with %j for a cardholder id has none', carried => {
    expect(identityFrom({ ...claims, cardholder_id: carried }, settings)?.cardholderRef).toBeUndefined()
  })
})

describe('a session at the identity provider', () => {
  test('is strong for five minutes from the moment of signing in there, not from ours', () => {
    expect(strongSince(identity(), any, 100_000)).toBe(90_000)
    expect(strongSince(identity({ age: accountPolicy.freshFor - 1000 }), any, 400_000)).toBe(101_000)
    expect(strongSince(identity({ age: accountPolicy.freshFor }), any, 400_000)).toBeUndefined()
  })

  test('that does not say when it began, or says so of the future, is not strong', () => {
    expect(strongSince(identity({ age: undefined }), any, 400_000)).toBeUndefined()
    expect(strongSince(identity({ age: -1000 }), any, 400_000)).toBeUndefined()
  })

  test('is strong by the acr and amr that the issuer names, and by no other', () => {
    const wanted = { strongAcr: ['loa2', 'loa3'], strongAmr: ['otp', 'hwk'] }
    expect(strongSince(identity({ acr: 'loa3', amr: ['pwd', 'otp'] }), wanted, 100_000)).toBe(90_000)
    expect(strongSince(identity({ acr: 'loa1', amr: ['otp'] }), wanted, 100_000)).toBeUndefined()
    expect(strongSince(identity({ acr: 'loa2', amr: ['pwd'] }), wanted, 100_000)).toBeUndefined()
    expect(strongSince(identity(), wanted, 100_000)).toBeUndefined()
  })
})
