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
  test('identifies a cardholder by issuer, subject and cardholder id, never by e-mail address', () => {
    expect(identityFrom({ ...claims, email: 'hanako@cardholder.example' }, settings)).toEqual(identity())
  })

  test.each([
    ['another issuer', { iss: 'https://other.example' }],
    ['no subject', { sub: undefined }],
    ['an empty subject', { sub: '' }],
    ['a subject that is too long', { sub: 'x'.repeat(256) }],
    ['a subject that cannot be stored', { sub: 'u\0' }],
    ['a lone surrogate in its subject', { sub: 'u\ud800' }],
  ])('with %s identifies no cardholder', (_, changes) => {
    expect(identityFrom({ ...claims, ...changes }, settings)).toBeUndefined()
  })

  test.each([undefined, 7, '', 'x y', 'x'.repeat(65), ['C-1001']])(
    'with %j as the cardholder id yields no cardholder id',
    carried => {
      expect(identityFrom({ ...claims, cardholder_id: carried }, settings)?.cardholderRef).toBeUndefined()
    },
  )
})

describe('a session at the identity provider', () => {
  test('is strong for five minutes from the sign-in at the identity provider, not from ours', () => {
    expect(strongSince(identity(), any, 100_000)).toBe(90_000)
    expect(strongSince(identity({ age: accountPolicy.freshFor - 1000 }), any, 400_000)).toBe(101_000)
    expect(strongSince(identity({ age: accountPolicy.freshFor }), any, 400_000)).toBeUndefined()
  })

  test('without a time of authentication, or with one in the future, is not strong', () => {
    expect(strongSince(identity({ age: undefined }), any, 400_000)).toBeUndefined()
    expect(strongSince(identity({ age: -1000 }), any, 400_000)).toBeUndefined()
  })

  test('is strong only with an acr and amr that the issuer configured', () => {
    const wanted = { strongAcr: ['loa2', 'loa3'], strongAmr: ['otp', 'hwk'] }
    expect(strongSince(identity({ acr: 'loa3', amr: ['pwd', 'otp'] }), wanted, 100_000)).toBe(90_000)
    expect(strongSince(identity({ acr: 'loa1', amr: ['otp'] }), wanted, 100_000)).toBeUndefined()
    expect(strongSince(identity({ acr: 'loa2', amr: ['pwd'] }), wanted, 100_000)).toBeUndefined()
    expect(strongSince(identity(), wanted, 100_000)).toBeUndefined()
  })
})
