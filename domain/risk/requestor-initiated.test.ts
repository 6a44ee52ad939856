import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decideRequestorInitiated } from './requestor-initiated.ts'

const small = { amount: 1n, limit: 10n }
const large = { amount: 11n, limit: 10n }
const asked = (ind: string, change: object = {}) => ({ ind, proven: false, ...change })
const answers = { reachable: true, answersElsewhere: true }
const may = { offered: 'when-needed', enoughTime: true } as const

test.each([
  // ind, up to the limit, above it, above it with an earlier challenge
  ['01', 'frictionless', 'cardholder-needed', 'frictionless'],
  ['02', 'frictionless', 'cardholder-needed', 'frictionless'],
  ['03', 'cardholder-needed', 'cardholder-needed', 'frictionless'],
  ['04', 'frictionless', 'frictionless', 'frictionless'],
  ['05', 'frictionless', 'frictionless', 'frictionless'],
  ['06', 'frictionless', 'cardholder-needed', 'frictionless'],
  ['07', 'frictionless', 'cardholder-needed', 'frictionless'],
  ['08', 'frictionless', 'cardholder-needed', 'frictionless'],
  ['09', 'frictionless', 'cardholder-needed', 'frictionless'],
  ['10', '3ri-not-supported', '3ri-not-supported', '3ri-not-supported'],
  ['11', 'frictionless', 'cardholder-needed', 'frictionless'],
  ['12', 'frictionless', 'cardholder-needed', 'frictionless'],
  ['13', '3ri-not-supported', '3ri-not-supported', '3ri-not-supported'],
  ['14', '3ri-not-supported', '3ri-not-supported', '3ri-not-supported'],
  ['15', 'frictionless', 'cardholder-needed', 'frictionless'],
  ['16', 'frictionless', 'cardholder-needed', 'frictionless'],
  ['17', '3ri-not-supported', '3ri-not-supported', '3ri-not-supported'],
  ['18', '3ri-not-supported', '3ri-not-supported', '3ri-not-supported'],
  ['19', '3ri-not-supported', '3ri-not-supported', '3ri-not-supported'],
  ['80', '3ri-not-supported', '3ri-not-supported', '3ri-not-supported'],
])('threeRIInd %s: small %s, large %s, large and proven before %s', (ind, below, above, proven) => {
  expect(decideRequestorInitiated(asked(ind), small, answers)).toMatchObject({ ending: below })
  expect(decideRequestorInitiated(asked(ind), large, answers)).toMatchObject({ ending: above })
  expect(decideRequestorInitiated(asked(ind, { proven: true }), large, answers)).toMatchObject({ ending: proven })
})

test.each([asked('01', { proven: true }), asked('03', { proven: true }), asked('01')])(
  'a larger payment passes neither by an earlier challenge nor as a small one while a report is open',
  what => {
    const guarded = { ...answers, reported: true }
    for (const size of [small, large])
      expect(decideRequestorInitiated(what, size, guarded)).toMatchObject({ ending: 'cardholder-needed' })
    expect(decideRequestorInitiated(what, { ...large, decoupled: may }, guarded)).toMatchObject({ kind: 'decoupled' })
    expect(decideRequestorInitiated(asked('04'), large, guarded)).toMatchObject({ ending: 'frictionless' })
  },
)

test('a question about the trust list is answered where there is one', () => {
  expect(decideRequestorInitiated(asked('10', { trustList: true }), small, answers)).toMatchObject({
    ending: 'frictionless',
  })
  expect(decideRequestorInitiated(asked('13', { trustList: true }), small, answers)).toMatchObject({
    ending: '3ri-not-supported',
  })
})

test.each([
  ['asked elsewhere, when the requestor allows it', may, answers, { kind: 'decoupled' }],
  ['asked elsewhere, whatever the issuer prefers', { ...may, offered: 'preferred' }, answers, { kind: 'decoupled' }],
  ['not asked by an issuer that never does', { ...may, offered: 'never' }, answers, { ending: '3ri-not-supported' }],
  ['not asked without an account', may, { ...answers, answersElsewhere: false }, { ending: 'not-enrolled' }],
  ['not asked without a contact', may, { ...answers, reachable: false }, { ending: 'not-enrolled' }],
  ['not asked in a hurry', { ...may, enoughTime: false }, answers, { ending: 'too-little-time' }],
] as const)('where only the cardholder could settle it, they are %s', (_what, decoupled, card, decision) => {
  for (const ind of ['01', '03'])
    expect(decideRequestorInitiated(asked(ind), { ...large, decoupled }, card)).toMatchObject(decision)
  for (const settled of [asked('04'), asked('10'), asked('01', { proven: true })])
    expect(decideRequestorInitiated(settled, { ...large, decoupled }, card).kind).toBe('settle')
  expect(decideRequestorInitiated(asked('01'), { ...small, decoupled }, card)).toMatchObject({ ending: 'frictionless' })
})

test('a currency without a limit is not small', () => {
  expect(decideRequestorInitiated(asked('01'), { amount: 1n, limit: undefined }, answers)).toMatchObject({
    ending: 'cardholder-needed',
  })
})

test('nobody is there to be asked: whatever it says, there is no challenge', () => {
  const any = fc.record({ ind: fc.string(), proven: fc.boolean() })
  const amount = fc.option(fc.bigInt(), { nil: undefined })
  const decoupled = fc.option(
    fc.record({
      offered: fc.constantFrom('never' as const, 'when-needed' as const, 'preferred' as const),
      enoughTime: fc.boolean(),
    }),
    { nil: undefined },
  )
  const card = fc.record({ reachable: fc.boolean(), answersElsewhere: fc.boolean() })
  fc.assert(
    fc.property(any, amount, amount, decoupled, card, (of, paid, limit, asks, holder) => {
      const { kind } = decideRequestorInitiated(of, { amount: paid, limit, decoupled: asks }, holder)
      expect(kind === 'settle' || (asks !== undefined && holder.answersElsewhere)).toBe(true)
      expect(kind).not.toBe('challenge')
    }),
  )
})
