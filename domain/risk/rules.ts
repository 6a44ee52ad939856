// The ids of the risk rules, and the result of evaluating them.

/** Rules by which a purchase passes without the cardholder. */
export type PassingRule = 'low-risk' | 'trusted-merchant' | 'proved-before' | 'confirmed'

/** Rules that require the cardholder. */
export type AskingRule =
  | 'amount'
  | 'adds-card'
  | 'not-confirmed'
  | 'requestor-asked'
  | 'device-differs'
  | 'restricted'
  | 'policy'
  | 'cardholder-needed'

/** Whether a purchase needs the cardholder, and by which rules. */
export type Risk =
  | { readonly needsCardholder: false; readonly rule: PassingRule }
  | {
      readonly needsCardholder: true
      /** All rules that apply; the first one decided. */
      readonly rules: readonly [AskingRule, ...AskingRule[]]
      /** The issuer requires the challenge, even if the merchant prefers none. */
      readonly mandated: boolean
      /** Only a device of the cardholder's may confirm it, because a thief may read the cardholder's codes. */
      readonly onDevice: boolean
    }
