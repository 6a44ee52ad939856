import { restrictionHours } from '#domain/contact/policy.ts'
import { type Outcome, outcomes } from '#domain/emv/outcome.ts'
import type { Language } from '#domain/kernel/language.ts'
import type ja from '#messages/ja.json'
import { config } from '../platform/config.ts'
import { words } from '../platform/words.ts'

type Told = keyof (typeof ja)['cardholderInfo']

/**
 * What the merchant shows the cardholder after every refusal: the reason, and what to do next; at most 128 characters
 * (EMV 3DS cardholderInfo). Silent refusals are what cardholders complain about most.
 */
export function cardholderInfo(outcome: Outcome, language: Language): { cardholderInfo?: string } {
  if (!['N', 'R', 'U'].includes(outcomes[outcome].transStatus)) return {}
  const issuer = config().issuer.brand.issuer[language]
  const text = words(language)(`cardholderInfo.${outcome as Told}`, { issuer, ...restrictionHours })
  return { cardholderInfo: [...text].slice(0, 128).join('') }
}
