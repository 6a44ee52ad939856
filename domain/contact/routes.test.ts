import { describe, expect, test } from 'vitest'
import { contactPolicy } from './policy.ts'
import { routesFor } from './routes.ts'

const now = Date.UTC(2026, 5, 1)
const email = { channel: 'email', to: 'h@x.example', effectiveAt: 0, byCardholder: false } as const
const mobile = { channel: 'sms', to: '+819012345678', effectiveAt: 0, byCardholder: false } as const
const channels = (...given: Parameters<typeof routesFor>) => routesFor(...given).map(({ channel }) => channel)

describe('a payment’s code goes', () => {
  test('to both contacts', () => {
    expect(channels([email, mobile], false, now)).toEqual(['email', 'sms'])
  })

  test('to the mobile number alone after a report', () => {
    expect(channels([email, mobile], true, now)).toEqual(['sms'])
  })

  test('to the mobile number alone for a day after the cardholder changed the address, to the millisecond', () => {
    const changed = { ...email, effectiveAt: now - contactPolicy.newEmailWatched, byCardholder: true }
    expect(channels([changed, mobile], false, now)).toEqual(['email', 'sms'])
    expect(channels([{ ...changed, effectiveAt: changed.effectiveAt + 1 }, mobile], false, now)).toEqual(['sms'])
    expect(channels([{ ...changed, effectiveAt: now, byCardholder: false }, mobile], false, now)).toEqual([
      'email',
      'sms',
    ])
  })

  test('to the address all the same where there is no number', () => {
    expect(channels([email], true, now)).toEqual(['email'])
  })
})
