import { expect, test } from 'vitest'
import { outcomes } from '#domain/emv/outcome.ts'
import { resultOfAnswer, resultOfChallenge } from './results.ts'

test.each([
  ['frictionless', '02', 'frictionless'],
  ['frictionless', '03', 'frictionless'],
  ['card-stolen', '02', 'failed'],
  ['device-needed', '02', 'refused'],
  ['suspected', '02', 'refused'],
  ['no-contact', '02', 'refused'],
  ['report-open', '01', 'refused'],
  ['cardholder-needed', '03', undefined],
  ['attempted', '02', undefined],
  ['information-only', '02', undefined],
  ['internal-error', '02', undefined],
] as const)('an answer %s on channel %s is %s', (outcome, channel, result) =>
  expect(resultOfAnswer(outcome, channel)).toBe(result),
)

test.each([
  ['authenticated', 'passed'],
  ['approved', 'passed'],
  ['attempts-spent', 'failed'],
  ['cancelled', 'failed'],
  ['reported', 'failed'],
  ['window-timed-out', 'failed'],
  ['unconfirmed', undefined],
  ['not-answered', undefined],
  ['delivery-failed', undefined],
] as const)('a challenge that ended as %s is %s', (outcome, result) => expect(resultOfChallenge(outcome)).toBe(result))

test('nothing is learned from an error of ours', () => {
  for (const [outcome, { transStatus }] of Object.entries(outcomes) as [
    keyof typeof outcomes,
    { transStatus: string },
  ][])
    if (transStatus === 'U')
      expect([resultOfAnswer(outcome, '02'), resultOfChallenge(outcome)]).toEqual([undefined, undefined])
})
