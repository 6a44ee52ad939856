import { describe, expect, test } from 'vitest'
import { type Outcome, outcomeElements, outcomes, transStatusForCRes } from './outcome.ts'
import { type MessageVersion, versions } from './version.ts'

/** Two-digit numbers from one to another, the format of the codes. */
const codes = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index).padStart(2, '0'))

/** Reference 4.2: 22 to 26 came with 2.2.0, 27 to 30 with 2.3.1. */
const reasons: Record<MessageVersion, string[]> = {
  '2.1.0': codes(1, 21),
  '2.2.0': codes(1, 26),
  '2.3.1': codes(1, 30),
}
/** Reference 7.1: 02 is reserved, 03 came with 2.2.0, 09 and 10 with 2.3.1. */
const cancels: Record<MessageVersion, string[]> = {
  '2.1.0': ['01', ...codes(4, 8)],
  '2.2.0': ['01', ...codes(3, 8)],
  '2.3.1': ['01', ...codes(3, 10)],
}

/** 2.1.0 has no decoupled authentication. */
const since220: readonly Outcome[] = ['approved', 'declined', 'not-answered', 'too-little-time']
const every = versions.flatMap(version =>
  (Object.keys(outcomes) as Outcome[])
    .filter(outcome => version !== '2.1.0' || !since220.includes(outcome))
    .map(outcome => ({ outcome, version })),
)

describe.each(every)('$outcome in $version', ({ outcome, version }) => {
  const elements = outcomeElements(outcome, version)

  test('has a reason if and only if the status is N, U or R', () => {
    expect(elements.transStatusReason !== undefined).toBe(['N', 'U', 'R'].includes(elements.transStatus))
  })

  test('uses only codes of the version', () => {
    expect(['Y', 'N', 'U', 'A', 'R', 'I']).toContain(elements.transStatus)
    expect([...reasons[version], undefined]).toContain(elements.transStatusReason)
    expect([...cancels[version], undefined]).toContain(elements.challengeCancel)
  })

  test('has a challengeCancel that names the time-out, if it is one', () => {
    expect(['04', '05'].includes(elements.challengeCancel ?? '')).toBe(elements.transStatusReason === '14')
  })

  test('has ECI 05 if authenticated, 06 if attempted and 07 otherwise', () => {
    expect(elements.eci).toBe({ Y: '05', A: '06' }[elements.transStatus as string] ?? '07')
  })

  test('is Y or N for the merchant’s page', () => {
    expect(transStatusForCRes(outcome)).toBe(elements.transStatus === 'Y' ? 'Y' : 'N')
  })

  test('has no empty elements', () => {
    expect(Object.values(elements)).not.toContain(undefined)
  })
})

test.each([
  { outcome: 'attempts-spent', elements: { transStatus: 'N', transStatusReason: '19', eci: '07' } },
  { outcome: 'cancelled', elements: { transStatus: 'N', transStatusReason: '01', challengeCancel: '01', eci: '07' } },
  {
    outcome: 'window-not-opened',
    elements: { transStatus: 'N', transStatusReason: '14', challengeCancel: '05', eci: '07' },
  },
  {
    outcome: 'window-timed-out',
    elements: { transStatus: 'N', transStatusReason: '14', challengeCancel: '04', eci: '07' },
  },
  { outcome: 'bad-creq', elements: { transStatus: 'U', transStatusReason: '07', challengeCancel: '06', eci: '07' } },
  { outcome: 'authenticated', elements: { transStatus: 'Y', eci: '05' } },
] as const)('$outcome has the elements of the reference', ({ outcome, elements }) => {
  expect([outcomeElements(outcome, '2.1.0'), outcomeElements(outcome, '2.2.0')]).toEqual([elements, elements])
})

test.each(['internal-error', 'delivery-failed', 'sms-limited'] as const)(
  '%s is reported as a technical issue in versions with a code for it',
  outcome => {
    expect(versions.map(version => outcomeElements(outcome, version).transStatusReason)).toEqual(['01', '22', '22'])
  },
)

test('a decoupled authentication has the elements of the reference', () => {
  for (const version of ['2.2.0', '2.3.1'] as const) {
    expect(outcomeElements('approved', version)).toEqual({ transStatus: 'Y', eci: '05' })
    const transStatusReason = version === '2.3.1' ? '19' : '01'
    expect(outcomeElements('declined', version)).toEqual({ transStatus: 'N', transStatusReason, eci: '07' })
    const late = { transStatus: 'U', transStatusReason: '24', challengeCancel: '03', eci: '07' }
    expect(outcomeElements('not-answered', version)).toEqual(late)
    expect(outcomeElements('too-little-time', version)).toMatchObject({ transStatus: 'U', transStatusReason: '25' })
  }
})

test('only a frictionless, authenticated or approved outcome has status Y', () => {
  const yes = (Object.keys(outcomes) as Outcome[]).filter(outcome => outcomes[outcome].transStatus === 'Y')
  expect(yes.sort()).toEqual(['approved', 'authenticated', 'frictionless'])
})

test('status I is only for data-only requests, neither of which 2.1.0 has', () => {
  const informed = (Object.keys(outcomes) as Outcome[]).filter(outcome => outcomes[outcome].transStatus === 'I')
  expect(informed).toEqual(['information-only'])
})
