import { describe, expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { allows, assurance, isRecentlyStrong, type Operation, type Shown } from './assurance.ts'
import { accountPolicy } from './policy.ts'

const now = Date.UTC(2026, 5, 1)
const operations = Object.keys(assurance) as Operation[]
const needing = (...levels: string[]) => operations.filter(operation => levels.includes(assurance[operation]))
const allowed = (shown: Shown) => operations.filter(operation => allows(operation, shown, now))

describe('a session', () => {
  test('by e-mail code is allowed only what needs a session', () => {
    expect(allowed({ strongAt: undefined })).toEqual(needing('none', 'session'))
  })

  test('with an older strong authentication is also allowed what needs a strong session', () => {
    expect(allowed({ strongAt: now - accountPolicy.freshFor })).toEqual(needing('none', 'session', 'strong-session'))
  })

  test('with a recent strong authentication is allowed everything', () => {
    expect(allowed({ strongAt: now - accountPolicy.freshFor + 1 })).toEqual(operations)
  })

  test('is recently strong while a report is open only if the proof is older than the dispute', () => {
    fc.assert(
      fc.property(fc.integer({ max: now }), fc.option(fc.integer({ max: now }), { nil: undefined }), (since, proof) => {
        const shown = { strongAt: now, proofSince: proof, disputedSince: since }
        expect(isRecentlyStrong(shown, now)).toBe(proof !== undefined && proof < since)
      }),
    )
  })
})
