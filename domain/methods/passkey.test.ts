import { describe, expect, test } from 'vitest'
import { codePolicy } from '#domain/code/policy.ts'
import { versions } from '#domain/emv/version.ts'
import type { ProofEvent } from './method.ts'
import { confirmsPayment, passkey } from './passkey.ts'

const most = codePolicy.challenge.attempts
const compared = (kind: 'match' | 'other'): ProofEvent => ({ kind: 'compared', compared: { kind } })
const on = (event: ProofEvent, attempts = 1) => passkey.on({ attempts, expiresAt: undefined }, event)

describe('a passkey in the window', () => {
  test('is named WebAuthn in 2.3.1 and another method before', () => {
    expect(versions.map(version => passkey.emv(version).authenticationMethod)).toEqual(['10', '10', '13'])
  })

  test('is proved by its signature, to the last attempt', () => {
    for (const attempts of [1, most])
      expect(on(compared('match'), attempts)).toEqual({ kind: 'proved', outcome: 'authenticated' })
    expect(on(compared('match'), most + 1)).toMatchObject({ kind: 'failed' })
  })

  test('uses up an attempt when its signature is refused, and the last one ends the challenge', () => {
    expect(on(compared('other'), most - 1)).toEqual({ kind: 'retry', notice: 'passkey-failed', attempt: 'spent' })
    expect(on(compared('other'), most)).toEqual({ kind: 'failed', outcome: 'attempts-spent', wrong: false })
  })

  test('never counts against the card, whatever was submitted', () => {
    const events: ProofEvent[] = [
      compared('other'),
      { kind: 'unreadable', why: 'missing' },
      { kind: 'unreadable', why: 'malformed' },
      ...(['late', 'withdrawn', 'approved', 'declined', 'missed'] as const).map(kind => ({ kind })),
    ]
    for (const event of events) {
      for (const attempts of [0, 1, most, most + 1]) {
        const result = on(event, attempts)
        expect(result.kind, event.kind).not.toBe('proved')
        expect(result.kind === 'failed' ? result.wrong : result.kind === 'retry' && result.attempt === 'wrong').toBe(
          false,
        )
      }
    }
  })

  test('is compared only if there is a response of at most 10,000 characters', () => {
    expect(passkey.read('')).toEqual({ kind: 'unreadable', why: 'missing' })
    expect(passkey.read('{}')).toEqual({ kind: 'answer', answer: '{}' })
    expect(passkey.read('x'.repeat(10_000)).kind).toBe('answer')
    expect(passkey.read('x'.repeat(10_001))).toEqual({ kind: 'unreadable', why: 'malformed' })
  })
})

describe('a passkey confirms', () => {
  const friday = Date.UTC(2026, 10, 20, 3)
  /** Monday is a holiday, so the third business day after the Friday is Thursday, 00:00 in Tokyo. */
  const thursday = Date.UTC(2026, 10, 25, 15)
  const at = (now: number, larger: boolean, inDoubtSince?: number, foreignFrame = false) =>
    confirmsPayment(friday, { larger, inDoubtSince, foreignFrame }, now)

  test('a smaller payment at once', () => {
    expect(at(friday, false)).toBe(true)
  })

  test('in the frame of a page that may not be the merchant’s, a small payment only', () => {
    expect(at(thursday + 1e12, false, undefined, true)).toBe(true)
    expect(at(thursday + 1e12, true, undefined, true)).toBe(false)
  })

  test('a larger payment from the third business day after it was added, as a new mobile number does', () => {
    expect(at(thursday - 1, true)).toBe(false)
    expect(at(thursday, true)).toBe(true)
  })

  test('no payment if an intruder may have added it, however long ago that was', () => {
    for (const larger of [false, true]) {
      expect(at(thursday, larger, friday)).toBe(false)
      expect(at(thursday + 1e12, larger, friday)).toBe(false)
      expect(at(thursday, larger, friday + 1)).toBe(true)
    }
  })
})
