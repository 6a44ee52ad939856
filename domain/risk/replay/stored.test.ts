import { describe, expect, test } from 'vitest'
import { document, policyOf } from '#domain/risk/policy/testing/policy.ts'
import { judgeStored, type StoredPayment } from './stored.ts'
import { tally } from './tally.ts'

const policy = policyOf(JSON.stringify(document()))
const high = { amount: 60_000, deviceDays: 30 }
const onDevice = { amount: 500, deviceDays: 30, daysSinceContactChange: 1, category: '5732' }
const payment = (change: Partial<StoredPayment>): StoredPayment => ({
  ...{ signals: high, outcome: null, reportedAt: null, proved: [] },
  ...change,
})
const reported = (change: Partial<StoredPayment>) => payment({ reportedAt: 1, ...change })

describe('a stored payment', () => {
  test('is decided by the signals that were known then', () => {
    expect(judgeStored(policy, payment({ signals: { amount: 500, deviceDays: 30 } })).outcome).toBe('frictionless')
    expect(judgeStored(policy, payment({}))).toMatchObject({ outcome: 'challenge', amount: 60_000, fraud: undefined })
    // A signal that this release does not have is not read.
    const later = { ...high, moonPhase: 3 } as StoredPayment['signals']
    expect(judgeStored(policy, payment({ signals: later })).outcome).toBe('challenge')
    expect(judgeStored(policy, payment({ signals: {} })).amount).toBe(0)
  })

  test.each<[string, StoredPayment, string]>([
    ['a genuine one is paid after a challenge', payment({}), 'passed'],
    ['a genuine one is paid after a challenge that failed then', payment({ outcome: 'attempts-spent' }), 'passed'],
    ['a thief who was not asked then is taken for one who cannot answer', reported({}), 'failed'],
    [
      'a thief who passed by code passes by code',
      reported({ outcome: 'authenticated', proved: ['email-code'] }),
      'passed',
    ],
    [
      'but not on a device',
      reported({ signals: onDevice, outcome: 'authenticated', proved: ['email-code'] }),
      'failed',
    ],
    [
      'a thief who had a request approved passes on a device',
      reported({ signals: onDevice, outcome: 'approved', proved: ['push'] }),
      'passed',
    ],
    [
      'a thief who proved a contact and then failed passes nothing',
      reported({ outcome: 'attempts-spent', proved: ['email-code'] }),
      'failed',
    ],
  ])('%s', (_what, stored, result) => {
    expect(judgeStored(policy, stored).result).toBe(result)
  })

  test('counts as fraud if the cardholder reported it, without a pattern', () => {
    const judged = [payment({}), reported({}), reported({ signals: { amount: 1000 } })].map(each =>
      judgeStored(policy, each),
    )
    const { fraud, patterns, genuine } = tally(judged, policy)
    expect(genuine).toBe(1)
    expect(fraud).toMatchObject({ all: { count: 2, value: 61_000 }, stopped: { count: 1, value: 60_000 } })
    expect(patterns).toEqual({})
  })
})
