import { describe, expect, test } from 'vitest'
import { codeDelivery, deliveryState } from './delivery.ts'

const now = Date.UTC(2026, 10, 28)
const slowAt = now + 10_000
const waiting = { handedOverAt: null, deliveredAt: null, failedAt: null }

describe('the delivery state of a message', () => {
  test.each([
    ['queued', waiting],
    ['handed-over', { ...waiting, handedOverAt: now }],
    ['delivered', { ...waiting, handedOverAt: now, deliveredAt: now }],
    ['failed', { ...waiting, handedOverAt: now, failedAt: now }],
  ] as const)('is %s', (state, marks) => {
    expect(deliveryState(marks)).toBe(state)
  })
})

describe('a code that a window waits for', () => {
  const code = { ...waiting, tries: 0, leasedUntil: null }
  test.each([
    ['is queued before its first try', code, now, 'queued'],
    ['is queued during its first try', { ...code, tries: 1, leasedUntil: slowAt }, now, 'queued'],
    ['is delayed as soon as a try has failed', { ...code, tries: 1 }, now, 'delayed'],
    ['is delayed during another try', { ...code, tries: 2, leasedUntil: slowAt }, now, 'delayed'],
    ['is queued until it takes too long', { ...code, tries: 1, leasedUntil: slowAt }, slowAt - 1, 'queued'],
    ['is delayed from then on', { ...code, tries: 1, leasedUntil: slowAt }, slowAt, 'delayed'],
    ['is sent once a gateway has accepted it', { ...code, tries: 3, handedOverAt: now }, slowAt, 'handed-over'],
    ['has failed once it is given up', { ...code, tries: 3, failedAt: now }, now, 'failed'],
  ] as const)('%s', (_what, message, at, state) => {
    expect(codeDelivery(message, slowAt, at)).toBe(state)
  })
})
