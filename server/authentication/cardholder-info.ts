import type { Language } from '#domain/challenge/machine.ts'
import { watchedHours } from '#domain/contact/policy.ts'
import { type Ending, endings } from '#domain/emv/outcome.ts'
import type ja from '#messages/ja.json'
import { config } from '../platform/config.ts'
import { words } from '../words.ts'

type Told = keyof (typeof ja)['cardholderInfo']

/**
 * What the cardholder is told through the merchant whenever the answer is no: why, and what to do next. At most 128
 * characters (EMV 3DS cardholderInfo). Silent refusals are what cardholders complain of most.
 */
export function cardholderInfo(ending: Ending, language: Language): { cardholderInfo?: string } {
  if (!['N', 'R', 'U'].includes(endings[ending].transStatus)) return {}
  const issuer = config().issuer.brand.issuer[language]
  const text = words(language)(`cardholderInfo.${ending as Told}`, { issuer, ...watchedHours })
  return { cardholderInfo: [...text].slice(0, 128).join('') }
}
