import { describe, expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { confirmsContact } from './confirm.ts'
import type { Fact } from './facts.ts'
import { offerOf } from './offer.ts'
import { registrationStep } from './step.ts'

const all: Fact[] = ['activation-code', 'debit-account', 'date-of-birth']

test('registration is offered exactly if it is on, facts are known, nothing else helps, and amount and limits permit it', () => {
  const anything = fc.record({
    isOn: fc.boolean(),
    hasOtherMethod: fc.boolean(),
    held: fc.subarray(all).map(held => new Set(held)),
    isBeyond: fc.boolean(),
    entry: fc.constantFrom(
      { kind: 'permitted', left: 1 } as const,
      { kind: 'limited', until: 1 } as const,
      { kind: 'stopped' } as const,
    ),
  })
  fc.assert(
    fc.property(anything, facts => {
      const { isOn, hasOtherMethod, held, isBeyond, entry } = facts
      const isPossible = isOn && !hasOtherMethod && held.has('date-of-birth') && held.size > 1
      const isPermitted = !isBeyond && entry.kind === 'permitted'
      expect(offerOf(facts)).toBe(!isPossible ? 'not-offered' : isPermitted ? 'offered' : 'refused')
    }),
  )
})

test('no step is skipped: the contact needs the facts, and the code a change that has not ended', () => {
  const asking = { expiresAt: 10 }
  expect(registrationStep({ factsProvedAt: undefined, asking }, 1)).toBe('facts')
  expect(registrationStep({ factsProvedAt: 1, asking: undefined }, 2)).toBe('contact')
  expect(registrationStep({ factsProvedAt: 1, asking }, 9)).toBe('code')
  expect(registrationStep({ factsProvedAt: 1, asking }, 10)).toBe('contact')
})

describe('a contact that was registered in a window is confirmed', () => {
  test.each([
    ['by a letter, however new', 'letter', 5, true],
    ['by the issuer’s identity provider', 'identity-provider', undefined, true],
    ['by a passkey that is older', 'passkey', 1, true],
    ['by no passkey that came with it or later', 'passkey', 3, false],
    ['by no code to an address', 'email', undefined, false],
  ] as const)('%s', (_what, method, proofSince, confirms) => {
    expect(confirmsContact({ method, proofSince }, 3)).toBe(confirms)
  })
})
