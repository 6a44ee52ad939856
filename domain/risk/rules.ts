// The ids of the rules, and what they say of a purchase.

/** Rules by which a purchase passes without its cardholder. */
export type PassingRule = 'low-risk' | 'trusted-merchant' | 'proved-before'

/** Rules that ask for the cardholder. */
export type AskingRule = 'amount' | 'requestor-asked' | 'device-differs' | 'restricted' | 'cardholder-needed'

/** Whether a purchase needs its cardholder, and by which rules. */
export type Risk =
  | { readonly needsCardholder: false; readonly rule: PassingRule }
  | {
      readonly needsCardholder: true
      /** All that apply; the first is the one that decided. */
      readonly rules: readonly [AskingRule, ...AskingRule[]]
      /** The issuer insists, whatever the merchant prefers. */
      readonly mandated: boolean
    }
