import { describe, expect, test } from 'vitest'
import type { Compared } from '#domain/code/one-time-code.ts'
import { codePolicy } from '#domain/code/policy.ts'
import fc from '#domain/testing/fast-check.ts'
import { beginChange, type Change, type ChangeEvent, nextChange } from './change.ts'
import { contactPolicy } from './policy.ts'

const policy = codePolicy['contact-change']
const start = Date.UTC(2026, 5, 1, 1)
const anyEvent: fc.Arbitrary<ChangeEvent> = fc.oneof(
  fc.record({
    kind: fc.constant('code-entered' as const),
    compared: fc.constantFrom<Compared>(
      { kind: 'match' },
      { kind: 'other' },
      { kind: 'earlier', first: true, earlier: [] },
      { kind: 'earlier', first: false, earlier: [] },
    ),
  }),
  fc.constant({ kind: 'resend' as const }),
  fc.constant({ kind: 'cancel' as const }),
  fc.record({ kind: fc.constant('superseded' as const), confirmed: fc.boolean() }),
  fc.constant({ kind: 'reported' as const }),
)
const anyStory = fc.record({
  kind: fc.constantFrom('email' as const, 'mobile' as const),
  steps: fc.array(fc.tuple(anyEvent, fc.integer({ min: 0, max: 5 * contactPolicy.day })), { maxLength: 15 }),
})

/** Plays a story: every step of the change, with its event and time. */
function tell({ kind, steps }: typeof anyStory extends fc.Arbitrary<infer Story> ? Story : never) {
  let { change }: { change: Change } = beginChange(kind, start)
  let at = start
  return steps.map(([event, later]) => {
    at += later
    // The database counts the attempt before the code is compared.
    if (event.kind === 'code-entered' && change.state === 'asking')
      change = { ...change, code: { ...change.code, attempts: change.code.attempts + 1 } }
    const before = change
    const step = nextChange(change, event, at)
    change = step.change
    return { before, event, at, ...step }
  })
}

describe('a change of a contact, for any events in any order', () => {
  test('makes a contact effective at most once, and only with the right code in time', () => {
    fc.assert(
      fc.property(anyStory, story => {
        const put = tell(story).filter(({ effects }) => effects.includes('make-effective'))
        expect(put.length).toBeLessThanOrEqual(1)
        for (const { before, event, at, change } of put) {
          expect(event).toEqual({ kind: 'code-entered', compared: { kind: 'match' } })
          expect(before.state === 'asking' && at < before.code.expiresAt && at < before.expiresAt).toBe(true)
          expect(
            change.state === 'confirmed' &&
              (story.kind === 'email' ? change.effectiveAt === at : change.effectiveAt > at),
          ).toBe(true)
        }
      }),
    )
  })

  test('does not change and has no effects once it has ended', () => {
    fc.assert(
      fc.property(anyStory, story => {
        for (const { before, change, effects } of tell(story)) {
          if (before.state === 'ended') expect([change, effects]).toEqual([before, []])
        }
      }),
    )
  })

  test('permits at most five attempts, not counting the first entry of an earlier code', () => {
    fc.assert(
      fc.property(anyStory, story => {
        const tries = tell(story).filter(
          ({ before, event, answer }) =>
            before.state === 'asking' &&
            event.kind === 'code-entered' &&
            !(event.compared.kind === 'earlier' && event.compared.first && answer === 'code-earlier'),
        )
        expect(tries.length).toBeLessThanOrEqual(policy.attempts)
      }),
    )
  })

  test('sends at most five codes, at least thirty seconds apart', () => {
    fc.assert(
      fc.property(anyStory, story => {
        const sent = [start, ...tell(story).flatMap(({ effects, at }) => (effects.includes('send-code') ? [at] : []))]
        expect(sent.length).toBeLessThanOrEqual(policy.sends)
        sent.slice(1).forEach((at, index) => {
          expect(at - (sent[index] ?? 0)).toBeGreaterThanOrEqual(policy.resendAfter)
        })
      }),
    )
  })

  test('is taken back by a report while pending and frozen once effective; nothing else freezes it', () => {
    fc.assert(
      fc.property(anyStory, story => {
        for (const { before, event, at, effects } of tell(story)) {
          const counts = before.state === 'confirmed' && at >= before.effectiveAt
          expect(effects.includes('freeze')).toBe(event.kind === 'reported' && counts)
          if (effects.includes('withdraw')) expect(before.state === 'confirmed' && !counts).toBe(true)
        }
      }),
    )
  })
})
