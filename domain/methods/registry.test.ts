import { describe, expect, test } from 'vitest'
import { versions } from '#domain/emv/version.ts'
import { availability, methodIds, methods } from './registry.ts'
import { anyCode } from './selection.ts'

const email = { channel: 'email' } as const
const sms = { channel: 'sms' } as const

describe('a method', () => {
  test('has a unique key of at most four characters for apps', () => {
    const keys = methodIds.map(id => methods[id].selectKey)
    expect(new Set(['both', ...keys]).size).toBe(keys.length + 1)
    for (const key of keys) expect(key).toMatch(/^[a-z]{1,4}$/)
  })

  test.each(versions)('has its authenticationMethod and authenticationType in messages of version %s', version => {
    const elements = methodIds.map(id => [id, Object.values(methods[id].emv(version))])
    expect(Object.fromEntries(elements)).toEqual({
      'email-code': ['05', '02'],
      'sms-code': ['02', '02'],
      push: [version === '2.1.0' ? '09' : '11', '03'],
      account: ['08', '03'],
      passkey: [version === '2.3.1' ? '13' : '10', '02'],
      registration: ['06', '01'],
    })
  })

  test.each([
    [
      'both contacts may receive a code',
      { kind: 'to', contacts: [email, sms] },
      undefined,
      [...anyCode, 'push', 'account', 'passkey'],
    ],
    [
      'one contact may receive a code',
      { kind: 'to', contacts: [email] },
      undefined,
      ['email-code', 'push', 'account', 'passkey'],
    ],
    ['the account is restricted', { kind: 'to', contacts: [sms] }, 'report-open', ['sms-code', 'passkey']],
    [
      'no contact may receive a code because the account is restricted',
      { kind: 'report-open' },
      'report-open',
      ['passkey'],
    ],
    ['there is no contact', { kind: 'no-contact' }, undefined, ['push', 'account', 'passkey', 'registration']],
    ['there is no contact while a report is open', { kind: 'no-contact' }, 'report-open', ['passkey']],
  ] as const)('is available where %s', (_what, recipients, restriction, expected) => {
    const isAvailable = methodIds.filter(id => methods[id].available({ recipients, restriction }).kind === 'available')
    expect(isAvailable).toEqual(expected)
  })
})

test.each([
  ['both contacts may receive a code', { kind: 'to', contacts: [email, sms] }, undefined, ['push', 'passkey']],
  ['there is no contact', { kind: 'no-contact' }, undefined, ['push', 'passkey']],
  ['the account is restricted', { kind: 'to', contacts: [sms] }, 'report-open', ['passkey']],
] as const)(
  'only what signs is available where only a device may confirm, and %s',
  (_what, recipients, restriction, expected) => {
    const offered = (onDevice: boolean) =>
      methodIds.filter(id => availability(id, { recipients, restriction, onDevice }).kind === 'available')
    expect(offered(true)).toEqual(expected)
    expect(offered(false)).toEqual(expect.arrayContaining([...expected]))
    expect(availability('email-code', { recipients, restriction, onDevice: true })).toEqual({
      kind: 'unavailable',
      reason: 'not-on-device',
    })
  },
)

test('a device is not available where requests on devices are limited', () => {
  const facts = { recipients: { kind: 'no-contact' }, restriction: undefined } as const
  expect(methods.push.available({ ...facts, pushes: 'permitted' }).kind).toBe('available')
  expect(methods.push.available({ ...facts, pushes: 'limited' })).toEqual({ kind: 'unavailable', reason: 'limited' })
})

describe.each(anyCode)('%s', id => {
  const method = methods[id]
  const proof = { attempts: 1, expiresAt: 1000 }
  const on = (kind: 'match' | 'other', now: number, attempts = 1) =>
    method.on({ ...proof, attempts }, { kind: 'compared', compared: { kind } }, now)

  test('is proved by its code, to the last millisecond and the last attempt', () => {
    for (const attempts of [1, 5])
      expect(on('match', 999, attempts)).toEqual({ kind: 'proved', outcome: 'authenticated' })
    expect(on('match', 1000)).toEqual({ kind: 'retry', notice: 'code-expired', attempt: 'spent' })
    expect(on('match', 999, 6)).toEqual({ kind: 'failed', outcome: 'attempts-spent', wrong: false })
  })

  test('fails with the fifth wrong code, and each wrong code counts against the card', () => {
    expect(on('other', 0, 4)).toEqual({ kind: 'retry', notice: 'code-wrong', attempt: 'wrong' })
    expect(on('other', 0, 5)).toEqual({ kind: 'failed', outcome: 'attempts-spent', wrong: true })
  })

  test('is not proved by an out-of-band approval', () => {
    expect(method.on(proof, { kind: 'approved' }, 0).kind).toBe('retry')
  })

  test('expires after ten minutes, or earlier with its page', () => {
    expect(method.begin(0, 3_600_000)).toEqual({ expiresAt: 600_000 })
    expect(method.begin(0, 60_000)).toEqual({ expiresAt: 60_000 })
  })
})

test.each(['push', 'account'] as const)('%s is proved only by an approval, and fails when it is declined', id => {
  const on = (kind: 'approved' | 'declined' | 'missed' | 'late') =>
    methods[id].on({ attempts: 0, expiresAt: undefined }, { kind }, 0)
  expect(on('approved')).toEqual({ kind: 'proved', outcome: 'approved' })
  expect(on('declined')).toEqual({ kind: 'failed', outcome: 'declined', wrong: false })
  for (const kind of ['missed', 'late'] as const) expect(on(kind)).toMatchObject({ kind: 'retry', attempt: 'none' })
})
