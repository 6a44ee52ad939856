import { describe, expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { evaluateRequestorInitiated, isSupported } from './requestor-initiated.ts'
import type { Risk } from './rules.ts'
import { lazySignals } from './testing/signals.ts'

const small = { amount: 1n, limits: { ordinary: 10n }, larger: false, reportOpen: false }
const large = { ...small, amount: 11n }

const evaluated = (ind: string, signals = small, provedBefore = false): Promise<Risk> =>
  evaluateRequestorInitiated({ ind, trustList: false }, signals, lazySignals({ provedBefore }).lazy)

const lowRisk = { needsCardholder: false, rule: 'low-risk' }
const proved = { needsCardholder: false, rule: 'proved-before' }
const needed = { needsCardholder: true, rules: ['cardholder-needed'], mandated: true, onDevice: false }

const aboutTheCard = ['04', '05']
const payments = ['01', '02', '06', '07', '08', '09', '11', '12', '15', '16']

test('only payments, adding a card and questions about the card are supported', () => {
  const inds = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'))
  const supported = inds.filter(ind => isSupported({ ind, trustList: false }))
  expect(supported).toEqual([...aboutTheCard, ...payments, '03'].sort())
})

test('a question about the trust list is supported only if there is a list', () => {
  expect(isSupported({ ind: '10', trustList: true })).toBe(true)
  expect(isSupported({ ind: '10', trustList: false })).toBe(false)
  expect(isSupported({ ind: '13', trustList: true })).toBe(false)
})

test.each([...aboutTheCard, '10'])('threeRIInd %s passes with any amount', async ind => {
  const request = { ind, trustList: true }
  const { lazy, read } = lazySignals()
  for (const signals of [small, large, { ...large, larger: true, reportOpen: true }])
    expect(await evaluateRequestorInitiated(request, signals, lazy)).toEqual(lowRisk)
  expect(read).toEqual([])
})

test.each(payments)('threeRIInd %s passes up to the limit, or when it was proved before', async ind => {
  expect(await evaluated(ind, small)).toEqual(lowRisk)
  expect(await evaluated(ind, large)).toEqual(needed)
  expect(await evaluated(ind, large, true)).toEqual(proved)
})

test('threeRIInd 03, add card, passes only when it was proved before', async () => {
  expect(await evaluated('03', small)).toEqual(needed)
  expect(await evaluated('03', { ...small, amount: 0n })).toEqual(needed)
  expect(await evaluated('03', large, true)).toEqual(proved)
})

test('an amount in a currency without a limit is not small', async () => {
  const withoutLimit: Parameters<typeof evaluateRequestorInitiated>[1] = { ...small, limits: { ordinary: undefined } }
  expect(await evaluateRequestorInitiated({ ind: '01', trustList: false }, withoutLimit, lazySignals().lazy)).toEqual(
    needed,
  )
})

describe('while a report is open', () => {
  test.each(['01', '03'])(
    'a larger payment passes neither as a small one nor by an earlier challenge (%s)',
    async ind => {
      for (const signals of [small, large])
        for (const provedBefore of [true, false])
          expect(await evaluated(ind, { ...signals, larger: true, reportOpen: true }, provedBefore)).toEqual(needed)
    },
  )

  test('a smaller payment still passes', async () => {
    expect(await evaluated('01', { ...small, reportOpen: true })).toEqual(lowRisk)
    expect(await evaluated('01', { ...large, reportOpen: true }, true)).toEqual(proved)
  })
})

test('an earlier challenge never makes a payment need the cardholder', async () => {
  const anything = fc.record({
    ind: fc.constantFrom(...aboutTheCard, ...payments, '03'),
    amount: fc.bigInt({ min: 0n, max: 20n }),
    larger: fc.boolean(),
    reportOpen: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(anything, async ({ ind, ...signals }) => {
      const without = await evaluated(ind, { ...small, ...signals })
      const risk = await evaluated(ind, { ...small, ...signals }, true)
      expect(risk.needsCardholder && !without.needsCardholder).toBe(false)
    }),
  )
})
