const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** Digits of every code that a message carries. */
export const codeDigits = 6
/** Characters of every code of letters and digits, the check character among them. */
export const crockfordCharacters = 10

/** A code that a message carries and the cardholder types. Times in milliseconds. */
export interface TypedCodePolicy {
  readonly lifetime: number
  /** Wrong codes until none is accepted any more, over all codes sent. */
  readonly attempts: number
  /** Codes sent, the first included. */
  readonly sends: number
  readonly resendAfter: number
}

/** A code of letters and digits that finds its own row: the subject of a guess is not known, so there is nothing to count. */
export interface LookupCodePolicy {
  readonly lifetime: number
}

/** Every number of a one-time code, by purpose. Pages, messages and checks all read it here. */
export const codePolicy = {
  /** A purchase is confirmed. */
  challenge: { lifetime: 10 * minute, attempts: 5, sends: 5, resendAfter: 30 * second },
  /** A new e-mail address or mobile number is confirmed. */
  'contact-change': { lifetime: 10 * minute, attempts: 5, sends: 5, resendAfter: 30 * second },
  /** Sign-in, enrolment and step-up in the account. */
  confirmation: { lifetime: 10 * minute, attempts: 5, sends: 5, resendAfter: 30 * second },
  /** Enrolment begins, with the issuer's letter. */
  activation: { lifetime: 30 * day },
  /** The issuer's app pairs a device. */
  pairing: { lifetime: 10 * minute },
  /** "This was not me", from a notice; of a change that waits, from its effective day on. */
  report: { lifetime: 72 * hour },
} as const satisfies Readonly<Record<string, TypedCodePolicy | LookupCodePolicy>>

export type LookupPurpose = 'activation' | 'pairing' | 'report'
export type CodePurpose = Exclude<keyof typeof codePolicy, LookupPurpose>
