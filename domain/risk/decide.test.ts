import { describe, expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { decide } from './decide.ts'
import { policyOutcomes } from './policy/policy.ts'
import type { Decision } from './protocol-outcome.ts'
import type { Signals } from './signals.ts'
import {
  type Answers,
  anyAnswers,
  anySignals,
  lazySignals,
  now,
  ordinary,
  policySays,
  rows,
} from './testing/signals.ts'

function inWords(decision: Decision): string {
  if (decision.kind === 'conclude') return decision.outcome
  if (decision.kind === 'decoupled') return `decoupled (${decision.rule})`
  const how = [decision.mandated && 'mandated', decision.onDevice && 'on a device'].filter(Boolean)
  return `challenge (${[decision.rule, ...how].join(', ')})`
}

const card = { status: 'active', expiresAt: now + 1 } as const
const may = { offered: 'when-needed', enoughTime: true } as const

describe('the order of eligibility, risk, reach and protocol outcome', () => {
  const worst: Signals = {
    ...ordinary,
    card,
    channel: '03',
    challengeInds: ['04'],
    amount: 30_001n,
    hasContact: false,
  }
  const browser: Signals = { ...worst, channel: '02' }
  /** Each line removes the reason that decided the line before; all later reasons still apply. */
  test.each<[decision: string, signals: Signals]>([
    ['card-unknown', { ...worst, card: undefined }],
    ['3ri-not-supported', worst],
    ['cardholder-needed', { ...worst, requestorInitiated: { ind: '01', trustList: false } }],
    ['no-contact', browser],
    ['challenge (amount, mandated)', { ...browser, hasContact: true }],
    ['challenge (requestor-asked)', { ...browser, hasContact: true, amount: 1n }],
    ['frictionless', { ...browser, hasContact: true, amount: 1n, challengeInds: [] }],
  ])('%s', async (decision, signals) => {
    expect(inWords(await decide(signals, lazySignals().lazy, now))).toBe(decision)
  })

  test.each(
    rows<string>(
      ['no contact, and no challenge needed', { hasContact: false }, 'frictionless'],
      [
        'an app that shows nothing, and no challenge needed',
        { channel: '01', app: { code: false, account: false } },
        'frictionless',
      ],
      ['no challenge wanted, and no challenge needed', { challengeInds: ['02'], decoupled: may }, 'frictionless'],
      [
        'the cardholder confirmed it in the merchant’s page, whatever the rules say',
        { spc: 'given', amount: 30_001n, challengeInds: ['04'], device: 'differs' },
        'authenticated',
      ],
      [
        'the same with a stolen card',
        { spc: 'given', card: { ...ordinary.card, status: 'stolen' } as never },
        'card-stolen',
      ],
      ['an assertion that is not valid, for a small amount', { spc: 'failed' }, 'challenge (not-confirmed, mandated)'],
      ['data only above the limit', { challengeInds: ['06'], amount: 30_001n }, 'information-only'],
      ['data only in a browser that differs', { challengeInds: ['06'], device: 'differs' }, 'information-only'],
      ['data only while restricted', { challengeInds: ['06'], larger: true, restricted: true }, 'information-only'],
      [
        'a larger purchase while restricted, with only a mailbox, decoupled authentication permitted',
        { larger: true, restricted: true, codeRefused: 'email-recently-changed', decoupled: may },
        'decoupled (restricted)',
      ],
      [
        'a larger purchase after a report that left no contact, in a range with attempts',
        {
          larger: true,
          restricted: true,
          codeRefused: 'report-open',
          hasContact: false,
          amount: 30_001n,
          attempts: true,
        },
        'report-open',
      ],
    ),
  )('$what: $decided', async ({ change, decided: decision }) => {
    const { lazy } = lazySignals({ merchantTrusted: true, canApproveInAccount: true })
    expect(inWords(await decide({ ...ordinary, ...change }, lazy, now))).toBe(decision)
  })
})

describe('a risk policy', () => {
  const [asks, device, refuses] = (['challenge', 'challenge-on-device', 'refuse'] as const).map(policySays)
  test.each(
    rows<string>(
      ['asks for a payment that passes otherwise', { policy: asks }, 'challenge (policy, mandated)'],
      ['asks for a device', { policy: device }, 'challenge (policy, mandated, on a device)'],
      ['refuses', { policy: refuses }, 'suspected'],
      ['refuses what the cardholder confirmed in the merchant’s page', { policy: refuses, spc: 'given' }, 'suspected'],
      ['asks for no more than that', { policy: device, spc: 'given' }, 'authenticated'],
      ['says nothing of a stolen card', { policy: refuses, card: { ...card, status: 'stolen' } }, 'card-stolen'],
      ['says nothing of data only', { policy: refuses, challengeInds: ['06'] }, 'information-only'],
      [
        'says nothing of a payment without the cardholder (3RI)',
        { policy: refuses, channel: '03', requestorInitiated: { ind: '01', trustList: false } },
        'frictionless',
      ],
      [
        'keeps the cardholder from the account, where a code may confirm',
        { policy: device, decoupled: { offered: 'preferred', enoughTime: true } },
        'challenge (policy, mandated, on a device)',
      ],
      [
        'never leads to an attempt, for which the issuer is liable',
        { policy: asks, hasContact: false, attempts: true },
        'no-contact',
      ],
    ),
  )('$what: $decided', async ({ change, decided: decision }) => {
    const { lazy } = lazySignals({ canConfirmOnDevice: true, canApproveInAccount: true })
    expect(inWords(await decide({ ...ordinary, ...change }, lazy, now))).toBe(decision)
  })

  test('that needs a device, of a cardholder who has none: device-needed', async () => {
    const { lazy } = lazySignals({ canApproveInAccount: true })
    expect(inWords(await decide({ ...ordinary, policy: device }, lazy, now))).toBe('device-needed')
  })
})

test('an ordinary purchase reads no signal that costs a query', async () => {
  const { lazy, read } = lazySignals()
  expect(await decide(ordinary, lazy, now)).toEqual({ kind: 'conclude', outcome: 'frictionless', rule: 'low-risk' })
  expect(read).toEqual([])
})

describe('for any signals', () => {
  const always = (promise: (signals: Signals, decision: Decision, read: readonly string[], answers: Answers) => void) =>
    fc.assert(
      fc.asyncProperty(anySignals, anyAnswers, async (signals, answers) => {
        const { lazy, read } = lazySignals(answers)
        promise(signals, await decide(signals, lazy, now), read, answers)
      }),
      { numRuns: 5000 },
    )

  test('no signal that costs a query is read twice, or read at all for an ineligible request', async () => {
    await always((_signals, decision, read) => {
      expect(new Set(read).size).toBe(read.length)
      if (decision.kind === 'conclude' && !decision.rule) expect(read).toEqual([])
    })
  })

  test('only a valid card is frictionless, challenged or attempted', async () => {
    await always(({ card: of }, decision) => {
      if (decision.kind === 'conclude' && !['frictionless', 'attempted'].includes(decision.outcome)) return
      expect(of).toMatchObject({ status: 'active' })
      expect(of?.expiresAt).toBeGreaterThan(now)
    })
  })

  test('attempted is answered only for a range that opted in and a cardholder without a contact, never for a browser that differs', async () => {
    await always((signals, decision, _read, answers) => {
      if (decision.kind !== 'conclude' || decision.outcome !== 'attempted') return
      expect(signals).toMatchObject({ attempts: true, hasContact: false, codeRefused: undefined })
      if (signals.channel === '02') expect(answers.registration).toBe('not-offered')
      expect(signals.device).not.toBe('differs')
      expect(signals.channel).not.toBe('03')
    })
  })

  /** From the mildest answer to the strictest. */
  function strictness(decision: Decision): number {
    if (decision.kind !== 'conclude') return decision.kind === 'challenge' && decision.onDevice ? 2 : 1
    return ['frictionless', 'attempted', 'authenticated', 'information-only'].includes(decision.outcome) ? 0 : 3
  }

  test('a stricter policy never makes the answer milder, and none makes it milder than without a policy', async () => {
    await fc.assert(
      fc.asyncProperty(anySignals, anyAnswers, async (signals, answers) => {
        const by = async (policy: Signals['policy']) =>
          strictness(await decide({ ...signals, policy }, lazySignals(answers).lazy, now))
        const rising = [await by(undefined)]
        for (const outcome of policyOutcomes) rising.push(await by(policySays(outcome)))
        expect(rising).toEqual([...rising].sort())
        // What a policy lets pass is decided as without it.
        expect(rising[1]).toBe(rising[0])
      }),
      { numRuns: 3000 },
    )
  })

  test('only a policy restricts a challenge to devices, and then there is one', async () => {
    await always((signals, decision, _read, answers) => {
      if (decision.kind !== 'challenge') return
      expect(decision.onDevice === true).toBe(signals.policy?.outcome === 'challenge-on-device')
      if (decision.onDevice) expect(answers.canConfirmOnDevice).toBe(true)
    })
  })

  test('a challenge needs a present, reachable cardholder, and is never answered to a data-only request', async () => {
    await always((signals, decision, _read, answers) => {
      if (decision.kind !== 'challenge') return
      expect(signals.codeRefused).toBeUndefined()
      // Without a contact only a browser's window may register one.
      if (!signals.hasContact) expect([signals.channel, answers.registration]).toEqual(['02', 'offered'])
      expect(signals.channel).not.toBe('03')
      expect(signals.challengeInds).not.toContain('06')
    })
  })
})
