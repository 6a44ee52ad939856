import { expect, test } from 'vitest'
import { comingTerms, effectiveTerms, termsEffectiveAt, termsVersions } from './versions.ts'

test('versions are in the order in which they become effective', () => {
  expect(termsVersions.toSorted()).toEqual([...termsVersions])
})

test('a version is announced until its midnight in Japan, and effective from then on', () => {
  const midnight = Date.UTC(2026, 9, 31, 15)
  expect(termsEffectiveAt('2026-11-01')).toBe(midnight)
  expect([effectiveTerms(midnight - 1), comingTerms(midnight - 1)]).toEqual(['2026-04-01', '2026-11-01'])
  expect([effectiveTerms(midnight), comingTerms(midnight)]).toEqual(['2026-11-01', '2027-01-01'])
})

test('the last version has none after it, and the first is effective before its day, so that there is always one', () => {
  expect(comingTerms(termsEffectiveAt(termsVersions.at(-1) ?? termsVersions[0]))).toBeUndefined()
  expect(effectiveTerms(0)).toBe(termsVersions[0])
})
