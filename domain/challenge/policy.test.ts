import { describe, expect, test } from 'vitest'
import { codeDigits, codePolicy } from '#domain/code/policy.ts'
import { pauseAfter, policy } from './policy.ts'

const second = 1000
const minute = 60 * second

describe('the policy', () => {
  test('keeps EMV 3DS’s times: 30 seconds to open the window, 10 minutes a page, 5 seconds for a receipt, 10 between tries', () => {
    const { firstCReqTimeout, pageTime, resultTimeout, resultRetryPause } = policy
    expect({ firstCReqTimeout, pageTime, resultTimeout, resultRetryPause }).toEqual({
      firstCReqTimeout: 30 * second,
      pageTime: 10 * minute,
      resultTimeout: 5 * second,
      resultRetryPause: 10 * second,
    })
  })

  test('keeps codes from being guessed: one chance in ten thousand a day at most, and one in five thousand in all', () => {
    // Codes go to at most two contacts, so two are valid at once.
    const odds = (guesses: number) => (2 * guesses) / 10 ** codeDigits
    expect(odds(policy.limits.wrongOfCard.most)).toBeLessThanOrEqual(1 / 10_000)
    expect(odds(policy.wrongCodes.mostInARow)).toBeLessThanOrEqual(1 / 5_000)
  })

  test('lets no code live longer than ten minutes, or longer than its page', () => {
    expect(codePolicy.challenge.lifetime).toBeLessThanOrEqual(Math.min(10 * minute, policy.pageTime))
  })

  test('answers an SDK within the 10 seconds that it waits, however the directory server reacts', () => {
    expect(2 * policy.resultConnectTimeout + policy.resultTimeout).toBeLessThan(10 * second)
  })

  test('tries to deliver a code more than once before the challenge ends as undelivered', () => {
    const waits = policy.deliveryRetries.reduce<number>((sum, pause) => sum + pause, 0)
    expect(waits).toBeLessThan(policy.deliveryPatience)
  })

  test('times a hanging delivery out early enough for two more tries before the challenge ends', () => {
    const [first, second] = policy.deliveryRetries
    for (const time of [policy.mailTimeout, policy.smsTimeout]) {
      expect(3 * time + first + second).toBeLessThan(policy.deliveryPatience)
    }
  })

  test('waits longer after each failure', () => {
    expect([...policy.deliveryRetries].sort((a, b) => a - b)).toEqual([...policy.deliveryRetries])
  })
})

describe('the pause before another try', () => {
  test.each([
    { tries: 1, pause: 1 },
    { tries: 2, pause: 5 },
    { tries: 3, pause: 9 },
    { tries: 4, pause: 9 },
    { tries: 1000, pause: 9 },
    { tries: 0, pause: 1 },
  ])('is $pause after $tries tries, and the last pause repeats', ({ tries, pause }) => {
    expect(pauseAfter([1, 5, 9], tries)).toBe(pause)
  })

  test('is 0 where no pauses are given', () => {
    expect(pauseAfter([], 3)).toBe(0)
  })
})
