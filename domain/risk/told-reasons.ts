import type { ReasonKey } from './policy/reasons.ts'
import type { RiskRecord } from './record.ts'
import type { AskingRule } from './rules.ts'

/** Why a payment was asked about, as its cardholder is told. The sentences are in messages/. */
export type ToldReason =
  | Exclude<AskingRule, 'policy' | 'not-confirmed'>
  | Exclude<ReasonKey, 'nothing-unusual' | 'merchant-trusted' | 'device-known' | Vague>
  | 'unusual'

/** What would tell a thief how they were noticed, and a cardholder nothing. */
type Vague = 'merchant-attacked' | 'network-suspicious' | 'issuer-service'

const most = 3

const byRule: { readonly [Rule in AskingRule]: ToldReason | undefined } = {
  amount: 'amount',
  'adds-card': 'adds-card',
  'requestor-asked': 'requestor-asked',
  'device-differs': 'device-differs',
  restricted: 'restricted',
  'cardholder-needed': 'cardholder-needed',
  'not-confirmed': 'unusual',
  policy: undefined,
}

const byPolicy: { readonly [Key in ReasonKey]: ToldReason | undefined } = {
  'amount-unusual': 'amount-unusual',
  'merchant-new': 'merchant-new',
  'place-unusual': 'place-unusual',
  'time-unusual': 'time-unusual',
  'device-new': 'device-new',
  'account-changed': 'account-changed',
  'delivery-unusual': 'delivery-unusual',
  'many-payments': 'many-payments',
  'contact-changed': 'contact-changed',
  'earlier-attempts': 'earlier-attempts',
  'merchant-attacked': 'unusual',
  'network-suspicious': 'unusual',
  'issuer-service': 'unusual',
  // No reasons to ask.
  'nothing-unusual': undefined,
  'merchant-trusted': undefined,
  'device-known': undefined,
}

/**
 * At most three reasons, the weightiest first, and never a rule of the policy or a number. Empty where the issuer's file
 * had no `risk`.
 */
export function toldReasons(rule: AskingRule, risk: RiskRecord | null): readonly ToldReason[] {
  if (!risk) return []
  const { outcome = 'frictionless' } = risk
  const unusual = outcome === 'frictionless' ? [] : (risk.reasons ?? []).map(reason => byPolicy[reason])
  const told = [byRule[rule], ...unusual].filter(reason => reason !== undefined)
  return told.length === 0 ? ['unusual'] : [...new Set(told)].slice(0, most)
}
