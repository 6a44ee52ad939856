import { describe, expect, test } from 'vitest'
import { policy } from '#domain/challenge/policy.ts'
import fc from '#domain/testing/fast-check.ts'
import { afterTry, freeSlots, type HostState, unknownHost } from './host.ts'

const slots = 8
const tries = (answers: readonly boolean[], now = 0): HostState =>
  answers.reduce((state, answered) => afterTry(state, answered, now), unknownHost)
const silence = Array<boolean>(policy.breakerThreshold).fill(false)

describe('the slots of a host', () => {
  test('are all free for an unknown host', () => {
    expect(freeSlots(unknownHost, 0, slots, 0)).toBe(slots)
  })

  test('never admit more tries than there are slots, for any history of the host', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean()), fc.nat(20), fc.nat(100_000), (answers, busy, now) => {
        const free = freeSlots(tries(answers), busy, slots, now)
        expect(free).toBeGreaterThanOrEqual(0)
        expect(free === 0 || busy + free <= slots).toBe(true)
      }),
    )
  })
})

describe('the breaker of a host', () => {
  test('stays closed while fewer tries in a row than the policy permits have no reply', () => {
    const [, ...fewer] = silence
    expect(freeSlots(tries(fewer), 0, slots, 0)).toBe(slots)
    expect(freeSlots(tries([...fewer, true, ...fewer]), 0, slots, 0)).toBe(slots)
  })

  test('admits no try during the rest, and one at a time after it', () => {
    const open = tries(silence, 1000)
    expect(freeSlots(open, 0, slots, 1000 + policy.breakerPause - 1)).toBe(0)
    expect(freeSlots(open, 0, slots, 1000 + policy.breakerPause)).toBe(1)
    expect(freeSlots(open, 1, slots, 1000 + policy.breakerPause)).toBe(0)
  })

  test('rests again after another silent try, and closes with the first reply', () => {
    const later = 1000 + policy.breakerPause
    expect(freeSlots(afterTry(tries(silence, 1000), false, later), 0, slots, later + 1)).toBe(0)
    expect(freeSlots(afterTry(tries(silence, 1000), true, later), 0, slots, later + 1)).toBe(slots)
  })

  test('does not rest longer when the clock is set back', () => {
    expect(freeSlots(tries(silence, 1_000_000), 0, slots, 0)).toBe(1)
  })
})
