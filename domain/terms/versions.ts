/** A version of the Terms and Conditions, named by the day from which it is in force, in Japan. */
export type TermsVersion = (typeof termsVersions)[number]

/** Every version that ever was in force, oldest first. Texts: messages/terms/VERSION. None is ever changed or taken away. */
export const termsVersions = ['2026-04-01', '2026-11-01'] as const

/** The one in force. A new version is added by the release of the day from which it is in force. */
export const currentTerms: TermsVersion = termsVersions[termsVersions.length - 1] ?? termsVersions[0]

export function isTermsVersion(text: string): text is TermsVersion {
  return (termsVersions as readonly string[]).includes(text)
}
