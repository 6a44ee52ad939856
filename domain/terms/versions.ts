/** A version of the Terms and Conditions, named by the day (in Japan) from which it is effective. */
export type TermsVersion = (typeof termsVersions)[number]

/**
 * Every version that was ever effective, oldest first. The texts are in messages/terms/VERSION. Versions are never
 * changed or removed.
 */
export const termsVersions = ['2026-04-01', '2026-11-01'] as const

/** The effective version. The release on the day from which a new version is effective adds it. */
export const currentTerms: TermsVersion = termsVersions[termsVersions.length - 1] ?? termsVersions[0]

export function isTermsVersion(text: string): text is TermsVersion {
  return (termsVersions as readonly string[]).includes(text)
}
