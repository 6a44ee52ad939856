import { describe, expect, test } from 'vitest'
import { ineligibility } from './eligibility.ts'
import type { EligibilitySignals } from './signals.ts'
import { now, ordinary, rows } from './testing/signals.ts'

const active = { status: 'active', expiresAt: now + 1 } as const
const screens = { code: false, account: false }

describe('a single reason', () => {
  test.each(
    rows<string | undefined>(
      ['nothing', {}, undefined],
      ['a card that is not ours', { card: undefined }, 'card-unknown'],
      ['a stolen card', { card: { ...active, status: 'stolen' } }, 'card-stolen'],
      ['a closed card', { card: { ...active, status: 'closed' } }, 'card-closed'],
      ['a card that expires now', { card: { ...active, expiresAt: now } }, 'card-expired'],
      ['a card in its last millisecond', { card: { ...active, expiresAt: now + 1 } }, undefined],
      ['an app that is not served', { channel: '01' }, 'channel-not-supported'],
      ['an app that is served but can show no screen', { channel: '01', app: screens }, undefined],
      ['data only', { challengeInds: ['06'] }, 'information-only'],
      ['data only among others', { challengeInds: ['03', '06'] }, 'information-only'],
      ['a 3RI request without a kind', { channel: '03' }, '3ri-not-supported'],
      [
        'a 3RI request of an unsupported kind',
        { channel: '03', requestorInitiated: { ind: '13', trustList: true } },
        '3ri-not-supported',
      ],
      ['a recurring payment', { channel: '03', requestorInitiated: { ind: '01', trustList: false } }, undefined],
    ),
  )('$what: $decided', ({ change, decided: outcome }) => {
    expect(ineligibility({ ...ordinary, ...change }, now)).toBe(outcome)
  })
})

describe('several reasons at once', () => {
  const worst: EligibilitySignals = {
    card: { status: 'stolen', expiresAt: now },
    channel: '01',
    challengeInds: ['06'],
  }
  /** Each line removes the reason of the line before; all later reasons still apply. */
  test.each<[outcome: string | undefined, change: Partial<EligibilitySignals>]>([
    ['card-unknown', { card: undefined }],
    ['card-stolen', {}],
    ['card-closed', { card: { status: 'closed', expiresAt: now } }],
    ['card-expired', { card: { status: 'active', expiresAt: now } }],
    ['channel-not-supported', { card: active }],
    ['information-only', { card: active, channel: '03' }],
    ['3ri-not-supported', { card: active, channel: '03', challengeInds: ['04'] }],
    [undefined, { card: active, channel: '02', challengeInds: ['04'] }],
  ])('%s takes precedence over the reasons that follow', (outcome, change) => {
    expect(ineligibility({ ...worst, ...change }, now)).toBe(outcome)
  })
})
