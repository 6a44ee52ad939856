import { describe, expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { decide } from './decide.ts'
import type { Decision } from './protocol-outcome.ts'
import type { Signals } from './signals.ts'
import { type Answers, anyAnswers, anySignals, lazySignals, now, ordinary, rows } from './testing/signals.ts'

function inWords(decision: Decision): string {
  if (decision.kind === 'conclude') return decision.outcome
  if (decision.kind === 'decoupled') return `decoupled (${decision.rule})`
  return `challenge (${decision.rule}${decision.mandated ? ', mandated' : ''})`
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
