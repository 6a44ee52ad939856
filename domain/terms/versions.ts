import type { Instant } from '#domain/kernel/instant.ts'

/** A version of the Terms and Conditions, named by the day (in Japan) from which it is effective. */
export type TermsVersion = (typeof termsVersions)[number]

/**
 * Every version, oldest first; the last may be announced and not effective yet. The texts are in
 * messages/terms/VERSION. Versions are never changed or removed once they have been released.
 */
export const termsVersions = ['2026-04-01', '2026-11-01', '2027-01-01'] as const

/** The midnight in Japan from which a version is effective. */
export function termsEffectiveAt(version: TermsVersion): Instant {
  return Date.parse(`${version}T00:00:00+09:00`)
}

/** The effective version, which is the one that a cardholder accepts. */
export function effectiveTerms(now: Instant): TermsVersion {
  return termsVersions.findLast(version => termsEffectiveAt(version) <= now) ?? termsVersions[0]
}

/** The next version, if one has been announced. */
export function comingTerms(now: Instant): TermsVersion | undefined {
  return termsVersions.find(version => termsEffectiveAt(version) > now)
}

export function isTermsVersion(text: string): text is TermsVersion {
  return (termsVersions as readonly string[]).includes(text)
}
