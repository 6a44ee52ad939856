const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** Digits of every code that a message carries. */
export const codeDigits = 6
/** Characters of every code of letters and digits, including the check character. */
export const crockfordCharacters = 10

/** A code that a message carries and the cardholder types. Times in milliseconds. */
export interface TypedCodePolicy {
  readonly lifetime: number
  /** Wrong codes, over all codes sent, after which no code is accepted. */
  readonly attempts: number
  /** Codes sent, including the first. */
  readonly sends: number
  readonly resendAfter: number
}

/** A code of letters and digits by which its row is found: a guess belongs to no row, so attempts cannot be counted. */
export interface LookupCodePolicy {
  readonly lifetime: number
}

/** Every number of a one-time code, by purpose. Pages, messages and checks all read it here. */
export const codePolicy = {
  /** Confirms a purchase. */
  challenge: { lifetime: 10 * minute, attempts: 5, sends: 5, resendAfter: 30 * second },
  /** Confirms a new e-mail address or mobile number. */
  'contact-change': { lifetime: 10 * minute, attempts: 5, sends: 5, resendAfter: 30 * second },
  /** Sign-in, enrolment and step-up in the account. */
  confirmation: { lifetime: 10 * minute, attempts: 5, sends: 5, resendAfter: 30 * second },
  /** Begins enrolment; printed in the issuer's letter. */
  activation: { lifetime: 30 * day },
  /** Pairs a device with the issuer's app. */
  pairing: { lifetime: 10 * minute },
  /** "This was not me" in a notice. For a pending change the lifetime starts on its effective day. */
  report: { lifetime: 72 * hour },
} as const satisfies Readonly<Record<string, TypedCodePolicy | LookupCodePolicy>>

export type LookupPurpose = 'activation' | 'pairing' | 'report'
export type CodePurpose = Exclude<keyof typeof codePolicy, LookupPurpose>
