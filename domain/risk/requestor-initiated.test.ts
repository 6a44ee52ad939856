import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decideRequestorInitiated } from './requestor-initiated.ts'

const small = { amount: 1n, limit: 10n }
const large = { amount: 11n, limit: 10n }
const asked = (ind: string, change: object = {}) => ({ ind, proven: false, decoupledAsked: false, ...change })

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
  expect(decideRequestorInitiated(asked(ind), small)).toMatchObject({ ending: below })
  expect(decideRequestorInitiated(asked(ind), large)).toMatchObject({ ending: above })
  expect(decideRequestorInitiated(asked(ind, { proven: true }), large)).toMatchObject({ ending: proven })
})

test('a requestor that wanted the cardholder asked elsewhere does not hear that it should have', () => {
  expect(decideRequestorInitiated(asked('01', { decoupledAsked: true }), large)).toMatchObject({
    ending: '3ri-not-supported',
  })
})

test('a currency without a limit is not small', () => {
  expect(decideRequestorInitiated(asked('01'), { amount: 1n, limit: undefined })).toMatchObject({
    ending: 'cardholder-needed',
  })
})

test('nobody is there to be asked: whatever it says, there is no challenge', () => {
  const any = fc.record({ ind: fc.string(), proven: fc.boolean(), decoupledAsked: fc.boolean() })
  const amount = fc.option(fc.bigInt(), { nil: undefined })
  fc.assert(
    fc.property(any, amount, amount, (of, paid, limit) => {
      expect(decideRequestorInitiated(of, { amount: paid, limit }).kind).toBe('settle')
    }),
  )
})
