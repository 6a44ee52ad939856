import { expect, test } from 'vitest'
import { accountPolicy } from './policy.ts'
import { endOf, whyEnded } from './session.ts'

const { idleTime, sessionTime } = accountPolicy
const createdAt = 1_000_000

test.each([
  { what: 'in use', lastSeenAt: createdAt, endedAt: null, at: createdAt + idleTime - 1, why: undefined },
  { what: 'unused', lastSeenAt: createdAt, endedAt: null, at: createdAt + idleTime, why: 'idle' },
  {
    ...{ what: 'used until its limit', lastSeenAt: createdAt + sessionTime - 1, endedAt: null },
    ...{ at: createdAt + sessionTime, why: 'too-long' },
  },
  { what: 'ended by a person', lastSeenAt: createdAt, endedAt: createdAt + 1, at: createdAt + 1, why: 'ended' },
])('a session that is $what is over because: $why', ({ lastSeenAt, endedAt, at, why }) => {
  expect(whyEnded({ createdAt, lastSeenAt, endedAt }, at)).toBe(why)
})

test('a session without an end is over exactly at its limit', () => {
  const times = { createdAt, lastSeenAt: createdAt, endedAt: null }
  expect([whyEnded(times, endOf(times) - 1), whyEnded(times, endOf(times))]).toEqual([undefined, 'idle'])
})
